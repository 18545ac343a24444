"""Pictures of few, large pixels, such as pixel art: brought to a size that shows strokes.

A picture that was enlarged by repeating its pixels has squares of one grey where its strokes had
soft edges. They look like shadows and sheets, so it is made as small as it was. What is smaller
than any digit that the network learnt from is then enlarged smoothly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.arrays import Box, Float64, Int64, UInt8
from scrawl.pixels import median

_FEWEST, _MOST = 7, 64  # pixels of the long side before enlarging: fewer show no strokes, more are
# fine enough to be read as they are
_STEP = 0.15  # of the largest step between neighbouring rows: less is noise, or JPEG's
_NOISE = 1.5  # and so many times the steps within squares
_SAMPLED = 37  # rows and columns that show whether a picture may have squares at all
_LIKE = 0.04  # of the picture's range: how far it may be, on average, from squares of one grey
_SMALL = 32  # long side of a picture in which a tiny digit is looked for
_TINY = 9  # pixels that a digit spans, at most, to be smaller than any of the training's
_TIMES = 3  # so often such a one is enlarged: to the 20 to 27 pixels of a usual one


@dataclass(frozen=True)
class Resized:
    """A picture at a size that shows strokes.

    Attributes:
        image: uint8, shape ``(h, w)`` or ``(h, w, 3)``.
        scale: Pixels of the picture as it was, one of these: across, down.
        start: Where the picture as it was begins, in these: x, y.
        whole: Height and width of the picture as it was.
    """

    image: UInt8
    scale: Float64
    start: Float64
    whole: tuple[int, int]

    def in_own_pixels(self, box: Box) -> Box:
        """A box on `image` in pixels of the picture as it was."""
        low = np.floor((np.array(box[:2]) - self.start) * self.scale)
        high = np.ceil((np.array(box[2:]) - self.start) * self.scale)
        corner = np.array(self.whole[::-1])
        x0, y0 = np.clip(low, 0, corner - 1).astype(int).tolist()
        x1, y1 = np.clip(high, 1, corner).astype(int).tolist()
        return x0, y0, x1, y1


def resized(image: UInt8) -> Resized | None:
    """A picture whose pixels are too large, or too few, at a better size.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)``.

    Returns:
        The picture, or None where it is best read as it is.
    """
    small, scale, start = image, np.ones(2), np.zeros(2)
    if (edges := _squares(image)) is not None:
        down, across = edges
        small = _shrunk(image, down, across)
        scale = np.array([np.diff(across).max(), np.diff(down).max()], float)
        start = 1 - np.array([across[1], down[1]]) / scale  # the first square may be cut off
    if max(small.shape[:2]) <= _SMALL and _is_tiny(small):
        small = _enlarged(small)
        scale, start = scale / _TIMES, (start + 1) * _TIMES
    return None if small is image else Resized(small, scale, start, image.shape[:2])


def _is_tiny(image: UInt8) -> bool:
    """Whether rows and columns with ink are few, from the first to the last."""
    for lines in (image, image.swapaxes(0, 1)):
        found = _steps(lines)
        if found.size and found[-1] - found[0] > _TINY:
            return False
    return True


def _enlarged(image: UInt8) -> UInt8:
    """Enlarges smoothly, with a pixel of paper about it, so that no stroke is cut off."""
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    paper = [median(channel) for channel in np.atleast_2d(edge.T)]
    framed = cv2.copyMakeBorder(image, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=paper)
    size = (framed.shape[1] * _TIMES, framed.shape[0] * _TIMES)
    return np.asarray(cv2.resize(framed, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _squares(image: UInt8) -> tuple[Int64, Int64] | None:
    """The edges of the squares that a picture is made of, down and across; None if of none."""
    if min(image.shape[:2]) < 2 * _FEWEST:
        return None
    step = max(max(image.shape[:2]) // _SAMPLED, 1)
    for lines in (image[:, ::step], image[::step].swapaxes(0, 1)):
        sampled = _steps(lines)
        if len(sampled) < 2 or (np.diff(sampled) == 1).any():
            return None  # two steps side by side: a soft edge
    down, across = _steps(image), _steps(image.swapaxes(0, 1))
    if min(len(down), len(across)) < 2:
        return None
    for edges in _grids(image.shape[:2], down, across):
        if all(_FEWEST // 2 < len(e) <= _MOST for e in edges) and _alike(image, *edges):
            return edges
    return None


def _steps(image: UInt8) -> Int64:
    """Rows that differ from the one above them, by more than noise."""
    rows = image.reshape(len(image), -1)
    if len(rows) < 2:
        return np.zeros(0, int)
    step = cv2.absdiff(rows[1:], rows[:-1])
    size = np.ravel(cv2.reduce(step, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F))
    least = max(_STEP * float(size.max()), _NOISE * float(np.sort(size)[size.size // 4]))
    return np.flatnonzero(size > least) + 1


def _grids(shape: tuple[int, ...], down: Int64, across: Int64) -> Iterator[tuple[Int64, Int64]]:
    """Edges of squares that have all steps among them, of large squares before small ones.

    First squares of so many whole pixels, the first one perhaps cut off; then such as enlarging a
    whole picture by a broken number gives.
    """
    side = int(np.gcd.reduce(np.concatenate([np.diff(down), np.diff(across)])))
    if side >= 2:
        yield (
            np.unique([0, *range(int(down[0]) % side, shape[0], side), shape[0]]),
            np.unique([0, *range(int(across[0]) % side, shape[1], side), shape[1]]),
        )
    for count in range(_FEWEST, min(_MOST, max(shape) // 2) + 1):
        side_of = max(shape) / count
        counts = [max(round(length / side_of), 1) for length in shape]
        for spread in (_at_middles, _at_corners):
            edges = [
                spread(n, length, steps)
                for n, length, steps in zip(counts, shape, (down, across), strict=True)
            ]
            if np.isin(down, edges[0]).all() and np.isin(across, edges[1]).all():
                yield edges[0], edges[1]


def _at_middles(count: int, length: int, steps: Int64) -> Int64:
    """Edges where each pixel has the value at its middle; a tie goes as the picture has it."""
    exact = np.arange(count + 1) * (length / count)
    low, high = np.ceil(exact - 0.5).astype(int), np.floor(exact + 0.5).astype(int)
    return np.where(np.isin(high, steps) | (high == length), high, low)


def _at_corners(count: int, length: int, _: Int64) -> Int64:
    """Edges where each pixel has the value at its corner."""
    return np.ceil(np.arange(count + 1) * (length / count) - 1e-9).astype(int)


def _shrunk(image: UInt8, down: Int64, across: Int64) -> UInt8:
    """The mean of each square."""
    sums = np.add.reduceat(np.add.reduceat(image, down[:-1], 0, np.float32), across[:-1], 1)
    area = np.outer(np.diff(down), np.diff(across))
    means: npt.NDArray[np.float32] = sums / area.reshape(area.shape + (1,) * (image.ndim - 2))
    return np.rint(means).astype(np.uint8)


def _alike(image: UInt8, down: Int64, across: Int64) -> bool:
    """Whether squares of one grey show the same picture."""
    rows = np.repeat(_shrunk(image, down, across), np.diff(down), axis=0)
    difference = cv2.norm(np.repeat(rows, np.diff(across), axis=1), image) / image.size**0.5
    return float(difference) <= _LIKE * float(np.ptp(image))
