"""Non-maximum suppression: one thing is read once, by the surest of its detections."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Bool, Float32, Int64
from scrawl.pages.detections import Detections

_SAME = 0.45  # intersection over union, from which on two boxes are of one thing
_WITHIN = 0.75  # the part of a box that may lie in another's
_TWICE = 2 / 3  # of both limits, if the two boxes are of the same class
_REACH = 8  # heights to either side within which another digit is a neighbour
_ALIKE = 0.6  # ratio of heights from which on it counts as one of the same line
_MATES, _HELP = 3, 0.3  # so many neighbours count, each by so much


def non_maximum_suppression(found: Detections, weights: Float32 | None = None) -> Detections:
    """Keeps the surest of detections that cover each other.

    Args:
        found: Detections of any scale, in pixels of one picture.
        weights: float32, shape ``(n,)``: what each confidence is multiplied by; None for 1.

    Returns:
        Those that stay, the surest first.
    """
    return found.only(surest(found, weights))


def surest(found: Detections, weights: Float32 | None = None) -> Int64:
    """Which detections `non_maximum_suppression` keeps, the surest first."""
    worth = found.confidence if weights is None else found.confidence * weights
    order = np.argsort(-worth, kind="stable")
    boxes, classes = found.boxes[order], found.probabilities.argmax(1)[order]
    kept: list[int] = []
    near = _Neighbours(boxes)
    for row in range(len(boxes)):
        others = near.kept(row)
        if not _hides(boxes[row], boxes[others], classes[others] == classes[row]).any():
            kept.append(row)
            near.keep(row)
    return np.asarray(order[np.array(kept, np.intp)], np.int64)


def covering(boxes: Float32) -> Bool:
    """Which of two boxes ``(n, 4)`` cover each other, whatever their classes, shape ``(n, n)``."""
    alike = np.zeros(len(boxes), bool)
    rows = [_hides(box, boxes, alike) for box in boxes]
    return np.array(rows, bool).reshape(len(boxes), len(boxes))


def company(found: Detections) -> Float32:
    """How much each detection is worth for those beside it, shape ``(n,)``, from 1 on.

    Digits stand in lines with others of their height; pieces of digits, read where a scale is too
    fine for them, seldom do.
    """
    boxes = found.boxes
    heights = boxes[:, 3] - boxes[:, 1]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    confidence = np.where(found.are_digits, found.confidence, 0)
    order = np.argsort(y, kind="stable")
    sorted_y = y[order]
    mates = np.zeros(len(boxes), np.float32)
    for row, height in enumerate(heights):
        low, high = np.searchsorted(sorted_y, (y[row] - height / 2, y[row] + height / 2))
        near = order[low:high]
        near = near[np.abs(x[near] - x[row]) < _REACH * height]
        ratio = heights[near] / height
        beside = near[(ratio > _ALIKE) & (ratio < 1 / _ALIKE)]
        mates[row] = confidence[beside].sum() - confidence[row]
    return 1 + _HELP * np.minimum(mates, _MATES).astype(np.float32)


def iou(box: Float32, others: Float32) -> Float32:
    """Intersection over union of a box ``(4,)`` and others ``(n, 4)``, shape ``(n,)``."""
    shared, areas = _shared(box, others), _areas(others) + _areas(box)
    return np.asarray(shared / np.maximum(areas - shared, 1e-6), np.float32)


def _shared(box: Float32, others: Float32) -> Float32:
    """The area that a box has in common with each of others."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    sides = np.maximum(high - low, 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def _areas(boxes: Float32) -> Float32:
    return np.asarray((boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1]), np.float32)


def _hides(box: Float32, others: Float32, alike: Bool) -> Bool:
    """Which of the others show the same thing as a box.

    ``alike`` says which of them are of the same class: two digits of one class may cover each
    other less before they count as one.
    """
    shared, area, areas = _shared(box, others), _areas(box), _areas(others)
    share = np.where(alike, _TWICE, 1.0)
    same = shared > share * _SAME * (area + areas - shared)
    within = shared > share * _WITHIN * np.minimum(area, areas)
    return np.asarray(same | within)


class _Neighbours:
    """Which kept boxes may touch a box: those that share a bucket of the page with it."""

    def __init__(self, boxes: Float32) -> None:
        size = float(np.median(boxes[:, 3] - boxes[:, 1])) * 4 if len(boxes) else 1.0
        self._cells = np.floor(boxes / max(size, 1)).astype(int).tolist()
        self._buckets: dict[tuple[int, int], list[int]] = {}

    def _keys(self, row: int) -> list[tuple[int, int]]:
        x0, y0, x1, y1 = self._cells[row]
        return [(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]

    def kept(self, row: int) -> list[int]:
        return sorted({other for key in self._keys(row) for other in self._buckets.get(key, ())})

    def keep(self, row: int) -> None:
        for key in self._keys(row):
            self._buckets.setdefault(key, []).append(row)
