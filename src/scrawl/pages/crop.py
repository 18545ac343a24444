"""The ink of one digit of a page, cut out for the reader of single digits."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, Int32
from scrawl.pages.levels import Level

_BEST_HEIGHT = 36.0  # in pixels, of the ink that the reader of single digits is given
_INK = 70  # of 255: the least ink of a pixel that connects others
_SMALL = 0.3  # of the ink in a box, that a neighbour that reaches in has at most
_CLEAR = 90  # of 255, the most ink at the edge of a digit that stands alone


def crop(box: Float32, levels: Sequence[Level]) -> tuple[Float32, bool]:
    """The ink of a digit without its neighbours'.

    Args:
        box: Left, top, right, bottom in pixels of the picture.
        levels: The picture at its scales.

    Returns:
        float32 from 0 to 1, never empty, and whether nothing else reaches into the box.
    """
    height = box[3] - box[1]
    level = min(levels, key=lambda one: abs(np.log(height / one.scale / _BEST_HEIGHT)))
    scaled = box / level.scale
    x0, y0 = np.maximum(np.floor(scaled[:2]).astype(int) - 2, 0)
    x1, y1 = np.ceil(scaled[2:]).astype(int) + 2
    ink = level.ink[y0:y1, x0:x1]
    if not ink.size:
        return np.ones((1, 1), np.float32), False
    edge = max(int(side.max()) for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))
    count, labels = cv2.connectedComponents((ink > _INK).astype(np.uint8))
    if count > 2:
        ink = np.where(_foreign(labels, count), np.uint8(0), ink)
    own = ink.astype(np.float32) / np.float32(255)
    return (own if own.any() else np.ones((1, 1), np.float32)), edge < _CLEAR


def _foreign(labels: Int32, count: int) -> Bool:
    """Pixels of components that reach in from the left or right and hold little of the ink."""
    sizes = np.bincount(labels.ravel(), minlength=count)[1:]
    beside = np.unique(labels[:, [0, -1]])
    small = np.flatnonzero(sizes < _SMALL * sizes.sum()) + 1
    return np.isin(labels, np.intersect1d(beside, small))
