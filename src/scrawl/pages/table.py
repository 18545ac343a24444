"""A table of a picture: rows and columns of cells, empty ones too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrawl.arrays import Box
from scrawl.pages.digit import box_of


@dataclass(frozen=True)
class Cell:
    """What stands in a cell.

    Attributes:
        text: Its digits; empty where there are none.
        confidence: That of its least certain digit, in [0, 1]; 1 where there are none.
        uncertain: Whether any digit is uncertain.
        box: Where it is.
    """

    text: str
    confidence: float
    uncertain: bool
    box: Box

    def to_dict(self) -> dict[str, Any]:
        """Its plain values."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "uncertain": self.uncertain,
            "box": list(self.box),
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Cell:
        """The cell that `to_dict` gave."""
        box = box_of(table["box"])
        return cls(table["text"], table["confidence"], table["uncertain"], box)


@dataclass(frozen=True)
class Table:
    """Cells in rows and columns.

    Attributes:
        rows: From the top, each of as many cells, from the left.
    """

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def texts(self) -> list[list[str]]:
        """What the cells say, a list a row: rows of a CSV file."""
        return [[cell.text for cell in row] for row in self.rows]

    def to_dict(self) -> dict[str, Any]:
        """Its plain values."""
        return {"rows": [[cell.to_dict() for cell in row] for row in self.rows]}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Table:
        """The table that `to_dict` gave."""
        return cls(tuple(tuple(map(Cell.from_dict, row)) for row in table["rows"]))
