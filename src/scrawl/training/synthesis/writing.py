"""Writing on a strip: a hand, its digits, letters and marks, and where each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from scrawl.arrays import Float32, FloatBox, UInt8
from scrawl.bundle import DIGITS
from scrawl.pages.grid import MARKS
from scrawl.training.synthesis.bank import LETTER
from scrawl.training.synthesis.glyphs import currency_signs
from scrawl.training.synthesis.strings import ANY_LETTER

HEIGHT, WIDTH = 96, 192
"""Of a strip, in pixels."""

IGNORED = -2
"""The label of what is too cut off or too faint to be asked for: reading it is no error, nor is
leaving it out."""


class Glyphs(Protocol):
    """What a line is written with."""

    def take(self, label: int, pen: float, rng: np.random.Generator) -> UInt8:
        """One of a label, with about a pen from 0, the finest, to 1: ink 255 on 0, cropped."""


@dataclass(frozen=True)
class Written:
    """A digit, mark or letter on a strip.

    Attributes:
        label: 0 to 9, then the marks; ``LETTER`` for what must not be read, ``IGNORED``.
        box: Left, top, right, bottom of its ink, in pixels; it may reach beyond the strip.
    """

    label: int
    box: FloatBox


@dataclass
class Hand:
    """How a line is written.

    Attributes:
        height: Of a digit, in pixels.
        pen: From 0, the finest of the bank, to 1.
        frame: Takes the line's own coordinates, x along the baseline and y down, to the strip's;
            shape ``(2, 3)``.
        gap: Mean space between digits in heights; below 0 they overlap.
        zero: Height of a 0, in heights.
        loose: How unlike each other digits are in height and place.
    """

    height: float
    pen: float
    frame: Float32
    gap: float
    zero: float
    loose: float


class Writer:
    """Writes on a strip.

    Args:
        digits: The digits.
        letters: What is no digit.
        rng: Source of randomness.
        shape: Height and width of the strip in pixels.

    Attributes:
        ink: uint8, of that shape, 255 for ink.
        written: What is written, in the order of writing.
    """

    def __init__(
        self,
        digits: Glyphs,
        letters: Glyphs,
        rng: np.random.Generator,
        shape: tuple[int, int] = (HEIGHT, WIDTH),
    ) -> None:
        self._digits = digits
        self._letters = letters
        self._rng = rng
        self.ink = np.zeros(shape, np.uint8)
        self.written: list[Written] = []

    def write(self, text: str, hand: Hand) -> float:
        """Writes a text; returns how far it reaches, in pixels of the strip."""
        rng = self._rng
        at, before = 0.0, None
        joined = rng.random() < 0.12  # a hand that does not lift the pen
        for place, character in enumerate(text):
            if character == " ":
                at += hand.height * rng.uniform(0.3, 0.9)
                before = None
                continue
            rise = 0.03 * hand.loose * rng.standard_normal() * hand.height
            if character in MARKS:
                at = self._mark(character, hand, at, rise)
                before = None
                continue
            label = int(character) if character.isdigit() else LETTER
            height = hand.height * np.exp(0.08 * hand.loose * rng.standard_normal())
            if label == 0 and hand.zero < 1:
                height *= hand.zero
                rise -= rng.uniform(0, 1 - hand.zero) * hand.height
            if label == LETTER:
                box = self._letter(text, place, hand, at, rise, height)
            else:
                glyph = self._digits.take(label, hand.pen, rng)
                box = self._paste(glyph, hand, at, rise, height)
                self.written.append(Written(label, box))
            width = self._advance
            if before is not None and label >= 0 and joined:
                self._join(before, box, hand)
            before = box if label >= 0 else None
            spread = 0.05 * hand.loose * rng.standard_normal()
            at += (
                width + (max(hand.gap, 0.0) if label == LETTER else hand.gap + spread) * hand.height
            )
            if float(hand.frame[0, 2]) + at > self.ink.shape[1] + hand.height:
                break
        return float(hand.frame[0, 2]) + at

    def _letter(
        self, text: str, place: int, hand: Hand, at: float, rise: float, height: float
    ) -> FloatBox:
        """A letter; in longer words, some that alone would be digits."""
        rng = self._rng
        height *= rng.choice([0.62, 0.7, 1.0])  # small ones are more
        word = text[max(0, place - 2) : place + 3]
        alike = word.count(ANY_LETTER) >= 4 and rng.random() < 0.15
        if alike:  # o l i s z q b g: not to be read within a word
            glyph = self._digits.take(int(rng.choice([0, 1, 1, 5, 2, 9, 6, 9])), hand.pen, rng)
        else:
            glyph = self._letters.take(LETTER, hand.pen, rng)
        box = self._paste(glyph, hand, at, rise, height)
        self.written.append(Written(LETTER, box))
        return box

    def _paste(self, picture: UInt8, hand: Hand, at: float, rise: float, height: float) -> FloatBox:
        """Writes a glyph whose left is ``at`` on the baseline; returns the box of its ink."""
        size = height / picture.shape[0]
        # Wide glyphs, such as a 1 with a foot, keep their shape; a hand's widths differ a little.
        wide = size * float(np.exp(0.06 * hand.loose * self._rng.standard_normal()))
        if size < 0.5:
            half = (-(-picture.shape[1] // 2), -(-picture.shape[0] // 2))
            picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
            size, wide = height / picture.shape[0], wide * 2
        self._advance = wide * picture.shape[1]
        move = hand.frame.copy()
        move[:, 2] += hand.frame[:, :2] @ np.array([at, rise - height], np.float32)
        move[:, 0] *= wide
        move[:, 1] *= size
        h, w = picture.shape
        corners = move[:, :2] @ np.array([[0, w, 0, w], [0, 0, h, h]], np.float32) + move[:, 2:]
        x0, y0 = np.floor(corners.min(1)).astype(int) - 1
        x1, y1 = np.ceil(corners.max(1)).astype(int) + 2
        move[:, 2] -= x0, y0
        patch = cv2.warpAffine(picture, move, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR)
        left, top = max(x0, 0), max(y0, 0)
        bottom, right = min(y1, self.ink.shape[0]), min(x1, self.ink.shape[1])
        if left < right and top < bottom:
            here = self.ink[top:bottom, left:right]
            np.maximum(here, patch[top - y0 : bottom - y0, left - x0 : right - x0], out=here)
        bx, by, bw, bh = cv2.boundingRect((patch > 60).astype(np.uint8))
        return float(x0 + bx), float(y0 + by), float(x0 + bx + bw), float(y0 + by + bh)

    def _mark(self, mark: str, hand: Hand, at: float, rise: float) -> float:
        """Draws a mark from ``at`` on; returns where the next character starts."""
        rng = self._rng
        h = hand.height
        if mark == "¤":
            signs = currency_signs()
            picture = signs[rng.integers(0, len(signs))]
            x, y, w, t = cv2.boundingRect(picture)
            box = self._paste(
                picture[y : y + t, x : x + w], hand, at, rise, h * rng.uniform(0.8, 1.2)
            )
            self.written.append(Written(len(DIGITS) + MARKS.index(mark), box))
            return at + self._advance + h * rng.uniform(0.05, 0.4)
        lines, width = _strokes(mark, rng)
        shift = np.array([at, rise], np.float32)
        thick = max(1, round(h * (0.03 + 0.14 * hand.pen * rng.uniform(0.7, 1.2))))
        if mark in ".,":
            thick = max(thick, round(h * rng.uniform(0.05, 0.14)))
        points = [(line * h + shift) @ hand.frame[:, :2].T + hand.frame[:, 2] for line in lines]
        drawn = [np.rint(line * 16).astype(np.int32) for line in points]
        cv2.polylines(self.ink, drawn, False, int(rng.integers(190, 256)), thick, cv2.LINE_AA, 4)
        every = np.concatenate(points)
        low, high = every.min(0) - thick / 2, every.max(0) + thick / 2
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        self.written.append(Written(len(DIGITS) + MARKS.index(mark), box))
        return at + (width + max(hand.gap, 0.02)) * h

    def _join(
        self,
        before: FloatBox,
        box: FloatBox,
        hand: Hand,
    ) -> None:
        """The stroke of a pen that was not lifted between two digits."""
        rng = self._rng
        high = before[3] - before[1]
        start = (before[2] - rng.uniform(0, 0.2) * high, before[1] + rng.beta(0.6, 0.6) * high)
        stop = (box[0] + rng.uniform(0, 0.2) * high, box[1] + rng.beta(0.6, 0.6) * high)
        if abs(stop[0] - start[0]) > 0.5 * high:
            return
        sag = (start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2 + rng.normal(0, 0.1) * high
        line = np.rint(np.array([start, sag, stop]) * 16).astype(np.int32)
        thick = max(1, round(high * (0.03 + 0.1 * hand.pen)))
        cv2.polylines(self.ink, [line], False, 230, thick, cv2.LINE_AA, 4)


def _strokes(mark: str, rng: np.random.Generator) -> tuple[list[Float32], float]:
    """The strokes of a mark and its width, in heights of a digit, y down from the baseline."""
    r = rng.uniform
    if mark == ".":
        y = r(-0.12, 0.04)
        lines, width = [[(0.06, y), (0.06 + r(0, 0.06), y + r(-0.03, 0.03))]], 0.14
    elif mark == ",":
        y = r(-0.12, 0.0)
        lines, width = (
            [[(0.12, y), (0.1, y + 0.1), (0.12 - r(0.02, 0.14), y + r(0.14, 0.34))]],
            0.16,
        )
    elif mark == "-":
        y, long = r(-0.7, -0.25), r(0.2, 0.9)
        line = [(0.05, y), (0.05 + long, y + r(-0.16, 0.08))]
        if rng.random() < 0.3:  # the pen comes from below, perhaps from a point
            line.insert(0, (r(-0.15, 0.03), min(y + r(0.06, 0.5), 0.0)))
        lines, width = [line], long + 0.12
    elif mark == "=":
        y, long, apart = r(-0.75, -0.4), r(0.2, 0.7), r(0.14, 0.3)
        lines = [[(0.05, y + d), (0.05 + long, y + d + r(-0.06, 0.06))] for d in (0, apart)]
        width = long + 0.12
    else:
        lean, top, foot = r(0.3, 0.75), -r(1.05, 1.4), r(0.05, 0.4)
        lines, width = [[(0.0, foot), (lean, top)]], lean
    return [np.array(line, np.float32) for line in lines], width
