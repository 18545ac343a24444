"""The ink of each cell: cut out straight, without the ruled lines and the neighbours' digits."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Box, Float32, Float64, Int32, UInt8

SIDE = 72
"""Short side, in pixels, that a cell is cut out with, if the scan has as many."""

SPECK = 0.12
"""Of a cell's short side: smaller than any digit."""

_MARGIN = 0.3  # of a cell's short side, around a region
_BROAD = 0.45  # of a cell's short side: wider than any stroke
_THICK = 0.12  # of a cell's short side: half of what a ruled line may take
_PRINTED = 12.0  # grey levels between a ruled line and its paper, at least
_NOISE = 4.0  # deviations of the paper's noise above which there is ink
_QUINTILE = 0.84  # deviations between a normal distribution's first quintile and its median
_QUIETEST = 0.5  # grey levels of noise, at least: whole levels hide less
_SAMPLE = 100_000  # pixels of a region, and
_CELL_SAMPLE = 2000  # of a cell, that are looked at: enough to tell, and much faster
_LINE_SAMPLE = 800  # and along a ruled line
_RIM = 0.15  # of a ruled line's depth, from which on its soft edge is still the line
_FAINTEST = 8.0  # grey levels between ink and paper, at least
_INKED = 0.3  # of a cell's darkest ink, above which a pixel belongs to a stroke
_DARKER = 0.25  # than a ruled line is a stroke that runs along it, of the line's depth
_OWN = 0.75  # share of a component's ink in one cell from which on all of it is that cell's
_WALL = 0.15  # of a cell's short side: what is within that of a wall may be left of it
_LEFT = 0.6  # share of a component's pixels on ruled lines from which on it is part of them


@dataclass(frozen=True)
class Cell:
    """What is written in one cell.

    Attributes:
        picture: uint8, shape ``(h, w)``, dark ink on white: the cell's own ink and nothing else;
            None where there is none.
        size: The longer side of its largest part, of the cell's short side; 0 where there is none.
        beside: Whether all of it lies along one wall, as what is left of a ruled line does.
        parts: Of how many connected parts it is.
    """

    picture: UInt8 | None
    size: float
    beside: bool = False
    parts: int = 0


def cut(scan: UInt8, mesh: Float64) -> list[Cell]:
    """Cuts the cells of a region out of a scan.

    The region is made straight, each cell the same size. Paper is a closing wider than any stroke;
    what is on a ruled line is kept where a stroke crosses it. A component belongs to the cell that
    holds most of it, so that a digit may overrun its cell; one that is at home in several is cut
    along the line between them.

    Args:
        scan: uint8, shape ``(H, W)``, dark ink on light paper.
        mesh: float64, shape ``(rows + 1, columns + 1, 2)``: where the lines cross, in pixels.

    Returns:
        The cells, row by row.
    """
    grid = _Straight(scan, mesh)
    depth, ruled = _without_rules(grid.depth(), grid)
    contrast = grid.spread(_contrast(depth, ruled, grid))
    # Where a pale stroke crosses a dark rule it is as dark as the stroke, not as the rule.
    depth = np.where(ruled > 0, np.minimum(depth, contrast), depth)
    inked = (depth > _INKED * contrast).astype(np.uint8)
    owner = _owners(inked, ruled, depth, grid)
    boxes = _boxes(owner, grid.rows * grid.columns)
    return [_cell(depth, owner, number, box, grid) for number, box in enumerate(boxes)]


class _Straight:
    """A region made straight: cells of ``width`` × ``height`` pixels, a margin around them."""

    def __init__(self, scan: UInt8, mesh: Float64) -> None:
        self.rows, self.columns = mesh.shape[0] - 1, mesh.shape[1] - 1
        across = np.linalg.norm(np.diff(mesh, axis=1), axis=2)
        down = np.linalg.norm(np.diff(mesh, axis=0), axis=2)
        native = float(np.median(across)), float(np.median(down))
        shrink = max(1.0, min(native) / SIDE)
        self.width = max(8, round(native[0] / shrink))
        self.height = max(8, round(native[1] / shrink))
        self.short = min(self.width, self.height)
        self.margin = round(_MARGIN * self.short)
        self.image = self._straighten(scan, mesh, shrink)

    def _straighten(self, scan: UInt8, mesh: Float64, shrink: float) -> UInt8:
        slack = 2 * self.margin * shrink
        low = np.floor(mesh.min(axis=(0, 1)) - slack).astype(int).clip(0)
        high = np.ceil(mesh.max(axis=(0, 1)) + slack).astype(int).clip(0, scan.shape[::-1])
        if (high - low < 1).any():
            return np.full(self._shape(), 255, np.uint8)
        window = scan[low[1] : high[1], low[0] : high[0]]
        size = np.maximum(np.rint((high - low) / shrink), 1).astype(int)
        scale = size / (high - low)
        small = cv2.resize(window, size.tolist(), interpolation=cv2.INTER_AREA)
        down, across = (
            self._weights(self.rows, self.height),
            self._weights(self.columns, self.width),
        )
        at = (((mesh - low + 0.5) * scale) - 0.5).astype(np.float32)
        where = [down @ at[..., i] @ across.T for i in (0, 1)]
        return cv2.remap(
            small, where[0], where[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )

    def _shape(self) -> tuple[int, int]:
        return (
            self.rows * self.height + 2 * self.margin,
            self.columns * self.width + 2 * self.margin,
        )

    def _weights(self, cells: int, size: int) -> Float32:
        """How much of each crossing is in each pixel: linear, and beyond the outer lines too."""
        at = (np.arange(cells * size + 2 * self.margin) + 0.5 - self.margin) / size
        first = np.floor(at).astype(int).clip(0, cells - 1)
        weights = np.zeros((len(at), cells + 1), np.float32)
        weights[np.arange(len(at)), first] = 1 - (at - first)
        weights[np.arange(len(at)), first + 1] = at - first
        return weights

    def depth(self) -> Float32:
        """How much darker than its paper each pixel is, in grey levels, noise taken off."""
        size = max(5, round(_BROAD * self.short) | 1)
        paper = cv2.morphologyEx(self.image, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
        depth = cv2.subtract(paper, self.image).astype(np.float32)
        sample = np.sort(depth.ravel()[:: max(1, depth.size // _SAMPLE)])
        # The lower half of a region is paper, however much of the rest is ruled and written on.
        below, usual = sample[sample.size // 5], sample[sample.size // 2]
        noise = max(float(usual - below) / _QUINTILE, _QUIETEST)
        self.floor = max(_FAINTEST, _NOISE * noise)
        return np.maximum(depth - usual, 0)

    def inside(self, image: Float32) -> Float32:
        """A picture of the region without its margin, shape ``(rows, columns, height · width)``."""
        m = self.margin
        flat = image[m:-m, m:-m] if m else image
        parts = flat.reshape(self.rows, self.height, self.columns, self.width)
        return parts.swapaxes(1, 2).reshape(self.rows, self.columns, -1)

    def spread(self, values: Float32) -> Float32:
        """A value a cell as a picture of the region; the margin takes the nearest cell's."""
        full = np.repeat(np.repeat(values, self.height, 0), self.width, 1)
        return np.pad(full, self.margin, mode="edge")


def _without_rules(depth: Float32, grid: _Straight) -> tuple[Float32, UInt8]:
    """Takes the ruled lines out, and says where they were."""
    ruled = np.zeros(depth.shape, np.uint8)
    reach = max(2, round(_THICK * grid.short))
    line = np.zeros_like(depth)
    thickest = 1
    for values, marks, profile, size, n in (
        (depth, ruled, line, grid.height, grid.rows),
        (depth.T, ruled.T, line.T, grid.width, grid.columns),
    ):
        for i in range(n + 1):
            middle = grid.margin + i * size
            low, high = max(middle - reach, 0), min(middle + reach, len(values))
            # Most of a ruled line's way is bare: the median along it is the line alone.
            usual = np.median(values[low:high, :: max(1, values.shape[1] // _LINE_SAMPLE)], axis=1)
            if usual.size == 0 or usual.max() < max(_PRINTED, grid.floor):
                continue
            thick = np.flatnonzero(usual > _RIM * usual.max())
            first, last = max(low + int(thick[0]) - 2, 0), low + int(thick[-1]) + 3
            marks[first:last] = 1
            profile[first:last] = np.maximum(profile[first:last], usual.max())
            thickest = max(thickest, last - first)
    if not ruled.any():
        return depth, ruled
    rest = ((depth > grid.floor) & (ruled == 0)).astype(np.uint8)
    gap = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thickest + 4,) * 2)
    crossed = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, gap) > 0
    crossed |= depth > (1 + _DARKER) * line
    return np.where((ruled > 0) & ~crossed, 0, depth).astype(np.float32), ruled


def _contrast(depth: Float32, ruled: UInt8, grid: _Straight) -> Float32:
    """The depth of each cell's darkest strokes, shape ``(rows, columns)``, at least the floor's."""
    bare = grid.inside(np.where(ruled > 0, 0, depth))
    bare = bare[..., :: max(1, bare.shape[2] // _CELL_SAMPLE)]
    rank = max(1, bare.shape[2] // 200)
    top = np.partition(bare, -rank, axis=2)[..., -rank]
    return np.maximum(top, grid.floor / _INKED).astype(np.float32)


def _owners(inked: UInt8, ruled: UInt8, depth: Float32, grid: _Straight) -> Int32:
    """Which cell each inked pixel belongs to, from 1; 0 for none."""
    height, width = inked.shape
    row = np.floor((np.arange(height) - grid.margin) / grid.height).astype(int)
    column = np.floor((np.arange(width) - grid.margin) / grid.width).astype(int)
    off = ((row < 0) | (row >= grid.rows))[:, None] | ((column < 0) | (column >= grid.columns))
    home = (row[:, None] * grid.columns + column + 1).astype(np.int32)
    home[off] = 0
    count, labels = cv2.connectedComponents(inked, connectivity=8)
    at = np.flatnonzero(inked.ravel())
    label, cell, mass = labels.ravel()[at], home.ravel()[at], depth.ravel()[at]
    cells = grid.rows * grid.columns + 1
    pairs, place = np.unique(label.astype(np.int64) * cells + cell, return_inverse=True)
    weight = np.bincount(place, mass)
    of, where = pairs // cells, (pairs % cells).astype(np.int32)
    total = np.bincount(of, weight, count)
    most = np.zeros(count, np.int32)
    sure = weight >= _OWN * total[of]
    most[of[sure]] = where[sure]
    whole = np.zeros(count, bool)
    whole[of[sure]] = True
    # What lies on a rule for the most part is what was left of it.
    left = np.bincount(label, ruled.ravel()[at], count) > _LEFT * np.bincount(label, None, count)
    owner = np.zeros(inked.size, np.int32)
    owner[at] = np.where(left[label], 0, np.where(whole[label], most[label], cell))
    return owner.reshape(inked.shape)


def _boxes(owner: Int32, cells: int) -> list[Box | None]:
    """Left, top, right, bottom of what belongs to each cell; None where nothing does."""
    ys, xs = np.nonzero(owner)
    own = owner[ys, xs]
    order = np.argsort(own, kind="stable")
    present, first = np.unique(own[order], return_index=True)
    boxes: list[Box | None] = [None] * cells
    ends = [
        way.reduceat(at[order], first).tolist() if len(first) else []
        for way, at in ((np.minimum, xs), (np.minimum, ys), (np.maximum, xs), (np.maximum, ys))
    ]
    for number, x0, y0, x1, y1 in zip(present.tolist(), *ends, strict=True):
        boxes[number - 1] = x0, y0, x1 + 1, y1 + 1
    return boxes


def _cell(depth: Float32, owner: Int32, number: int, box: Box | None, grid: _Straight) -> Cell:
    if box is None:
        return Cell(None, 0.0)
    row, column = divmod(number, grid.columns)
    top, left = grid.margin + row * grid.height, grid.margin + column * grid.width
    x0, y0, x1, y1 = _near(box, left, top, grid)
    if x0 >= x1 or y0 >= y1:
        return Cell(None, 0.0)
    own = (owner[y0:y1, x0:x1] == number + 1).astype(np.uint8)
    parts, _, stats, _ = cv2.connectedComponentsWithStats(own, connectivity=8)
    sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    size = float(sizes.max(initial=0)) / grid.short
    if size < SPECK:
        return Cell(None, size)
    pad = max(4, round(0.1 * grid.short))
    # The soft rim of the strokes belongs to them; what else is dark there does not.
    soft = cv2.dilate(own, np.ones((3, 3), np.uint8))
    ink = (depth[y0:y1, x0:x1] * soft).clip(0, 255)
    framed = cv2.copyMakeBorder(ink, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    wall = _WALL * grid.short
    walls = x1 - left, y1 - top, left + grid.width - x0, top + grid.height - y0
    return Cell(255 - np.rint(framed).astype(np.uint8), size, min(walls) <= wall, parts - 1)


def _near(box: Box, left: int, top: int, grid: _Straight) -> Box:
    """What of a box is about its cell: a digit overruns its cell by no more than a cell's side."""
    reach = grid.short
    x0, y0, x1, y1 = box
    return (
        max(x0, left - reach),
        max(y0, top - reach),
        min(x1, left + grid.width + reach),
        min(y1, top + grid.height + reach),
    )
