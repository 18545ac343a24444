"""What the reader of lines sees: a line set straight, of one height, its ink light on dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import Box, Float32, UInt8
from scrawl.pages.levels import Level, dark_on_light
from scrawl.pixels import grey
from scrawl.ruling.walls import without

HEIGHT = 40
"""Of a strip, in pixels; digits take about two thirds of it."""

STEP = 2
"""Pixels of a strip for each thing that the network says of it."""

SIDE = 4
"""The width of a strip is a multiple of it."""

_DIGITS = 1.55  # heights of a digit that a strip is high
_BESIDE = 0.6  # heights of a digit that a strip reaches beyond the first and the last
_SPARE = 2  # times its height, at which a strip is cut out before it is averaged down
_INK, _PAPER = 2.0, 90.0  # percentiles of grey that are full ink and paper
_LEAST = 20.0  # levels of grey between them, at least: paper alone has no ink
_BEYOND = 0.15  # of the distance between them, that is kept on either side


@dataclass(frozen=True, eq=False)
class Strip:
    """A line, cut out and set straight.

    Attributes:
        pixels: uint8, shape ``(HEIGHT, W)``, dark for paper to light for ink.
        back: float32, shape ``(2, 3)``: takes x and y of the strip to those of the picture.
    """

    pixels: UInt8
    back: Float32

    def box(self, first: int, last: int) -> Box:
        """The box in the picture of what stands from a step to before another."""
        high = HEIGHT / _DIGITS / 2
        x, y = np.array([first, last]) * STEP, HEIGHT / 2 + np.array([-high, high])
        corners = np.array([(a, b, 1) for a in x for b in y]) @ self.back.T
        (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
        return int(x0), int(y0), int(np.ceil(x1)), int(np.ceil(y1))


def contrast(grey: UInt8) -> UInt8:
    """The ink of a strip, stretched to the same range whatever pen, paper and light.

    Unlike `scrawl.pages.ink.page_ink` it takes no texture for ink or paper: that is the network's.

    Args:
        grey: uint8, shape ``(H, W)``, dark on light.

    Returns:
        uint8, shape ``(H, W)``, dark for paper to light for ink.
    """
    low, high = np.percentile(grey, (_INK, _PAPER))
    reach = max(float(high - low), _LEAST)
    ink = (np.float32(high + _BEYOND * reach) - grey) * np.float32(255 / (1 + 2 * _BEYOND) / reach)
    stretched: UInt8 = np.clip(ink, 0, 255).astype(np.uint8)
    return stretched


def strip_of(boxes: Sequence[Box], image: UInt8, levels: Sequence[Level]) -> Strip:
    """Cuts a line out of a picture.

    Args:
        boxes: Of its digits, from left to right; at least one.
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.
        levels: The picture's ink; it says whether the line is dark on light.
    """
    corners = np.array(boxes, np.float32)
    middles = (corners[:, :2] + corners[:, 2:]) / 2
    height = float(np.median(corners[:, 3] - corners[:, 1]))
    along = _direction(middles.astype(np.float32), height)
    across = np.array([-along[1], along[0]], np.float32)
    at = np.array([(x, y) for box in boxes for x in box[::2] for y in box[1::2]]) @ along
    first, last = float(at.min()) - _BESIDE * height, float(at.max()) + _BESIDE * height
    middle = float(np.median(middles @ across))
    scale = HEIGHT / (_DIGITS * height)
    start = first * along + (middle - _DIGITS * height / 2) * across
    width = max(HEIGHT // 2, round((last - first) * scale))
    back = np.stack([along / scale, across / scale, start], 1).astype(np.float32)
    return Strip(contrast(_cut(back, width, image, levels)), back)


def strip_of_picture(image: UInt8, levels: Sequence[Level]) -> Strip:
    """A picture of one line and nothing else as a strip; see `strip_of`."""
    return strip_of_whole(image, _is_light(image, np.zeros(2, np.int64), levels))


def strip_of_whole(image: UInt8, light: bool) -> Strip:
    """A picture of one line and nothing else as a strip.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.
        light: Whether its ink is light on dark paper.
    """
    scale = image.shape[0] / HEIGHT
    size = max(HEIGHT // 2, round(image.shape[1] / scale)), HEIGHT
    pixels = cv2.resize(dark_on_light(image, light), size, interpolation=cv2.INTER_AREA)
    back = np.array([[scale, 0, 0], [0, scale, 0]], np.float32)
    return Strip(contrast(np.asarray(pixels, np.uint8)), back)


def _direction(middles: Float32, height: float) -> Float32:
    """The direction of a line through the middles of its digits, of length 1."""
    if middles[-1, 0] - middles[0, 0] < 2 * height:
        return np.array([1, 0], np.float32)
    slope = float(np.polyfit(middles[:, 0], middles[:, 1], 1)[0])
    return np.array([1, slope], np.float32) / np.float32(np.hypot(1, slope))


def _cut(back: Float32, width: int, image: UInt8, levels: Sequence[Level]) -> UInt8:
    """The grey of a strip, dark on light."""
    fine = back / np.array([_SPARE, _SPARE, 1], np.float32)
    size = width * _SPARE, HEIGHT * _SPARE
    ends = np.array([(x, y, 1) for x in (0, size[0]) for y in (0, size[1])]) @ fine.T
    limit = np.array(image.shape[1::-1])
    low = np.clip(np.floor(ends.min(0)).astype(int) - 1, 0, limit - 1)
    high = np.clip(np.ceil(ends.max(0)).astype(int) + 2, low + 1, limit)
    part = image[low[1] : high[1], low[0] : high[0]]
    values = dark_on_light(part, _is_light(part, low, levels))
    pixel = max(1.0, float(np.hypot(*fine[:, 0])))  # of the picture, for one of the wide strip
    less = [max(1, round(side / pixel)) for side in values.shape[::-1]]
    shrunk = cv2.resize(values, less, interpolation=cv2.INTER_AREA)  # turning takes single pixels
    shrunk = _without_walls(np.asarray(shrunk, np.uint8), low, high, levels)
    fine[:, 2] -= low
    fine *= (np.array(less) / values.shape[::-1]).astype(np.float32)[:, None]
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    wide = cv2.warpAffine(shrunk, fine, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(wide, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def _without_walls(
    values: UInt8, low: NDArray[np.integer], high: NDArray[np.integer], levels: Sequence[Level]
) -> UInt8:
    """A part of the picture without the walls of its boxes, which look like 1s.

    Args:
        values: uint8, dark on light: the part at any scale.
        low: The corner of the part in the picture, x and y.
        high: The corner opposite.
        levels: The picture's walls.
    """
    level = max(levels, key=lambda one: one.cells)
    if not level.rules.has_boxes:
        return values
    (x0, y0), (x1, y1) = (low / level.scale).astype(int), np.ceil(high / level.scale).astype(int)
    walls = level.rules.mask[y0:y1, x0:x1]
    if not walls.any():
        return values
    there = cv2.resize(walls * np.uint8(255), values.shape[::-1], interpolation=cv2.INTER_AREA)
    return without(values, np.asarray(there > 0, np.uint8))


def _is_light(part: UInt8, low: NDArray[np.integer], levels: Sequence[Level]) -> bool:
    """Whether the ink of a part of the picture, from a corner on, is lighter than its paper."""
    level = levels[-1]
    x, y = (low / level.scale).astype(int)
    height, width = (max(1, round(side / level.scale)) for side in part.shape[:2])
    ink = level.ink[y : y + height, x : x + width].astype(np.float32)
    if not ink.size:
        return False
    values = cv2.resize(grey(part), ink.shape[::-1], interpolation=cv2.INTER_AREA)
    return float(((ink - ink.mean()) * values).mean()) > 0
