"""From digits anywhere on a page to lines in reading order and groups within a line."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Box
from scrawl.pages.reading import Digit, Line, Mark

_LEVEL = 0.5  # of a digit's height: how far above or below its line it may lie
_TRACK = 4  # digits at a line's end that say how it goes on
_STEEPEST = 0.4  # slope that a line may have: two digits that stand askew are no steep line
_LONG = 3  # heights of a digit between a line's ends, from which on it shows the page's tilt
_NEAR = 2.5  # heights of a digit within which a mark belongs to its line
_SPACE = 0.6  # of the line's height, the least space between groups
_WIDER = 1.9  # and how many times as wide as most spaces between digits


class _Row:
    """Digits that continue each other's course, from left to right."""

    def __init__(self, digit: Digit) -> None:
        self.digits: list[Digit] = []
        self.add(digit)

    def add(self, digit: Digit) -> None:
        self.digits.append(digit)
        last = [one.box for one in self.digits[-_TRACK:]]
        x, y = np.array([_middle(box) for box in last]).T
        slope = 0.0
        if len(last) > 1 and x[-1] - x[0] > 1:
            slope = float(np.clip(np.polyfit(x, y, 1)[0], -_STEEPEST, _STEEPEST))
        self._course = float(x.mean()), float(y.mean()), slope
        self._height = float(np.median([_height(box) for box in last]))

    def off(self, digit: Digit) -> float:
        """How far a digit is above or below this row, in heights."""
        at_x, at_y = _middle(digit.box)
        x, y, slope = self._course
        return abs(at_y - y - slope * (at_x - x)) / max(_height(digit.box), self._height)


def lines(digits: Sequence[Digit], marks: Sequence[Mark] = ()) -> tuple[Line, ...]:
    """Puts digits into lines, lines into reading order.

    From left to right, each digit joins the line whose course it continues.

    Args:
        digits: In any order.
        marks: Each goes to the line that it stands in; those that stand in none are left out.
    """
    rows: list[_Row] = []
    for digit in sorted(digits, key=lambda one: _middle(one.box)[0]):
        off = [row.off(digit) for row in rows]
        best = int(np.argmin(off)) if off else -1
        if best >= 0 and off[best] <= _LEVEL:
            rows[best].add(digit)
        else:
            rows.append(_Row(digit))
    tilt = _tilt(rows)
    rows.sort(key=lambda row: float(np.mean([y - tilt * x for x, y in map(_middle, _boxes(row))])))
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


def _tilt(rows: list[_Row]) -> float:
    """How much the lines of the page fall to the right."""
    slopes = []
    for row in rows:
        x, y = np.array([_middle(box) for box in _boxes(row)]).T
        if len(x) > 2 and x[-1] - x[0] > _LONG * _height(row.digits[0].box):
            slopes.append(float(np.polyfit(x, y, 1)[0]))
    return float(np.median(slopes)) if slopes else 0.0


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


def _boxes(row: _Row) -> list[Box]:
    return [digit.box for digit in row.digits]


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _height(box: Box) -> float:
    return float(box[3] - box[1])
