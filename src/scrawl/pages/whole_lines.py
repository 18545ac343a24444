"""A line read twice, digit by digit and as a whole, and one answer of both.

The detector and the reader of single digits say which digit each box shows; the reader of lines
says how probable a whole text is. The answer is the text that both find likeliest together, a
product of experts (G. Hinton, 2002). Its digits keep their boxes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scrawl.arrays import Box, Float32, Float64, UInt8
from scrawl.pages.boxed import all_in_boxes
from scrawl.pages.ctc import Text, likeliest, places, scores
from scrawl.pages.detections import Detections
from scrawl.pages.digit import Digit
from scrawl.pages.lattice import Candidates, Lattice, Lengths
from scrawl.pages.layout import groups
from scrawl.pages.levels import Level
from scrawl.pages.line_reader import LineReader
from scrawl.pages.reading import Line
from scrawl.pages.strip import strip_of, strip_of_picture

DIGITS_SAY = 1.4
"""The weight of the digits beside the line's 1, of the logarithms of probabilities."""

LONGER = 1.5
"""What each digit of a text adds to the logarithm of its probability: what a reader of lines does
worst is to leave out a digit that it does not know."""

SOFTEN = 2.0
"""The temperature of both together: they err on the same digits. Under 2 what is right is likeliest
on synthetic numbers of held-out hands."""

_FOLLOWED = 5  # texts of each that are weighed
_TIGHT = 2.1  # heights of a digit: up to so high, a picture is cut as lines of training are
_APART = 2.0  # heights of a digit between two of one number, at most
_FEWEST = 2  # digits from which on a number is read as a whole
_CLOSE = 7.0  # difference of logarithms up to which another digit is weighed in its place
_ROUNDS = 3  # times at most that single digits are changed


def read_whole(
    lines: Sequence[Line],
    whole: WholeReader,
    doubt: float,
    others: Callable[[Sequence[Digit]], tuple[Lattice, list[Box]]] | None = None,
) -> tuple[Line, ...]:
    """Lines with what the reader of lines has to say of their numbers that are in doubt.

    Args:
        lines: As their digits were read one by one.
        whole: Reads their numbers.
        doubt: The confidence of a digit below which its number is in doubt.
        others: Gives all that was detected where a number's digits are, and its boxes; None for
            those digits alone.
    """
    answers = []
    numbers = [_numbers(line.digits) for line in lines]
    only = sum(map(len, numbers)) == 1
    for line, parts in zip(lines, numbers, strict=True):
        digits: list[Digit] = []
        for number in parts:
            boxes = [one.box for one in number]
            if len(number) >= _FEWEST and any(one.confidence < doubt for one in number):
                count = (len(number), len(number)) if whole.in_boxes(boxes) else None
                if others is None or count is not None:  # in boxes these are pieces of walls
                    lattice, places = Lattice(_alone(number)), boxes
                else:
                    lattice, places = others(number)
                digits += whole.read(lattice, places, boxes, count, only=only)
            else:
                digits += number
        if digits:  # a word, perhaps, of which single letters looked like digits
            answers.append(replace(line, groups=groups(digits)))
    return tuple(answers)


class WholeReader:
    """Reads numbers of one picture as a whole.

    Args:
        opened: Gives the reader of lines, when it is needed first.
        image: The picture, uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.
        levels: The picture's ink.
        threshold: Digits below this confidence are uncertain.
    """

    def __init__(
        self,
        opened: Callable[[], LineReader],
        image: UInt8,
        levels: Sequence[Level],
        threshold: float,
    ) -> None:
        self._opened, self._image, self._levels = opened, image, levels
        self._threshold = threshold

    def in_boxes(self, boxes: Sequence[Box]) -> bool:
        """Whether a number is written into drawn boxes, each for a digit."""
        return all_in_boxes(boxes, self._levels)

    def read(
        self,
        lattice: Lattice,
        boxes: Sequence[Box],
        line: Sequence[Box],
        allowed: Lengths | None,
        *,
        only: bool = True,
    ) -> list[Digit]:
        """The digits of the text that both find likeliest.

        Args:
            lattice: What may be digits.
            boxes: Of all its candidates.
            line: Boxes that show where the line is, from left to right.
            allowed: How many digits there may be, and no letters; None for any number, or words.
            only: Whether the picture shows nothing else.
        """
        reader = self._opened()
        high = float(np.median([box[3] - box[1] for box in line]))
        if only and self._image.shape[0] <= _TIGHT * high:
            strip = strip_of_picture(self._image, self._levels)
        else:
            strip = strip_of(line, self._image, self._levels)
        steps = reader.digit_steps(strip.pixels, words=allowed is None)
        both = _Both(lattice, steps, allowed)
        places = [
            strip.box(*span) if place < 0 else boxes[lattice.rows[place]]
            for span, place in zip(both.spans, both.places, strict=True)
        ]
        alphabet = reader.info.alphabet
        digits = []
        for row, box in zip(both.probabilities(), places, strict=True):
            best = int(row.argmax())
            sure = float(row[best])
            digits.append(Digit(best, sure, box, sure < self._threshold, row, alphabet[best]))
        return digits


def _numbers(digits: Sequence[Digit]) -> list[list[Digit]]:
    """The digits of a line that stand near each other."""
    numbers = [[digits[0]]]
    for left, right in itertools.pairwise(digits):
        height = max(one.box[3] - one.box[1] for one in (left, right))
        if right.box[0] - left.box[2] > _APART * height:
            numbers.append([])
        numbers[-1].append(right)
    return numbers


def _alone(number: Sequence[Digit]) -> Candidates:
    """Digits that compete with none."""
    boxes = np.array([one.box for one in number], np.float32)
    shown = np.array([one.probabilities for one in number], np.float32)
    return Candidates(Detections(boxes, shown, shown.shape[1]), shown.sum(1) * 0 + 1, shown, shown)


class _Both:
    """What both say of one number.

    Args:
        lattice: What may be its digits.
        steps: What the reader of lines says of digits alone, ``(steps, 1 + letters)``.
        allowed: How many digits it may have; None for any number, and none.

    Attributes:
        spans: For each digit of the likeliest text its first step and the one behind its last.
        places: For each of them its place in the lattice, -1 where it has none.
    """

    def __init__(self, lattice: Lattice, steps: Float32, allowed: Lengths | None) -> None:
        self._lattice, self._steps = lattice, steps
        texts = [*lattice.texts(_FOLLOWED), *likeliest(steps, _FOLLOWED)]
        fewest, most = allowed or (0, len(steps))
        within = [text for text in dict.fromkeys(texts) if fewest <= len(text) <= most]
        self._texts = within or texts[:1]
        self._worth = np.array([self._weighed(text) for text in self._texts])
        self._worth += scores(steps, self._texts)
        self._text = self._texts[int(self._worth.argmax())]
        for _ in range(_ROUNDS):
            self.places = lattice.aligned(self._text)[1]
            self._which = self._each(self._text)
            better = tuple((self._which.argmax(1) + 1).tolist())
            if better == self._text:
                break
            self._text = better

    def probabilities(self) -> Float32:
        """Of each digit in each place of the likeliest text, shape ``(n, letters)``."""
        same = np.array([len(text) == len(self._text) for text in self._texts])
        chances = np.exp((self._worth - self._worth.max()) / SOFTEN)
        there = float(chances[same].sum() / chances.sum())
        chance = np.exp((self._which - self._which.max(1, keepdims=True)) / SOFTEN)
        return np.asarray(there * chance / chance.sum(1, keepdims=True), np.float32)

    def _weighed(self, text: Text) -> float:
        return DIGITS_SAY * self._lattice.aligned(text)[0] + LONGER * len(text)

    def _each(self, text: Text) -> Float64:
        """What both say of each digit in the place of each character, ``(n, letters)``.

        What the line says of a text with another digit is weighed where it is not far off, and
        taken from the steps alone elsewhere.
        """
        self.spans = places(self._steps, text)
        which = np.array([self._steps[a:b, 1:].max(0) for a, b in self.spans], np.float64)
        which = which.reshape(len(text), self._steps.shape[1] - 1)
        rows = np.arange(len(text))
        which -= which[rows, np.array(text, int) - 1][:, None]
        close = np.argwhere(which > -_CLOSE).tolist()
        changed = [(*text[:at], one + 1, *text[at + 1 :]) for at, one in close]
        if changed:
            which[tuple(np.transpose(close))] = scores(self._steps, changed) - self._score(text)
        for row, place in enumerate(self.places):
            if place >= 0:
                which[row] += DIGITS_SAY * self._lattice.says(place, row == 0)
        return which

    def _score(self, text: Text) -> float:
        return float(scores(self._steps, [text])[0])
