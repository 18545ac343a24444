"""Kaggle's digit CSV: the column ``label`` and a column for each pixel, row after row."""

from __future__ import annotations

from itertools import islice
from math import isqrt
from pathlib import Path

import numpy as np

from scrawl.data.formats.item import Format, Item, of_arrays
from scrawl.data.formats.tables import table_in
from scrawl.errors import DataError

NAME = "train.csv"
"""What Kaggle's "Digit Recognizer" calls its labelled file; its ``test.csv`` has no labels."""


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return next(islice(file, 1), "").strip().split(",")
    except (OSError, UnicodeDecodeError):
        return [""]


def _recognises(path: Path) -> bool:
    table = table_in(path, NAME)
    if not table.is_file() or table.suffix.lower() != ".csv":
        return False
    head = _header(table)
    return head[0].lower() == "label" and len(head) > 2 and head[1].lower().startswith("pixel")


def _read(path: Path) -> list[Item]:
    path = table_in(path, NAME)
    pixels = len(_header(path)) - 1
    side = isqrt(pixels)
    if side * side != pixels:
        raise DataError(f"{path}: expected the pixels of a square, received {pixels} a row")
    try:
        table = np.loadtxt(path, np.int64, delimiter=",", skiprows=1, ndmin=2, encoding="utf-8-sig")
    except ValueError as error:
        raise DataError(f"{path}: expected whole numbers ({error})") from error
    values = table[:, 1:]
    if values.size and not 0 <= values.min() <= values.max() <= 255:
        raise DataError(f"{path}: expected pixels 0 to 255, received up to {values.max()}")
    images = values.astype(np.uint8).reshape(-1, side, side)
    return of_arrays(path, images, table[:, 0], [], "")


FORMAT = Format("Kaggle's CSV of label and pixels", _recognises, _read)
