"""Whole numbers in cells, all of them read in one pass of the reader of pages."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scrawl.arrays import Box, UInt8
from scrawl.forms.cells import Cell
from scrawl.pages import PageReader
from scrawl.pages.digit import Digit, Mark

HEIGHT = 36
"""Pixels of a number's ink on the sheet: in the middle of what the detector is trained on."""

_GAP = 26  # pixels about a number: as much as on a page
_SIDE = 448  # pixels of a sheet: what the detector looks at in one piece, without a halo
_ENLARGED = 2.0  # by how much a small number is enlarged at most
_LONGEST = 12  # times its height, that a number is wide at most
_CROSSED = 3  # digits of a number that is told to be crossed out: of two, a 2's foot and a 4's bar
# make one stroke (4 of some 150 numbers of invoices)
_DARKEST = 220  # grey levels between the ink and the sheet's paper: a pen's on a page


class Numbers:
    """What was found in one cell: digits and marks from left to right, and what lies beside.

    Attributes:
        digits: The digits.
        marks: The marks.
        beside: The share of the ink that is in neither, in [0, 1].
        crossed_out: Whether one stroke goes through all of its digits.
    """

    def __init__(
        self,
        digits: Sequence[Digit],
        marks: Sequence[Mark],
        beside: float,
        crossed_out: bool = False,
    ) -> None:
        self.digits = digits
        self.marks = marks
        self.beside = beside
        self.crossed_out = crossed_out


def read_numbers(pages: PageReader, cells: Sequence[Cell]) -> list[Numbers | None]:
    """Reads the number in each cell: their ink is put on one sheet, line below line.

    Args:
        pages: Reads pages.
        cells: As `scrawl.forms.cells.cut` gives them.

    Returns:
        For each cell its digits; None where there is no ink.
    """
    out: list[Numbers | None] = [None] * len(cells)
    crops = [(i, _crop(cell.picture)) for i, cell in enumerate(cells) if cell.picture is not None]
    for sheet, places in _sheets(crops):
        found = pages.read_bare(sheet, [_home(crop, at) for _, crop, at in places])
        for (i, crop, at), line in zip(places, found, strict=True):
            beside = _beside(crop, at, [*line.digits, *line.marks])
            crossed = len(line.digits) >= _CROSSED and any(one.crossed_out for one in line.digits)
            out[i] = Numbers(line.digits, line.marks, beside, crossed)
    return out


def _crop(picture: UInt8) -> UInt8:
    """The ink of a cell at the height that the sheet takes, its darkest as dark as any."""
    ink = 255 - picture
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0) for axis in (1, 0))
    if not rows.size or not columns.size:
        return np.full((HEIGHT, HEIGHT), 255, np.uint8)
    own = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = min(_ENLARGED, HEIGHT / own.shape[0], _LONGEST * HEIGHT / own.shape[1])
    size = max(1, round(own.shape[1] * scale)), max(1, round(own.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(own, size, interpolation=way).astype(np.float32)
    return np.asarray(255 - np.clip(small * (_DARKEST / max(small.max(), 1)), 0, 255), np.uint8)


def _sheets(
    crops: Sequence[tuple[int, UInt8]],
) -> list[tuple[UInt8, list[tuple[int, UInt8, tuple[int, int]]]]]:
    """Sheets with numbers in rows, and where on them each is: left and top."""
    sheets: list[list[tuple[int, UInt8, tuple[int, int]]]] = []
    x = y = _SIDE
    for i, crop in crops:
        if x + crop.shape[1] + _GAP > _SIDE:
            x, y = _GAP, y + HEIGHT + _GAP
        if not sheets or y + HEIGHT + _GAP > _SIDE:
            sheets.append([])
            x, y = _GAP, _GAP
        sheets[-1].append((i, crop, (x, y + (HEIGHT - crop.shape[0]) // 2)))
        x += crop.shape[1] + _GAP
    return [(_sheet(places), places) for places in sheets]


def _sheet(places: Sequence[tuple[int, UInt8, tuple[int, int]]]) -> UInt8:
    width = max(at[0] + crop.shape[1] for _, crop, at in places) + _GAP
    height = max(at[1] + crop.shape[0] for _, crop, at in places) + _GAP
    sheet = np.full((height, width), 255, np.uint8)
    for _, crop, (x, y) in places:
        sheet[y : y + crop.shape[0], x : x + crop.shape[1]] = crop
    return sheet


def _home(crop: UInt8, at: tuple[int, int]) -> Box:
    """What of a sheet is a number's own: up to the middle between it and the next."""
    half = _GAP // 2
    return at[0] - half, at[1] - half, at[0] + crop.shape[1] + half, at[1] + crop.shape[0] + half


def _beside(crop: UInt8, at: tuple[int, int], found: Sequence[Digit | Mark]) -> float:
    """The share of a number's ink that is in no digit's or mark's box."""
    ink = 255.0 - crop
    total = float(ink.sum())
    for item in found:
        x0, y0, x1, y1 = (max(0, v - at[i % 2] + d) for i, (v, d) in
                          enumerate(zip(item.box, (-1, -1, 1, 1), strict=True)))  # fmt: skip
        ink[y0:y1, x0:x1] = 0
    return float(ink.sum()) / max(total, 1.0)
