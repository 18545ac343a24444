"""An ``.npz`` of NumPy: images and labels, in one part or in training and test."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.arrays import UInt8
from scrawl.data.formats.item import Format, Item, of_arrays
from scrawl.errors import DataError

PAIRS = (
    ("x_train", "y_train", "train"),
    ("x_test", "y_test", "test"),
    ("train_images", "train_labels", "train"),
    ("test_images", "test_labels", "test"),
    ("images", "labels", ""),
    ("x", "y", ""),
    ("X", "y", ""),
)
"""What the arrays of images and of labels are called, and of which split they are."""


def _read(path: Path) -> list[Item]:
    items: list[Item] = []
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = [str(name) for name in archive["classes"]] if "classes" in archive else []
            pairs = [(archive[x], archive[y], s) for x, y, s in PAIRS if {x, y} <= set(archive)]
            there = ", ".join(archive)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, TypeError) as error:
        raise DataError(f"{path}: expected an .npz of arrays ({error})") from error
    if not pairs:
        expected = "; ".join(f"{x} and {y}" for x, y, _ in PAIRS)
        raise DataError(f"{path}: expected the arrays {expected}, received {there or 'none'}")
    for images, labels, split in pairs:
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        items += of_arrays(path, pixels(path, images), labels, names, split)
    return items


def pixels(path: Path, images: Any) -> UInt8:
    """Images as uint8, shape ``(n, H, W)``; those in [0, 1] become 0 … 255.

    Raises:
        DataError: Their shape or range is another.
    """
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim != 3 or images.dtype.kind not in "uifb":
        raise DataError(
            f"{path}: expected images of shape (n, height, width), "
            f"received {images.dtype} of shape {images.shape}"
        )
    if images.dtype.kind == "f":
        low, high = (float(images.min()), float(images.max())) if images.size else (0.0, 0.0)
        if not 0 <= low <= high <= 255:
            raise DataError(f"{path}: expected pixels 0 to 255, received {low:g} to {high:g}")
        images = np.rint(images * (255 if high <= 1 else 1))
    return np.asarray(images).astype(np.uint8)


FORMAT = Format(
    "an .npz with images and labels",
    lambda path: path.is_file() and path.suffix.lower() == ".npz",
    _read,
)
