"""What the place of a stroke says of it: a slash parts what stands on both its sides."""

from __future__ import annotations

import numpy as np

from scrawl.pages.detector import Found
from scrawl.pages.grid import CLASSES

_ONE, _SLASH = CLASSES.index("1"), CLASSES.index("/")
_BESIDE = 1.5  # heights of a slash within which a digit stands beside it
_LEVEL = 0.6  # and by how many its middle may lie higher or lower


def leading_slashes(found: Found) -> Found:
    """Takes a slash with a digit behind it and none before it for a 1 that leans.

    Args:
        found: Digits and marks, each once.

    Returns:
        The same, what is the chance of such a slash being added to that of a 1.
    """
    boxes, chances = found.boxes, found.chances.copy()
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    for row in np.flatnonzero(chances.argmax(1) == _SLASH):
        left, top, right, bottom = boxes[row]
        height = bottom - top
        near = found.are_digits & (np.abs(middles[:, 1] - middles[row, 1]) < _LEVEL * height)
        behind = near & (middles[:, 0] > middles[row, 0])
        before = near & ~behind
        follows = (boxes[behind, 0] - right < _BESIDE * height).any()
        if follows and not (left - boxes[before, 2] < _BESIDE * height).any():
            chances[row, _ONE] += chances[row, _SLASH]
            chances[row, _SLASH] = 0
    return Found(boxes, chances)
