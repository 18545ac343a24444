"""A person's own labelled pictures among the training rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scrawl import images, preprocess
from scrawl.bundle import NOT_A_DIGIT
from scrawl.data.own import held_out
from scrawl.data.pictures import NONE_OF_THEM, labelled
from scrawl.errors import DataError, InputError
from scrawl.preprocess.normalise import SIZE
from scrawl.training.rows import Rows

_SHARE = 0.1  # the pictures are repeated until they make this share of the rows
_MOST = 50  # but none more often than this


@dataclass(frozen=True, eq=False)
class OwnPictures:
    """A person's pictures as normalised digits, uint8 ``(n, 28, 28)``, and their labels.

    Attributes:
        train: Those to train on.
        test: Those held out; perhaps none.
        how: How they were told apart.
        sources: Of each of those held out, who wrote it or where it comes from.
    """

    train: Rows
    test: Rows
    how: str
    sources: tuple[str, ...]

    def repeated(self, rows: int) -> Rows:
        """Those to train on, repeated so that they count among so many other rows."""
        x, y = self.train
        times = int(np.clip(round(_SHARE * rows / len(x)), 1, _MOST))
        return np.tile(x, (times, 1, 1)), np.tile(y, times)


def own_pictures(
    folder: Path,
    alphabet: tuple[str, ...],
    classes: tuple[str, ...],
    image_shape: tuple[int, int],
) -> OwnPictures:
    """The pictures of a source, a part of them held out as ``scrawl.data.own.held_out`` says.

    Args:
        folder: As ``scrawl.data.pictures.labelled`` takes it; what is labelled ``not-a-digit`` is
            taken too where the network has a class for it.
        alphabet: The labels of the pictures.
        classes: The names of the network's outputs: the alphabet and perhaps more.
        image_shape: Height and width in pixels of the rows that they are put among.

    Raises:
        InputError: The rows have another size than normalised digits.
        DataError: There are none, one has a label outside the alphabet, or all are blank.
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
    items = labelled(folder, alphabet, others, every=True)
    inks = [preprocess.find_digit(images.load(item.picture)) for item in items]
    there = [(item, ink.normalised) for item, ink in zip(items, inks, strict=True) if ink]
    if not there:
        raise DataError(f"{folder}: expected pictures with ink, all {len(items)} are blank")
    kept = [item for item, _ in there]
    x = np.array([normalised for _, normalised in there], np.uint8)
    y = np.array([item.label for item in kept], np.int64)
    test, how = held_out(kept)
    sources = tuple(one.source for one, apart in zip(kept, test, strict=True) if apart)
    return OwnPictures((x[~test], y[~test]), (x[test], y[test]), how, sources)
