"""Reads every digit of a picture, with ONNX Runtime alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Literal

from scrawl import images
from scrawl.arrays import Box, UInt8
from scrawl.digit_reader import DigitReader
from scrawl.pages.detector import Detector
from scrawl.pages.lattice import Lengths
from scrawl.pages.line_reader import LineReader, check_alphabet, opener
from scrawl.pages.namer import Namer
from scrawl.pages.number import lengths
from scrawl.pages.part import PartReader, Seen, go_on
from scrawl.pages.reading import Line, Reading
from scrawl.pages.sheets import View, views
from scrawl.pages.turn import sureness
from scrawl.weights import pages_for


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
        lines: Callable[[], LineReader] | None = None,
    ) -> None:
        check_alphabet("reader", reader.info, detector.info)
        self._detector = detector
        self._reader = reader
        self._lines = lines
        self.threshold = detector.info.threshold_or(threshold)
        namer = Namer(reader, detector.info.classes, self.threshold)
        self._parts = PartReader(detector, namer, lines, self.threshold)

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str] | None = None,
        *,
        reader: str | os.PathLike[str] | None = None,
        lines: str | os.PathLike[str] | Literal[False] | None = None,
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
            lines: The same of a reader of lines, which reads each number that is in doubt again as
                a whole; None takes the one that scrawl carries, False none.
            threshold: Marks digits below this confidence; None takes the model's own.
            device: What the networks run on; see ``scrawl.network.DEVICES``.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: A model is missing, damaged, of another version or for another task.
            InputError: The threshold is not in [0, 1], there is no such device, or the models read
                different alphabets.
        """
        model = pages_for(device) if model is None else model
        detector = Detector(model, device=device, threads=threads)
        digits = DigitReader.load(reader, device=device, threads=threads)
        whole = opener(lines, detector.info, device, threads)
        return cls(detector, digits, threshold, whole)

    def doubting(self, threshold: float | None) -> PageReader:
        """A reader with the same networks and another threshold; None for the one that it has.

        Raises:
            InputError: The threshold is not in [0, 1].
        """
        if threshold is None:
            return self
        return PageReader(self._detector, self._reader, threshold, self._lines)

    def by_digits(self) -> PageReader:
        """A page reader with the same networks but the reader of lines."""
        return PageReader(self._detector, self._reader, self.threshold)

    def beside(self, reader: DigitReader, lines: bool = False) -> PageReader:
        """The same detector and threshold, another reader of single digits, and none of lines.

        Args:
            reader: Of single digits.
            lines: Whether the reader of lines stays.

        Raises:
            InputError: It reads another alphabet.
        """
        return PageReader(self._detector, reader, self.threshold, self._lines if lines else None)

    def read(
        self,
        picture: images.Picture,
        *,
        number: bool = False,
        digits: int | Lengths | str | None = None,
        check: Callable[[], None] | None = None,
    ) -> Reading:
        """Reads all digits of a picture.

        Args:
            picture: A path, bytes, a PIL image or an array; see ``scrawl.images.load``.
            number: Whether the picture shows exactly one number: its digits are one group of one
                line, and none is left out for being in doubt.
            digits: How many digits that number has: so many, the fewest and the most, or either
                as text, such as ``"4-7"``. Where no such number can be read, all digits of what
                is read instead are uncertain.
            check: Is called between the steps of the work, before each window that the detector
                sees: what it raises ends the reading, so that a long one can be given up.

        Raises:
            PictureError: It is not a picture.
            InputError: ``digits`` is no such number, or is given of what is no number.
        """
        image, seen = self._seen(picture, lengths(number, digits), check or go_on)
        return _together(image, [one.whole() for one in seen])

    def read_both(
        self, picture: images.Picture, *, check: Callable[[], None] | None = None
    ) -> tuple[Reading, Reading]:
        """All digits of a picture read one by one, and what `read` says, for the work of one.

        Args:
            picture: As `read` takes it.
            check: Likewise.

        Raises:
            PictureError: It is not a picture.
        """
        image, seen = self._seen(picture, None, check or go_on)
        alone, whole = [one.by_digits for one in seen], [one.whole() for one in seen]
        return _together(image, alone), _together(image, whole)

    def read_bare(self, sheet: UInt8, boxes: Sequence[Box]) -> list[Line]:
        """Reads numbers of a sheet that shows nothing else, in one pass of the detector.

        Scale, polarity, ruling and turn are known, so that nothing of that is searched for.

        Args:
            sheet: uint8, shape ``(H, W)``: dark digits on white, upright, 16 to 48 pixels high,
                without rules.
            boxes: Left, top, right, bottom of each number, in pixels.

        Returns:
            A line for each box: one group of digits, which may be empty, and marks.
        """
        return self._parts.bare(sheet, boxes)

    def _seen(
        self, picture: images.Picture, allowed: Lengths | None, check: Callable[[], None]
    ) -> tuple[UInt8, list[Seen]]:
        """A picture, and what its parts say."""
        image = images.load(picture)
        check()
        whole, *sheets = views(image)
        seen = [self._parts.upright(sheet, allowed, check) for sheet in sheets]
        seen = [one for one in seen if one.says_something]
        if not seen:  # where its sheets say nothing, they were none
            seen = [self._parts.upright(View(image), allowed, check)]
        elif allowed is None:
            seen.append(self._parts.read(whole, None, check))
        else:
            seen = [max(seen, key=lambda one: sureness(one.by_digits))]
        return image, seen

    def read_many(
        self,
        pictures: Iterable[images.Picture],
        *,
        number: bool = False,
        digits: int | Lengths | str | None = None,
    ) -> Iterator[Reading]:
        """Reads all digits of each picture, in order, as the readings are asked for.

        Args:
            pictures: Several of what `read` takes.
            number: Whether each shows exactly one number; see `read`.
            digits: How many digits each number has; see `read`.

        Raises:
            InputError: One picture, such as a path, was given and not several; or ``digits`` is
                no such number.
            PictureError: One of them is not a picture.
        """
        lengths(number, digits)
        several = images.several(pictures)
        return (self.read(picture, number=number, digits=digits) for picture in several)


def _together(image: UInt8, parts: list[Reading]) -> Reading:
    """The reading of a picture whose parts were read."""
    return Reading(
        lines=tuple(line for part in parts for line in part.lines),
        size=(image.shape[1], image.shape[0]),
        image=image,
        tables=tuple(table for part in parts for table in part.tables),
        turned=max(parts, key=lambda part: len(part.digits)).turned,
    )


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
