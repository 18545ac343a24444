"""Rows and columns of tables, and where rules show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Box, Float32, Float64
from scrawl.pages.tilt import level

_NEXT = 0.35  # of a row's height, by which the rules of the row below may be apart from it
_BESIDE = 0.7  # of the wider of two rows, that is above or below the other
_ONE_WALL = 0.25  # of the usual width of a cell: walls nearer to each other are one
_SUPPORT = 0.4  # of the rows of a table, that a wall stands in


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
    xs = clusters(walls, _ONE_WALL * usual, max(2, round(_SUPPORT * len(chain))))
    edges = [float(np.mean([y - tilt * x for x, y in row[:, 0]])) for row in chain]
    edges.append(float(np.mean([y - tilt * x for x, y in chain[-1][:, 3]])))
    return Grid(xs, np.array(edges), tilt) if len(xs) > 2 else None


def clusters(values: list[float], near: float, least: int) -> Float64:
    """The means of values that are near each other, where there are enough of them."""
    ordered = np.sort(values)
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > near) + 1)
    return np.array([float(part.mean()) for part in parts if len(part) >= least])
