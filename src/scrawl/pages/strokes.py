"""A picture of nothing but straight strokes side by side: 1s, though none alone looks like one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Bool
from scrawl.pages.detections import Detections
from scrawl.pages.levels import Level
from scrawl.pages.suppression import iou

_FEWEST, _MOST = 2, 8  # strokes; more of them are a bar code or a fence
_TALL = 3.0  # times as high as wide
_ALIKE = 0.75  # of the highest, that each is high and stands beside it
_SAME = 0.3  # intersection over union of a stroke and what was detected there, at least


def strokes(found: Detections, levels: Sequence[Level], classes: Sequence[str]) -> Bool:
    """Which detections are the strokes of a picture that shows nothing else; none of another.

    Args:
        found: Digits and marks, each once, in pixels of the picture.
        levels: The picture at its scales.
        classes: What the detections are called.
    """
    chosen = np.zeros(len(found.boxes), bool)
    level = levels[-1]
    x, y, wide, high = level.things[0][:, :4].T.astype(np.float32)
    if "1" not in classes or not _FEWEST <= len(x) <= _MOST:
        return chosen
    shared = (y + high).min() - y.max()
    if (high < _TALL * wide).any() or shared < _ALIKE * high.max():
        return chosen
    ones = found.probabilities[:, : found.letters].argmax(1) == classes.index("1")
    for box in np.stack([x, y, x + wide, y + high], 1) * np.float32(level.scale):
        overlap = np.where(ones, iou(box, found.boxes), 0)
        if overlap.max(initial=0) < _SAME:
            return np.zeros_like(chosen)
        chosen[int(overlap.argmax())] = True
    return chosen
