"""What was read from a picture of one digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scrawl.arrays import Box, Float32, UInt8
from scrawl.bundle import DIGITS, NOT_A_DIGIT

SEEN = (28, 28)
"""Height and width of what a picture is normalised to."""

BLANK = "blank"
SEVERAL = "several digits"
UNSURE = "unsure"
REASONS = (BLANK, SEVERAL, NOT_A_DIGIT, UNSURE)
"""Why no digit is given: no ink; more than one digit; ink that shows none; ink that may show one
of several."""

DOUBTS = (None, UNSURE, NOT_A_DIGIT)
"""What `doubt` gives the number of."""


def _choose(flag: Any, one: Any, other: Any) -> Any:
    return one if flag else other


def doubt(
    confidence: Any, any_digit: Any, threshold: Any, choose: Callable[..., Any] = _choose
) -> Any:
    """Whether a digit is given that stands alone on its picture, and why not: a row of ``DOUBTS``.

    Args:
        confidence: The probability of the most probable digit, in [0, 1].
        any_digit: The sum of all digits'.
        threshold: A digit below this confidence is not given.
        choose: From a flag and two values, the first where it is set, such as ``numpy.where``.
    """
    return choose(confidence >= threshold, 0, choose(any_digit >= 0.5, 1, 2))


@dataclass(frozen=True, eq=False)
class Prediction:
    """What was read from one picture.

    Attributes:
        digit: The row in the alphabet of what was read, so 0 to 9 for digits; None where the
            picture shows none or the network is not sure enough.
        confidence: The probability of the most probable digit, in [0, 1]; 0 on a blank picture.
        probabilities: float32, shape ``(len(alphabet),)``: the probability of each digit. Their sum
            falls short of 1 by the probability that the picture shows no digit.
        reason: Why no digit is given, one of ``REASONS``; None where one is.
        image: uint8, shape ``(28, 28)``: what the network saw, 255 is ink.
        box: Left, top, right and bottom of the ink, in pixels of the picture; None where blank.
        alphabet: What each row of the probabilities is printed as.
        several: The digits from left to right, where the reason is that they are several.
    """

    digit: int | None
    confidence: float
    probabilities: Float32 = field(repr=False)
    reason: str | None
    image: UInt8 = field(repr=False)
    box: Box | None
    alphabet: tuple[str, ...] = field(default=DIGITS, repr=False)
    several: str = ""

    @classmethod
    def blank(cls, alphabet: tuple[str, ...] = DIGITS) -> Prediction:
        """The prediction for a picture without ink."""
        nothing = np.zeros(len(alphabet), np.float32)
        return cls(None, 0.0, nothing, BLANK, np.zeros(SEEN, np.uint8), None, alphabet)

    @property
    def uncertain(self) -> bool:
        """Whether no digit is given, for one of the ``REASONS``."""
        return self.reason is not None

    @property
    def text(self) -> str:
        """The digit as text, empty where there is none."""
        return "" if self.digit is None else self.alphabet[self.digit]

    @property
    def verdict(self) -> str:
        """The answer in words, such as ``7 (99.8%)``."""
        if self.reason == BLANK:
            return BLANK
        if self.reason == SEVERAL:
            return f"{SEVERAL}: {self.several}"
        return f"{self.text or NOT_A_DIGIT} ({self.confidence:.1%})"

    def top(self, k: int = 3) -> list[tuple[int, float]]:
        """The ``k`` most probable digits, each with its probability, best first."""
        order = np.argsort(-self.probabilities, kind="stable")[:k]
        return [(int(digit), float(self.probabilities[digit])) for digit in order]

    def to_dict(self) -> dict[str, Any]:
        """What ``scrawl read --one --json`` prints of a picture, without its name.

        A table has the key ``alphabet`` where that is another than 0 to 9.
        """
        others = {} if self.alphabet == DIGITS else {"alphabet": list(self.alphabet)}
        return {
            "digit": self.digit,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "rejected": self.uncertain,
            "reason": self.reason,
            "several": self.several,
            "probabilities": [round(p, 6) for p in self.probabilities.tolist()],
            "box": None if self.box is None else list(self.box),
            **others,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Prediction:
        """The prediction that `to_dict` gave, without the picture that the network saw."""
        box = table["box"]
        return cls(
            digit=table["digit"],
            confidence=table["confidence"],
            probabilities=np.array(table["probabilities"], np.float32),
            reason=table["reason"],
            image=np.zeros(SEEN, np.uint8),
            box=None if box is None else (box[0], box[1], box[2], box[3]),
            alphabet=tuple(table.get("alphabet", DIGITS)),
            several=table.get("several", ""),
        )

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        from scrawl.explain import summary

        return summary(self.image, self.probabilities, self.alphabet, self.verdict)
