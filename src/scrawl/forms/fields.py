"""What stands in the fields of a form that is laid on a scan."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from scrawl.arrays import Float32, Float64, UInt8
from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError
from scrawl.forms.cells import SPECK, Cell, cut
from scrawl.forms.digits import CROSSED, crossed_out, digit_probabilities, second_look
from scrawl.forms.form import Form, Region
from scrawl.forms.numbers import Numbers, read_numbers
from scrawl.forms.reading import ANOTHER
from scrawl.forms.sums import settled
from scrawl.forms.written import DIGIT, Answer, Written, answer, joined
from scrawl.one_digit import doubts_well
from scrawl.pages import PageReader

_SURE_BLANK = 0.99  # ink too pale to be seen is rare, not unheard of
_UNEVEN = 0.02  # of a row or a column, by which its neighbour counts as of the same size
_BESIDE = 0.3  # share of a number's ink outside its digits, from which on it is doubtful
_ODDS = 3.0  # by how much likelier ink in a field is a digit than ink on a page
_DOUBT = 0.5  # confidence in what has ink beside it or lies along a ruled line, at most


class Fields:
    """Reads the fields of laid forms. Safe to share between threads."""

    def __init__(
        self, form: Form, reader: DigitReader, pages: Callable[[], PageReader] | None
    ) -> None:
        """Takes the readers; that of pages is asked for when it is first needed.

        Raises:
            InputError: The form has a number, and ``pages`` is None.
        """
        if pages is None and form.has_numbers:
            raise InputError(f"{form.name}: has a number (expected a reader of pages, too)")
        self._form, self._reader, self._pages = form, reader, pages

    def read(
        self, scan: UInt8, meshes: Sequence[Float64], again: bool = True
    ) -> list[list[Answer]]:
        """The answer of each field of each region.

        Args:
            scan: uint8, shape ``(H, W)``.
            meshes: Where the lines of each region cross; see `scrawl.forms.mesh.meshes`.
            again: Whether digits nearly in doubt get a second look, which says nothing of how the
                form lies.
        """
        parts = [
            (region, cells_of(scan, region, mesh))
            for region, mesh in zip(self._form.regions, meshes, strict=True)
        ]
        singles: list[Cell] = []
        numbers: list[Cell] = []
        for region, cells in parts:
            for at, cell in enumerate(cells):
                number = region.kind_of(at % region.columns) == "number"
                (numbers if number else singles).append(cell)
        rows = digit_probabilities(self._reader, singles)
        most = [1.0] * len(singles)
        if again and self._pages is not None and doubts_well(self._reader):
            most = second_look(self._pages, singles, rows, self._reader.threshold)
        digits = zip(singles, rows, most, strict=True)
        said = read_numbers(self._pages(), numbers) if self._pages is not None and numbers else []
        whole = zip(numbers, said, strict=True)
        written = [self._written(region, cells, digits, whole) for region, cells in parts]
        answers = [
            [
                answer(one, region.check_of(at % region.columns), region.optional)
                for at, one in enumerate(every)
            ]
            for (region, _), every in zip(parts, written, strict=True)
        ]
        return settled(self._form, written, answers)

    def _written(
        self,
        region: Region,
        cells: Sequence[Cell],
        digits: Iterator[tuple[Cell, Float32 | None, float]],
        numbers: Iterator[tuple[Cell, Numbers | None]],
    ) -> list[Written]:
        every = []
        for at in range(len(cells)):
            if region.kind_of(at % region.columns) == "number":
                every.append(self._number(*next(numbers)))
            else:
                every.append(self._digit(*next(digits), of_many=not region.grid and len(cells) > 1))
        return every if region.grid else [joined(every)]

    def _digit(self, cell: Cell, row: Float32 | None, most: float, of_many: bool) -> Written:
        one = Written((row,), _blank(cell), self._reader.threshold)
        # A digit is expected in a cell: a doubtful one is named, for a person to check.
        if row is not None and crossed_out(cell, of_many):
            return one.capped(CROSSED, "may be crossed out")
        if row is not None and cell.beside:
            return one.capped(_DOUBT, "lies along a ruled line")
        return one.capped(most, ANOTHER)

    def _number(self, cell: Cell, found: Numbers | None) -> Written:
        assert self._pages is not None  # noqa: S101 - checked when it was made
        threshold = self._pages().threshold
        if found is None:
            return Written((None,), _blank(cell), self._reader.threshold)
        places = tuple(_expected(digit.probabilities) for digit in found.digits)
        if not places:
            nothing = np.zeros(10, np.float32)
            return Written((nothing,), 0.0, threshold, DIGIT, "shows no digit")
        one = Written(places, 0.0, threshold)
        if found.crossed_out:
            return one.capped(CROSSED, "may be crossed out")
        if found.beside > _BESIDE:
            return one.capped(_DOUBT, "has ink beside its digits")
        return one


def _expected(row: Float32) -> Float32:
    """The probabilities of a digit found where one is expected; on a page most ink is none."""
    there = float(row.sum())
    return np.asarray(row * (_ODDS / (_ODDS * there + 1 - there)), np.float32)


def cells_of(scan: UInt8, region: Region, mesh: Float64) -> list[Cell]:
    """The cells of a region, row by row; those of one size are cut out together."""
    cells: dict[tuple[int, int], Cell] = {}
    for top, bottom in _runs(region.heights, region.rows):
        for left, right in _runs(region.widths, region.columns):
            part = cut(scan, mesh[top : bottom + 1, left : right + 1])
            for at, cell in enumerate(part):
                row, column = divmod(at, right - left)
                cells[top + row, left + column] = cell
    return [cells[row, column] for row in range(region.rows) for column in range(region.columns)]


def _runs(sizes: Sequence[float], count: int) -> list[tuple[int, int]]:
    """First and last line of each run of cells of one size."""
    if not sizes:
        return [(0, count)]
    edges = [0]
    for at, (a, b) in enumerate(itertools.pairwise(sizes), 1):
        if abs(a - b) > _UNEVEN * max(a, b):
            edges.append(at)
    return list(itertools.pairwise([*edges, count]))


def _blank(cell: Cell) -> float:
    """The confidence that a cell is blank: a speck makes it doubtful."""
    return min(_SURE_BLANK, 1 - 0.5 * min(1.0, cell.size / SPECK))
