"""A labelled picture as its source has it, and what reads sources of a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrawl.arrays import UInt8
from scrawl.errors import DataError
from scrawl.images import Picture


@dataclass(frozen=True, eq=False)
class Item:
    """A labelled picture.

    Attributes:
        picture: Where it is, its bytes, or its pixels.
        name: What it is called in a report.
        label: What it shows, as the source writes it, such as ``"7"``, or the text of a number.
        where: Where the label stands, for messages.
        source: Who wrote it, or where it comes from; empty where nothing says so.
        split: ``"train"`` or ``"test"`` where the source says so, else empty.
        rows: Whether the picture is a row of a data set: pixels of one size, ink high, to be
            taken as they are.
        listed: Whether somebody wrote the label down; the name of a folder may be no label at all.
        number: Whether the label is the text of a number, and no class.
    """

    picture: Picture
    name: str
    label: str
    where: str
    source: str = ""
    split: str = ""
    rows: bool = False
    listed: bool = True
    number: bool = False


@dataclass(frozen=True)
class Format:
    """A form of sources.

    Attributes:
        title: What it is, in a few words.
        recognises: Whether a path looks like it; reads little of it.
        read: All its items. Raises ``DataError``.
    """

    title: str
    recognises: Callable[[Path], bool]
    read: Callable[[Path], list[Item]]


def of_arrays(path: Path, images: UInt8, labels: Any, names: list[str], split: str) -> list[Item]:
    """Rows of pixels as items.

    Args:
        path: The source.
        images: uint8, shape ``(n, H, W)``.
        labels: Whole numbers, shape ``(n,)``, or texts.
        names: What a number is called; empty for itself.
        split: Of all of them.

    Raises:
        DataError: There are not as many labels as images, or a number has no name.
    """
    if len(images) != len(labels):
        raise DataError(
            f"{path}: expected as many labels as images, received {len(labels):,} labels and "
            f"{len(images):,} images"
        )
    items = []
    for row, (image, label) in enumerate(zip(images, labels.tolist(), strict=True)):
        where = f"{path}, {split + ' ' if split else ''}row {row}"
        if names and not (isinstance(label, int) and 0 <= label < len(names)):
            raise DataError(f"{where}: expected a label 0 to {len(names) - 1}, received {label}")
        text = names[label] if names else str(label)
        items.append(Item(image, where, text, where, split=split, rows=True))
    return items


def class_names(folder: Path) -> list[str]:
    """The lines of ``classes.txt`` in a folder: what the labels 0, 1, 2 … are called."""
    path = folder / "classes.txt"
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: expected a class a line ({error})") from error
    return [line.strip() for line in lines if line.strip()]


def refused(path: Path, wrong: Sequence[str]) -> DataError:
    """The error for a source of which something is wrong: the first of it, and how much more.

    Args:
        path: The source.
        wrong: A line for each thing, at least one.
    """
    more = f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
    return DataError(f"{wrong[0]}{more} (scrawl data check {path} lists them)")
