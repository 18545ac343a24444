"""A first look at little cost: how large a picture's digits are, and so at which scale to read it.

The detector sees the picture at a few small sizes. Digits that it is sure of there say how large
all are; smaller writing beside them shows as ink that nothing has explained. What then is read has
its digits at one height, whatever the picture's own size.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, UInt8
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector
from scrawl.pages.levels import FINEST, INK, Level, Pyramid
from scrawl.pages.search import windows
from scrawl.pages.suppression import non_maximum_suppression

BEST = 42.0
"""The height in pixels at which digits are read."""

_STRIP = 400  # pixels, the long side of a picture that is never read coarser than it is
_LOW = 22.0  # pixels: where its digits are lower, it is read at twice its size
_SIZES = 120, 240, 480, 1200  # long sides in pixels of what is looked at
_ALWAYS = 2  # so many of these sizes are looked at in any case
_ENLARGED = 2  # times at most, for a look at what is small
_SEEN = 2  # windows of each at most: a sample says how large digits are
_SURE = 0.6  # confidence of digits that count
_ENOUGH = 1.0  # the sum of their squared confidences from which on no finer look is needed
_TRUSTED = 14, 70  # pixels, the height of such digits
_SMALLEST = 4  # pixels of the picture in which smaller writing is looked for
_LOOKED = 1200  # its long side in pixels
_SMALLER = 0.55  # of the digits' height: what is lower needs a finer scale
_PAPER = 33  # pixels there, wider than any stroke of what is small
_STRONG = 0.4  # of the digits' contrast that writing has at least; texture has less
_MATES = 3  # so many of one height side by side are writing, not dust
_REACH = 4.0  # heights to either side, in which they stand
_ALIKE = 0.6  # ratio of heights from which on two are of one size
_READABLE = 18.0  # pixels, that smaller writing is to have


def fitting(
    detector: Detector,
    pyramid: Pyramid,
    light: bool,
    check: Callable[[], None],
    one: bool = False,
) -> float | None:
    """The scale at which a picture is to be read: pixels of the finest level for one of its own.

    Args:
        detector: Looks at small pictures.
        pyramid: The picture.
        light: Whether the ink is light on dark paper.
        check: Is called before each window.
        one: Whether the picture shows exactly one number: a strip of it is read as it is, since a
            finer scale adds pieces of digits that compete.

    Returns:
        None where no digit is sure, or the picture is small: all its scales are to be read.
    """
    if pyramid.longest > pyramid.long or (one and pyramid.long <= _STRIP):
        return None  # so small a picture is enlarged already
    best, seen = 0.0, detector.nothing
    for number, long in enumerate(_SIZES):
        if number >= _ALWAYS and (best >= _ENOUGH or long > _ENLARGED * pyramid.longest):
            break
        level, _ = pyramid.glimpse(light, long)
        found = _sure(detector, level, check)
        worth = float((found.confidence**2).sum())
        if worth > best:
            best, seen = worth, found.moved(level.scale)
    if best < _ENOUGH:
        return None
    height = float(np.median(_heights(seen)))
    if pyramid.long <= _STRIP:
        # It costs little as fine as it is, and loses by being resampled but to twice its size.
        return 2.0 if height < _LOW else 1.0
    scale = BEST / height
    level, channel = pyramid.glimpse(light, min(_LOOKED, pyramid.longest))
    smaller = _smaller(level, channel, seen)
    while smaller * scale < _READABLE:
        scale *= 2
    return min(scale, FINEST / pyramid.long, 4.0)


def _heights(found: Detections) -> Float32:
    return np.asarray(found.boxes[:, 3] - found.boxes[:, 1], np.float32)


def _sure(detector: Detector, level: Level, check: Callable[[], None]) -> Detections:
    """Digits of a level that are beyond doubt, as large as they are read best."""
    parts = [detector.nothing]
    for window in windows(level)[:_SEEN]:
        check()
        parts.append(window.find(detector, level.ink))
    found = Detections.joined(parts)
    heights = _heights(found)
    trusted = (heights >= _TRUSTED[0]) & (heights <= _TRUSTED[1])
    sure = trusted & found.are_digits & (found.confidence >= _SURE)
    return non_maximum_suppression(found.only(sure))


def _smaller(level: Level, channel: UInt8, seen: Detections) -> float:
    """The height of writing, in the picture's pixels, that is smaller than the digits seen.

    Args:
        level: What is ink at some scale.
        channel: uint8, the same shape: the level's picture, dark on light.
        seen: The digits, in the picture's pixels.
    """
    boxes = (seen.boxes / level.scale).astype(int)
    usual = float(np.median(_heights(seen))) / level.scale
    written = (level.ink > INK).astype(np.uint8)
    rest = written.copy()
    around = [np.s_[max(y0 - 2, 0) : y1 + 3, max(x0 - 2, 0) : x1 + 3] for x0, y0, x1, y1 in boxes]
    for here in around:
        rest[here] = 0
    count, labels, stats, middles = cv2.connectedComponentsWithStats(rest)
    heights = stats[1:count, cv2.CC_STAT_HEIGHT].astype(np.float32)
    small = (heights >= _SMALLEST) & (heights < _SMALLER * usual)
    if np.count_nonzero(small) <= _MATES:
        return float("inf")
    wide = np.ones((_PAPER, _PAPER), np.uint8)
    depth = cv2.morphologyEx(channel, cv2.MORPH_BLACKHAT, wide).astype(np.float32)
    contrasts = []
    for here in around:
        if written[here].any():
            contrasts.append(float(depth[here][written[here] > 0].mean()))
        written[here] = 0
    least = _STRONG * float(np.median(contrasts)) if contrasts else 0.0
    sums = np.bincount(labels.ravel(), depth.ravel(), count)[1:]
    small &= sums >= least * stats[1:count, cv2.CC_STAT_AREA]
    lows = heights[small][_in_company(middles[1:count][small], heights[small])]
    return float(np.percentile(lows, 25)) * level.scale if len(lows) else float("inf")


def _in_company(middles: Float32, heights: Float32) -> Bool:
    """Whether each thing has others of its height beside it."""
    order = np.argsort(middles[:, 1], kind="stable")
    x, y, high = middles[order, 0], middles[order, 1], heights[order]
    mates = np.zeros(len(order), bool)
    for row, height in enumerate(high):
        low, top = np.searchsorted(y, (y[row] - height / 2, y[row] + height / 2))
        near = np.abs(x[low:top] - x[row]) < _REACH * height
        ratio = high[low:top] / height
        alike = (ratio > _ALIKE) & (ratio < 1 / _ALIKE)
        mates[order[row]] = np.count_nonzero(near & alike) > _MATES
    return mates
