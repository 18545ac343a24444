"""What was read from one page of a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scrawl.arrays import Float64, UInt8

UNREADABLE = "?"
"""What stands in a field's text for ink that shows no digit."""


@dataclass(frozen=True)
class FieldReading:
    """What was read from one field.

    Attributes:
        name: The field's name.
        text: Its digits; empty where it is blank, `UNREADABLE` for ink that shows no digit.
        confidence: The probability that the text is right, in [0, 1]: of the least certain digit,
            or, where it is blank, that it is blank.
        uncertain: Whether a person should look: the confidence is below the threshold.
        blank: Whether nothing is written in it.
        box: Left, top, right and bottom in pixels of the picture; right and bottom are the first
            outside. It holds the whole field on a page that is turned.
        corners: The field's own corners in pixels of the picture, clockwise from its upper left.
    """

    name: str
    text: str
    confidence: float
    uncertain: bool
    blank: bool
    box: tuple[int, int, int, int]
    corners: tuple[tuple[float, float], ...] = field(repr=False, default=())

    def to_dict(self) -> dict[str, Any]:
        """What ``scrawl read --form --json`` prints of a field."""
        return {
            "name": self.name,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "uncertain": self.uncertain,
            "blank": self.blank,
            "box": list(self.box),
        }


@dataclass(frozen=True)
class FormReading:
    """What was read from one page.

    Attributes:
        fields: In the order of the form.
        aligned_by: What the form was found by: ``"lines"``, ``"reference"``, or ``"page"``, the
            edges of the page alone.
        turned: By how many degrees the page lay clockwise from upright: 0, 90, 180 or 270.
        to_page: float64, shape ``(3, 3)``: the homography from pixels of the picture to the
            form's unit.
        image: uint8, shape ``(H, W)``: the picture in grey, for drawing.
    """

    fields: tuple[FieldReading, ...]
    aligned_by: str
    turned: int
    to_page: Float64 = field(repr=False, compare=False)
    image: UInt8 = field(repr=False, compare=False)

    @property
    def uncertain(self) -> tuple[FieldReading, ...]:
        """The fields that a person should look at."""
        return tuple(item for item in self.fields if item.uncertain)

    def __getitem__(self, name: str) -> FieldReading:
        """The field of that name.

        Raises:
            KeyError: There is none.
        """
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)
