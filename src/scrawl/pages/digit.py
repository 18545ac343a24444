"""The digits and the marks of a picture, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scrawl.arrays import Box, Float32


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit of a picture.

    Attributes:
        digit: The row in the alphabet of what is most probable, so 0 to 9 for digits.
        confidence: Its probability, in [0, 1].
        box: Where it is.
        uncertain: Whether the confidence is below the reader's threshold: a person should look.
        probabilities: float32, shape ``(10,)``; their sum falls short of 1 by the probability that
            it is no digit.
        text: What it is printed as.
        crossed_out: Whether a stroke goes through its number; it is uncertain then.
    """

    digit: int
    confidence: float
    box: Box
    uncertain: bool
    probabilities: Float32 = field(repr=False)
    text: str
    crossed_out: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Its plain values."""
        return {
            "digit": self.digit,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "uncertain": self.uncertain,
            "crossed_out": self.crossed_out,
            "box": list(self.box),
            "probabilities": [round(p, 6) for p in self.probabilities.tolist()],
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Digit:
        """The digit that `to_dict` gave."""
        return cls(
            digit=table["digit"],
            confidence=table["confidence"],
            box=box_of(table["box"]),
            uncertain=table["uncertain"],
            probabilities=np.array(table["probabilities"], np.float32),
            text=table["text"],
            crossed_out=table.get("crossed_out", False),
        )


@dataclass(frozen=True)
class Mark:
    """What stands between digits and is none.

    Attributes:
        mark: One of ``.``, ``,``, ``-``, ``=``, ``/`` and ``¤`` for any sign of a currency.
        confidence: Its probability, in [0, 1].
        box: Where it is.
    """

    mark: str
    confidence: float
    box: Box

    def to_dict(self) -> dict[str, Any]:
        """Its plain values."""
        return {
            "mark": self.mark,
            "confidence": round(self.confidence, 6),
            "box": list(self.box),
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Mark:
        """The mark that `to_dict` gave."""
        return cls(table["mark"], table["confidence"], box_of(table["box"]))


def box_of(values: Any) -> Box:
    """The box of four values, such as those of JSON."""
    x0, y0, x1, y1 = values
    return x0, y0, x1, y1
