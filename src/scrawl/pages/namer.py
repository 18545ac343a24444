"""Digits, marks and numbers of what was detected, by the detector and the reader of digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scrawl.arrays import Box, Float32
from scrawl.digit_reader import DigitReader
from scrawl.pages.boxed import overlooked, sure_to_be_there
from scrawl.pages.detections import Detections
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.experts import by_both
from scrawl.pages.lattice import Candidates, Lattice, Lengths
from scrawl.pages.levels import Level
from scrawl.pages.reading import Line
from scrawl.pages.slashes import as_first, leading_slashes
from scrawl.pages.strokes import strokes
from scrawl.pages.suppression import covering, non_maximum_suppression
from scrawl.pages.whole_lines import WholeReader

LEAST = 0.4
"""The confidence below which nothing is said to be there."""


class Namer:
    """Says which digits and marks were detected.

    Args:
        reader: Looks at each digit again.
        classes: The detector's: those of the reader's alphabet, then marks.
        threshold: Digits below this confidence are uncertain.
    """

    def __init__(self, reader: DigitReader, classes: Sequence[str], threshold: float) -> None:
        self._reader, self._classes, self._threshold = reader, classes, threshold

    def digits(
        self, found: Detections, levels: Sequence[Level], shape: tuple[int, ...]
    ) -> list[Digit]:
        """The digits of a page.

        Args:
            found: Digits and marks, each once, in pixels of the picture.
            levels: The picture at its scales.
            shape: Of the picture, height and width first.
        """
        found = leading_slashes(found, self._classes)
        alone = strokes(found, levels, self._classes)
        if alone.any():
            found = found.only(alone)
            return self._named(found, found.probabilities[:, : found.letters], shape)
        # What the detector gives less than this, the other reader cannot lift above it.
        probabilities = found.probabilities[:, : found.letters]
        likely = sure_to_be_there(found, probabilities, levels).sum(1) >= LEAST
        found = found.only(found.are_digits & likely)
        probabilities = self._probabilities(found, levels)
        digits = self._named(found, probabilities, shape)
        return [digit for digit in digits if digit.confidence >= LEAST]

    def marks(self, found: Detections, shape: tuple[int, ...]) -> list[Mark]:
        """The marks of a page; see `digits`."""
        found = leading_slashes(found, self._classes)
        found = found.only(~found.are_digits)
        names = self._classes[found.letters :]
        kinds = found.probabilities[:, found.letters :]
        return [
            Mark(names[int(row.argmax())], float(row.max()), _whole(box, shape))
            for box, row in zip(found.boxes, kinds, strict=True)
            if row.max() >= LEAST
        ]

    def boxed(self, found: Detections, levels: Sequence[Level]) -> Detections:
        """Digits in drawn boxes in which none was detected; see `scrawl.pages.boxed`."""
        return overlooked(found, levels, self._reader)

    def lattice(self, found: Detections, worth: Float32, levels: Sequence[Level]) -> Lattice:
        """All ways through what was detected; see `number`."""
        probabilities = self._probabilities(found, levels)
        first = as_first(found, self._classes, probabilities)
        return Lattice(Candidates(found, worth, probabilities, first))

    def competing(
        self,
        found: Detections,
        worth: Float32,
        levels: Sequence[Level],
        shape: tuple[int, ...],
        number: Sequence[Digit],
    ) -> tuple[Lattice, list[Box]]:
        """The ways through what was detected where a number's digits are, and all boxes of it.

        Args:
            found: All detections, each thing perhaps more than once.
            worth: What the company of each makes of its confidence.
            levels: The picture at its scales.
            shape: Of the picture, height and width first.
            number: The digits of one number.
        """
        x, y = (found.boxes[:, [0, 1]] + found.boxes[:, [2, 3]]).T / 2
        near = np.zeros(len(x), bool)
        for x0, y0, x1, y1 in (one.box for one in number):
            near |= (x > x0) & (x < x1) & (y > y0) & (y < y1)
        some = found.only(near)
        return self.lattice(some, worth[near], levels), [_whole(box, shape) for box in some.boxes]

    def number(
        self,
        lattice: Lattice,
        found: Detections,
        worth: Float32,
        levels: Sequence[Level],
        allowed: Lengths,
        shape: tuple[int, ...],
        whole: WholeReader | None,
    ) -> list[Line]:
        """The one number of a picture, as a line; none where nothing may be a digit.

        Args:
            lattice: The ways through all that was detected.
            found: Digits and marks, each perhaps more than once, in pixels of the picture.
            worth: What the company of each makes of its confidence, shape ``(n,)``.
            levels: The picture at its scales.
            allowed: How many digits the number may have.
            shape: Of the picture, height and width first.
            whole: Reads the line as a whole, too; None where there is no model for that.
        """
        way = lattice.best(allowed) or lattice.best(None)
        if not way:
            return []
        chosen = leading_slashes(found.only(lattice.rows[way]), self._classes)
        digits = self._named(chosen, self._probabilities(chosen, levels), shape)
        if whole is not None:
            boxes = [_whole(box, shape) for box in found.boxes]
            line = [digit.box for digit in digits]
            digits = whole.read(lattice, boxes, line, allowed) or digits
        if not allowed[0] <= len(digits) <= allowed[1]:
            digits = [replace(digit, uncertain=True) for digit in digits]
        others = non_maximum_suppression(found, worth)
        taken = np.array([digit.box for digit in digits], np.float32).reshape(-1, 4)
        covers = covering(np.concatenate([others.boxes, taken]))
        count = len(others.boxes)
        free = np.asarray(~covers[:count, count:].any(1), bool)
        marks = sorted(self.marks(others.only(free), shape), key=lambda mark: mark.box[0])
        return [Line((tuple(digits),), tuple(marks))]

    def _probabilities(self, found: Detections, levels: Sequence[Level]) -> Float32:
        """Of each digit, by both networks and by the boxes that are drawn."""
        return sure_to_be_there(found, by_both(found, self._reader, levels), levels)

    def _named(
        self, found: Detections, probabilities: Float32, shape: tuple[int, ...]
    ) -> list[Digit]:
        digits = []
        for box, row in zip(found.boxes, probabilities, strict=True):
            best = int(row.argmax())
            sure = float(row[best])
            text = self._classes[best]
            digits.append(Digit(best, sure, _whole(box, shape), sure < self._threshold, row, text))
        return digits


def _whole(box: Float32, shape: tuple[int, ...]) -> Box:
    """A box in whole pixels, inside the picture."""
    x0, y0 = np.maximum(np.floor(box[:2]).astype(int), 0).tolist()
    x1, y1 = np.ceil(box[2:]).astype(int).tolist()
    x1, y1 = min(max(x1, 1), shape[1]), min(max(y1, 1), shape[0])
    return min(x0, x1 - 1), min(y0, y1 - 1), x1, y1
