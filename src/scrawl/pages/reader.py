"""Reads every digit of a picture, with ONNX Runtime alone."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scrawl import images
from scrawl.bundle import DIGITS
from scrawl.pages.crop import crop
from scrawl.pages.detector import Detector, Found
from scrawl.pages.grid import MARKS
from scrawl.pages.layout import lines
from scrawl.pages.levels import Level, Pyramid
from scrawl.pages.reading import Box, Digit, Mark, Reading
from scrawl.pages.search import search
from scrawl.pages.slashes import leading_slashes
from scrawl.pages.strays import without_strays
from scrawl.preprocess import normalise
from scrawl.recogniser import Recogniser

BUNDLED = Path(__file__).parents[1] / "weights" / "pages.onnx"
"""The model of pages that scrawl carries."""

SECOND = 0.25
"""The weight of the reader of single digits beside the detector's 1; docs/log.md has others."""

LEAST = 0.4
"""The confidence below which nothing is said to be there."""

_TRIED = 640  # long side in pixels up to which both polarities are tried

Floats = npt.NDArray[np.float32]


class PageReader:
    """Reads pictures of any number of digits. Safe to share between threads.

    The detector finds digits and says which they are from their surroundings; the reader of single
    digits looks at each again, normalised as MNIST's are, and has a say in which it is.

    Attributes:
        threshold: Digits below this confidence are marked uncertain, in [0, 1].
    """

    def __init__(
        self, detector: Detector, recogniser: Recogniser, threshold: float | None = None
    ) -> None:
        self._detector = detector
        self._recogniser = recogniser
        self.threshold = detector.info.threshold_or(threshold)

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str] | None = None,
        *,
        threshold: float | None = None,
        threads: int | None = None,
    ) -> PageReader:
        """Loads the models.

        Args:
            model: A run folder or an ``.onnx`` file of a detector; None takes the one that scrawl
                carries.
            threshold: Marks digits below this confidence; None takes the model's own.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged, of another version, or reads single digits.
            InputError: The threshold is not in [0, 1].
        """
        detector = Detector(BUNDLED if model is None else model, threads)
        return cls(detector, Recogniser.load(threads=threads), threshold)

    def read(self, picture: images.Picture) -> Reading:
        """Reads all digits of a picture.

        Args:
            picture: A path, bytes, a PIL image or an array; see ``scrawl.images.load``.

        Raises:
            PictureError: It is not a picture.
        """
        image = images.load(picture)
        pyramid = Pyramid(image)
        levels = pyramid.levels(self._is_light(pyramid))
        found = leading_slashes(search(self._detector, levels))
        digits = without_strays(self._digits(found.only(found.are_digits), levels, image.shape))
        marks = _marks(found.only(~found.are_digits), image.shape)
        return Reading(lines(digits, marks), (image.shape[1], image.shape[0]), image)

    def _is_light(self, pyramid: Pyramid) -> bool:
        """Whether the ink is light: in doubt, both are tried, and the surer reading counts."""
        if pyramid.lightness in (0, 1):
            return pyramid.lightness == 1
        dark, light = (
            float((search(self._detector, pyramid.levels(way, _TRIED)).scores ** 2).sum())
            for way in (False, True)
        )
        return light > dark

    def _digits(self, found: Found, levels: list[Level], shape: tuple[int, ...]) -> list[Digit]:
        crops = [crop(box, levels) for box in found.boxes]
        batch = np.array([normalise(ink) for ink, _ in crops], np.uint8).reshape(-1, 28, 28)
        alone = np.array([alone for _, alone in crops], bool)
        read = self._recogniser.probabilities(batch)[:, :DIGITS]
        chances = _both(found.chances[:, :DIGITS], read, alone)
        digits = []
        for box, row in zip(found.boxes, chances, strict=True):
            best = int(row.argmax())
            confidence = float(row[best])
            if confidence >= LEAST:
                uncertain = confidence < self.threshold
                digits.append(Digit(best, confidence, _whole(box, shape), uncertain, row))
        return digits


def read(picture: images.Picture) -> Reading:
    """Reads all digits of a picture with the models that scrawl carries.

    Args:
        picture: A path, bytes, a PIL image or an array; see ``scrawl.images.load``.

    Raises:
        PictureError: It is not a picture.
    """
    return _default().read(picture)


@cache
def _default() -> PageReader:
    return PageReader.load()


def _both(detected: Floats, read: Floats, alone: npt.NDArray[np.bool_]) -> Floats:
    """The chance of each digit by both networks, shape ``(n, 10)``.

    Which digit it is: a product of experts (G. Hinton, 2002), the second of weight ``SECOND``.
    Whether it is one: by the detector, and where nothing else is about it by the other, too, which
    elsewhere takes pieces of neighbours and texture for "not a digit".
    """
    there = detected.sum(1, keepdims=True)
    there = np.where(alone[:, None], there * read.sum(1, keepdims=True), there)
    both = np.exp(np.log(detected + 1e-6) + SECOND * np.log(read + 1e-3))
    return np.asarray(both / both.sum(1, keepdims=True) * there, np.float32)


def _whole(box: Floats, shape: tuple[int, ...]) -> Box:
    """A box in whole pixels, inside the picture."""
    x0, y0 = np.maximum(np.floor(box[:2]).astype(int), 0).tolist()
    x1, y1 = np.ceil(box[2:]).astype(int).tolist()
    x1, y1 = min(max(x1, 1), shape[1]), min(max(y1, 1), shape[0])
    return min(x0, x1 - 1), min(y0, y1 - 1), x1, y1


def _marks(found: Found, shape: tuple[int, ...]) -> list[Mark]:
    kinds = found.chances[:, DIGITS:]
    return [
        Mark(MARKS[int(row.argmax())], float(row.max()), _whole(box, shape))
        for box, row in zip(found.boxes, kinds, strict=True)
        if row.max() >= LEAST
    ]
