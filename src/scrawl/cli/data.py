"""``scrawl data``: what data sets there are, and what is in them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.options import DataDir, Json, check_index, entries

if TYPE_CHECKING:
    from scrawl.data import Dataset

FIRST = 100
"""Rows that a drawn grid shows."""

app = typer.Typer(help="What data sets there are; look at them; download them.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A data set, as 'data list' names it.")]
Shown = Annotated[
    str,
    typer.Argument(
        metavar="DATA", help="A data set, as 'data list' names it, or a file or folder of your own."
    ),
]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the data sets: size, shape, type, range, classes, licence, source.

    Example: scrawl data list
    """
    from scrawl.data import DATASETS

    infos = [source.info for source in entries(DATASETS)]
    if as_json:
        typer.echo(json.dumps([asdict(info) for info in infos], indent=1))
        return
    for info in infos:
        height, width = info.image_shape
        typer.echo(
            f"{info.name}: {info.title}\n"
            f"  rows     {info.n_train:,} train, {info.n_test:,} test ({info.split})\n"
            f"  images   {height}×{width} uint8, 0 (paper) to {info.pixel_max} (ink)\n"
            f"  classes  {len(info.classes)}: {' '.join(info.classes)}\n"
            f"  licence  {info.licence}\n"
            f"  source   {info.source}"
        )


@app.command()
def show(
    name: Shown,
    split: Annotated[str, typer.Option(help="'train' or 'test'.")] = "train",
    index: Annotated[int, typer.Option(help="Which row to show.")] = 0,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write the digit and a grid of 100 as PNG here."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Show shapes, counts per class, writers of strokes, and the pixels of one digit.

    Example: scrawl data show digits8x8 --index 3 --save pictures
    """
    import numpy as np

    from scrawl import data
    from scrawl.cli.terminal import pixel_matrix, table
    from scrawl.data.formats import holds_numbers
    from scrawl.data.strokes import writers

    if data.is_path(name) and Path(name).exists() and holds_numbers(Path(name)):
        from scrawl.cli import data_numbers

        data_numbers.show(name, split, index, save, FIRST)
        return
    dataset = data.load(name, data_dir)
    x, y = dataset.split(split)
    row = check_index(index, len(x), f"{name} {split}")
    classes = dataset.info.classes
    counts = [
        np.bincount(part, minlength=len(classes)) for part in (dataset.y_train, dataset.y_test)
    ]
    typer.echo(
        f"{name}: {dataset.info.title}\n"
        f"x_train {dataset.x_train.shape} {dataset.x_train.dtype}, "
        f"x_test {dataset.x_test.shape} {dataset.x_test.dtype}, "
        f"values {dataset.x_train.min()} to {dataset.x_train.max()}\n"
    )
    rows = [[c, str(a), str(b)] for c, a, b in zip(classes, *counts, strict=True)]
    typer.echo(table([["class", "train", "test"], *rows]))
    if isinstance(dataset, data.StrokeDataset):
        sample = dataset.strokes(split)[row]
        typer.echo(
            f"\nwriters: {len(writers(dataset.strokes_train))} train, "
            f"{len(writers(dataset.strokes_test))} test; {split} row {row} is by {sample.writer}: "
            f"{len(sample.strokes)} strokes of {', '.join(str(len(s)) for s in sample.strokes)} "
            "points"
        )
    typer.echo(f"\n{split} row {row} is a {classes[y[row]]}:\n\n{pixel_matrix(x[row])}")
    if save is not None:
        _save(dataset, Path(name).stem, split, row, save)  # of a path its last part


def _save(dataset: Dataset, name: str, split: str, row: int, folder: Path) -> None:
    """Draws a row, and the first rows of its split, into a folder."""
    from scrawl.files import make_folder, writing
    from scrawl.report import plots

    (x, y), classes, top = dataset.split(split), dataset.info.classes, dataset.info.pixel_max
    title = f"{name} {split} {row}: {classes[y[row]]}"
    first = [classes[label] for label in y[:FIRST]]
    figures = {
        f"{name}-{split}-{row}.png": plots.digit(x[row], title, top),
        f"{name}-{split}-grid.png": plots.grid(x[:FIRST], first, top),
    }
    for file, figure in figures.items():
        with writing(make_folder(folder) / file) as aside:
            plots.save(figure, aside)
        typer.echo(f"wrote {folder / file}", err=True)


@app.command()
def check(
    source: Annotated[
        Path,
        typer.Argument(metavar="SOURCE", help="Labelled pictures of your own, in any format."),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            help="A run folder or an .onnx file that reads them, too; the carried one. "
            "Of numbers, a reader of lines."
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Show the labels that are likely wrong here."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what is wrong with labelled pictures: unreadable, twice there, likely wrong labels.

    Exit code 1 where something should be mended before training.

    Example: scrawl data check my-digits/ --save doubts.png
    """
    from scrawl.cli import data_check

    data_check.run(source, model, save, as_json)


@app.command()
def get(name: Name, data_dir: DataDir = None) -> None:
    """Download a data set, or check the files that are there.

    Example: scrawl data get mnist
    """
    from scrawl import data

    dataset = data.load(name, data_dir)
    typer.echo(
        f"{name}: {len(dataset.x_train):,} training and {len(dataset.x_test):,} test images, "
        "checksums right"
    )
