"""Reads every digit of a picture, with ONNX Runtime alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np

from scrawl import images
from scrawl.arrays import Bool, Box, Float32
from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError
from scrawl.pages.crop import crop
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.levels import Level, Pyramid
from scrawl.pages.line_reader import LineReader
from scrawl.pages.reading import Reading
from scrawl.pages.search import search
from scrawl.pages.sheets import View, placed, views
from scrawl.pages.slashes import leading_slashes
from scrawl.pages.strays import only_writing, without_strays
from scrawl.pages.structure import arranged
from scrawl.pages.turn import best_turn, is_doubtful, sureness, turned
from scrawl.pages.whole_lines import read_whole
from scrawl.preprocess import normalise
from scrawl.weights import PAGES

SECOND = 0.25
"""The weight of the reader of single digits beside the detector's 1; docs/log.md has others."""

LEAST = 0.4
"""The confidence below which nothing is said to be there."""

_TRIED = 640  # long side in pixels up to which both polarities are tried
_NEVER = 1e-6, 1e-3  # added to what either network says, so that neither rules a digit out


class PageReader:
    """Reads pictures of any number of digits. Safe to share between threads.

    The detector finds digits and says which they are from their surroundings; the reader of single
    digits looks at each again, normalised as MNIST's are, and has a say in which it is. A reader of
    lines, where there is one, reads each number as a whole; see `scrawl.pages.whole_lines`.

    Attributes:
        threshold: Digits below this confidence are marked uncertain, in [0, 1].
    """

    def __init__(
        self,
        detector: Detector,
        reader: DigitReader,
        threshold: float | None = None,
        line_reader: LineReader | None = None,
    ) -> None:
        for name, other in (("reader", reader), ("lines", line_reader)):
            if other is not None and other.info.alphabet != detector.info.alphabet:
                raise InputError(
                    f"{name}: expected one of {' '.join(detector.info.alphabet)}, as the model of "
                    f"pages reads, received one of {' '.join(other.info.alphabet)}"
                )
        self._detector = detector
        self._reader = reader
        self._line_reader = line_reader
        self.threshold = detector.info.threshold_or(threshold)

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str] | None = None,
        *,
        reader: str | os.PathLike[str] | None = None,
        lines: str | os.PathLike[str] | None = None,
        threshold: float | None = None,
        device: str = "cpu",
        threads: int | None = None,
    ) -> PageReader:
        """Loads the models.

        Args:
            model: A run folder or an ``.onnx`` file of a detector; None takes the one that scrawl
                carries.
            reader: The same of a reader of single digits, such as one that was fine-tuned on one's
                own digits; None takes the one that scrawl carries.
            lines: The same of a reader of lines, which reads each number again as a whole; None for
                none.
            threshold: Marks digits below this confidence; None takes the model's own.
            device: What the networks run on; see ``scrawl.network.DEVICES``.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: A model is missing, damaged, of another version or for another task.
            InputError: The threshold is not in [0, 1], there is no such device, or the models read
                different alphabets.
        """
        detector = Detector(PAGES if model is None else model, device=device, threads=threads)
        digits = DigitReader.load(reader, device=device, threads=threads)
        whole = None if lines is None else LineReader(lines, device=device, threads=threads)
        return cls(detector, digits, threshold, whole)

    def doubting(self, threshold: float | None) -> PageReader:
        """A reader with the same networks and another threshold; None for the one that it has.

        Raises:
            InputError: The threshold is not in [0, 1].
        """
        return self if threshold is None else PageReader(self._detector, self._reader, threshold)

    def beside(self, reader: DigitReader) -> PageReader:
        """A page reader with the same detector and threshold, and another reader of single digits.

        Raises:
            InputError: It reads another alphabet.
        """
        return PageReader(self._detector, reader, self.threshold)

    def read(self, picture: images.Picture, *, check: Callable[[], None] | None = None) -> Reading:
        """Reads all digits of a picture.

        Args:
            picture: A path, bytes, a PIL image or an array; see ``scrawl.images.load``.
            check: Is called between the steps of the work, before each window that the detector
                sees: what it raises ends the reading, so that a long one can be given up.

        Raises:
            PictureError: It is not a picture.
        """
        check = check or _go_on
        image = images.load(picture)
        check()
        whole, *sheets = views(image)
        parts = [part for sheet in sheets if (part := self._upright(sheet, check)).lines]
        # Where its sheets say nothing, they were none.
        rest = self._part(whole, check)[0] if parts else self._upright(View(image), check)
        parts.append(rest)
        return Reading(
            lines=tuple(line for part in parts for line in part.lines),
            size=(image.shape[1], image.shape[0]),
            image=image,
            tables=tuple(table for part in parts for table in part.tables),
            turned=max(parts, key=lambda part: len(part.digits)).turned,
        )

    def read_many(self, pictures: Iterable[images.Picture]) -> Iterator[Reading]:
        """Reads all digits of each picture, in order, as the readings are asked for.

        Raises:
            InputError: One picture, such as a path, was given and not several.
            PictureError: One of them is not a picture.
        """
        return map(self.read, images.several(pictures))

    def _upright(self, view: View, check: Callable[[], None]) -> Reading:
        """What a part of the picture says, turned so that it reads best."""
        reading, levels = self._part(view, check)
        if not is_doubtful(reading, levels):
            return reading
        degrees = best_turn(self._detector, levels, check)
        if degrees == 0:
            return reading
        other, _ = self._part(turned(view, degrees), check)
        return max((reading, other), key=sureness)

    def _part(self, view: View, check: Callable[[], None]) -> tuple[Reading, list[Level]]:
        """What a part of the picture says, in the picture's pixels, and its scales."""
        pyramid = Pyramid(view.pixels)
        check()
        levels = pyramid.levels(self._is_light(pyramid, check))
        classes = self._detector.info.classes
        found = leading_slashes(search(self._detector, levels, check), classes)
        check()
        shape = view.pixels.shape
        digits = without_strays(self._digits(found.only(found.are_digits), levels, shape))
        marks = self._marks(found.only(~found.are_digits), shape)
        written, tables = arranged(digits, marks, levels)
        if view.beside:
            written, tables = only_writing(written), []
        if self._line_reader is not None and not tables:
            check()
            reader = self._line_reader
            written = list(read_whole(written, reader, view.pixels, levels, self.threshold))
        return placed(Reading(tuple(written), shape[1::-1], None, tuple(tables)), view), levels

    def _is_light(self, pyramid: Pyramid, check: Callable[[], None]) -> bool:
        """Whether the ink is light: in doubt, both are tried, and the surer reading counts."""
        if pyramid.lightness in (0, 1):
            return pyramid.lightness == 1
        dark, light = (
            float((search(self._detector, levels, check).confidence ** 2).sum())
            for levels in (pyramid.levels(way, _TRIED) for way in (False, True))
        )
        return light > dark

    def _digits(
        self, found: Detections, levels: list[Level], shape: tuple[int, ...]
    ) -> list[Digit]:
        crops = [crop(box, levels) for box in found.boxes]
        batch = np.array([normalise(ink) for ink, _ in crops], np.uint8).reshape(-1, 28, 28)
        alone = np.array([alone for _, alone in crops], bool)
        read = self._reader.letter_probabilities(batch)
        probabilities = _both(found.probabilities[:, : found.letters], read, alone)
        digits = []
        for box, row in zip(found.boxes, probabilities, strict=True):
            best = int(row.argmax())
            confidence = float(row[best])
            if confidence >= LEAST:
                uncertain = confidence < self.threshold
                text = self._reader.info.alphabet[best]
                digits.append(Digit(best, confidence, _whole(box, shape), uncertain, row, text))
        return digits

    def _marks(self, found: Detections, shape: tuple[int, ...]) -> list[Mark]:
        names = self._detector.info.classes[found.letters :]
        kinds = found.probabilities[:, found.letters :]
        return [
            Mark(names[int(row.argmax())], float(row.max()), _whole(box, shape))
            for box, row in zip(found.boxes, kinds, strict=True)
            if row.max() >= LEAST
        ]


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


def _go_on() -> None:
    """The check of a reading that nobody gives up."""


def _both(detected: Float32, read: Float32, alone: Bool) -> Float32:
    """The probability of each digit by both networks, shape ``(n, alphabet)``.

    Which digit it is: a product of experts (G. Hinton, 2002), the second of weight ``SECOND``.
    Whether it is one at all, the detector says. The reader has a say in that only where the digit
    stands alone: beside others it takes texture and pieces of neighbours for "not a digit".
    """
    there = detected.sum(1, keepdims=True)
    there = np.where(alone[:, None], there * read.sum(1, keepdims=True), there)
    both = np.exp(np.log(detected + _NEVER[0]) + SECOND * np.log(read + _NEVER[1]))
    return np.asarray(both / both.sum(1, keepdims=True) * there, np.float32)


def _whole(box: Float32, shape: tuple[int, ...]) -> Box:
    """A box in whole pixels, inside the picture."""
    x0, y0 = np.maximum(np.floor(box[:2]).astype(int), 0).tolist()
    x1, y1 = np.ceil(box[2:]).astype(int).tolist()
    x1, y1 = min(max(x1, 1), shape[1]), min(max(y1, 1), shape[0])
    return min(x0, x1 - 1), min(y0, y1 - 1), x1, y1
