"""Finds the digits of a picture: coarse to fine, and closer only where there is more to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, UInt8
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector
from scrawl.pages.levels import Level
from scrawl.pages.suppression import company, non_maximum_suppression

_TILE = 448  # side in pixels of what the network sees at once
_HALO = 64  # pixels around it, so that no digit is cut and each is seen with its surroundings
_READABLE = 24.0  # a digit of this height in pixels
_SURE = 0.45  # and this confidence need not be looked at closer
_INK = 90  # of 255
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
        for left, top, right, bottom in _tiles(level.ink, explained):
            check()
            part = detector.find(np.ascontiguousarray(level.ink[top:bottom, left:right]))
            part = part.moved(1, left, top).only(_inside(part, left, top, right, bottom, level))
            here.append(part.moved(level.scale))
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


def _tiles(ink: UInt8, explained: UInt8) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right, bottom of the windows that hold what is not explained."""
    rest = ((ink > _INK) & (explained == 0)).astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(rest)
    heights = stats[1:count, cv2.CC_STAT_HEIGHT]
    things = (heights >= _THING[0]) & (heights <= _THING[1])
    # What touches a rule or another is larger than a digit, and may still hold one.
    large = (heights > _THING[1]) | (stats[1:count, cv2.CC_STAT_WIDTH] > _THING[1])
    height, width = ink.shape
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    wanted = np.zeros((rows, columns), bool)
    at = (middles[1:count][things] // _TILE).astype(int)
    wanted[np.minimum(at[:, 1], rows - 1), np.minimum(at[:, 0], columns - 1)] = True
    for x, y, w, h in stats[1:count][large, :4].tolist():
        wanted[y // _TILE : (y + h) // _TILE + 1, x // _TILE : (x + w) // _TILE + 1] = True
    for row, column in np.argwhere(wanted).tolist():
        top, left = max(row * _TILE - _HALO, 0), max(column * _TILE - _HALO, 0)
        bottom, right = (row + 1) * _TILE + _HALO, (column + 1) * _TILE + _HALO
        yield left, top, min(right, width), min(bottom, height)


def _inside(part: Detections, left: int, top: int, right: int, bottom: int, level: Level) -> Bool:
    """Those whose middle is not in the halo, except where the halo is the picture's edge."""
    height, width = level.ink.shape
    x = (part.boxes[:, 0] + part.boxes[:, 2]) / 2 + left
    y = (part.boxes[:, 1] + part.boxes[:, 3]) / 2 + top
    inside = (x >= left + _HALO * (left > 0)) & (x < right - _HALO * (right < width))
    return np.asarray(
        inside & (y >= top + _HALO * (top > 0)) & (y < bottom - _HALO * (bottom < height))
    )
