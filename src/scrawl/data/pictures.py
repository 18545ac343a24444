"""Labelled pictures of a user in any of ``scrawl.data.formats``, by a model's alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scrawl import images
from scrawl.bundle import NOT_A_DIGIT
from scrawl.data.dataset import Dataset
from scrawl.data.formats import read
from scrawl.data.numbers import refuse_numbers
from scrawl.errors import DataError

NONE_OF_THEM = ("not-a-digit", NOT_A_DIGIT)
"""Labels, and names of folders, of pictures that show nothing of the alphabet."""


@dataclass(frozen=True)
class LabelledPicture:
    """A picture of one digit.

    Attributes:
        picture: Where it is, or the picture itself.
        name: What it is called in a report.
        label: The place in the alphabet of what it shows, so 0 to 9 for digits.
        source: Where it comes from; what is reported apart.
        split: ``"train"`` or ``"test"`` where its source says so, else empty.
    """

    picture: images.Picture
    name: str
    label: int
    source: str
    split: str = ""


def labelled(
    path: Path,
    alphabet: tuple[str, ...],
    others: Mapping[str, int] | None = None,
    *,
    every: bool = False,
) -> list[LabelledPicture]:
    """Finds labelled pictures.

    Args:
        path: A source in one of ``scrawl.data.formats.FORMATS``.
        alphabet: The labels, such as those that a model reads.
        others: Further labels, and what they stand for. Without it, pictures that are labelled as
            ``NONE_OF_THEM`` are passed over.
        every: Whether a folder of another name is refused, as a listed label is; else it is passed
            over.

    Raises:
        DataError: It is in no known format, its labels are the texts of numbers, one is not in the
            alphabet, or there are no pictures. Whether a file is a picture shows when it is opened.
    """
    others = others or {}
    place = {**{name: at for at, name in enumerate(alphabet)}, **others}
    found, items = [], read(path)
    refuse_numbers(path, items)
    for item in items:
        if item.label in place:
            source = item.source or path.name
            what = place[item.label]
            found.append(LabelledPicture(item.picture, item.name, what, source, item.split))
        elif (every or item.listed) and item.label not in NONE_OF_THEM:
            raise DataError(
                f"{item.where}: expected a label {_span(alphabet)}, received '{item.label}'"
            )
    if not any(picture.label not in others.values() for picture in found):
        raise DataError(
            f"{path}: no labelled pictures (expected folders named {_span(alphabet)} with "
            "pictures, or a CSV with the columns file and label)"
        )
    return found


def from_dataset(dataset: Dataset, split: str) -> list[LabelledPicture]:
    """The rows of a data set as pictures, for a model whose images have another size."""
    top = dataset.info.pixel_max
    rows = enumerate(zip(*dataset.split(split), strict=True))
    return [
        LabelledPicture(
            (image.astype(np.uint16) * 255 // top).astype(np.uint8),
            f"{split} row {row}",
            int(label),
            dataset.info.name,
        )
        for row, (image, label) in rows
    ]


def _span(alphabet: tuple[str, ...]) -> str:
    """An alphabet in a few words, such as ``0 to 9``."""
    return f"{alphabet[0]} to {alphabet[-1]}"
