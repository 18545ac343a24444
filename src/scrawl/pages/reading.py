"""What was read from a picture: digits in lines and groups, and the marks between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the picture; right and bottom are the first outside."""


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit of a picture.

    Attributes:
        digit: 0 to 9, the most probable.
        confidence: Its probability, in [0, 1].
        box: Where it is.
        uncertain: Whether the confidence is below the reader's threshold: a person should look.
        probabilities: float32, shape ``(10,)``; their sum falls short of 1 by the probability that
            it is no digit.
    """

    digit: int
    confidence: float
    box: Box
    uncertain: bool
    probabilities: NDArray[np.float32]


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
        return " ".join("".join(str(digit.digit) for digit in group) for group in self.groups)


@dataclass(frozen=True)
class Reading:
    """All that was read from one picture.

    Attributes:
        lines: In reading order; none where the picture shows no digit.
        size: Width and height of the picture, in pixels.
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)``: the picture, for drawing.
    """

    lines: tuple[Line, ...]
    size: tuple[int, int]
    image: NDArray[np.uint8] = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The digits, a space between groups and a line break between lines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def digits(self) -> Iterator[Digit]:
        """All digits in reading order."""
        return (digit for line in self.lines for digit in line.digits)

    @property
    def confidence(self) -> float:
        """The confidence of the least certain digit, in [0, 1]; 0 where there is none."""
        return min((digit.confidence for digit in self.digits), default=0.0)

    @property
    def uncertain(self) -> bool:
        """Whether any digit is uncertain."""
        return any(digit.uncertain for digit in self.digits)

    def draw(self) -> Image:
        """The picture with boxes, digits and confidences drawn over it, in colour."""
        from scrawl.pages.draw import draw

        return draw(self)

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        from scrawl.pages.draw import png

        return png(self)

    def as_table(self) -> dict[str, Any]:
        """What ``scrawl read --json`` prints of a picture, without its name."""
        return {
            "text": self.text,
            "lines": [
                {
                    "text": line.text,
                    "digits": [
                        {
                            "digit": digit.digit,
                            "confidence": round(digit.confidence, 6),
                            "uncertain": digit.uncertain,
                            "box": list(digit.box),
                        }
                        for digit in line.digits
                    ],
                    "marks": [
                        {
                            "mark": mark.mark,
                            "confidence": round(mark.confidence, 6),
                            "box": list(mark.box),
                        }
                        for mark in line.marks
                    ],
                }
                for line in self.lines
            ],
        }
