"""Labelled pictures of a user: a CSV of file names and labels, or a folder for each class."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scrawl import images
from scrawl.bundle import DIGITS
from scrawl.data.dataset import Dataset
from scrawl.errors import DataError, PictureError


@dataclass(frozen=True)
class LabelledPicture:
    """A picture of one digit.

    Attributes:
        picture: Where it is, or the picture itself.
        name: What it is called in a report.
        label: The place in the alphabet of what it shows, so 0 to 9 for digits.
        source: Where it comes from; what is reported apart.
    """

    picture: images.Picture
    name: str
    label: int
    source: str


def labelled(path: Path, alphabet: tuple[str, ...] = DIGITS) -> list[LabelledPicture]:
    """Finds labelled pictures.

    Args:
        path: A CSV with the columns ``file`` and ``label``, perhaps ``source``, the files relative
            to its folder; or a folder with a folder for each label, or one that holds a
            ``labels.csv``.
        alphabet: The labels, such as those that a model reads.

    Raises:
        DataError: It is neither, a label is not in the alphabet, or there are no pictures. Whether
            a file is a picture shows when it is opened.
    """
    if path.is_dir() and (path / "labels.csv").is_file():
        path = path / "labels.csv"
    if path.is_dir():
        found = _from_folders(path, alphabet)
    elif path.is_file():
        found = _from_csv(path, alphabet)
    else:
        raise DataError(f"{path}: expected a CSV or a folder of labelled pictures, found neither")
    if not found:
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


def _from_file(path: Path, label: int, source: str) -> LabelledPicture:
    return LabelledPicture(path, str(path), label, source)


def _from_csv(path: Path, alphabet: tuple[str, ...]) -> list[LabelledPicture]:
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"file", "label"} - set(reader.fieldnames or ())
            if missing:
                raise DataError(
                    f"{path}: expected a CSV with the columns file and label, "
                    f"the column {' and '.join(sorted(missing))} is missing"
                )
            for row in reader:
                label = (row["label"] or "").strip()
                if label not in alphabet:
                    raise DataError(
                        f"{path}, line {reader.line_num}: expected a label {_span(alphabet)}, "
                        f"received '{label}'"
                    )
                source = row.get("source") or path.parent.name
                found.append(_from_file(path.parent / row["file"], alphabet.index(label), source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: expected a CSV of labelled pictures ({error})") from error
    return found


def _from_folders(path: Path, alphabet: tuple[str, ...]) -> list[LabelledPicture]:
    found = []
    for label, name in enumerate(alphabet):
        folder = path / name
        if not folder.is_dir():
            continue
        try:
            files = images.find([folder])
        except PictureError:  # a class may be empty
            continue
        found += [_from_file(file, label, path.name) for file in files]
    return found


def _span(alphabet: tuple[str, ...]) -> str:
    """An alphabet in a few words, such as ``0 to 9``."""
    return f"{alphabet[0]} to {alphabet[-1]}"
