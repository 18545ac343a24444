"""Which ink on a picture is the one digit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.preprocess.ink import Floats, contrast_channel, ink_of, polarity, shrink
from scrawl.preprocess.lines import without_lines
from scrawl.preprocess.normalise import normalise

_WORKING = 320  # long side, in pixels, at which a digit is looked for
_INKED = 0.25  # ink above which a pixel belongs to a component
_SURE = 3.0  # ratio of votes from which on only one polarity is tried


@dataclass(frozen=True)
class Found:
    """The one digit of a picture.

    Attributes:
        ink: float32, shape ``(h, w)``, 0 for paper to 1 for ink: the digit's own.
        box: ``(x0, y0, x1, y1)`` in pixels of the picture, the last column and row excluded.
        normalised: uint8, shape ``(28, 28)``, as MNIST's digits are.
        light_on_dark: Whether the ink is lighter than its paper.
    """

    ink: Floats
    box: tuple[int, int, int, int]
    normalised: npt.NDArray[np.uint8]
    light_on_dark: bool


@dataclass(frozen=True)
class _Candidate:
    ink: Floats  # of the whole picture, 0 outside the digit
    light: bool
    score: float


def find_digit(image: npt.NDArray[np.uint8]) -> Found | None:
    """Finds the one digit on a picture and normalises it.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.

    Returns:
        The digit, or None if there is no ink.
    """
    small = shrink(image, _WORKING)
    best = _best(small)
    if best is None:
        return None
    x, y, w, h = cv2.boundingRect((best.ink > 0).astype(np.uint8))
    crop = best.ink[y : y + h, x : x + w]
    sx, sy = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    box = (int(x * sx), int(y * sy), round((x + w) * sx), round((y + h) * sy))
    return Found(crop, box, normalise(crop), best.light)


def _best(image: npt.NDArray[np.uint8]) -> _Candidate | None:
    channel = contrast_channel(image)
    dark, light = polarity(channel)
    if not dark + light:
        return None
    likely = light > dark
    best = _candidate(channel, likely, max(dark, light))
    if best is not None and max(dark, light) > _SURE * min(dark, light):
        return best
    other = _candidate(channel, not likely, min(dark, light))
    return max((c for c in (best, other) if c), key=lambda c: c.score, default=None)


def _candidate(channel: Floats, light: bool, vote: float) -> _Candidate | None:
    ink, contrast = ink_of(channel, light)
    if not contrast:
        return None
    chosen = choose(without_lines(ink))
    if chosen is None:
        return None
    mask, main, clutter = chosen
    ink = ink * cv2.dilate(mask, np.ones((3, 3), np.uint8))
    # A stroke is many times as long as it is wide; what lies between strokes is not.
    depth = cv2.distanceTransform(
        cv2.copyMakeBorder(main, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3
    )
    area = float(main.sum())
    width = max(2 * float(depth.max()) - 1, 1)
    score = vote**0.5 * contrast * min(area / width**2, 8) * (0.3 if clutter else 1)
    return _Candidate(ink, light, score)


def choose(ink: Floats) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], bool] | None:
    """The mask of the pixels that belong to the digit; None if there are none."""
    inked = (ink > _INKED).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    if count < 2:
        return None
    height, width = ink.shape
    x, y, w, h, area = stats[1:].T
    mass = np.bincount(labels.ravel(), ink.ravel(), count)[1:]
    right, bottom = x + w, y + h
    edge = (x == 0) | (y == 0) | (right == width) | (bottom == height)
    clutter = edge | _frames(inked, labels, stats)
    size = np.maximum(w, h)
    clutter |= size < 0.2 * size[~clutter].max(initial=0)
    weight = mass * np.where(clutter, 0.03, 1)
    main = int(weight.argmax())
    x0, y0, x1, y1 = x[main], y[main], right[main], bottom[main]
    gap_x = np.maximum(np.maximum(x - x1, x0 - right), 0)
    gap_y = np.maximum(np.maximum(y - y1, y0 - bottom), 0)
    near = np.maximum(gap_x, gap_y) <= 0.3 * size[main]
    solid = (area >= 0.01 * area[main]) & (mass / area >= 0.5 * mass[main] / area[main])
    keep = near & solid & (~edge | edge[main]) & ~_frames(inked, labels, stats)
    keep[main] = True
    mask = np.concatenate([[False], keep]).astype(np.uint8)[labels]
    return mask, (labels == main + 1).astype(np.uint8), bool(clutter[main])


def _frames(inked, labels, stats):
    """Components that frame something: ink in all four corners, none in the middle."""
    frames = np.zeros(len(stats) - 1, bool)
    for i, (x, y, w, h, area) in enumerate(stats[1:]):
        if min(w, h) < 0.3 * max(inked.shape) or area > 0.5 * w * h:
            continue
        own = labels[y : y + h, x : x + w] == i + 1
        a, b = max(1, h // 8), max(1, w // 8)
        corners = (own[:a, :b], own[:a, -b:], own[-a:, :b], own[-a:, -b:])
        frames[i] = all(c.any() for c in corners) and not own[2 * a : -2 * a, 2 * b : -2 * b].any()
    return frames
