"""What a form is: its page, and the regions on it that are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scrawl.arrays import Float64, FloatBox
from scrawl.forms.checks import Check


@dataclass(frozen=True)
class Region:
    """A box of the form: one cell, a row of cells, or a grid of them.

    Attributes:
        name: A field's name, or what the names of a grid's fields start with.
        box: Where it is, in the form's unit.
        rows: Cells below each other.
        columns: Cells beside each other.
        kind: ``"digit"``: a digit a cell; ``"number"``: one cell that holds a whole number.
        grid: Whether each cell is a field of its own; otherwise the cells make one field.
        kinds: The kind of each column of a grid, where they differ; else empty.
        widths: The relative widths of its columns, where they differ; else empty.
        heights: The relative heights of its rows, where they differ; else empty.
        row_names: What the rows are called; else empty, and they are ``r1``, ``r2`` and so on.
        column_names: What the columns are called; else ``c1``, ``c2`` and so on.
        checks: What its text has to satisfy: one, or one a column of a grid; else empty.
        optional: Whether it may be left blank; None if it may unless it has a check.
    """

    name: str
    box: FloatBox
    rows: int = 1
    columns: int = 1
    kind: str = "digit"
    grid: bool = False
    kinds: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    row_names: tuple[str, ...] = ()
    column_names: tuple[str, ...] = ()
    checks: tuple[Check | None, ...] = ()
    optional: bool | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields: its own, or a name a cell of a grid, row by row."""
        if not self.grid:
            return (self.name,)
        rows = self.row_names or [f"r{row}" for row in range(1, self.rows + 1)]
        columns = self.column_names or [f"c{column}" for column in range(1, self.columns + 1)]
        return tuple(f"{self.name}_{row}_{column}" for row in rows for column in columns)

    @property
    def xs(self) -> Float64:
        """Where its upright lines are, from the left, in the form's unit."""
        return _edges(self.box[0], self.box[2], self.columns, self.widths)

    @property
    def ys(self) -> Float64:
        """Where its level lines are, from the top, in the form's unit."""
        return _edges(self.box[1], self.box[3], self.rows, self.heights)

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of its smallest cell, in the form's unit."""
        return float(np.diff(self.xs).min()), float(np.diff(self.ys).min())

    def kind_of(self, column: int) -> str:
        """The kind of the cells of a column, from 0."""
        return self.kinds[column] if self.kinds else self.kind

    def check_of(self, column: int) -> Check | None:
        """What the fields of a column, from 0, have to satisfy."""
        return self.checks[column if self.grid else 0] if self.checks else None

    def sums(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The fields that are sums, and the names of the fields that make them."""
        if not self.grid:
            check = self.check_of(0)
            if check is not None and check.sum:
                yield self.name, check.sum
            return
        columns = self.column_names or tuple(f"c{c}" for c in range(1, self.columns + 1))
        for at, name in enumerate(self.names):
            row, column = divmod(at, self.columns)
            check = self.check_of(column)
            if check is not None and check.sum:
                here = self.names[row * self.columns : (row + 1) * self.columns]
                yield name, tuple(here[columns.index(term)] for term in check.sum)

    @property
    def has_numbers(self) -> bool:
        """Whether any of its cells holds a whole number."""
        return "number" in (self.kinds or (self.kind,))


def _edges(first: float, last: float, cells: int, sizes: Sequence[float]) -> Float64:
    """Where the lines between cells of relative sizes are; equal ones if there are none."""
    if not sizes:
        return np.linspace(first, last, cells + 1)
    shares = np.concatenate([[0.0], np.cumsum(sizes)]) / np.sum(sizes)
    return np.asarray(first + (last - first) * shares)


@dataclass(frozen=True)
class Form:
    """A form: the size of its page, and what is to be read where.

    Attributes:
        name: What to call it.
        page: Width and height, in the form's unit.
        unit: ``"mm"`` or ``"pixels"``.
        regions: What is read, in the order of the file.
        reference: The file of a scan of the empty form, or None.
    """

    name: str
    page: tuple[float, float]
    unit: str
    regions: tuple[Region, ...]
    reference: Path | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields, in the order of the file."""
        return tuple(name for region in self.regions for name in region.names)

    @property
    def has_numbers(self) -> bool:
        """Whether anything on it holds a whole number."""
        return any(region.has_numbers for region in self.regions)
