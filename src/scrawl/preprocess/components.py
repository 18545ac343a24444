"""Which components of an ink map belong to the one digit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, Int32, UInt8

_INKED = 0.25  # ink above which a pixel belongs to a component
_CLUTTER = 0.03  # weight of a component that touches an edge, where others have 1
_CROWDED = 0.5  # share of the ink below which the rest is looked at, too
_BROAD = 2.0  # so many times as wide as the digit's strokes: no stroke, but a table or a shadow
_NEAR = 0.3  # of the main part's size: the widest gap between the parts of a digit


@dataclass(frozen=True)
class Choice:
    """The components that make the digit.

    Attributes:
        mask: uint8, shape ``(H, W)``, 1 on the digit.
        main: uint8, shape ``(H, W)``, 1 on the heaviest component of the digit.
        clutter: Whether that component looks like no digit: it touches an edge of the picture,
            or frames it, or is a speck.
        share: The digit's part of the ink of all strokes, in (0, 1].
    """

    mask: UInt8
    main: UInt8
    clutter: bool
    share: float

    def own(self, ink: Float32) -> Float32:
        """The digit's ink alone, with the soft pixels about it, float32, shape ``(H, W)``."""
        soft = cv2.dilate(self.mask, np.ones((3, 3), np.uint8))
        return np.asarray(ink * soft, np.float32)


def choose(ink: Float32) -> Choice | None:
    """Chooses the heaviest component that is no clutter, and the parts near it.

    Args:
        ink: float32, shape ``(H, W)``, in [0, 1].

    Returns:
        The choice, or None if there is no ink.
    """
    inked = (ink > _INKED).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    if count < 2:
        return None
    height, width = ink.shape
    x, y, w, h, area = stats[1:].T
    right, bottom, size = x + w, y + h, np.maximum(w, h)
    mass = np.bincount(labels.ravel(), ink.ravel(), count)[1:]
    slack = max(ink.shape) // 100
    edge = (np.minimum(x, y) <= slack) | (right >= width - slack) | (bottom >= height - slack)
    frames = _frames(labels, stats)
    clutter = edge | frames
    clutter |= size < 0.2 * size[~clutter].max(initial=0)
    main = int((mass * np.where(clutter, _CLUTTER, 1)).argmax())
    gap_x = np.maximum(x - right[main], x[main] - right)
    gap_y = np.maximum(y - bottom[main], y[main] - bottom)
    near = np.maximum(gap_x, gap_y) <= _NEAR * size[main]
    # A part of a digit is no speck, no paler than the rest, and no neighbour that was cut off.
    part = (area >= 0.01 * area[main]) & (mass / area >= 0.5 * mass[main] / area[main])
    keep = near & part & ~frames & (~edge | edge[main])
    keep[main] = True
    mask = np.append(False, keep).astype(np.uint8)[labels]
    own = float(mass[keep].sum())
    share = own / float(mass[~frames | keep].sum())
    if share < _CROWDED:
        strokes = keep | (
            ~frames & (_widths(inked, labels, count) <= _BROAD * _width(inked * mask))
        )
        share = own / float(mass[strokes].sum())
    return Choice(mask, (labels == main + 1).astype(np.uint8), bool(clutter[main]), share)


def _width(mask: UInt8) -> float:
    """Half the width of the widest stroke, in pixels."""
    return float(cv2.distanceTransform(mask, cv2.DIST_L2, 3).max())


def _widths(inked: UInt8, labels: Int32, count: int) -> Float32:
    """Half the width of the widest stroke of each component, in pixels."""
    widths = np.zeros(count, np.float32)
    distance = cv2.distanceTransform(inked, cv2.DIST_L2, 3)
    np.maximum.at(widths, labels[inked > 0], distance[inked > 0])
    return widths[1:]


def _frames(labels: Int32, stats: Int32) -> Bool:
    """Components that frame something: ink in all four corners of their box, none inside."""
    frames = np.zeros(len(stats) - 1, bool)
    for i, (x, y, w, h, area) in enumerate(stats[1:].tolist()):
        if min(w, h) < 0.3 * max(labels.shape) or area > 0.5 * w * h:
            continue
        own = labels[y : y + h, x : x + w] == i + 1
        a, b = max(1, h // 8), max(1, w // 8)
        corners = (own[:a, :b], own[:a, -b:], own[-a:, :b], own[-a:, -b:])
        inside = own[2 * a : -2 * a, 2 * b : -2 * b]
        frames[i] = all(corner.any() for corner in corners) and not inside.any()
    return frames
