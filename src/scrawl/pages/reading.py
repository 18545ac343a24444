"""What was read from a picture: digits in lines and groups, and the marks between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL.Image import Image

from scrawl import drawing
from scrawl.arrays import Box, Float32, UInt8


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
    """

    digit: int
    confidence: float
    box: Box
    uncertain: bool
    probabilities: Float32 = field(repr=False)
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Its plain values."""
        return {
            "digit": self.digit,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "uncertain": self.uncertain,
            "box": list(self.box),
            "probabilities": [round(p, 6) for p in self.probabilities.tolist()],
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Digit:
        """The digit that `to_dict` gave."""
        return cls(
            digit=table["digit"],
            confidence=table["confidence"],
            box=_box(table["box"]),
            uncertain=table["uncertain"],
            probabilities=np.array(table["probabilities"], np.float32),
            text=table["text"],
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
        return cls(table["mark"], table["confidence"], _box(table["box"]))


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
    """

    lines: tuple[Line, ...]
    size: tuple[int, int]
    image: UInt8 | None = field(default=None, repr=False, compare=False)

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
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Reading:
        """The reading that `to_dict` gave, without its picture."""
        width, height = table["size"]
        return cls(tuple(map(Line.from_dict, table["lines"])), (width, height))


def _row(digit: Digit) -> drawing.Row:
    note = f"{digit.confidence:.0%}" if digit.uncertain else ""
    return drawing.Row(digit.box, digit.text, digit.uncertain, note)


def _box(values: Any) -> Box:
    x0, y0, x1, y1 = values
    return x0, y0, x1, y1
