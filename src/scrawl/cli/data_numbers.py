"""What ``scrawl data show`` does where each picture shows a number."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import typer

from scrawl import images, pixels
from scrawl.arrays import UInt8
from scrawl.bundle import DIGITS
from scrawl.cli.options import check_index
from scrawl.cli.terminal import picture, table
from scrawl.data.numbers import LabelledNumber, numbers
from scrawl.data.own import class_order, held_out
from scrawl.errors import unknown

WIDE = 38
"""Pixels of a picture in a terminal, two characters each."""

SIDE = 300
"""Pixels of the long side of a picture on a sheet of them."""

COLUMNS, ASPECT = 5, 2.0
"""Pictures in a row of such a sheet, and how much wider than high each has its place."""


def show(source: str, split: str, index: int, save: Path | None, most: int) -> None:
    """Prints how many numbers of which length there are, and one of them; draws some.

    Args:
        source: Pictures of numbers with their text.
        split: ``train`` or ``test``.
        index: Which of that split to show.
        save: A folder for the drawing; None for none.
        most: Numbers that are drawn.

    Raises:
        DataError: It holds no such pictures.
        PictureError: The one to be shown cannot be opened.
        InputError: There is no such split or row.
    """
    items = numbers(Path(source), DIGITS)
    apart, how = held_out(items)
    parts: dict[str, list[LabelledNumber]] = {"train": [], "test": []}
    if split not in parts:
        raise unknown("split", split, parts)
    for item, test in zip(items, apart, strict=True):
        parts["test" if test else "train"].append(item)
    counts = {name: Counter(str(len(one.digits)) for one in part) for name, part in parts.items()}
    lengths = class_order([*counts["train"], *counts["test"]])
    rows = [[one, *(str(counts[name][one]) for name in parts)] for one in lengths]
    row = check_index(index, len(parts[split]), f"{source} {split}")
    item = parts[split][row]
    typer.echo(
        f"{source}: {len(items):,} pictures of a number each; to test on: {how}\n\n"
        f"{table([['digits', 'train', 'test'], *rows])}\n\n"
        f"{split} row {row} is {_text(item)}, by {item.source} ({item.name}):\n\n"
        f"{picture(_seen(item, WIDE), 255)}"
    )
    if save is not None:
        _save(parts[split][:most], Path(source).stem, split, save)


def _text(item: LabelledNumber) -> str:
    return "".join(DIGITS[digit] for digit in item.digits)


def _seen(item: LabelledNumber, side: int) -> UInt8:
    """A picture as one of ink on paper, the ink high, no larger than that."""
    grey = pixels.shrink(pixels.grey(images.load(item.picture)), side)
    paper = pixels.median(grey)
    ink = np.clip(paper - grey if paper > 127 else grey - paper, 0, None)
    return np.asarray(255 * ink / max(ink.max(), 1), np.uint8)


def _save(items: list[LabelledNumber], name: str, split: str, folder: Path) -> None:
    from scrawl.files import make_folder, writing
    from scrawl.report import plots

    seen = [_seen(item, SIDE) for item in items]
    figure = plots.grid(seen, [_text(item) for item in items], 255, COLUMNS, ASPECT)
    file = make_folder(folder) / f"{name}-{split}-grid.png"
    with writing(file) as aside:
        plots.save(figure, aside)
    typer.echo(f"wrote {file}", err=True)
