"""A user's labelled pictures among the training rows, and weights to start from."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from scrawl import images, preprocess
from scrawl.bundle import NOT_A_DIGIT
from scrawl.data.pictures import labelled
from scrawl.errors import DataError, InputError, ModelError, PictureError
from scrawl.preprocess.normalise import SIZE
from scrawl.training.backend import keras
from scrawl.training.network import load_checkpoint
from scrawl.training.rows import Rows
from scrawl.weights import READER

BUNDLED = "bundled"
"""Stands for the weights that scrawl carries."""

NOT_DIGITS = "not-a-digit"
"""The folder of pictures that show no digit, beside those named 0 to 9."""

_SHARE = 0.1  # of the rows, that the pictures are repeated to make
_MOST = 50  # times that a picture is repeated


def own_rows(
    folder: Path, classes: tuple[str, ...], image_shape: tuple[int, int], rows: int
) -> Rows:
    """The pictures of a folder as training rows, repeated so that they count.

    Args:
        folder: As ``scrawl.data.pictures.labelled`` takes it; a folder ``not-a-digit`` is taken too
            where the network has a class for it.
        classes: The names of the network's outputs.
        image_shape: Height and width in pixels of the rows that they are put among.
        rows: How many those are.

    Returns:
        Normalised digits, uint8 ``(n, 28, 28)``, and their labels.

    Raises:
        InputError: The rows have another size than normalised digits.
        DataError: There are none, or none shows any ink.
        PictureError: One cannot be opened.
    """
    if image_shape != (SIZE, SIZE):
        received = "×".join(map(str, image_shape))
        raise InputError(
            f"{folder}: digits of people's pictures are {SIZE}×{SIZE}, "
            f"this recipe trains on {received} (expected another, such as reader)"
        )
    items = [(item.picture, item.label) for item in labelled(folder)]
    if NOT_A_DIGIT in classes and (folder / NOT_DIGITS).is_dir():
        with suppress(PictureError):  # a class may be empty
            nothing = classes.index(NOT_A_DIGIT)
            items += [(path, nothing) for path in images.find([folder / NOT_DIGITS])]
    found = [(preprocess.find_digit(images.load(picture)), label) for picture, label in items]
    kept = [(digit.normalised, label) for digit, label in found if digit is not None]
    if not kept:
        raise DataError(f"{folder}: expected pictures with ink, all {len(items)} are blank")
    times = int(np.clip(round(_SHARE * rows / len(kept)), 1, _MOST))
    x = np.array([digit for digit, _ in kept], np.uint8)
    y = np.array([label for _, label in kept], np.int64)
    return np.tile(x, (times, 1, 1)), np.tile(y, times)


def take_weights(model: keras.Model, start: str) -> None:
    """Gives a network the weights of another of the same layers.

    Args:
        model: The network.
        start: A run folder, a ``.keras`` file, or `BUNDLED`.

    Raises:
        ModelError: There is no such file, or it is damaged.
        InputError: Its layers are others.
    """
    path = Path(start)
    if start == BUNDLED:
        path = READER.with_suffix(".keras")
    elif path.is_dir():
        path = path / "checkpoint.keras"
    if path.suffix != ".keras" or not path.is_file():
        raise ModelError(f"--from {start}: expected a run folder or a .keras file, found none")
    source = load_checkpoint(path)
    shapes = [[tuple(weight.shape) for weight in one.weights] for one in (model, source)]
    if shapes[0] != shapes[1]:
        raise InputError(
            f"--from {start}: expected a network of the same layers "
            f"({model.count_params():,} parameters), received {source.count_params():,}"
        )
    model.set_weights(source.get_weights())
