"""Which numbers are crossed out: one straight stroke goes through all of their digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from scrawl.arrays import Box, UInt8
from scrawl.pages.digit import Digit
from scrawl.pages.levels import Level
from scrawl.pages.reading import Line
from scrawl.pages.strip import HEIGHT, Strip, strip_of
from scrawl.pages.table import Cell, Table

_FEWEST = 2  # digits of a number: a stroke through one is a part of it, such as a 7's
_INK = 0.6  # of a strip's darkest ink: what is paler than this is a pattern of the paper
_DARKEST = 95  # percentile that is a strip's darkest ink
_LEAST = 60  # of 255: a strip with less ink than this is too pale to tell
_MIDDLE = 0.3, 0.7  # of a strip's height, between which the middle of the stroke lies
_BAND = 0.22, 0.78  # and between which all of it: an underline is none
_STEEPEST, _SLOPES = 0.2, 17  # that the stroke may have, and how many are tried
_THROUGH = 0.97  # of the way from the first digit to the last, that is inked: writing has 0.9
_BESIDE = round(0.16 * HEIGHT)  # pixels from its middle, where a stroke has ended, and
_CLEAR = 0.3  # of its way that is clear on both sides: the edge of a shade is no stroke


def crossed_out(lines: Sequence[Line], crossed: Callable[[tuple[Box, ...]], bool]) -> list[Line]:
    """The lines, the digits of crossed out numbers marked so, and uncertain.

    Args:
        lines: What was read.
        crossed: Says of a number, by the boxes of its digits, whether it is; see `is_crossed`.
    """

    def judged(group: tuple[Digit, ...]) -> tuple[Digit, ...]:
        if not crossed(tuple(digit.box for digit in group)):
            return group
        return tuple(replace(digit, crossed_out=True, uncertain=True) for digit in group)

    return [replace(line, groups=tuple(map(judged, line.groups))) for line in lines]


def doubted(tables: Sequence[Table], lines: Sequence[Line]) -> list[Table]:
    """The tables, cells uncertain that hold a crossed out digit."""
    middles = [
        ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        for line in lines
        for box in (digit.box for digit in line.digits if digit.crossed_out)
    ]

    def cell(one: Cell) -> Cell:
        x0, y0, x1, y1 = one.box
        hit = one.text and any(x0 <= x < x1 and y0 <= y < y1 for x, y in middles)
        return replace(one, uncertain=True) if hit else one

    return [Table(tuple(tuple(map(cell, row)) for row in table.rows)) for table in tables]


def is_crossed(image: UInt8, levels: Sequence[Level], boxes: tuple[Box, ...]) -> bool:
    """Whether a stroke goes through a number.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.
        levels: The picture's ink.
        boxes: Of the number's digits; a stroke through fewer than two may be their own.
    """
    if len(boxes) < _FEWEST:
        return False
    strip = strip_of(boxes, image, levels)
    into = cv2.invertAffineTransform(strip.back)
    ends = [
        (x, (box[1] + box[3]) / 2, 1)
        for box, x in ((boxes[0], boxes[0][0]), (boxes[-1], boxes[-1][2]))
    ]
    first, last = (float((into @ np.array(end))[0]) for end in ends)
    return _is_through(strip, first, last)


def _is_through(strip: Strip, first: float, last: float) -> bool:
    """Whether a straight stroke goes from one column of a strip to another."""
    darkest = float(np.percentile(strip.pixels, _DARKEST))
    xs = np.arange(max(int(first), 0), min(int(last) + 1, strip.pixels.shape[1]))
    if darkest < _LEAST or not len(xs):
        return False
    written = (strip.pixels > _INK * darkest).astype(np.uint8)
    inked = cv2.dilate(written, np.ones((3, 1), np.uint8))
    middles = np.arange(_MIDDLE[0] * HEIGHT, _MIDDLE[1] * HEIGHT)
    slopes = np.linspace(-_STEEPEST, _STEEPEST, _SLOPES)
    ys = middles[:, None, None] + slopes[:, None] * (xs - xs.mean())
    inside = ((ys > _BAND[0] * HEIGHT) & (ys < _BAND[1] * HEIGHT)).all(2)
    rows = np.rint(ys[inside]).astype(int)
    through = inked[rows, xs].mean(1) >= _THROUGH
    clear = 1 - (written[rows - _BESIDE, xs] | written[rows + _BESIDE, xs])
    return bool((through & (clear.mean(1) >= _CLEAR)).any())
