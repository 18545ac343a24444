"""Finds the digits of a picture: coarse to fine, and closer only where there is more to see."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, UInt8
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector
from scrawl.pages.levels import INK, Level
from scrawl.pages.suppression import company, non_maximum_suppression

_TILE = 640  # side in pixels of what the network sees at once, at most
_HALO = 64  # pixels around it, so that no digit is cut and each is seen with its surroundings
_AROUND = 16  # pixels about things, in which what they are pieces of has its middle
_READABLE = 24.0  # a digit of this height in pixels
_SURE = 0.45  # and this confidence need not be looked at closer
_THING = (7, 60)  # heights in pixels of what may be a digit


def search(detector: Detector, levels: Sequence[Level], check: Callable[[], None]) -> Detections:
    """Finds digits and marks.

    Args:
        detector: The network.
        levels: The picture from coarse to fine, as `scrawl.pages.levels.Pyramid` gives it.
        check: Is called before each window; what it raises ends the search.

    Returns:
        Digits and marks in pixels of the picture, the surest first, each once.
    """
    return non_maximum_suppression(*candidates(detector, levels, check))


def candidates(
    detector: Detector, levels: Sequence[Level], check: Callable[[], None]
) -> tuple[Detections, Float32]:
    """All that `search` chooses from: a thing once a scale at most, and what each is worth there.

    Returns:
        Digits and marks in pixels of the picture; what their company multiplies the confidence of
        each by, float32, shape ``(n,)``.
    """
    everything = [detector.nothing]
    worth = [company(detector.nothing)]
    for level in levels:
        here = [detector.nothing]
        seen = Detections.joined(everything).moved(1 / level.scale)
        explained = _explained(level.ink.shape, seen)
        for window in windows(level, explained):
            check()
            here.append(window.find(detector, level.ink).moved(level.scale))
        once = non_maximum_suppression(Detections.joined(here))
        once = once.only(~_within(once.moved(1 / level.scale), explained))
        everything.append(once)
        worth.append(company(once))
    return Detections.joined(everything), np.concatenate(worth)


def _explained(shape: tuple[int, ...], seen: Detections) -> UInt8:
    """1 where coarser levels have read what is there, 0 elsewhere."""
    mask = np.zeros(shape, np.uint8)
    heights = seen.boxes[:, 3] - seen.boxes[:, 1]
    read = (heights > 2 * _READABLE) & (seen.confidence > _SURE)
    for x0, y0, x1, y1 in seen.boxes[read].astype(int):
        mask[max(y0 - 3, 0) : y1 + 4, max(x0 - 3, 0) : x1 + 4] = 1
    return mask


def _within(found: Detections, explained: UInt8) -> Bool:
    """Whether the middle of each box is explained: a piece of what was read already."""
    height, width = explained.shape
    x = np.clip((found.boxes[:, 0] + found.boxes[:, 2]) / 2, 0, width - 1).astype(int)
    y = np.clip((found.boxes[:, 1] + found.boxes[:, 3]) / 2, 0, height - 1).astype(int)
    return np.asarray(explained[y, x] == 1)


@dataclass(frozen=True)
class Window:
    """What the network sees at once: a part of a level with its surroundings.

    Attributes:
        core: Left, top, right, bottom of the part, in pixels of the level.
        things: How many things there are that may be digits.
    """

    core: tuple[int, int, int, int]
    things: int

    def find(self, detector: Detector, ink: UInt8) -> Detections:
        """What the detector finds in the part."""
        x0, y0, x1, y1 = self.core
        left, top = max(x0 - _HALO, 0), max(y0 - _HALO, 0)
        seen = ink[top : y1 + _HALO, left : x1 + _HALO]
        found = detector.find(np.ascontiguousarray(seen)).moved(1, left, top)
        x = (found.boxes[:, 0] + found.boxes[:, 2]) / 2
        y = (found.boxes[:, 1] + found.boxes[:, 3]) / 2
        # What the network makes of the picture's edge may lie a little beyond it.
        height, width = ink.shape
        inside = ((x >= x0) | (x0 == 0)) & ((x < x1) | (x1 == width))
        return found.only(inside & ((y >= y0) | (y0 == 0)) & ((y < y1) | (y1 == height)))


def windows(level: Level, explained: UInt8 | None = None) -> list[Window]:
    """The windows that hold what is not explained, those with most things first.

    Args:
        level: The ink that is looked for.
        explained: uint8, shape ``(H, W)``, 1 where what is there has been read.
    """
    pieces = level.things[0]
    if explained is not None and explained.any():
        rest = (level.ink > INK).astype(np.uint8) & (1 - explained)
        pieces = cv2.connectedComponentsWithStats(rest)[2][1:]
    boxes = pieces[:, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    sizes = boxes[:, 2:] - boxes[:, :2]
    things = (sizes[:, 1] >= _THING[0]) & (sizes[:, 1] <= _THING[1])
    # What touches a rule or another is larger than a digit, and may still hold one.
    large = (sizes > _THING[1]).any(1)
    middles = (boxes[:, :2] + boxes[:, 2:]) // 2
    found = []
    for y0, y1 in _spans(level.ink.shape[0]):
        for x0, x1 in _spans(level.ink.shape[1]):
            tile = np.array([x0, y0, x1, y1])
            here = things & ((middles >= tile[:2]) & (middles < tile[2:])).all(1)
            here |= large & ((boxes[:, 2:] > tile[:2]) & (boxes[:, :2] < tile[2:])).all(1)
            if not here.any():
                continue
            low = np.maximum(boxes[here, :2].min(0) - _AROUND, tile[:2])
            high = np.minimum(boxes[here, 2:].max(0) + _AROUND, tile[2:])
            core = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
            found.append(Window(core, int(here.sum())))
    return sorted(found, key=lambda window: -window.things)


def _spans(length: int) -> list[tuple[int, int]]:
    """Parts of a length, all about as long and none longer than a tile."""
    ends = np.linspace(0, length, -(-length // _TILE) + 1).round().astype(int).tolist()
    return list(itertools.pairwise(ends))
