"""Which components of an ink map belong to the one digit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.preprocess.ink import Bytes, Floats

_INKED = 0.25  # ink above which a pixel belongs to a component
_CLUTTER = 0.03  # weight of what touches an edge beside what does not
_NEAR = 0.3  # gap between the parts of a digit, of the main part's size, at most


@dataclass(frozen=True)
class Choice:
    """The components that make the digit.

    Attributes:
        mask: uint8, shape ``(H, W)``, 1 on the digit.
        main: The same of its heaviest component alone.
        clutter: Whether that component looks like no digit: it touches an edge of the picture,
            or frames it, or is a speck.
    """

    mask: Bytes
    main: Bytes
    clutter: bool


def choose(ink: Floats) -> Choice | None:
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
    return Choice(mask, (labels == main + 1).astype(np.uint8), bool(clutter[main]))


def _frames(labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
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
