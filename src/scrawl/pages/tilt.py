"""By how much the lines of a page fall, from where its digits are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Box, Float64

_STEEPEST = 0.16  # slope that is looked for: 9 degrees
_FEWEST = 6  # digits that show a tilt
_BIN = 0.25  # of a digit's height, in which digits count as level
_SHARPER = 1.02  # times as sharp as without a tilt, from which on there is one


def page_tilt(boxes: Sequence[Box]) -> float:
    """The slope of the lines of a page: how far they fall to the right, for one pixel.

    It is the one along which the projection of the digits is sharpest (W. Postl, "Detection of
    linear oblique structures and skew scan in digitized documents", 1986): all lines count
    together, so that one of two or three digits cannot mislead.
    """
    if len(boxes) < _FEWEST:
        return 0.0
    corners = np.array(boxes, np.float64)
    middles = (corners[:, :2] + corners[:, 2:]) / 2
    height = float(np.median(corners[:, 3] - corners[:, 1]))
    span = float(np.ptp(middles[:, 0]))
    if span < 4 * height:
        return 0.0
    steps = int(np.clip(np.ceil(_STEEPEST * span / (_BIN * height)), 4, 200))
    slopes = np.linspace(-_STEEPEST, _STEEPEST, 2 * steps + 1)
    sharp = sharpness(middles[:, 1] - slopes[:, None] * middles[:, 0], height)
    best = int(sharp.argmax())
    return float(slopes[best]) if sharp[best] > _SHARPER * sharp[steps] else 0.0


def sharpness(y: Float64, height: float) -> Float64:
    """How unevenly things of this height are spread over the heights ``y`` of a page.

    Args:
        y: Shape ``(tilts, n)``: of each thing, for several tilts of the page.
        height: Of the things.

    Returns:
        float64, shape ``(tilts,)``.
    """
    places = ((y - y.min(1, keepdims=True)) / (_BIN * height)).astype(int) + 2
    bins = int(places.max()) + 3  # two more at either end, over which the last are smoothed
    places += bins * np.arange(len(y))[:, None]
    counts = np.bincount(places.ravel(), minlength=bins * len(y)).reshape(len(y), bins)
    smooth = (counts[:, :-2] + 2 * counts[:, 1:-1] + counts[:, 2:]).astype(np.float64)
    return np.asarray((smooth**2).sum(1), np.float64)


def level(box: Box, tilt: float) -> tuple[float, float]:
    """The middle of a box on the page without its tilt."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return x + tilt * y, y - tilt * x
