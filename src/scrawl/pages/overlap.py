"""One thing is read once: of detections that cover each other, the surest stays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scrawl.pages.detector import Found

_SAME = 0.45  # intersection over union, from which on two boxes are of one thing
_WITHIN = 0.75  # the part of a box that may lie in another's
_TWICE = 2 / 3  # of both, where the boxes are said to be of the same digit
_REACH = 8  # heights to either side in which others keep a digit company
_ALIKE = 0.6  # ratio of heights from which on they do
_MATES, _HELP = 3, 0.3  # so many of them count, each so much

Floats = npt.NDArray[np.float32]


def without_overlap(found: Found, weights: Floats | None = None) -> Found:
    """Keeps the best of detections that cover each other.

    Args:
        found: Detections of any scale, in pixels of one picture.
        weights: float32, shape ``(n,)``: what each is worth beside its score; None for the same.

    Returns:
        Those that stay, the best first.
    """
    worth = found.scores if weights is None else found.scores * weights
    order = np.argsort(-worth, kind="stable")
    boxes, classes = found.boxes[order], found.chances.argmax(1)[order]
    kept: list[int] = []
    near = _Neighbours(boxes)
    for row in range(len(boxes)):
        others = near.kept(row)
        if not _covered(boxes[row], boxes[others], classes[others] == classes[row]):
            kept.append(row)
            near.keep(row)
    return found.only(order[np.array(kept, np.intp)])


def company(found: Found) -> Floats:
    """How much each detection is worth for those beside it, shape ``(n,)``, from 1 on.

    Digits stand in lines with others of their height; pieces of digits, read where a scale is too
    fine for them, seldom do.
    """
    boxes = found.boxes
    heights = boxes[:, 3] - boxes[:, 1]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    scores = np.where(found.are_digits, found.scores, 0)
    order = np.argsort(y, kind="stable")
    sorted_y = y[order]
    mates = np.zeros(len(boxes), np.float32)
    for row, height in enumerate(heights):
        low, high = np.searchsorted(sorted_y, (y[row] - height / 2, y[row] + height / 2))
        near = order[low:high]
        near = near[np.abs(x[near] - x[row]) < _REACH * height]
        ratio = heights[near] / height
        mates[row] = scores[near[(ratio > _ALIKE) & (ratio < 1 / _ALIKE)]].sum() - scores[row]
    return 1 + _HELP * np.minimum(mates, _MATES).astype(np.float32)


def iou(box: Floats, others: Floats) -> Floats:
    """Intersection over union of a box ``(4,)`` and others ``(n, 4)``, shape ``(n,)``."""
    shared, areas = _shared(box, others), _areas(others) + _areas(box)
    return np.asarray(shared / np.maximum(areas - shared, 1e-6), np.float32)


def _shared(box: Floats, others: Floats) -> Floats:
    """The area that a box has in common with each of others."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    sides = np.maximum(high - low, 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def _areas(boxes: Floats) -> Floats:
    return np.asarray((boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1]), np.float32)


def _covered(box: Floats, others: Floats, alike: npt.NDArray[np.bool_]) -> bool:
    """Whether a box is of what one of others is of; ``alike`` says which are of the same class."""
    shared, area, areas = _shared(box, others), _areas(box), _areas(others)
    share = np.where(alike, _TWICE, 1.0)
    same = shared > share * _SAME * (area + areas - shared)
    within = shared > share * _WITHIN * np.minimum(area, areas)
    return bool((same | within).any())


class _Neighbours:
    """Which kept boxes may touch a box: those that share a bucket of the page with it."""

    def __init__(self, boxes: Floats) -> None:
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
