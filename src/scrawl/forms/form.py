"""What a form is: its page, and the regions on it that are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scrawl.arrays import FloatBox


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
    """

    name: str
    box: FloatBox
    rows: int = 1
    columns: int = 1
    kind: str = "digit"
    grid: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields: its own, or a name a cell of a grid, row by row."""
        if not self.grid:
            return (self.name,)
        return tuple(
            f"{self.name}_r{row}_c{column}"
            for row in range(1, self.rows + 1)
            for column in range(1, self.columns + 1)
        )

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell, in the form's unit."""
        x0, y0, x1, y1 = self.box
        return (x1 - x0) / self.columns, (y1 - y0) / self.rows


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
