"""Which ink on a picture is the one digit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.preprocess.ink import Floats, contrast_channel, ink_of, shrink, thinness
from scrawl.preprocess.lines import without_lines
from scrawl.preprocess.normalise import normalise
from scrawl.preprocess.paper import find_paper

_WORKING = 320  # long side, in pixels, at which a digit is looked for
_SMALL = 64  # long side there of a digit that is looked at again, closer
_INKED = 0.25  # ink above which a pixel belongs to a component


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
    sure: bool


def find_digit(image: npt.NDArray[np.uint8]) -> Found | None:
    """Finds the one digit on a picture and normalises it.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.

    Returns:
        The digit, or None if there is no ink.
    """
    small = shrink(image, _WORKING)
    found = _on_sheet(small) or _best(small)
    if found is None:
        return None
    scale = np.array([image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]] * 2)
    box = _box(found.ink) * scale
    if scale[0] > 1 and max(box[2:] - box[:2]) < _SMALL * scale[0]:
        return _closer(image, box, found.light) or _found(found, np.zeros(2), scale)
    return _found(found, np.zeros(2), scale)


def _found(best: _Candidate, corner: npt.NDArray[np.float64], scale: npt.NDArray[np.float64]) -> Found:
    x0, y0, x1, y1 = _box(best.ink)
    crop = best.ink[y0:y1, x0:x1]
    box = np.rint(np.tile(corner, 2) + np.array([x0, y0, x1, y1]) * scale).astype(int)
    return Found(crop, tuple(box.tolist()), normalise(crop), best.light)


def _closer(image: npt.NDArray[np.uint8], box: npt.NDArray[np.float64], light: bool) -> Found | None:
    """Looks at a small digit again, at the picture's own resolution."""
    margin = 0.6 * max(box[2:] - box[:2])
    x0, y0 = np.maximum(box[:2] - margin, 0).astype(int)
    x1, y1 = np.ceil(box[2:] + margin).astype(int)
    window = image[y0:y1, x0:x1]
    small = shrink(window, _WORKING)
    best = _best(small)
    if best is None or best.light != light:
        return None
    scale = np.array([window.shape[1] / small.shape[1], window.shape[0] / small.shape[0]] * 2)
    return _found(best, np.array([x0, y0]), scale)


def _box(ink: Floats) -> npt.NDArray[np.int_]:
    x, y, w, h = cv2.boundingRect((ink > 0).astype(np.uint8))
    return np.array([x, y, x + w, y + h])


def _on_sheet(image: npt.NDArray[np.uint8]) -> _Candidate | None:
    """The digit on a sheet that lies on something else."""
    sheet = find_paper(image)
    if sheet is None:
        return None
    x, y, w, h = cv2.boundingRect(sheet)
    inside = image.copy()
    inside[sheet == 0] = np.median(image[sheet > 0], axis=0)
    best = _best(inside[y : y + h, x : x + w])
    if best is None:
        return None
    ink = np.zeros(image.shape[:2], np.float32)
    ink[y : y + h, x : x + w] = best.ink
    return _Candidate(ink * sheet, best.light, best.score, best.sure)


def _best(image: npt.NDArray[np.uint8]) -> _Candidate | None:
    channel = contrast_channel(image)
    dark, light = thinness(channel)
    if not dark + light:
        return None
    votes = {False: dark, True: light}
    tried: list[_Candidate] = []
    for polarity in sorted(votes, key=lambda p: -votes[p]):
        candidate = _candidate(channel, polarity, votes[polarity])
        if candidate is not None:
            if candidate.sure:
                return candidate
            tried.append(candidate)
    return max(tried, key=lambda c: c.score, default=None)


def _candidate(channel: Floats, light: bool, vote: float) -> _Candidate | None:
    ink, contrast, clean = ink_of(channel, light)
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
    squares = area / width**2
    score = vote * contrast * min(squares, 8) * (0.3 if clutter else 1)
    return _Candidate(ink, light, score, clean and squares > 2)


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
