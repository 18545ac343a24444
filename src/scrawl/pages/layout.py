"""From digits anywhere on a page to lines in reading order and groups within a line."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Box
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.reading import Line
from scrawl.pages.tilt import level, page_tilt

_LEVEL = 0.5  # of a digit's height: how far above or below its line it may lie
_TRACK = 4  # digits at a line's end that say how it goes on
_STEEPEST = 0.4  # slope that a line may have, beside the page's
_STEADY = 1.0  # heights of a digit: over shorter ways a line's slope is the page's
_SAME_ROW = 0.65  # of a digit's height: rows nearer than this, and never above each other, are one
_NEAR = 2.5  # heights of a digit within which a mark belongs to its line
_SPACE = 0.6  # of the line's height, the least space between groups
_WIDER = 1.9  # and how many times as wide as most spaces between digits


class _Row:
    """Digits that continue each other's course, from left to right, on a page without its tilt."""

    def __init__(self, tilt: float) -> None:
        self.digits: list[Digit] = []
        self._tilt = tilt

    def add(self, digit: Digit) -> None:
        self.digits.append(digit)
        last = [one.box for one in self.digits[-_TRACK:]]
        self._height = float(np.median([_height(box) for box in last]))
        x, y = np.array([level(box, self._tilt) for box in last]).T
        dx, dy = x - x.mean(), y - y.mean()
        # Ridge regression: digits near each other that stand askew make no steep line.
        slope = float((dx * dy).sum() / ((dx * dx).sum() + (_STEADY * self._height) ** 2))
        self._course = (
            float(x.mean()),
            float(y.mean()),
            float(np.clip(slope, -_STEEPEST, _STEEPEST)),
        )

    def off(self, digit: Digit) -> float:
        """How far a digit is above or below this row, in heights."""
        at_x, at_y = level(digit.box, self._tilt)
        x, y, slope = self._course
        return abs(at_y - y - slope * (at_x - x)) / max(_height(digit.box), self._height)

    @property
    def place(self) -> float:
        """How far down the page it is."""
        return float(np.mean([level(digit.box, self._tilt)[1] for digit in self.digits]))

    def continues(self, other: _Row) -> bool:
        """Whether it is a piece of another row: level with it, and nowhere above or below it."""
        heights = [_height(digit.box) for digit in (*self.digits, *other.digits)]
        if abs(self.place - other.place) > _SAME_ROW * float(np.median(heights)):
            return False
        spans = [(digit.box[0], digit.box[2]) for digit in other.digits]
        return not any(
            digit.box[0] < (a + b) / 2 < digit.box[2] or a < _middle(digit.box)[0] < b
            for digit in self.digits
            for a, b in spans
        )


def lines(digits: Sequence[Digit], marks: Sequence[Mark] = ()) -> tuple[Line, ...]:
    """Puts digits into lines, lines into reading order.

    From left to right, each digit joins the line whose course it continues.

    Args:
        digits: In any order.
        marks: Each goes to the line that it stands in; those that stand in none are left out.
    """
    tilt = page_tilt([digit.box for digit in digits])
    rows: list[_Row] = []
    for digit in sorted(digits, key=lambda one: level(one.box, tilt)[0]):
        off = [row.off(digit) for row in rows]
        best = int(np.argmin(off)) if off else -1
        if best < 0 or off[best] > _LEVEL:
            rows.append(_Row(tilt))
            best = len(rows) - 1
        rows[best].add(digit)
    rows = _whole(sorted(rows, key=lambda row: row.place))
    homes = [_home(mark, rows) for mark in marks]
    return tuple(
        Line(
            groups(row.digits),
            tuple(
                sorted(
                    (mark for mark, home in zip(marks, homes, strict=True) if home == index),
                    key=lambda mark: mark.box[0],
                )
            ),
        )
        for index, row in enumerate(rows)
    )


def _whole(rows: list[_Row]) -> list[_Row]:
    """Rows from the top, the pieces of each made one."""
    whole: list[_Row] = []
    for row in rows:
        for other in whole[-3:]:
            if row.continues(other):
                other.digits = sorted([*other.digits, *row.digits], key=lambda one: one.box[0])
                break
        else:
            whole.append(row)
    return sorted(whole, key=lambda row: row.place)


def groups(digits: Sequence[Digit]) -> tuple[tuple[Digit, ...], ...]:
    """Parts the digits of a line where the space between them is wide."""
    spaces = [right.box[0] - left.box[2] for left, right in itertools.pairwise(digits)]
    if not spaces:
        return (tuple(digits),)
    height = float(np.median([_height(one.box) for one in digits]))
    usual = float(np.median(np.maximum(spaces, 0)))
    wide = max(_SPACE * height, _WIDER * usual)
    cuts = [0, *(at + 1 for at, space in enumerate(spaces) if space > wide), len(digits)]
    return tuple(tuple(digits[a:b]) for a, b in itertools.pairwise(cuts))


def _home(mark: Mark, rows: list[_Row]) -> int:
    """The line that a mark stands in: that of the nearest digit, if it is near; else -1."""
    x, y = _middle(mark.box)
    best, near = -1, _NEAR
    for index, row in enumerate(rows):
        for digit in row.digits:
            at_x, at_y = _middle(digit.box)
            height = _height(digit.box)
            if abs(y - at_y) > height:
                continue
            distance = abs(x - at_x) / height
            if distance < near:
                best, near = index, distance
    return best


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _height(box: Box) -> float:
    return float(box[3] - box[1])
