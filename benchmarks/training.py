"""Recipes beside what others train: the tables and plots of docs/training.md.

    python benchmarks/training.py --out runs/training [--seeds 10] [--epochs 12] NAME ...
    python benchmarks/training.py --out runs/training --table [--plots docs/pictures]
    python benchmarks/training.py --out runs/training --int8 tiny

NAME is a recipe or a peer of lib/plain.py: "plain cnn", "plain mlp-512", "Deotte",
"train_mnist_fast" (which needs torch). Every training is a process of its own, one after another:
all names with seed 0, then all with seed 1. What is there already is not trained again. With
--jobs, as many at a time, a core each: the table then takes seconds only of trainings that had all
cores. Recipes train on all 60,000 rows with their own schedule, and the last epoch's weights are
scored on the test set, once.
With --int8 the runs that are there are exported as int8, and those files are scored.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from lib.training_tables import int8_table, plots, race, table

BORN = time.perf_counter()
"""When this process began to import."""

TORCH_PEER = "train_mnist_fast"
"""The one peer that is not written in Keras."""


def child(name: str, seed: int, epochs: int | None, folder: Path) -> dict[str, Any]:
    """Trains in this process and says how long each part took, in seconds."""
    from lib.plain import PEERS

    times = {}
    start = time.perf_counter()
    if name == TORCH_PEER:
        import torch  # noqa: F401
    elif name in PEERS:
        import keras  # noqa: F401
    else:
        import scrawl.training.trainer  # noqa: F401
    times["import"] = time.perf_counter() - start
    from scrawl import data
    from scrawl.evaluate import Report

    start = time.perf_counter()
    mnist = data.load("mnist")
    times["load"] = time.perf_counter() - start
    if name in PEERS:
        arrays = {key: getattr(mnist, key) for key in ("x_train", "y_train", "x_test", "y_test")}
        trained = PEERS[name](arrays, seed, epochs)
        marks = trained.started, trained.first, trained.ended
        facts = {"parameters": trained.parameters, "epochs": trained.epochs}
        test = Report(
            title=name,
            classes=mnist.info.classes,
            images=mnist.x_test,
            labels=mnist.y_test,
            probabilities=trained.probabilities,
            loss_name="categorical_crossentropy",
            disputed=mnist.info.disputed,
        ).to_dict()
    else:
        facts, test, marks = _recipe(name, seed, epochs, mnist, folder)
    facts |= {key: test[key] for key in ("accuracy", "undisputed", "nll")}
    started, first, ended = marks
    times |= {"compile": first - started, "fit": ended - first}
    # All but scoring: from an empty process to trained weights.
    times["total"] = ended - BORN
    cores = len(os.sched_getaffinity(0))
    return {"name": name, "seed": seed, "cores": cores, **facts, "seconds": times}


def _recipe(
    name: str, seed: int, epochs: int | None, mnist: Any, folder: Path
) -> tuple[dict[str, Any], dict[str, Any], tuple[float, float, float]]:
    """Facts, scores on the test set, and when the first step began, and it and the last ended."""
    from scrawl.training import backend
    from scrawl.training.recipes import get
    from scrawl.training.run import Epoch, Run
    from scrawl.training.trainer import training_for

    class Watch:
        first = ended = 0.0

        def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
            self.ended = time.perf_counter()
            self.first = self.first or self.ended

        def epoch(self, row: Epoch) -> None:
            print(row, file=sys.stderr, flush=True)

    watch = Watch()
    changes: dict[str, Any] = {"seed": seed, "validation_split": 0.0}
    recipe = get(name).change(changes | ({"epochs": epochs} if epochs else {}))
    training = training_for(recipe, mnist)
    backend.seed_everything(seed)
    model = training.build()
    run = Run.create(folder, recipe)
    started = time.perf_counter()
    training.go(run, model, [], watch)
    scores = run.metrics()
    facts = {key: scores[key] for key in ("parameters", "versions")}
    return facts, scores["test"], (started, watch.first, watch.ended)


def results(out: Path) -> dict[str, list[dict[str, Any]]]:
    """What is there: the trainings of each name, by seed."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(out.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        found.setdefault(row["name"], []).append(row)
    return {name: sorted(rows, key=lambda row: row["seed"]) for name, rows in found.items()}


def main() -> None:
    """Trains what is missing and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="instead of each definition's own")
    parser.add_argument("--table", action="store_true", help="print what is there, train nothing")
    parser.add_argument("--plots", type=Path, metavar="FOLDER")
    parser.add_argument("--int8", action="store_true", help="score the runs' int8 exports instead")
    parser.add_argument("--jobs", type=int, help="trainings at a time, a core each")
    parser.add_argument("--child", type=int, metavar="SEED", help=argparse.SUPPRESS)
    parser.add_argument("--core", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        (name,) = arguments.names
        if arguments.core is not None:
            os.sched_setaffinity(0, {arguments.core})
        print(json.dumps(child(name, arguments.child, arguments.epochs, arguments.out)))
        return
    if arguments.int8:
        print(int8_table(arguments.names, arguments.out))
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    if not arguments.table:
        check(arguments.names)
        _train_all(
            arguments.names, arguments.seeds, arguments.epochs, arguments.out, arguments.jobs
        )
    found = results(arguments.out)
    print(table(found), race(found), sep="\n\n")
    if arguments.plots:
        plots(found, arguments.plots)


def check(names: Sequence[str]) -> None:
    """Ends in one line where a name cannot be trained, before any training begins."""
    from lib.plain import PEERS
    from scrawl.errors import ScrawlError
    from scrawl.training.recipes import get

    for name in names:
        if name == TORCH_PEER and find_spec("torch") is None:
            raise SystemExit(f"{name} needs torch, which is not installed: pip install torch")
        if name not in PEERS:
            try:
                get(name)
            except ScrawlError as error:
                raise SystemExit(f"{error}; peers: {', '.join(PEERS)}") from None


def _train_all(
    names: Sequence[str], seeds: int, epochs: int | None, out: Path, jobs: int | None
) -> None:
    """Trains what is missing: one after another on all cores, or ``jobs`` at a time on one each."""
    cores: SimpleQueue[int | None] = SimpleQueue()
    for core in sorted(os.sched_getaffinity(0))[:jobs] if jobs else (None,):
        cores.put(core)

    def one(todo: tuple[int, str]) -> None:
        core = cores.get()
        try:
            _train(todo[1], todo[0], epochs, out, core)
        finally:
            cores.put(core)

    with ThreadPoolExecutor(cores.qsize()) as pool:
        for _ in pool.map(one, product(range(seeds), names)):
            pass


def _train(name: str, seed: int, epochs: int | None, out: Path, core: int | None) -> None:
    short = f"{name.replace(' ', '-')}-seed{seed}" + (f"-epochs{epochs}" if epochs else "")
    path = out / f"{short}.json"
    if path.is_file():
        return
    command = [sys.executable, __file__, name, "--child", str(seed), "--out", str(out / short)]
    command += ["--epochs", str(epochs)] if epochs else []
    command += ["--core", str(core)] if core is not None else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    path.write_text(done.stdout.splitlines()[-1], encoding="utf-8")
    print(f"{short}: {path.read_text(encoding='utf-8')}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
