"""Digits of a page as lines and tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scrawl.pages.columns import aligned
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.grids import Grid, ruled
from scrawl.pages.layout import groups, lines
from scrawl.pages.levels import Level
from scrawl.pages.reading import Line
from scrawl.pages.table import Cell, Table
from scrawl.pages.tilt import level, page_tilt


def arranged(
    digits: Sequence[Digit], marks: Sequence[Mark], levels: Sequence[Level]
) -> tuple[list[Line], list[Table]]:
    """Lines and tables, each in reading order; a table's rows are lines, a group a cell.

    Args:
        digits: In any order.
        marks: Likewise; those that stand in no line are left out.
        levels: The picture, for what is ruled there.
    """
    ruling = max(levels, key=lambda one: one.cells)
    grids = ruled([row * np.float32(ruling.scale) for row in ruling.rules.rows])
    free, loose = list(digits), list(marks)
    written, tables = [], []
    for grid in grids:
        inside = [digit for digit in free if grid.cell(digit.box) is not None]
        signs = [mark for mark in loose if grid.cell(mark.box) is not None]
        rows, table = _filled(grid, inside, signs)
        written += rows
        tables.append(table)
        free = [digit for digit in free if grid.cell(digit.box) is None]
        loose = [mark for mark in loose if grid.cell(mark.box) is None]
    rest = lines(free, loose)
    columns = None if grids else aligned(rest)
    if columns is not None:
        rows, table = _filled(columns, free, [mark for line in rest for mark in line.marks])
        return rows, [table]
    tilt = page_tilt([digit.box for digit in digits])
    return sorted([*written, *rest], key=lambda line: _place(line, tilt)), tables


def _place(line: Line, tilt: float) -> float:
    return float(np.mean([level(digit.box, tilt)[1] for digit in line.digits]))


def _filled(
    grid: Grid, digits: Sequence[Digit], marks: Sequence[Mark]
) -> tuple[list[Line], Table]:  # fmt: skip
    """The rows of a table that say something, and the table."""
    held: dict[tuple[int, int], list[Digit]] = {}
    for digit in sorted(digits, key=lambda one: level(one.box, grid.tilt)[0]):
        held.setdefault(grid.cell(digit.box) or (0, 0), []).append(digit)
    # Where each cell has one digit at most, a row is a number: a comb.
    several = any(len(cell) > 1 for cell in held.values())
    written, rows = [], []
    for row in range(len(grid.ys) - 1):
        cells = [held.get((row, column), []) for column in range(len(grid.xs) - 1)]
        signs = [mark for mark in marks if (grid.cell(mark.box) or (-1,))[0] == row]
        parts = tuple(tuple(cell) for cell in cells if cell)
        if parts:
            parts = parts if several else groups([digit for part in parts for digit in part])
            written.append(Line(parts, tuple(sorted(signs, key=lambda mark: mark.box[0]))))
        rows.append(tuple(_cell(cell, grid, row, column) for column, cell in enumerate(cells)))
    return written, Table(tuple(rows))


def _cell(digits: list[Digit], grid: Grid, row: int, column: int) -> Cell:
    return Cell(
        text="".join(digit.text for digit in digits),
        confidence=min((digit.confidence for digit in digits), default=1.0),
        uncertain=any(digit.uncertain for digit in digits),
        box=grid.box(row, column),
    )
