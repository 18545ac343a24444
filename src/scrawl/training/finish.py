"""The end of a training: export, score, draw, say so. ``metrics.json`` is written last."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scrawl import __version__
from scrawl.bundle import BundleInfo
from scrawl.data import Dataset, get
from scrawl.evaluate import Report
from scrawl.files import write_text, writing
from scrawl.report import plots
from scrawl.training import backend
from scrawl.training.backend import keras
from scrawl.training.bundling import export_bundle
from scrawl.training.run import Epoch, Run

Scores = Callable[[Path], tuple[Report, Report]]
"""Given a bundle, its reports on the test split and on the training split."""


def finish(
    run: Run,
    model: keras.Model,
    dataset: Dataset,
    info: BundleInfo,
    log: list[Epoch],
    scores: Scores,
    gains: Callable[[Path], dict[str, Any]],
) -> None:
    """Writes all that a run folder holds besides recipe, log and checkpoint.

    The test set is opened here, once, for the network of the last epoch.

    Args:
        run: The run.
        model: The network after its last epoch.
        dataset: What it was trained on.
        info: What the bundle says of itself.
        log: A row an epoch.
        scores: How it is scored.
        gains: What else is to be said of its bundle.
    """
    difference = export_bundle(model, info, run.model)
    test, train = (report.to_dict() for report in scores(run.model))
    metrics = {
        "recipe": run.recipe.name,
        "seed": run.recipe.seed,
        "data": dataset.info.name,
        "data_sha256": dataset.sha256,
        "parameters": model.count_params(),
        "epochs": len(log),
        "seconds": round(sum(row.seconds for row in log), 3),
        "test": test,
        "train": {key: train[key] for key in ("n", "accuracy", "interval", "loss")},
        "gap": train["accuracy"] - test["accuracy"],
        "odds": info.odds,
        "temperature": info.temperature,
        "threshold": info.threshold,
        "onnx_difference": difference,
        "versions": versions(),
        **gains(run.model),
    }
    with writing(run.folder / "curves.png") as aside:
        plots.save(plots.curves({run.recipe.name: log}, {run.recipe.name: test}), aside)
    write_text(run.folder / "card.md", card(run, metrics))
    write_text(run.folder / "metrics.json", json.dumps(metrics, indent=1))


def versions() -> dict[str, str]:
    """What a figure depends on: scrawl with its commit where known, Keras, backend, Python."""
    module = __import__(backend.name())
    return {
        "scrawl": "+".join(filter(None, (__version__, _commit()))),
        "keras": keras.__version__,
        "backend": f"{backend.name()} {module.__version__}",
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }


def _commit() -> str:
    """The commit of the checkout that scrawl runs from; empty where it is installed."""
    here = Path(__file__).resolve()
    if not (here.parents[3] / ".git").exists():
        return ""
    try:
        command = ["git", "-C", str(here.parent), "rev-parse", "--short", "HEAD"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return done.stdout.strip()


def said_of_gains(metrics: dict[str, Any]) -> dict[str, str]:
    """What own pictures gave and took, in words, by what it was scored on."""
    table = metrics.get("gains", {})
    names = {"pictures": "own pictures", "data": f"{metrics['data']} test"}
    rows = {}
    for key, name in names.items():
        if row := table.get(key):
            apart = f" ({row['held_out']})" if "held_out" in row else ""
            rows[name] = f"{_change(row)}{apart}"
            rows |= {f"  {one['source']}": _change(one) for one in row.get("sources", [])}
    return rows


def _change(row: dict[str, Any]) -> str:
    before = "" if row["before"] is None else f"{row['before']:.2%} before, "
    return f"{before}{row['after']:.2%} after, of {row['n']:,}"


def card(run: Run, metrics: dict[str, Any]) -> str:
    """The model card of a run, as Markdown."""
    recipe, test = run.recipe, metrics["test"]
    low, high = test["interval"]
    accuracy = f"{test['accuracy']:.2%} (95% interval {low:.2%} to {high:.2%}, n = {test['n']:,})"
    if "undisputed" in test:
        accuracy += f"; {test['undisputed']:.2%} without the disputed labels"
    calibration = ", ".join(f"{metrics[k]:.3f}" for k in ("odds", "temperature", "threshold"))
    gap = 100 * metrics["gap"]
    data = f"{metrics['data']}, training rows, SHA-256 `{metrics['data_sha256']}`"
    for other in map(get, recipe.hands):
        info = other.info
        data += f"; {info.name}, training rows: {info.source}, {info.licence}"
    if recipe.pictures:
        data += f"; the pictures in `{recipe.pictures}`"
    versions = "; ".join(f"{key} {value}" for key, value in metrics["versions"].items())
    options = ", ".join(f"{key} = {value}" for key, value in recipe.options.items())
    gained = "".join(f"| {name} | {text} |\n" for name, text in said_of_gains(metrics).items())
    return f"""# {recipe.name}

{recipe.title}.

| | |
| --- | --- |
| trained on | {data} |
| started from | {f"the weights of `{recipe.start}`" if recipe.start else "random weights"} |
| network | `{recipe.model}` ({options}), {metrics["parameters"]:,} parameters |
| loss, optimizer | {recipe.loss}, {recipe.optimizer}, learning rate {recipe.learning_rate} |
| label smoothing | {recipe.label_smoothing:g} |
| schedule | {recipe.course} |
| augmentation | {recipe.augmentation or "none"} |
| precision | {recipe.precision} |
| validation | {recipe.validation_split:.0%} of the training rows |
| seed | {recipe.seed} |
| test accuracy | {accuracy} |
| test loss | {test["loss"]:.4f} ({test["loss_name"]}) |
| training accuracy | {metrics["train"]["accuracy"]:.2%}, {gap:.2f} points above test |
{gained}| odds, temperature, threshold | {calibration} |
| published | {recipe.published or "none"} |
| time | {metrics["seconds"]:.0f} s |
| ONNX against Keras | {metrics["onnx_difference"]:.1e} at most |
| versions | {versions} |
"""
