"""A picture at the scales at which its digits may have a readable height."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from scrawl.arrays import Float32, Float64, Int32, UInt8
from scrawl.pages.ink import page_ink
from scrawl.pixels import grey, shrink
from scrawl.ruling.walls import Walls, find_walls, without

_COARSEST = 40  # long side in pixels; a digit fills it
INK = 90
"""Of 255: the least ink of a pixel that connects others."""

FINEST = 2400  # of what is looked at; a digit is at least 1/170 of the long side: 1.7 mm on A4
_SMALL = 160  # a picture smaller than this is enlarged as well
_WEIGHED = 1000  # long side at which polarity is judged
_WINDOWS = (0.1, 0.25)  # sides of the windows in which it is judged, of the long side


@dataclass(frozen=True)
class Level:
    """A picture at one scale.

    Attributes:
        ink: uint8, shape ``(h, w)``, 255 for ink.
        scale: Pixels of the picture for one of ``ink``.
        rules: What was ruled there; the ink is without it.
    """

    ink: UInt8
    scale: float
    rules: Walls

    @cached_property
    def things(self) -> tuple[Int32, Float64]:
        """Pieces of connected ink: left, top, width, height, area of each, and its middle."""
        written = (self.ink > INK).astype(np.uint8)
        count, _, stats, middles = cv2.connectedComponentsWithStats(written)
        return np.asarray(stats[1:count], np.int32), np.asarray(middles[1:count], np.float64)

    @property
    def cells(self) -> int:
        """How many cells are ruled there."""
        return sum(map(len, self.rules.rows))


class Pyramid:
    """A picture at all its scales, coarse to fine, each twice as fine as the one before.

    Attributes:
        lightness: The share of three votes that say the ink is lighter than its paper.
        long: The long side of the picture in pixels.
        longest: That of the finest scale.
    """

    def __init__(self, image: UInt8) -> None:
        """Shrinks a picture.

        Args:
            image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.
        """
        self._pictures = _pictures(image)
        self._size = image.shape[:2]
        self.lightness = _lightness(self._pictures[-1])
        self.long = max(image.shape[:2])
        self.longest = max(self._pictures[-1].shape[:2])

    def levels(
        self, light: bool, largest: int | None = None, scale: float | None = None
    ) -> list[Level]:
        """The ink at each scale, coarse to fine.

        Args:
            light: Whether the ink is light on dark paper.
            largest: The long side in pixels up to which scales are wanted; None wants all.
            scale: Pixels of the finest for one of the picture; None for as fine as is useful.
        """
        pictures = self._pictures if scale is None else _halved(self._at(scale))
        wanted = [p for p in pictures if largest is None or max(p.shape[:2]) <= largest]
        levels: list[Level] = []
        for picture in reversed(wanted or pictures[:1]):
            channel = dark_on_light(picture, light)
            finer = levels[-1].rules.mask if levels else None
            levels.append(_level(channel, finer, self._size[1] / picture.shape[1]))
        best = max(levels, key=lambda level: level.cells)
        for at, picture in enumerate(reversed(wanted or pictures[:1])):
            if best.rules.has_boxes and not levels[at].cells and levels[at].scale < best.scale:
                levels[at] = _with_walls(levels[at], best, dark_on_light(picture, light))
        return levels[::-1]

    def glimpse(self, light: bool, long: int) -> tuple[Level, UInt8]:
        """The ink at one scale, rules and all, and the picture there, dark on light.

        Args:
            light: Whether the ink is light on dark paper.
            long: The long side in pixels.
        """
        picture = self._at(long / max(self._size))
        channel = dark_on_light(picture, light)
        ink = page_ink(channel)
        return Level(ink, self._size[1] / picture.shape[1], Walls(np.zeros_like(ink))), channel

    def _at(self, scale: float) -> UInt8:
        """The picture with so many pixels for one of its own."""
        width = max(1, round(scale * self._size[1]))
        finer = (picture for picture in self._pictures if picture.shape[1] >= width)
        source = next(finer, self._pictures[-1])
        return _resized(source, width / source.shape[1])


def _level(channel: UInt8, finer: UInt8 | None, scale: float) -> Level:
    """One scale, without what is ruled there or was at the next finer one."""
    ink = page_ink(channel)
    rules = find_walls(ink)
    if finer is not None and finer.any():
        mask = cv2.resize(finer * np.uint8(255), channel.shape[::-1], interpolation=cv2.INTER_AREA)
        rules = replace(rules, mask=rules.mask | (mask > 0))
    if rules.mask.any():
        ink = page_ink(without(channel, rules.mask))
    return Level(ink, scale, rules)


def _with_walls(level: Level, coarser: Level, channel: UInt8) -> Level:
    """A scale without the boxes that were found at a coarser one: there, thick walls are thin."""
    mask = cv2.resize(coarser.rules.mask, channel.shape[::-1], interpolation=cv2.INTER_NEAREST)
    ratio = np.float32(coarser.scale / level.scale)
    rules = Walls(level.rules.mask | mask, [row * ratio for row in coarser.rules.rows])
    return Level(page_ink(without(channel, rules.mask)), level.scale, rules)


def _pictures(image: UInt8) -> list[UInt8]:
    """The picture at each scale, coarse to fine; only the finest is made from the picture."""
    long = max(image.shape[:2])
    scale = min(1.0, FINEST / long)
    if long < _SMALL:
        scale = 2.0 if long >= _SMALL / 2 else 4.0
    return _halved(_resized(image, scale))


def _halved(finest: UInt8) -> list[UInt8]:
    """A picture, and others down to the coarsest, each half as large: coarse to fine."""
    pyramid = [finest]
    while max(pyramid[-1].shape[:2]) >= 2 * _COARSEST:
        pyramid.append(_resized(pyramid[-1], 0.5))
    return pyramid[::-1]


def _resized(image: UInt8, scale: float) -> UInt8:
    if scale == 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=way), np.uint8)


def dark_on_light(image: UInt8, light: bool) -> UInt8:
    """One channel with the ink dark: between luminance and the channel that shows ink best."""
    if image.ndim == 3:
        red, green, blue = cv2.split(image)  # NumPy along the last axis takes ten times as long
        most = cv2.max if light else cv2.min
        extreme = most(most(red, green), blue)
        image = cv2.addWeighted(grey(image), 0.5, extreme, 0.5, 0)
    return np.asarray(255 - image if light else image, np.uint8)


def _lightness(image: UInt8) -> float:
    """The share of windows in which grey levels stray further to light than to dark.

    Most of a page is paper, and ink strays from it to one side: the sign of the third moment about
    the mean around. Narrow windows forgive shadows, wide ones thick strokes.
    """
    shrunk = shrink(grey(image), _WEIGHED)
    paper = float(np.median(shrunk))
    darkest, lightest = float(shrunk.min()), float(shrunk.max())
    if darkest < lightest and paper in (darkest, lightest):
        return float(paper == darkest)  # a drawing: all else differs from its paper one way
    values = shrunk.astype(np.float32)
    votes = 0
    for part in _WINDOWS:
        size = max(3, int(part * max(values.shape)) | 1)
        around = cv2.blur(values, (size, size), borderType=cv2.BORDER_REPLICATE)
        votes += _leans_up(values - around)
    votes += _leans_up(values - paper)
    return votes / (len(_WINDOWS) + 1)


def _leans_up(stray: Float32) -> bool:
    """Whether the third moment is positive; ``** 3`` would be a call of pow for each pixel."""
    return float((stray * stray * stray).mean()) > 0
