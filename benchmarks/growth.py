"""How accuracy and seconds grow with training rows and with width: the table of docs/training.md.

    python benchmarks/growth.py [--recipe fast] [--seeds 3] [--plots docs/pictures]

Rows: the first 1,000 to 60,000 of MNIST's training rows, for the recipe's own epochs, and for as
many as make the recipe's number of steps. Width: all filters times a half to three. The test set
scores the last epoch of each; nothing is chosen by it.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from statistics import mean, median

import numpy as np

from lib.tables import spread
from scrawl import data
from scrawl.data import Dataset
from scrawl.training import backend
from scrawl.training.feeder import Feeder
from scrawl.training.interrupt import Interrupt
from scrawl.training.progress import Silent
from scrawl.training.recipe import Recipe
from scrawl.training.recipes import get
from scrawl.training.trainer import training_for

ROWS = (1_000, 3_000, 10_000, 30_000, 60_000)
WIDTHS = (0.5, 1.0, 2.0, 3.0)


def trained(recipe: Recipe, dataset: Dataset) -> tuple[float, float, int]:
    """Test accuracy, seconds of training and parameters."""
    training = training_for(recipe, dataset)
    backend.seed_everything(recipe.seed)
    model = training.build()
    seconds = 0.0
    with Feeder(recipe, training.rows) as feeder:
        for epoch in range(1, recipe.epochs + 1):
            rows = feeder.rows(epoch)
            seconds += training.fit_epoch(model, epoch, rows, Silent(), Interrupt()).seconds
    answers = training.predict(model, (dataset.x_test, dataset.y_test)).argmax(1)
    return float(np.mean(answers == dataset.y_test)), seconds, model.count_params()


def row(label: str, recipe: Recipe, dataset: Dataset, seeds: int) -> tuple[float, float]:
    """Prints a row of the table; returns mean accuracy in % and median seconds."""
    runs = [trained(recipe.change({"seed": seed}), dataset) for seed in range(seeds)]
    accuracy, seconds, parameters = zip(*runs, strict=True)
    cells = (label, f"{recipe.epochs}", f"{parameters[0]:,}", spread(list(accuracy)))
    print(f"| {' | '.join(cells)} | {median(seconds):.1f} |", flush=True)
    return 100 * mean(accuracy), median(seconds)


def main() -> None:
    """Trains and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", default="fast")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--plots", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    recipe = get(arguments.recipe).change({"validation_split": 0.0})
    mnist = data.load(recipe.data)
    print("| what | epochs | parameters | test % | seconds |\n| --- | --- | --- | --- | --- |")
    own, same = [], []
    for count in ROWS:
        first = {key: getattr(mnist, key)[:count] for key in ("x_train", "y_train")}
        some = dataclasses.replace(mnist, **first)
        own.append(row(f"{count:,} rows", recipe, some, arguments.seeds))
        longer = round(recipe.epochs * len(mnist.x_train) / count)
        if longer > recipe.epochs:
            more = recipe.change({"epochs": longer})
            same.append(row(f"{count:,} rows, as many steps", more, some, arguments.seeds))
    same.append(own[-1])
    filters = recipe.options["filters"]
    assert isinstance(filters, tuple)
    for factor in WIDTHS:
        wide = ",".join(str(round(factor * count)) for count in filters)
        row(f"width × {factor:g}", recipe.change({"filters": wide}), mnist, arguments.seeds)
    if arguments.plots:
        from scrawl.report.plots import save, scatter

        series = {
            name: [(count, accuracy) for count, (accuracy, _) in zip(ROWS, runs, strict=True)]
            for name, runs in (("the recipe's epochs", own), ("the recipe's steps", same))
        }
        save(scatter(series, "training rows"), arguments.plots / "growth.png")


if __name__ == "__main__":
    main()
