"""A person's own labelled pictures among the training rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrawl import images, preprocess
from scrawl.bundle import NOT_A_DIGIT
from scrawl.data.pictures import NONE_OF_THEM, labelled
from scrawl.errors import DataError, InputError
from scrawl.preprocess.normalise import SIZE
from scrawl.training.rows import Rows

_SHARE = 0.1  # the pictures are repeated until they make this share of the rows
_MOST = 50  # but none more often than this


def own_rows(
    folder: Path,
    alphabet: tuple[str, ...],
    classes: tuple[str, ...],
    image_shape: tuple[int, int],
    rows: int,
) -> Rows:
    """The pictures of a folder as training rows, repeated so that they count.

    Args:
        folder: As ``scrawl.data.pictures.labelled`` takes it; what is labelled ``not-a-digit`` is
            taken too where the network has a class for it.
        alphabet: The labels of the pictures.
        classes: The names of the network's outputs: the alphabet and perhaps more.
        image_shape: Height and width in pixels of the rows that they are put among.
        rows: How many those are.

    Returns:
        Normalised digits, uint8 ``(n, 28, 28)``, and their labels.

    Raises:
        InputError: The rows have another size than normalised digits.
        DataError: There are none, or all are blank.
        PictureError: One cannot be opened.
    """
    if image_shape != (SIZE, SIZE):
        received = "×".join(map(str, image_shape))
        raise InputError(
            f"{folder}: digits of people's pictures are {SIZE}×{SIZE}, "
            f"this recipe trains on {received} (expected another, such as reader)"
        )
    known = NOT_A_DIGIT in classes
    others = dict.fromkeys(NONE_OF_THEM, classes.index(NOT_A_DIGIT)) if known else {}
    items = [(item.picture, item.label) for item in labelled(folder, alphabet, others)]
    found = [(preprocess.find_digit(images.load(picture)), label) for picture, label in items]
    kept = [(digit.normalised, label) for digit, label in found if digit is not None]
    if not kept:
        raise DataError(f"{folder}: expected pictures with ink, all {len(items)} are blank")
    times = int(np.clip(round(_SHARE * rows / len(kept)), 1, _MOST))
    x = np.array([digit for digit, _ in kept], np.uint8)
    y = np.array([label for _, label in kept], np.int64)
    return np.tile(x, (times, 1, 1)), np.tile(y, times)
