"""What was read from one page of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scrawl.arrays import Box, Float64, UInt8

UNREADABLE = "?"
"""What stands in a field's text for ink that shows no digit."""

SURE, DOUBTFUL = "sure", "doubtful"
"""How surely a form lies where its fields were read."""

DOUBTED, LAID = "is not sure", "may lie elsewhere"
"""Why a field is uncertain: its digits, or where the form lies."""

ANOTHER = "may be another digit"
"""Why it is where the page reader doubts what the digit reader is sure of."""

BROKEN = "expected"
"""What the reason begins with where a field breaks its check: it says what was expected."""

LAID_WELL = (None, LAID, ANOTHER)
"""Reasons that say nothing against where the form lies."""


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
        box: Where it is; it holds the whole field on a page that is turned.
        corners: The field's own corners in pixels of the picture, clockwise from its upper left.
        reason: Why a person should look, in words; None where it is certain.
    """

    name: str
    text: str
    confidence: float
    uncertain: bool
    blank: bool
    box: Box
    corners: tuple[tuple[float, float], ...] = field(repr=False, default=())
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Its plain values."""
        return {
            "name": self.name,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "uncertain": self.uncertain,
            "blank": self.blank,
            "box": list(self.box),
            "corners": [[round(x, 2), round(y, 2)] for x, y in self.corners],
            "reason": self.reason,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> FieldReading:
        """The field that `to_dict` gave."""
        x0, y0, x1, y1 = table["box"]
        corners = tuple((x, y) for x, y in table["corners"])
        return cls(**{**table, "box": (x0, y0, x1, y1), "corners": corners})


@dataclass(frozen=True, repr=False)
class FormReading:
    """What was read from one page.

    Attributes:
        fields: In the order of the form.
        aligned_by: What the form was found by: ``"lines"``, ``"reference"``, or ``"page"``, the
            edges of the page alone.
        turned: By how many degrees the page lay clockwise from upright: 0, 90, 180 or 270.
        to_page: float64, shape ``(3, 3)``: the homography from pixels of the picture to the
            form's unit.
        laid: ``"sure"``, or ``"doubtful"`` where the form may lie elsewhere on the picture: then
            every field is uncertain.
        laid_confidence: The probability that it lies where its fields were read, in [0, 1].
        laid_reason: Why it is doubtful, or None.
        laid_share: The share of its ruled lines that is on the picture and seen, in [0, 1]; 1 where
            it was not found by them.
        image: uint8, shape ``(H, W)``: the picture in grey, for drawing; None in a reading that
            came from `from_dict`.
    """

    fields: tuple[FieldReading, ...]
    aligned_by: str
    turned: int
    to_page: Float64 = field(compare=False)
    laid: str = SURE
    laid_confidence: float = 1.0
    laid_reason: str | None = None
    laid_share: float = 1.0
    image: UInt8 | None = field(default=None, compare=False)

    @property
    def uncertain(self) -> tuple[FieldReading, ...]:
        """The fields that a person should look at."""
        return tuple(item for item in self.fields if item.uncertain)

    @property
    def confidence(self) -> float:
        """The confidence of the least certain field, in [0, 1]."""
        return min((item.confidence for item in self.fields), default=0.0)

    def __getitem__(self, name: str) -> FieldReading:
        """The field of that name.

        Raises:
            KeyError: There is none.
        """
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)

    def __repr__(self) -> str:
        return (
            f"FormReading({len(self.fields)} fields, {len(self.uncertain)} uncertain, "
            f"aligned_by={self.aligned_by!r}, laid={self.laid!r}, turned={self.turned})"
        )

    def to_dict(self) -> dict[str, Any]:
        """What ``scrawl form read --json`` prints of a page, without its name."""
        return {
            "turned": self.turned,
            "aligned_by": self.aligned_by,
            "laid": self.laid,
            "laid_confidence": round(self.laid_confidence, 6),
            "laid_reason": self.laid_reason,
            "laid_share": round(self.laid_share, 6),
            "to_page": self.to_page.tolist(),
            "fields": [item.to_dict() for item in self.fields],
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> FormReading:
        """The reading that `to_dict` gave, without its picture."""
        return cls(
            fields=tuple(map(FieldReading.from_dict, table["fields"])),
            aligned_by=table["aligned_by"],
            turned=table["turned"],
            to_page=np.array(table["to_page"], np.float64),
            laid=table.get("laid", SURE),
            laid_confidence=table.get("laid_confidence", 1.0),
            laid_reason=table.get("laid_reason"),
            laid_share=table.get("laid_share", 1.0),
        )
