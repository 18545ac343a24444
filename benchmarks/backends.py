"""Seconds an epoch on each backend of Keras that is installed: the table of docs/backends.md.

    python benchmarks/backends.py [--rows 12800] [--epochs 3]

Each backend has a process of its own, one after another; the first epoch, which compiles, is left
out and the fastest of the others is taken, since the machine may be doing other things.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
from importlib.util import find_spec

RECIPES = ("mlp-512", "cnn-small", "cnn")
BACKENDS = ("tensorflow", "jax", "torch")


def seconds(rows: int, epochs: int) -> dict[str, float]:
    """Seconds an epoch of ``rows`` pictures for each recipe, on the backend of this process."""
    from scrawl import data
    from scrawl.training.interrupt import Interrupt
    from scrawl.training.progress import Silent
    from scrawl.training.recipes import get
    from scrawl.training.trainer import training_for

    whole = data.load("mnist")
    keys = ("x_train", "y_train")
    dataset = dataclasses.replace(whole, **{key: getattr(whole, key)[:rows] for key in keys})
    table = {}
    for name in RECIPES:
        training = training_for(get(name).change({"validation_split": 0}), dataset)
        model = training.build()
        times = [
            training.fit_epoch(model, epoch, training.rows, Silent(), Interrupt()).seconds
            for epoch in range(1, epochs + 1)
        ]
        table[name] = min(times[1:])
    return table


def main() -> None:
    """Measures each backend in turn and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=12_800)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(seconds(arguments.rows, arguments.epochs)))
        return
    print(f"| backend | {' | '.join(RECIPES)} |")
    print("| --- " * (len(RECIPES) + 1) + "|")
    for backend in filter(find_spec, BACKENDS):
        child = subprocess.run(
            [sys.executable, __file__, "--child", *sys.argv[1:]],
            env={**os.environ, "KERAS_BACKEND": backend},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        table = json.loads(child.stdout.splitlines()[-1])
        cells = (f"{table[name] * 60_000 / arguments.rows:.1f} s" for name in RECIPES)
        print(f"| {backend} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
