"""Where the tables of a page are: from rules where there are some, else from alignment."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Box, Float32, Float64
from scrawl.pages.reading import Line
from scrawl.pages.tilt import level, page_tilt
from scrawl.pixels import runs

_NEXT = 0.35  # of a row's height, by which the rules of the row below may be apart from it
_BESIDE = 0.7  # of the wider of two rows, that is above or below the other
_ONE_WALL = 0.25  # of the usual width of a cell: walls nearer to each other are one
_SUPPORT = 0.4  # of the rows of a table, that a wall stands in
_ALIGNED = 3  # lines that show columns where there are no rules
_CLEAR, _STEP = 0.12, 0.04  # of a digit's height: a clear strip between columns, and a step
_ODD = 0.12  # of the lines, that may reach into the strip
_SPACE = 0.6  # of a digit's height, and
_WIDER = 2.0  # times as wide as usual is the space between the numbers beside it
_NEVER = 0.4  # of a digit's height: two digits nearer than this are of one number
_COLUMN = 0.3  # of a column's cells, that something stands in: a third digit is no column
_FILLED = 0.6  # of the cells of columns without rules, that something stands in


@dataclass(frozen=True, eq=False)
class Grid:
    """Rows and columns, in the frame of `scrawl.pages.tilt.level`.

    Attributes:
        xs: Where columns begin and end, from the left, one more than there are columns.
        ys: The same of rows, from the top.
        tilt: Of the page.
    """

    xs: Float64
    ys: Float64
    tilt: float

    def cell(self, box: Box) -> tuple[int, int] | None:
        """Row and column that the middle of a box is in."""
        x, y = level(box, self.tilt)
        row, column = int(np.searchsorted(self.ys, y)) - 1, int(np.searchsorted(self.xs, x)) - 1
        inside = 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1
        return (row, column) if inside else None

    def box(self, row: int, column: int) -> Box:
        """Where a cell is, in pixels."""
        x = self.xs[[column, column + 1, column + 1, column]]
        y = self.ys[[row, row, row + 1, row + 1]]
        scale = 1 + self.tilt**2
        across, down = (x - self.tilt * y) / scale, (y + self.tilt * x) / scale
        left, top = max(int(across.min()), 0), max(int(down.min()), 0)
        return left, top, max(int(across.max()), left + 1), max(int(down.max()), top + 1)


def ruled(rows: Sequence[Float32]) -> list[Grid]:
    """The tables that rows of ruled cells make.

    Args:
        rows: Of each row the corners of its cells, shape ``(n, 4, 2)``, as
            `scrawl.ruling.walls.Walls` has them, in pixels of the page.
    """
    left = sorted(rows, key=lambda row: float(row[0, 0, 1]))
    grids = []
    while left:
        chain = [left.pop(0)]
        for row in list(left):
            if _is_below(row, chain[-1]):
                chain.append(row)
                left = [other for other in left if other is not row]
        grid = _of_rules(chain)
        if grid is not None:
            grids.append(grid)
    return grids


def _is_below(row: Float32, above: Float32) -> bool:
    """Whether a row of cells is the next of a table."""
    shared = min(row[-1, 1, 0], above[-1, 2, 0]) - max(row[0, 0, 0], above[0, 3, 0])
    wider = max(row[-1, 1, 0] - row[0, 0, 0], above[-1, 2, 0] - above[0, 3, 0])
    high = float(above[0, 3, 1] - above[0, 0, 1])
    return bool(shared > _BESIDE * wider and abs(row[0, 0, 1] - above[0, 3, 1]) < _NEXT * high)


def _of_rules(chain: list[Float32]) -> Grid | None:
    if len(chain) < 2 or max(map(len, chain)) < 2:
        return None
    longest = max(chain, key=len)
    run = longest[-1, 1] - longest[0, 0]
    tilt = float(run[1] / run[0])
    walls = [float(x + tilt * y) for row in chain for x, y in [*row[:, 0], row[-1, 1]]]
    usual = float(np.median(np.concatenate([row[:, 1, 0] - row[:, 0, 0] for row in chain])))
    xs = _clusters(walls, _ONE_WALL * usual, max(2, round(_SUPPORT * len(chain))))
    edges = [float(np.mean([y - tilt * x for x, y in row[:, 0]])) for row in chain]
    edges.append(float(np.mean([y - tilt * x for x, y in chain[-1][:, 3]])))
    return Grid(xs, np.array(edges), tilt) if len(xs) > 2 else None


def _clusters(values: list[float], near: float, least: int) -> Float64:
    """The means of values that are near each other, where there are enough of them."""
    ordered = np.sort(values)
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > near) + 1)
    return np.array([float(part.mean()) for part in parts if len(part) >= least])


def aligned(lines: Sequence[Line]) -> Grid | None:
    """The table that lines make whose numbers stand in columns."""
    boxes = [[digit.box for digit in line.digits] for line in lines]
    if len(boxes) < _ALIGNED:
        return None
    every = [box for row in boxes for box in row]
    tilt, height = page_tilt(every), float(np.median([box[3] - box[1] for box in every]))
    spans = [sorted(_span(box, tilt) for box in row) for row in boxes]
    spaces = [b[0] - a[1] for row in spans for a, b in itertools.pairwise(row)]
    small = [max(space, 0.0) for space in spaces if space < _SPACE * height]
    least = max(_SPACE * height, _WIDER * float(np.median(small)) if small else 0)
    few = int(_ODD * len(lines))
    cuts = [
        x
        for x in _free(spans, height, few)
        if _is_wide(_spaces_at(x, spans)[few:], least, _NEVER * height)
    ]
    if not cuts:
        return None
    xs = np.array([min(r[0][0] for r in spans), *cuts, max(r[-1][1] for r in spans)])
    xs[0], xs[-1] = xs[0] - 1, xs[-1] + 1
    counts = np.array([np.histogram([(a + b) / 2 for a, b in row], xs)[0] for row in spans])
    thin = [at for at in range(1, len(xs) - 1) if (counts[:, at] > 0).mean() < _COLUMN]
    xs, counts = np.delete(xs, thin), np.delete(counts, thin, 1)
    if counts.max() < 2 or (counts > 0).mean() < _FILLED:
        return None  # digits written wide apart are a number
    places = [float(np.mean([level(box, tilt)[1] for box in row])) for row in boxes]
    between = [(a + b) / 2 for a, b in itertools.pairwise(places)]
    half = float(np.median(np.diff(places))) / 2
    return Grid(xs, np.array([places[0] - half, *between, places[-1] + half]), tilt)


def _span(box: Box, tilt: float) -> tuple[float, float]:
    """From where to where a digit reaches on the page without its tilt."""
    x, half = level(box, tilt)[0], (box[2] - box[0]) / 2
    return x - half, x + half


def _free(spans: list[list[tuple[float, float]]], height: float, few: int) -> list[float]:
    """Where hardly a line has a digit: the middle of each clear strip."""
    every = np.array([span for row in spans for span in row])
    start, step = float(every.min()), _STEP * height
    crossed = np.zeros(int((float(every.max()) - start) / step) + 2, int)
    for a, b in ((every - start) / step).astype(int):
        crossed[a : b + 1] += 1
    found = []
    for a, b in runs(crossed <= few):
        clearest = np.flatnonzero(crossed[a:b] == crossed[a:b].min()) + a
        longest = max(np.split(clearest, np.flatnonzero(np.diff(clearest) > 1) + 1), key=len)
        if b - a >= _CLEAR / _STEP:
            found.append(start + step * (float(longest.mean()) + 0.5))
    return found


def _spaces_at(x: float, spans: list[list[tuple[float, float]]]) -> list[float]:
    """The spaces between the digits beside a place, the narrowest first."""
    spaces = []
    for row in spans:
        before, behind = [b for _, b in row if b <= x], [a for a, _ in row if a >= x]
        if before and behind:
            spaces.append(min(behind) - max(before))
    return sorted(spaces)


def _is_wide(spaces: list[float], usual: float, least: float) -> bool:
    """Whether spaces part columns: wide mostly, and in no line as narrow as within a number."""
    return len(spaces) >= _ALIGNED - 1 and float(np.median(spaces)) >= usual and spaces[0] > least
