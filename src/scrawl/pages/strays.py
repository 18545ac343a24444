"""Leaves out strays: uncertain digits beside no certain one, such as specks and texture."""

from __future__ import annotations

from collections.abc import Sequence

from scrawl.pages.digit import Digit
from scrawl.pages.reading import Line

# Confidence from which on a digit is no stray, and shows where others may stand; whatever the
# reader's threshold, which marks digits and changes no text.
_SURE = 0.8
_MOSTLY = 0.75  # of the digits of a number beside sheets, that are sure
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


def _beside(digit: Digit, other: Digit) -> bool:
    """Whether a digit may stand in a line with another."""
    (_, top, _, bottom), (_, other_top, _, other_bottom) = digit.box, other.box
    height, other_height = bottom - top, other_bottom - other_top
    shared = min(bottom, other_bottom) - max(top, other_top)
    return shared >= _LEVEL * min(height, other_height) and height >= _SIZE * other_height
