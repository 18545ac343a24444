"""Strips of written pages, with where each digit and mark is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from scrawl.arrays import Float32, Int64, UInt8
from scrawl.pages.ink import page_ink
from scrawl.training.synthesis.bank import LETTER, Bank, digit_bank, letter_bank
from scrawl.training.synthesis.sheets import cells, photographed, printed
from scrawl.training.synthesis.strings import written_text
from scrawl.training.synthesis.writing import HEIGHT, IGNORED, WIDTH, Hand, Writer, Written

LOW, HIGH = 14.0, 50.0
"""Heights in pixels between which digits are read; beyond, another scale reads them."""

_ROOM = 4.0  # pixels below HIGH: hands vary, and a line of the tallest must still be readable
_SMALL, _LARGE = (3.5, 8.5), (75.0, 260.0)
"""Heights that another scale reads, well away from LOW and HIGH: of what lies between either answer
would do, and neither is trained."""

# What is on a strip: a number drawn from 0 to 1 is below one of these. Beyond the last there is
# only what another scale reads. Lines come most, for people send most of them; grids are forms.
_LINES, _GRID, _SCATTERED, _NOTHING_TO_READ = 0.62, 0.73, 0.82, 0.86

# Shares of strips.
_BEYOND = 0.1  # that have something to read, and what another scale reads, too
_DIRTY = 0.15  # dirt is rare on real pages, and what it looks like has to be learnt
_WHOLE = 0.8  # the rest is a small picture of its own: its edges cut what is written

_SEEN = 0.7  # of a digit's box within such a picture, from which on it can be read
_BLANK_LINE, _BLANK_CELL = 0.12, 0.1  # shares left empty: nobody fills in every one
_SAME_HAND = 0.8  # of the lines of a page are written by the hand of the first
_WIDTH_OF_DIGIT = 0.62  # of its height, on average: how many fit on a line

# How far apart digits of one hand stand, in heights; a number drawn from 0 to 1 says which.
_TIGHT, _TOUCHING = 0.4, 0.55
_GAPS_WIDE, _GAPS_TIGHT, _GAPS_TOUCHING = (0.08, 0.5), (-0.02, 0.12), (-0.16, 0.0)

# Kinds of dirt, likewise: specks, then hairs and crossings out, then the edge of a sheet.
_SPECKS, _HAIRS = 0.5, 0.8


class Scribe:
    """Makes strips: lines, grids, scattered digits, or nothing to read, on some paper.

    Args:
        digits: The digits to write with.
        letters: What is no digit.
        rng: Source of randomness.
    """

    def __init__(self, digits: Bank, letters: Bank, rng: np.random.Generator) -> None:
        self._banks = digits, letters
        self._rng = rng
        self._writer = Writer(digits, letters, rng)

    def strip(self) -> tuple[UInt8, list[Written]]:
        """One strip.

        Returns:
            What the detector sees, uint8, shape ``(HEIGHT, WIDTH)``, and what is written there.
        """
        rng = self._rng
        self._writer = Writer(*self._banks, rng)
        height = float(np.exp(rng.uniform(np.log(LOW), np.log(HIGH - _ROOM))))
        kind = rng.random()
        if kind < _LINES:
            self._lines(height)
            print_ = printed((HEIGHT, WIDTH), rng, height)
        elif kind < _GRID:
            print_ = self._cells(height)
        elif kind < _SCATTERED:
            self._scattered()
            height = LOW
            print_ = printed((HEIGHT, WIDTH), rng, height)
        elif kind < _NOTHING_TO_READ:
            print_ = printed((HEIGHT, WIDTH), rng, height)
        else:
            self._out_of_range()
            print_ = printed((HEIGHT, WIDTH), rng, height)
        if rng.random() < _BEYOND:
            self._out_of_range()
        if rng.random() < _DIRTY:
            self._dirt()
        page = photographed(
            self._writer.ink.astype(np.float32) / np.float32(255), print_, rng, height
        )
        if rng.random() < _WHOLE:
            return page_ink(page), self._writer.written
        return self._cut_out(page), self._writer.written

    def _cut_out(self, page: UInt8) -> UInt8:
        """A small picture: what is beyond its edges is paper to the detector."""
        rng = self._rng
        x0, x1 = int(rng.integers(0, WIDTH // 3)), int(rng.integers(2 * WIDTH // 3, WIDTH + 1))
        y0, y1 = int(rng.integers(0, HEIGHT // 3)), int(rng.integers(2 * HEIGHT // 3, HEIGHT + 1))
        seen = np.zeros_like(page)
        seen[y0:y1, x0:x1] = page_ink(np.ascontiguousarray(page[y0:y1, x0:x1]))
        kept = []
        for what in self._writer.written:
            left, top, right, bottom = what.box
            box = max(left, x0), max(top, y0), min(right, x1), min(bottom, y1)
            if box[0] >= box[2] or box[1] >= box[3]:
                continue
            whole = (right - left) * (bottom - top) or 1.0
            part = (box[2] - box[0]) * (box[3] - box[1]) / whole
            label = what.label if part > _SEEN or what.label == LETTER else IGNORED
            kept.append(Written(label, box))
        self._writer.written = kept
        return seen

    def _hand(self, height: float, x: float, y: float) -> Hand:
        rng = self._rng
        slant = rng.normal(0.12, 0.26) if rng.random() < 0.7 else 0.0
        tilt = rng.normal(0, 0.04)
        frame = np.array([[1, -slant, x], [tilt, 1, y]], np.float32)
        kind = rng.random()
        gap = rng.uniform(*_GAPS_WIDE)
        if kind < _TIGHT:
            gap = rng.uniform(*_GAPS_TIGHT)
        elif kind < _TOUCHING:
            gap = rng.uniform(*_GAPS_TOUCHING)
        zero = rng.uniform(0.55, 0.95) if rng.random() < 0.25 else 1.0
        return Hand(height, float(rng.random()), frame, gap, zero, float(rng.gamma(2.0, 0.5)))

    def _lines(self, height: float) -> None:
        rng = self._rng
        pitch = height * rng.uniform(1.15, 2.2)
        top = rng.uniform(-0.4, 0.5) * height if rng.random() < 0.5 else rng.uniform(0, 30)
        first = self._hand(height, 0, 0)
        for y in np.arange(top + height, HEIGHT + 0.4 * height, pitch).tolist():
            if rng.random() < _BLANK_LINE:
                continue
            same = rng.random() < _SAME_HAND
            hand = first if same else self._hand(height * rng.uniform(0.7, 1.3), 0, 0)
            x = rng.normal(0, 20) if rng.random() < 0.5 else rng.uniform(0, 0.6 * WIDTH)
            frame = hand.frame.copy()
            frame[:, 2] = x, y - frame[1, 0] * WIDTH / 2
            longest = int(max(1, (WIDTH - x) / (height * (_WIDTH_OF_DIGIT + max(hand.gap, -0.1)))))
            text = written_text(rng, longest)
            self._writer.write(text, replace(hand, frame=frame))

    def _cells(self, height: float) -> Float32:
        """One digit a cell, and the grid about them."""
        rng = self._rng
        wide, high = height * rng.uniform(0.9, 2.4), height * rng.uniform(1.05, 1.9)
        sheet = cells((HEIGHT, WIDTH), rng, wide, high)
        # The grid is laid anywhere: digits need not stand in the middle of its cells.
        down, across = rng.uniform(0, high), rng.uniform(0, wide)
        pen = float(rng.random())
        for y in np.arange(down, HEIGHT + high, high).tolist():
            for x in np.arange(across - wide, WIDTH, wide).tolist():
                if rng.random() < _BLANK_CELL:
                    continue
                hand = self._hand(height * np.exp(rng.normal(0, 0.12)), 0, 0)
                hand.frame[:, 2] = x + rng.normal(0, 0.08) * wide, y + rng.normal(0, 0.06) * high
                hand.frame[1, 0] = 0
                self._writer.write(str(rng.integers(0, 10)), replace(hand, pen=pen))
        return sheet

    def _scattered(self) -> None:
        """Single digits and short numbers of many sizes, here and there."""
        rng = self._rng
        x = rng.uniform(-5, 20)
        while x < WIDTH - 10:
            height = float(np.exp(rng.uniform(np.log(LOW), np.log(HIGH))))
            hand = self._hand(height, x, rng.uniform(height, HEIGHT + 2))
            hand.frame[1, 0] = rng.normal(0, 0.12)
            text = str(rng.integers(0, 10)) if rng.random() < 0.7 else written_text(rng, 3)
            x = self._writer.write(text, hand) + height * rng.uniform(0.3, 1.5)

    def _out_of_range(self) -> None:
        """Digits too large or too small to be read at this scale: in a line, as any others."""
        rng = self._rng
        if rng.random() < 0.7:
            height = float(np.exp(rng.uniform(np.log(_LARGE[0]), np.log(_LARGE[1]))))
            x, y = rng.uniform(-1.2 * height, WIDTH - 20), rng.uniform(20, HEIGHT + 0.8 * height)
        else:
            height = rng.uniform(*_SMALL)
            x, y = rng.uniform(-20, WIDTH - 20), rng.uniform(0, HEIGHT)
        hand = self._hand(height, x, y)
        before = len(self._writer.written)
        self._writer.write(written_text(rng, 8), hand)
        self._writer.written[before:] = [
            Written(LETTER, what.box) for what in self._writer.written[before:]
        ]

    def _dirt(self) -> None:
        """Specks, hairs, crossings out, the edge of a sheet."""
        rng = self._rng
        kind = rng.random()
        if kind < _SPECKS:
            for _ in range(int(rng.integers(1, 15))):
                at = (int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT)))
                level = int(rng.integers(40, 200))
                cv2.circle(self._writer.ink, at, int(rng.integers(0, 2)), level, -1, cv2.LINE_AA)
        elif kind < _HAIRS:
            steps = rng.normal(0, 9, (int(rng.integers(3, 12)), 2)).cumsum(0)
            line = steps + rng.uniform((0, 0), (WIDTH, HEIGHT))
            level, thick = int(rng.integers(60, 256)), int(rng.integers(1, 4))
            box = (*line.min(0).tolist(), *line.max(0).tolist())
            cv2.polylines(
                self._writer.ink, [np.rint(line * 16).astype(np.int32)], False, level, thick, 16, 4
            )
            self._writer.written.append(Written(IGNORED, box))
        else:
            x = int(rng.integers(0, WIDTH))
            side = slice(0, x) if x < WIDTH // 3 else slice(x, WIDTH)
            if x < WIDTH // 6 or x > WIDTH * 5 // 6:
                self._writer.ink[:, side] = int(rng.integers(60, 256))
                self._writer.written.append(Written(IGNORED, (side.start, 0, side.stop, HEIGHT)))


def written_strips(
    images: UInt8, labels: Int64, count: int, rng: np.random.Generator
) -> tuple[UInt8, list[list[Written]]]:
    """Strips of pages, written with MNIST's digits and with drawn ones.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``.
        labels: What they are, shape ``(n,)``.
        count: How many strips.
        rng: Source of randomness; the same generator gives the same strips.

    Returns:
        uint8, shape ``(count, HEIGHT, WIDTH)``, and what is written on each.
    """
    digits = digit_bank(images, labels, max(4 * count, 400), rng)
    scribe = Scribe(digits, letter_bank(count // 2 + 200, rng), rng)
    strips = np.empty((count, HEIGHT, WIDTH), np.uint8)
    written = []
    for strip in strips:
        strip[:], what = scribe.strip()
        written.append(what)
    return strips, written
