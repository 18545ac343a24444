"""What was read from a picture: lines of digits in groups, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL.Image import Image

from scrawl import drawing
from scrawl.arrays import UInt8
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.table import Table


@dataclass(frozen=True)
class Line:
    """Digits that stand in a row.

    Attributes:
        groups: The digits from left to right, apart where a space is between them.
        marks: The marks of the line from left to right.
    """

    groups: tuple[tuple[Digit, ...], ...]
    marks: tuple[Mark, ...] = ()

    @property
    def digits(self) -> tuple[Digit, ...]:
        """All digits from left to right."""
        return tuple(digit for group in self.groups for digit in group)

    @property
    def text(self) -> str:
        """The digits, a space between groups."""
        return " ".join("".join(digit.text for digit in group) for group in self.groups)

    @property
    def marked(self) -> str:
        """The digits with the marks between and beside them; a mark stands for a space."""
        text, left = "", list(self.marks)
        for number, group in enumerate(self.groups):
            for place, digit in enumerate(group):
                passed = [mark for mark in left if _middle(mark) < _middle(digit)]
                left = left[len(passed) :]
                between = "".join(mark.mark for mark in passed)
                text += between or (" " if number and not place else "")
                text += digit.text
        return text + "".join(mark.mark for mark in left)

    @property
    def confidence(self) -> float:
        """The confidence of the least certain digit, in [0, 1]."""
        return min((digit.confidence for digit in self.digits), default=0.0)

    @property
    def uncertain(self) -> bool:
        """Whether any digit is uncertain."""
        return any(digit.uncertain for digit in self.digits)

    def to_dict(self) -> dict[str, Any]:
        """Its plain values; ``groups`` are the numbers of digits of each group."""
        return {
            "text": self.text,
            "marked": self.marked,
            "confidence": round(self.confidence, 6),
            "uncertain": self.uncertain,
            "groups": [len(group) for group in self.groups],
            "digits": [digit.to_dict() for digit in self.digits],
            "marks": [mark.to_dict() for mark in self.marks],
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Line:
        """The line that `to_dict` gave."""
        digits = iter([Digit.from_dict(item) for item in table["digits"]])
        groups = tuple(tuple(next(digits) for _ in range(count)) for count in table["groups"])
        return cls(groups, tuple(Mark.from_dict(item) for item in table["marks"]))


@dataclass(frozen=True)
class Reading:
    """All that was read from one picture.

    Attributes:
        lines: In reading order; none where the picture shows no digit.
        size: Width and height of the picture, in pixels.
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)``: the picture, for drawing; None in a
            reading that came from `from_dict`.
        tables: From the top; the rows of each are lines, too.
        turned: By how many degrees its writing, or that of the sheet with most digits, is turned
            clockwise, in (-180, 180]; 0 for tilts of a few degrees that were read as they are.
    """

    lines: tuple[Line, ...]
    size: tuple[int, int]
    image: UInt8 | None = field(default=None, repr=False, compare=False)
    tables: tuple[Table, ...] = ()
    turned: float = 0.0

    @property
    def text(self) -> str:
        """The digits, a space between groups and a line break between lines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def digits(self) -> tuple[Digit, ...]:
        """All digits in reading order."""
        return tuple(digit for line in self.lines for digit in line.digits)

    @property
    def confidence(self) -> float:
        """The confidence of the least certain digit, in [0, 1]; 0 where there is none."""
        return min((line.confidence for line in self.lines), default=0.0)

    @property
    def uncertain(self) -> bool:
        """Whether any digit is uncertain."""
        return any(line.uncertain for line in self.lines)

    def draw(self) -> Image:
        """The picture with frames, digits and confidences drawn over it, in colour.

        A reading without its picture is drawn on white.
        """
        image = self.image
        if image is None:
            image = np.full(self.size[::-1], 255, np.uint8)
        marks = [drawing.Row(mark.box) for line in self.lines for mark in line.marks]
        return drawing.annotate(image, [*marks, *map(_row, self.digits)])

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return drawing.png(self.draw())

    def to_dict(self) -> dict[str, Any]:
        """What ``scrawl read --json`` prints of a picture, without its name."""
        return {
            "text": self.text,
            "size": list(self.size),
            "lines": [line.to_dict() for line in self.lines],
            "tables": [table.to_dict() for table in self.tables],
            "turned": round(self.turned, 1),
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Reading:
        """The reading that `to_dict` gave, without its picture."""
        width, height = table["size"]
        return cls(
            lines=tuple(map(Line.from_dict, table["lines"])),
            size=(width, height),
            tables=tuple(map(Table.from_dict, table.get("tables", ()))),
            turned=table.get("turned", 0.0),
        )


def unread() -> dict[str, Any]:
    """What `Reading.to_dict` says, of a picture that could not be opened: it has no size."""
    return {**Reading((), (0, 0)).to_dict(), "size": None}


def _middle(item: Digit | Mark) -> float:
    return (item.box[0] + item.box[2]) / 2


def _row(digit: Digit) -> drawing.Row:
    note = f"{digit.confidence:.0%}" if digit.uncertain else ""
    return drawing.Row(digit.box, digit.text, digit.uncertain, note)
