"""Makes the weights that scrawl carries anew: trains their recipes and puts them where they ship.

    python tools/weights.py [NAME ...] [--runs runs/weights] [--precision mixed_bfloat16]

One chain from the data sets to ``src/scrawl/weights``: a recipe is trained into ``--runs/NAME``, or
goes on there after its last whole epoch; the run is looked over; its model, its card and, where
``--from bundled`` starts from it, its network for Keras are copied. A run that is complete is only
copied. What a card says from its first heading ``## `` on is written by hand, and stays. The
reader of single digits and the detector are then written once more with 8 bits, which the names
``reader-int8`` and ``pages-int8`` do by themselves; the reader of lines is carried with 8 bits
alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from scrawl import data, weights
from scrawl.bundle import CLASSIFY, DETECT, TRANSCRIBE
from scrawl.errors import ModelError, ScrawlError
from scrawl.files import write_text, writing
from scrawl.network import Network
from scrawl.training import recipes, resume, train
from scrawl.training.feeder import epoch_rows
from scrawl.training.quantise import quantise
from scrawl.training.recipe import PRECISIONS, Recipe
from scrawl.training.run import Run

RUNS = Path("runs") / "weights"

MADE = {
    "reader": (weights.READER, CLASSIFY),
    "pages": (weights.PAGES, DETECT),
    "lines": (weights.LINES, TRANSCRIBE),
}
"""Each recipe's file, and the task that it must have."""

INT8 = {
    weights.READER_INT8.stem: (weights.READER, weights.READER_INT8),
    weights.PAGES_INT8.stem: (weights.PAGES, weights.PAGES_INT8),
}
"""Those in 8 bits that are made from a carried one in float32: what from, and what."""

IN_8_BITS = ("lines",)
"""Those of which no file in float32 is carried."""

_CALIBRATION = {"reader": 3000, "pages": 6000, "lines": 1500}
"""Training rows with whose digits the pictures are made that ranges are taken from: as many of one
digit, an eighth as many strips of pages, a fifth as many rows of lines."""

STARTED_FROM = ("reader", "lines")
"""Those whose network for Keras is carried, too: ``scrawl train --from bundled`` starts from it.
It is rounded to half precision and packed, as it is only started from: 1.8 MB for 4."""

WORDS = ("title", "notes", "published", "source")
"""What a recipe says of itself, which changes no weight."""

PRECISION = "mixed_bfloat16"
"""What the carried weights are made in: two thirds of the time of float32, where the processor has
such arithmetic. It is no part of the recipes, which are for any processor."""


def make(recipe: Recipe, runs: Path, path: Path, task: str) -> Run:
    """Trains a recipe, or goes on with it, and puts its model and card at ``path``.

    Args:
        recipe: What to train.
        runs: The folder that holds or will hold the run folder, named as the recipe.
        path: The ``.onnx`` file to write; the card goes beside it.
        task: What the model must be for.

    Raises:
        ScrawlError: The run is of another recipe, cannot be trained, or is not whole.
    """
    folder = runs / recipe.name
    if (folder / "recipe.toml").is_file():
        found, asked = Run.open(folder).recipe.to_dict(), recipe.to_dict()
        changed = [key for key in asked if key not in WORDS and asked[key] != found[key]]
        if changed:
            raise ModelError(
                f"{folder}: a run of another {recipe.name} ({', '.join(changed)} differ); "
                "move it away, or name another folder with --runs"
            )
        run = resume(folder, progress=True)
    else:
        run = train(recipe, folder, progress=True)
    look_over(run, task)
    if recipe.name in IN_8_BITS:
        make_int8(recipe, run.model, path)
    else:
        with writing(path) as aside:
            shutil.copyfile(run.model, aside)
    write_text(path.with_suffix(".md"), card(run, path.with_suffix(".md")))
    if recipe.name in STARTED_FROM:
        for_keras(run, path.with_suffix(".keras"))
    return run


def look_over(run: Run, task: str) -> None:
    """Whether a run is whole and what it says it is.

    Raises:
        ModelError: An epoch, a file or a class of weights is missing, or the model is damaged.
    """
    metrics, expected = run.metrics(), run.recipe.epochs
    if not metrics["epochs"] == len(run.read_log()) == expected:
        raise ModelError(f"{run.folder}: expected {expected} epochs, found {metrics['epochs']}")
    info = Network(run.model, task=task).info
    if (info.recipe, info.seed) != (run.recipe.name, run.recipe.seed):
        raise ModelError(f"{run.model}: expected a model of {run.recipe.name}, found {info.recipe}")
    if metrics["parameters"] != run.recipe.parameters:
        raise ModelError(
            f"{run.folder}: expected {run.recipe.parameters:,} parameters, "
            f"found {metrics['parameters']:,}"
        )


def card(run: Run, old: Path) -> str:
    """The run's card, how it was made, and what was written by hand on the old card."""
    text = (run.folder / "card.md").read_text(encoding="utf-8")
    precision = run.recipe.precision
    made = f"\nMade by `python tools/weights.py {run.recipe.name} --precision {precision}`.\n"
    before = old.read_text(encoding="utf-8") if old.is_file() else ""
    _, heading, by_hand = before.partition("\n## ")
    return text + made + heading + by_hand


def for_keras(run: Run, path: Path) -> None:
    """The network without its optimizer, its weights of half precision, packed."""
    from scrawl.training.network import in_float32, load_checkpoint

    network = in_float32(load_checkpoint(run.checkpoint, optimizer=False))
    rounded = (weight.astype(np.float16) for weight in network.get_weights())
    network.set_weights([weight.astype(np.float32) for weight in rounded])
    with writing(path) as aside:
        network.save(aside)
        pack(aside)


def pack(path: Path) -> None:
    """Compresses what is in a file of Keras', which is a zip file, as it reads it all the same."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_LZMA)


def make_int8(recipe: Recipe, source: Path, path: Path) -> None:
    """Writes a model with 8 bits, its ranges from pictures made as its recipe does."""
    mnist, count = data.load(recipe.data), _CALIBRATION[recipe.name]
    made, _ = epoch_rows(recipe, (mnist.x_train[:count], mnist.y_train[:count]), 0)
    quantise(source, made, path)


def main() -> None:
    """Makes the weights that are named; all without a name."""
    names = [*MADE, *INT8]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}; all")
    parser.add_argument("--runs", type=Path, default=RUNS, metavar="FOLDER")
    parser.add_argument("--precision", choices=PRECISIONS, default=PRECISION)
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in names:
            parser.error(f"expected {', '.join(names)}, received {name}")
    wanted = arguments.names or names
    try:
        for name in wanted:
            if name not in MADE:
                continue
            path, task = MADE[name]
            recipe = recipes.get(name).change({"precision": arguments.precision})
            run = make(recipe, arguments.runs, path, task)
            score = run.metrics()["test"]["accuracy"]
            print(f"{path}: {path.stat().st_size:,} bytes, test accuracy {score:.2%}")
            print(f"{path.with_suffix('.md')}: look over what stands below its first heading")
        for name, (plain, path) in INT8.items():
            if {name, plain.stem} & set(wanted):
                make_int8(recipes.get(plain.stem), plain, path)
                print(f"{path}: {path.stat().st_size:,} bytes")
    except ScrawlError as error:
        raise SystemExit(f"weights: {error}") from None


if __name__ == "__main__":
    main()
