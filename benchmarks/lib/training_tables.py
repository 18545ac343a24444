"""Tables and plots of trainings over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from lib.tables import spread

PUBLISHED = (
    ("Keras' mnist_convnet", 34_826, 99.2),
    ("mnist-minimal-model", 1_936, 99.10),
)
"""Name, parameters, test accuracy in % as published or computed from published logs."""


def table(found: dict[str, list[dict[str, Any]]]) -> str:
    """One row a name: accuracy over seeds, and the median of seconds."""
    head = ["", "parameters", "seeds", "test %", "without 15 disputed"]
    head += ["fit s", "compile s", "from an empty process s"]
    lines = ["| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    for name, rows in sorted(found.items(), key=lambda item: _middle(item[1], "fit")):
        cells = [f"`{name}`", f"{rows[0]['parameters']:,}", str(len(rows))]
        cells += [spread([row[key] for row in rows]) for key in ("accuracy", "undisputed")]
        cells += [f"{_middle(rows, part):.1f}" for part in ("fit", "compile", "total")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def race(found: dict[str, list[dict[str, Any]]]) -> str:
    """One line a peer: the seconds after which it first scored what `fast` scores on the mean."""
    if "fast" not in found:
        return ""
    goal = mean(row["accuracy"] for row in found["fast"])
    seconds = _middle(found["fast"], "fit")
    lines = [f"`fast`: {goal:.2%} in {seconds:.1f} s of fit"]
    for name, rows in found.items():
        if not any("epochs" in row for row in rows):
            continue
        reached = [next((at for at, score in row["epochs"] if score >= goal), None) for row in rows]
        times = [at for at in reached if at is not None]
        when = f", first after {median(times):.1f} s" if times else ""
        ratio = f", {median(times) / seconds:.0f} times as long" if times else ""
        lines.append(f"{name}: reached by {len(times)} of {len(rows)} seeds{when}{ratio}")
    return "\n".join(lines)


def int8_table(names: Sequence[str], out: Path) -> str:
    """One row a recipe: accuracy of the int8 files of its runs, and their size."""
    from scrawl import data
    from scrawl.digit_reader import DigitReader
    from scrawl.evaluate import evaluate
    from scrawl.training.quantise import ROWS, quantise

    mnist = data.load("mnist")
    head = ["int8", "seeds", "test %", "bytes of the file", "of weights"]
    lines = ["| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    for name in names:
        bundles = sorted(out.glob(f"{name}-seed*/model.onnx"))
        if not bundles:
            raise SystemExit(f"{name}: no run in {out}; train it first, without --int8")
        scores = []
        for bundle in bundles:
            small = bundle.with_name("int8.onnx")
            weights = quantise(bundle, mnist.x_train[:ROWS], small)
            rows = mnist.x_test, mnist.y_test
            scores.append(evaluate(DigitReader.load(small), *rows, name).accuracy)
        cells = [f"`{name}`", str(len(scores)), spread(scores)]
        cells += [f"{small.stat().st_size:,}", f"{weights:,}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _middle(rows: Sequence[dict[str, Any]], part: str) -> float:
    most = max(row["cores"] for row in rows)
    return median(row["seconds"][part] for row in rows if row["cores"] == most)


def _step(marks: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Median of seconds and mean accuracy in %, over seeds that are at the same epoch."""
    seconds, scores = zip(*marks, strict=True)
    return median(seconds), 100 * mean(scores)


def plots(found: dict[str, list[dict[str, Any]]], folder: Path) -> None:
    """Accuracy against seconds and against parameters, the peers on both."""
    from scrawl.report.plots import save, scatter

    def points(part: str) -> dict[str, list[tuple[float, float]]]:
        series = {}
        for name, rows in found.items():
            score = 100 * mean(row["accuracy"] for row in rows)
            x = _middle(rows, "fit") if part == "fit" else rows[0]["parameters"]
            series[name] = [(x, score)]
        return series

    seconds = points("fit")
    for name, rows in found.items():
        if "epochs" in rows[0]:  # the way that a peer takes
            ways = (row["epochs"] for row in rows)
            seconds[name] = [_step(marks) for marks in zip(*ways, strict=True)]
    save(scatter(seconds, "seconds of training on 2 CPU cores"), folder / "accuracy-seconds.png")
    sizes = points("parameters") | {
        f"{name} (published)": [(size, score)] for name, size, score in PUBLISHED
    }
    save(scatter(sizes, "parameters"), folder / "accuracy-parameters.png")
