"""Which cells of a table hold print, on a sheet that is blank or filled in."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scrawl.arrays import Bool
from scrawl.forms.cells import Cell

_SMALL = 0.45  # of a cell's short side, that print is high at most: a pen fills more of it
_SMALL_ALONE = 0.3  # and in a box, beside which no other tells: many write no larger than print
_STROKE = 60  # grey levels by which ink is darker than paper
_INKED = 0.6  # share of a cell's ink that is so small, at least
_MOST = 0.5  # share of the cells of a row or a column that have ink, if it is printed
_ALIKE = 0.6  # share of those whose ink is as small as print
_BLANK = 0.1  # share of the other cells that have ink, up to which nobody has filled them in


def headings(cells: Sequence[Cell], rows: int, columns: int) -> tuple[int, int]:
    """How many rows at the top, and columns at the left, of a grid hold print.

    Args:
        cells: The grid's cells, row by row.
        rows: How many rows it has.
        columns: How many columns.

    Returns:
        Rows and columns; all rows where there is nothing but print.
    """
    inked = np.array([cell.picture is not None for cell in cells]).reshape(rows, columns)
    small = np.array([is_print(cell) for cell in cells]).reshape(rows, columns)
    top = left = 0
    while left < columns and _printed(inked[1:, left], small[1:, left], inked[1:, left + 1 :]):
        left += 1
    rest = np.s_[:, left if left < columns else 0 :]
    while top < rows and _printed(inked[rest][top], small[rest][top], inked[rest][top + 1 :]):
        top += 1
    return (rows, columns) if left == columns else (top, left)


def _printed(inked: Bool, small: Bool, others: Bool) -> bool:
    """Whether a row or a column is printed, by its cells and by the others."""
    if not inked.size or inked.mean() < _MOST:
        return False
    if others.size and others.mean() <= _BLANK:
        return True
    return bool(small[inked].mean() >= _ALIKE)


def is_label(cells: Sequence[Cell]) -> bool:
    """Whether a box, or each of a row of boxes, holds print, such as what the next one is for."""
    return all(is_print(cell, _SMALL_ALONE) for cell in cells)


def is_print(cell: Cell, small: float = _SMALL) -> bool:
    """Whether most ink of a cell is as small as print: what is left of rules may be longer.

    Args:
        cell: The cell.
        small: Of its short side, that print is high at most.
    """
    if cell.picture is None:
        return False
    ink = (cell.picture < 255 - _STROKE).astype(np.uint8)
    sides = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
    if not len(sides):
        return False
    high, wide = sides[:, cv2.CC_STAT_HEIGHT], sides[:, cv2.CC_STAT_WIDTH]
    short = max(high.max(), wide.max()) / cell.size  # in pixels of its picture
    area = sides[:, cv2.CC_STAT_AREA]
    return bool(area[high < small * short].sum() >= _INKED * area.sum())
