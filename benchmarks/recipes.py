"""Every tutorial's recipe, trained with several seeds: the table of docs/figures.md.

    python benchmarks/recipes.py --out runs/recipes [--seeds 3] [RECIPE ...]

A run that is complete is not trained again, one that was interrupted is resumed. The test set is
scored once a run, after its last epoch; nothing is chosen by it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lib.tables import spread
from scrawl.training import resume, train
from scrawl.training.recipes import RECIPES
from scrawl.training.run import Run

TUTORIALS = ("mlp-512", "mlp-256x2", "mlp-deep", "cnn-small", "cnn-8x8", "cnn")


def runs_of(name: str, seeds: int, out: Path) -> list[Run]:
    """The runs of a recipe with seeds 0 … ``seeds - 1``."""
    runs = []
    for seed in range(seeds):
        folder = out / f"{name}-seed{seed}"
        if (folder / "recipe.toml").is_file():
            runs.append(resume(folder, progress=True))
        else:
            recipe = RECIPES[name].change({"seed": seed})
            runs.append(train(recipe, folder, progress=True))
    return runs


def main() -> None:
    """Trains what is missing and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", default=TUTORIALS, metavar="RECIPE")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    lines = []
    for name in arguments.recipes:
        figures = [run.metrics() for run in runs_of(name, arguments.seeds, arguments.out)]
        test = [figure["test"]["accuracy"] for figure in figures]
        row = (
            f"`{name}`",
            f"{figures[0]['parameters']:,}",
            spread(test),
            ", ".join(f"{value:.2%}" for value in test),
            spread([figure["train"]["accuracy"] for figure in figures]),
            spread([figure["seconds"] for figure in figures], 1, 0),
            RECIPES[name].published or "none",
        )
        lines.append("| " + " | ".join(row) + " |")
    print("| recipe | parameters | test % | each seed | train % | seconds | published |")
    print("| --- " * 7 + "|")
    print("\n".join(lines))
    print(figures[-1]["versions"])


if __name__ == "__main__":
    main()
