"""A line read twice, digit by digit and as a whole, and one answer of both.

The detector and the reader of single digits say which digit each box shows; the reader of lines
says how probable a whole text is. The answer is the text that both find likeliest together, a
product of experts (G. Hinton, 2002). Its digits keep their boxes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scrawl.arrays import Box, Float32, Float64, UInt8
from scrawl.metrics import alignment
from scrawl.pages.ctc import Text, likeliest, places, scores
from scrawl.pages.digit import Digit
from scrawl.pages.layout import groups
from scrawl.pages.levels import Level
from scrawl.pages.line_reader import LineReader
from scrawl.pages.reading import Line
from scrawl.pages.strip import Strip, strip_of

DIGITS_SAY = 0.7
"""The weight of the digits beside the line's 1, of the logarithms of probabilities."""

MISSED = 0.02
"""The probability that a digit that is there has no box."""

DROPPED = 0.1
"""How much rarer a box of nothing is than the boxes' own probabilities say: what a reader of lines
does worst is to leave out a digit that it does not know."""

SOFTEN = 1.6
"""The temperature of both together: they err on the same digits."""

_FOLLOWED = 12  # texts of a line that are weighed
_NEVER = 1e-4  # added to what is said of a digit, so that nothing is ruled out
_APART = 2.0  # heights of a digit between two of one number, at most
_FEWEST = 2  # digits from which on a number is read as a whole
_CLOSE = 7.0  # difference of logarithms up to which another digit is weighed in its place
_ROUNDS = 3  # times at most that single digits are changed


def read_whole(
    lines: Sequence[Line],
    reader: LineReader,
    image: UInt8,
    levels: Sequence[Level],
    threshold: float,
) -> tuple[Line, ...]:
    """Lines with what the reader of lines has to say of them.

    Args:
        lines: As their digits were read one by one.
        reader: The reader of lines, of the same alphabet.
        image: The picture, uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.
        levels: The picture's ink.
        threshold: Digits below this confidence are uncertain.
    """
    alphabet = reader.info.alphabet
    answers = []
    for line in lines:
        digits: list[Digit] = []
        for number in _numbers(line.digits):
            if len(number) >= _FEWEST:
                strip = strip_of([one.box for one in number], image, levels)
                digits += _Both(number, reader.digit_steps(strip.pixels)).digits(
                    strip, alphabet, threshold
                )
            else:
                digits += number
        if digits:  # a word, perhaps, of which single letters looked like digits
            answers.append(replace(line, groups=groups(digits)))
    return tuple(answers)


def _numbers(digits: Sequence[Digit]) -> list[list[Digit]]:
    """The digits of a line that stand near each other."""
    numbers = [[digits[0]]]
    for left, right in itertools.pairwise(digits):
        height = max(one.box[3] - one.box[1] for one in (left, right))
        if right.box[0] - left.box[2] > _APART * height:
            numbers.append([])
        numbers[-1].append(right)
    return numbers


class _Both:
    """What both say of one number.

    Args:
        number: Its digits, as they were read one by one; at least one.
        steps: What the reader of lines says of digits alone, ``(steps, 1 + letters)``.
    """

    def __init__(self, number: Sequence[Digit], steps: Float32) -> None:
        self._number = number
        self._steps = steps
        shown = np.array([one.probabilities for one in number], np.float64)
        self._shown = np.log(shown + _NEVER)
        self._nothing = np.log(DROPPED * (np.maximum(1 - shown.sum(1), 0) + _NEVER))
        one_by_one = tuple(one.digit + 1 for one in number)
        self._texts = list(dict.fromkeys([one_by_one, *likeliest(steps, _FOLLOWED)]))
        self._worth = np.array(scores(steps, self._texts)) + self._by_digits(self._texts)
        self._text = self._texts[int(self._worth.argmax())]
        self._which = np.zeros((0, steps.shape[1] - 1))
        for _ in range(_ROUNDS):
            self._pairs = self._paired(self._text)[1]
            self._which = self._each(self._text)
            better = tuple((self._which.argmax(1) + 1).tolist())
            if better == self._text:
                break
            self._text = better

    def digits(self, strip: Strip, alphabet: Sequence[str], threshold: float) -> list[Digit]:
        """The digits of the likeliest text."""
        same = np.array([len(text) == len(self._text) for text in self._texts])
        chances = np.exp((self._worth - self._worth.max()) / SOFTEN)
        there = float(chances[same].sum() / chances.sum()) if same.any() else 0.5
        boxes = self._boxes(strip)
        digits = []
        for row, box in zip(self._which, boxes, strict=True):
            chance = np.exp((row - row.max()) / SOFTEN)
            probabilities = (there * chance / chance.sum()).astype(np.float32)
            best = int(row.argmax())
            sure = float(probabilities[best])
            digits.append(Digit(best, sure, box, sure < threshold, probabilities, alphabet[best]))
        return digits

    def _paired(self, text: Text) -> tuple[float, list[tuple[int, int]]]:
        """What the digits' boxes say against a text, and which of them shows which character."""
        costs = -self._shown[:, np.array(text, int) - 1].T
        return alignment(costs, np.full(len(text), -np.log(MISSED)), -self._nothing)

    def _by_digits(self, texts: Sequence[Text]) -> Float64:
        return np.array([-DIGITS_SAY * self._paired(text)[0] for text in texts])

    def _each(self, text: Text) -> Float64:
        """What both say of each digit in the place of each character, ``(n, letters)``.

        What the line says of a text with another digit is weighed where it is not far off, and
        taken from the steps alone elsewhere.
        """
        self._spans = places(self._steps, text)
        which = np.array([self._steps[a:b, 1:].max(0) for a, b in self._spans], np.float64)
        which = which.reshape(len(text), self._steps.shape[1] - 1)
        rows = np.arange(len(text))
        which -= which[rows, np.array(text, int) - 1][:, None]
        close = np.argwhere(which > -_CLOSE).tolist()
        changed = [(*text[:at], one + 1, *text[at + 1 :]) for at, one in close]
        if changed:
            which[tuple(np.transpose(close))] = scores(self._steps, changed) - self._score(text)
        for row, column in self._pairs:
            which[row] += DIGITS_SAY * self._shown[column]
        return which

    def _score(self, text: Text) -> float:
        return float(scores(self._steps, [text])[0])

    def _boxes(self, strip: Strip) -> list[Box]:
        """Where each character is: its digit's box, or where the reader of lines sees it."""
        boxes = [strip.box(*span) for span in self._spans]
        for row, column in self._pairs:
            boxes[row] = self._number[column].box
        return boxes
