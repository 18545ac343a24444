"""Leaves out strays: uncertain digits beside no certain one, such as specks and texture.

And doubts what stands among them: in a printed word one letter or two may surely look like digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scrawl.arrays import Bool
from scrawl.pages.detections import Detections
from scrawl.pages.digit import Digit
from scrawl.pages.levels import Level
from scrawl.pages.reading import Line

# Confidence from which on a digit is no stray, and shows where others may stand; whatever the
# reader's threshold, which marks digits and changes no text.
_SURE = 0.8
_MOSTLY = 0.75  # of the digits of a number beside sheets, that are sure
_ON = 0.07  # of a box's width, by which what is a piece of its wall may stand beside it
_NARROW = 0.3  # and how wide it is at most
_LEVEL = 0.5  # of the lower of two digits, that is beside the other
_SIZE = 0.6  # of a sure digit's height, the least of one beside it


def without_strays(digits: Sequence[Digit]) -> list[Digit]:
    """Leaves out doubtful digits that no sure digit stands beside, or only a much larger one.

    Where none is sure, all stay.
    """
    sure = [digit for digit in digits if digit.confidence >= _SURE]
    if not sure:
        return list(digits)
    return [
        digit
        for digit in digits
        if digit.confidence >= _SURE or any(_beside(digit, other) for other in sure)
    ]


def only_writing(lines: Sequence[Line]) -> list[Line]:
    """Leaves out what is no number of several sure digits: a table's grain, keys, a thumb."""
    kept = []
    for line in lines:
        groups = tuple(
            group
            for group in line.groups
            if sum(digit.confidence >= _SURE for digit in group) >= max(2, _MOSTLY * len(group))
        )
        if groups:
            kept.append(Line(groups, line.marks))
    return kept


def in_company(lines: Sequence[Line], threshold: float) -> list[Line]:
    """The lines, all digits uncertain of a number whose digits are below a threshold on average.

    Args:
        lines: What was read.
        threshold: The confidence below which a digit is uncertain.
    """

    def judged(group: tuple[Digit, ...]) -> tuple[Digit, ...]:
        if sum(one.confidence for one in group) >= threshold * len(group):
            return group
        return tuple(replace(one, uncertain=True) for one in group)

    return [replace(line, groups=tuple(map(judged, line.groups))) for line in lines]


def off_walls(found: Detections, levels: Sequence[Level]) -> Bool:
    """Which detections are no pieces of walls: those stand on a wall of a box, and are narrow.

    Args:
        found: In pixels of the picture.
        levels: The picture at its scales, with what is ruled there.
    """
    ruling = max(levels, key=lambda one: one.cells)
    kept = np.ones(len(found.boxes), bool)
    x, y = (found.boxes[:, [0, 1]] + found.boxes[:, [2, 3]]).T / 2
    wide = found.boxes[:, 2] - found.boxes[:, 0]
    for row in ruling.rules.rows if ruling.rules.has_boxes else ():
        cells = row * np.float32(ruling.scale)
        usual = float(np.median(cells[:, 1, 0] - cells[:, 0, 0]))
        for (x0, y0), (x1, y1) in [*cells[:, [0, 3]], cells[-1, [1, 2]]]:
            at = x0 + (y - y0) / max(float(y1 - y0), 1.0) * (x1 - x0)
            here = (np.abs(x - at) < _ON * usual) & (y > y0) & (y < y1)
            kept &= ~(here & (wide < _NARROW * usual))
    return kept


def _beside(digit: Digit, other: Digit) -> bool:
    """Whether a digit may stand in a line with another."""
    (_, top, _, bottom), (_, other_top, _, other_bottom) = digit.box, other.box
    height, other_height = bottom - top, other_bottom - other_top
    shared = min(bottom, other_bottom) - max(top, other_top)
    return shared >= _LEVEL * min(height, other_height) and height >= _SIZE * other_height
