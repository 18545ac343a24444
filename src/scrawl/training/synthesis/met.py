"""Digits as the reader meets them on pages: with texture, with what is left of their neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrawl.pages.crop import crop
from scrawl.pages.levels import Level
from scrawl.pages.overlap import iou
from scrawl.preprocess.normalise import normalise
from scrawl.training.synthesis.pages import HIGH, written_strips
from scrawl.training.synthesis.writing import HEIGHT, WIDTH, Written

NOT_A_DIGIT = 10
"""The class of what is no digit."""

_STRIPS = 256  # made at once
_LOW = 18.0  # height in pixels from which on a single digit can be judged
_OFF = 0.05  # standard deviation of a side of a detector's box, in heights
_NOTHING = 0.25  # boxes of no digit, for each of a digit
_PIECE = 0.3  # intersection over union with a digit, up to which a box is not of it
_LEAST = 0.04  # of a box, that is ink

Pictures = NDArray[np.uint8]
Labels = NDArray[np.int64]
Floats = NDArray[np.float32]


def met_digits(
    images: Pictures, labels: Labels, count: int, rng: np.random.Generator
) -> tuple[Pictures, Labels]:
    """Digits cut out of strips of pages where a detector would find them, and what it mistakes.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``.
        labels: What they are, shape ``(n,)``.
        count: How many are wanted.
        rng: Source of chance.

    Returns:
        Normalised pictures, shape ``(count, 28, 28)``, and 0 to 9, or 10 for no digit.
    """
    met: list[tuple[Pictures, int]] = []
    while len(met) < count:
        for strip, written in zip(*written_strips(images, labels, _STRIPS, rng), strict=True):
            met += _cut(strip, written, rng)
    pictures, what = zip(*met[:count], strict=True) if count else ((), ())
    return np.array(pictures, np.uint8).reshape(-1, 28, 28), np.array(what, np.int64)


def _cut(
    strip: Pictures, written: list[Written], rng: np.random.Generator
) -> list[tuple[Pictures, int]]:
    digits = [what for what in written if 0 <= what.label < NOT_A_DIGIT and _whole(what)]
    boxes = [(_about(what, rng), what.label) for what in digits]
    boxes += [(box, NOT_A_DIGIT) for box in _nothing(strip, written, len(digits), rng)]
    level = [Level(strip, 1.0)]
    return [(normalise(crop(box, level)[0]), label) for box, label in boxes]


def _whole(what: Written) -> bool:
    x0, y0, x1, y1 = what.box
    inside = x0 > -1 and y0 > -1 and x1 < WIDTH + 1 and y1 < HEIGHT + 1
    return inside and _LOW <= y1 - y0 <= HIGH and x1 - x0 >= 2


def _about(what: Written, rng: np.random.Generator) -> Floats:
    """A digit's box as a detector would have it."""
    box = np.array(what.box, np.float32)
    off = np.clip(rng.normal(0, _OFF, 4), -0.12, 0.12) * (box[3] - box[1])
    return np.asarray(box + off, np.float32)


def _nothing(
    strip: Pictures, written: list[Written], digits: int, rng: np.random.Generator
) -> list[Floats]:
    """Boxes of texture, rules, letters, and what lies between digits."""
    known = np.array([what.box for what in written if what.label != -1], np.float32).reshape(-1, 4)
    boxes = []
    for _ in range(rng.poisson(_NOTHING * max(digits, 2))):
        height = np.exp(rng.uniform(np.log(_LOW), np.log(HIGH)))
        size = np.array([height * rng.uniform(0.2, 1.0), height])
        middle = rng.uniform(0, (WIDTH, HEIGHT))
        if written and rng.random() < 0.7:  # beside something, or on it
            x0, y0, x1, y1 = written[int(rng.integers(0, len(written)))].box
            middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
            middle[0] += rng.normal(0, 0.6) * (x1 - x0)
        box = np.concatenate([middle - size / 2, middle + size / 2]).astype(np.float32)
        x0, y0, x1, y1 = np.clip(box, 0, (WIDTH, HEIGHT, WIDTH, HEIGHT)).astype(int).tolist()
        ink = strip[y0:y1, x0:x1]
        if ink.size and ink.mean() > 255 * _LEAST and iou(box, known).max(initial=0) < _PIECE:
            boxes.append(box)
    return boxes
