"""Lines as people write them, one hand each, and what stands in them: no word of where."""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from scrawl.arrays import Float32, Int64, UInt8
from scrawl.bundle import DIGITS
from scrawl.pages.grid import MARKS
from scrawl.pages.strip import HEIGHT, contrast
from scrawl.training.rows import Rows
from scrawl.training.synthesis.bank import LETTER, digit_bank, letter_bank
from scrawl.training.synthesis.hands import Hands, Ink
from scrawl.training.synthesis.recorded import Writers, formed
from scrawl.training.synthesis.sheets import photographed, printed
from scrawl.training.synthesis.strings import written_text
from scrawl.training.synthesis.writing import Glyphs, Hand, Writer, Written

WIDTH = 320
"""Of a row, in pixels: as many lines as have room stand in it, each on its own paper."""

LONGEST = 48
"""Characters of a row, at most."""

NOTHING = 0
"""The label behind the last character of a row; 1 is the first class."""

ANY_LETTER = 1 + len(DIGITS) + len(MARKS)
"""The label of a letter."""

UNTOLD = 255
"""In the last column, where a text is that of the digits alone: what else stands between them, such
as marks and rules, nobody has told."""

_SHARE = 5  # digits of the data set for each row of an epoch
_LOW, _HIGH = 24.0, 46.0  # heights of a digit in pixels, before the line is set to its height
_OWN, _ANY = 0.6, 0.08  # of lines: one writer's, anyone's digits; the rest are of the bank
_RECORDED_WORDS = 0.5  # of lines, whose letters are recorded
_ABOVE = 0.2  # of lines, with another above or below that shows at the edge
_COMBED = 0.1  # of lines, in boxes, a digit each
_MOST = 12  # characters of a line
_CLOSE, _TOUCHED = 0.3, 0.1  # of lines, on either side: cut at the writing; how far into it
_EDGED = 0.25  # of those cut close, with something printed or dark along that edge

Picture = UInt8


class LineScribe:
    """Makes rows of lines.

    Args:
        digits: Digits of no known writer.
        letters: What is no digit.
        hands: Recorded hands; None where there are none.
        rng: Source of randomness.
        forms: Forms of digits that some of these hands write; see `scrawl.training.synthesis
            .recorded.formed`. None for none.
    """

    def __init__(
        self,
        digits: Glyphs,
        letters: Glyphs,
        hands: Hands | None,
        rng: np.random.Generator,
        forms: Ink | None = None,
    ) -> None:
        self._digits, self._letters, self._rng = digits, letters, rng
        self._writers = Writers(hands.digits, forms=forms) if hands and len(hands.digits) else None
        self._words = Writers(hands.signs, LETTER) if hands and len(hands.signs) else None
        self._next: tuple[Picture, list[int]] | None = None

    def row(self) -> tuple[Picture, list[int]]:
        """A row: uint8, shape ``(HEIGHT, WIDTH)``, and its labels from left to right."""
        row, x = np.zeros((HEIGHT, WIDTH), np.uint8), 0
        labels: list[int] = []
        while True:
            strip, more = self._next or self.line()
            self._next = None
            if strip.shape[1] > WIDTH:
                continue
            if x + strip.shape[1] > WIDTH or len(labels) + len(more) > LONGEST:
                self._next = strip, more
                return row, labels
            row[:, x : x + strip.shape[1]] = strip
            labels += more
            x += strip.shape[1]

    def line(self) -> tuple[Picture, list[int]]:
        """One line: uint8, shape ``(HEIGHT, w)``, as the network sees it, and its labels."""
        page, labels = self.picture()
        wide = np.exp(self._rng.normal(0, 0.08))
        size = max(8, round(page.shape[1] * HEIGHT / page.shape[0] * wide)), HEIGHT
        strip = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
        return contrast(np.asarray(strip, np.uint8)), labels

    def picture(self) -> tuple[UInt8, list[int]]:
        """One line as it is photographed: grey, uint8, dark on light, and its labels."""
        rng = self._rng
        height = float(np.exp(rng.uniform(np.log(_LOW), np.log(_HIGH))))
        text = written_text(rng, int(rng.integers(1, _MOST + 1)))
        combed = rng.random() < _COMBED
        size = int(3 * height), int((len(text) + 3) * 1.6 * height)
        writer = Writer(self._glyphs(), self._letter_glyphs(), rng, size)
        hand = self._hand(height, combed)
        hand.frame[:, 2] = 1.2 * height, 2 * height
        writer.write(text, hand)
        written = list(writer.written)
        if rng.random() < _ABOVE:
            beside = hand.frame.copy()
            beside[1, 2] += rng.choice((-1, 1)) * rng.uniform(1.15, 1.6) * height
            writer.write(written_text(rng, _MOST), Hand(**{**vars(hand), "frame": beside}))
        left, right = self._span(written, height)
        top = round(height * (1 - rng.uniform(0.05, 0.55)))
        bottom = round(height * (2 + rng.uniform(0.05, 0.5)))
        ink = writer.ink[top:bottom, left:right].astype(np.float32) / np.float32(255)
        print_ = printed(ink.shape, rng, height)
        if combed:
            print_ = np.maximum(print_, self._comb(ink.shape, written, left, height))
        print_ = self._edged(print_, height)
        page = photographed(ink, print_, rng, height)
        return page, [_label(what) for what in written]

    def _glyphs(self) -> Glyphs:
        kind = self._rng.random()
        if self._writers is None or kind > _OWN + _ANY:
            return self._digits
        return self._writers.one(self._rng) if kind < _OWN else self._writers.anyone(self._rng)

    def _letter_glyphs(self) -> Glyphs:
        if self._words is None or self._rng.random() > _RECORDED_WORDS:
            return self._letters
        return self._words.one(self._rng)

    def _hand(self, height: float, combed: bool) -> Hand:
        rng = self._rng
        slant = rng.normal(0.1, 0.24) if rng.random() < 0.75 else 0.0
        frame = np.array([[1, -slant, 0], [rng.normal(0, 0.02), 1, 0]], np.float32)
        kind = rng.random()
        gap = rng.uniform(0.06, 0.4)
        if combed:
            gap = rng.uniform(0.3, 0.9)
        elif kind < 0.35:
            gap = rng.uniform(-0.02, 0.12)
        elif kind < 0.5:
            gap = rng.uniform(-0.16, 0.0)
        zero = rng.uniform(0.55, 0.95) if rng.random() < 0.25 else 1.0
        return Hand(height, float(rng.random()), frame, gap, zero, float(rng.gamma(2.0, 0.5)))

    def _span(self, written: list[Written], height: float) -> tuple[int, int]:
        """From where to where a line is cut out, in columns."""
        rng = self._rng
        left = min((what.box[0] for what in written), default=0.0)
        right = max((what.box[2] for what in written), default=4 * height)
        spare = [
            rng.uniform(-_TOUCHED, _TOUCHED) if rng.random() < _CLOSE else rng.uniform(0.05, 0.8)
            for _ in range(2)
        ]
        first = max(0, round(left - height * spare[0]))
        return first, round(right + height * spare[1])

    def _edged(self, print_: Float32, height: float) -> Float32:
        """Print with a frame's side or another's paper along an end of the line, now and then."""
        rng = self._rng
        sheet = print_.copy()
        for side in (slice(None), slice(None, None, -1)):
            if rng.random() < _EDGED:
                wide = max(1, round(height * rng.uniform(0.02, 0.12)))
                start = round(height * rng.uniform(0, 0.06))
                sheet[:, side][:, start : start + wide] = rng.uniform(0.3, 1)
        return sheet

    def _comb(
        self, shape: tuple[int, int], written: list[Written], left: int, height: float
    ) -> Float32:
        """Walls between the characters, a floor under them, perhaps a lid."""
        rng = self._rng
        sheet = np.zeros(shape, np.uint8)
        level, thick = int(rng.integers(80, 256)), int(rng.choice((1, 1, 2, 2, 3)))
        boxes = np.array([what.box for what in written], np.float32).reshape(-1, 4)
        boxes[:, ::2] -= left
        walls = [(a[2] + b[0]) / 2 for a, b in itertools.pairwise(boxes)]
        edge = rng.uniform(0.1, 0.4) * height
        walls = [boxes[0, 0] - edge, *walls, boxes[-1, 2] + edge] if len(boxes) else []
        floor = rng.uniform(0.82, 1.0) * shape[0]
        lid = rng.uniform(0.0, 0.2) * shape[0] if rng.random() < 0.7 else 0.6 * shape[0]
        for x in walls:
            cv2.line(sheet, (round(x), round(lid)), (round(x), round(floor)), level, thick)
        for y in (floor, lid)[: 2 if lid < floor / 2 else 1]:
            cv2.line(sheet, (0, round(y)), (shape[1], round(y)), level, thick)
        return sheet.astype(np.float32) / np.float32(255)


def _label(what: Written) -> int:
    return ANY_LETTER if what.label == LETTER else 1 + what.label


def line_epoch(
    images: UInt8, labels: Int64, rng: np.random.Generator, hands: Hands | None = None
) -> Rows:
    """One epoch of training rows for the reader of lines.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``.
        labels: What they are, shape ``(n,)``.
        rng: Source of randomness; the same generator gives the same epoch.
        hands: Recorded hands; where there are none, MNIST's digits and drawn ones write all.

    Returns:
        uint8, shape ``(epoch_lines(n), HEIGHT, WIDTH)``, and what is written on each, uint8, shape
        ``(epoch_lines(n), LONGEST)``: 1 for the first class, ``NOTHING`` behind the last.
    """
    count = epoch_lines(len(images))
    bank = digit_bank(images, labels, max(count, 400), rng)
    letters = letter_bank(count // 4 + 200, rng)
    scribe = LineScribe(bank, letters, hands, rng, formed(rng))
    rows = np.zeros((count, HEIGHT, WIDTH), np.uint8)
    what = np.zeros((count, LONGEST), np.uint8)
    for row, said in zip(rows, what, strict=True):
        row[:], text = scribe.row()
        said[: len(text)] = text
    return rows, what


def epoch_lines(count: int) -> int:
    """How many rows `line_epoch` makes of ``count`` digits."""
    return max(1, count // _SHARE)


def digits_for(rows: int) -> int:
    """Of how many digits `line_epoch` makes so many rows."""
    return _SHARE * rows
