"""A picture of exactly one number: of detections that compete, those that make the likeliest.

Plain suppression keeps the surest of detections that cover each other, one after another, and
drops what is not sure enough. Where all is one number, its digits are instead a path from left to
right through all detections, none of which covers the next: the path that is the most probable,
of the lengths that are allowed (dynamic programming, R. Bellman, 1957; over pieces of a number:
H. Bunke and others, "Off-line cursive handwriting recognition using hidden Markov models", 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Float32, Int64
from scrawl.errors import InputError
from scrawl.pages.detections import Detections
from scrawl.pages.suppression import covering, surest

Lengths = tuple[int, int]
"""The fewest and the most digits that a number may have."""

LONGEST = 64
"""Digits of a number, at most."""

_WEIGHED = 200  # detections at most that are weighed: a page is no number
_LEAST = 0.02  # probability of a digit below which a detection is none
_NEVER = 1e-9  # of a digit that only stands first
_COMPANY = 0.3  # weight of what a detection is worth by its company
_TALL = 0.5  # by how much a taller one is more likely: pieces and marks are lower
_ODD = 1.0  # by how much a digit of another height, squared logarithm, is less likely
_OFF = 1.0  # and one that is higher or lower than the one before, in squares of its height
_SUREST = 0.999  # the most that a detection can be a digit: what is left out is not impossible
_FOURTH = 4  # power of the confidence by which a digit has a say in how high they are


def lengths(
    number: bool, digits: int | Lengths | str | None, name: str = "digits"
) -> Lengths | None:
    """How many digits the number of a picture may have; None where it need not show one.

    Args:
        number: Whether a picture shows exactly one number.
        digits: How many digits it has, the fewest and the most, or either as text: ``6``, ``4-7``.
        name: What an error calls ``digits``.

    Raises:
        InputError: It is neither, not from 1 to ``LONGEST``, the most first, or without a number.
    """
    if digits is None:
        return (1, LONGEST) if number else None
    if not number:
        raise InputError(f"{name}: expected with number")
    pair: tuple[int, ...]
    if isinstance(digits, str):
        parts = digits.split("-")
        pair = tuple(int(part) if part.strip().isdecimal() else 0 for part in parts)
    else:
        pair = (digits,) if isinstance(digits, int) else tuple(digits)
    if len(pair) not in (1, 2) or not 1 <= pair[0] <= pair[-1] <= LONGEST:
        raise InputError(
            f"{name}: expected how many, such as 6, or from how many to how many, such as 4-7, "
            f"from 1 to {LONGEST}; received {digits}"
        )
    return pair[0], pair[-1]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Detections that compete for a place in a number.

    Attributes:
        found: All that the detector found, each thing perhaps more than once.
        worth: float32, shape ``(n,)``: what its company makes of each confidence.
        probabilities: float32, shape ``(n, alphabet)``: of each digit.
        first: float32, shape ``(n,)``: that it is a digit, if nothing stands before it.
    """

    found: Detections
    worth: Float32
    probabilities: Float32
    first: Float32

    def only(self, rows: Int64) -> Candidates:
        """Some of them."""
        values = (self.worth, self.probabilities, self.first)
        return Candidates(self.found.only(rows), *(value[rows] for value in values))


def likeliest(candidates: Candidates, allowed: Lengths | None) -> tuple[Int64, bool]:
    """The detections that make the likeliest number.

    Args:
        candidates: All detections.
        allowed: How many digits the number may have; None for any number of them.

    Returns:
        Which they are, from left to right, none only where nothing may be a digit; and whether
        they are as many as allowed: where that cannot be, the likeliest of any number.
    """
    best = np.maximum(candidates.probabilities.max(1, initial=0), candidates.first)
    order = np.argsort(-best * candidates.worth, kind="stable")[:_WEIGHED]
    order = order[best[order] > _LEAST]
    if not len(order):
        return order, False
    boxes = candidates.found.boxes[order]
    order = order[np.argsort(boxes[:, 0] + boxes[:, 2], kind="stable")]
    ways = _Ways(candidates.only(order))
    rows = ways.best(allowed)
    return order[rows or ways.best(None)], bool(rows)


class _Ways:
    """Ways from left to right through detections, of which each has its score.

    Args:
        candidates: From left to right; at least one.
    """

    def __init__(self, candidates: Candidates) -> None:
        boxes = candidates.found.boxes.astype(np.float64)
        heights = boxes[:, 3] - boxes[:, 1]
        sure = candidates.probabilities.max(1).astype(np.float64)
        usual = np.average(np.log(heights), weights=sure**_FOURTH + _NEVER)
        fits = (
            _COMPANY * np.log(candidates.worth)
            + _TALL * (np.log(heights) - usual)
            - _ODD * (np.log(heights) - usual) ** 2
        )
        first = np.maximum(sure, candidates.first)
        self._gain = np.log(np.maximum(sure, _NEVER)) + fits
        self._first = np.log(first) + fits
        middles = (boxes[:, 1] + boxes[:, 3]) / 2
        higher = np.maximum(heights[:, None], heights)
        self._step = -_OFF * ((middles[:, None] - middles) / higher) ** 2
        covers = covering(candidates.found.boxes)
        self._step[covers] = -np.inf
        # What suppression keeps is missed where nothing that covers it is taken.
        self._missed = np.zeros(len(boxes))
        kept = surest(candidates.found, candidates.worth)
        there = np.minimum(np.maximum(candidates.probabilities.sum(1), candidates.first), 1)
        self._missed[kept] = np.log1p(-_SUREST * there[kept])
        self._apart = np.triu(~covers, 1).astype(np.float64)

    def best(self, allowed: Lengths | None) -> list[int]:
        """The best way of so many detections; empty where there is none."""
        count = len(self._gain)
        fewest, most = allowed or (1, LONGEST)
        best = np.full((count, most + 1), -np.inf)
        back = np.zeros((count, most + 1), np.int64)
        for at in range(count):
            missed = self._missed[:at] * self._apart[:at, at]
            best[at, 1] = self._first[at] + missed.sum()
            if at:
                steps = self._step[at, :at] + self._apart[:at, :at] @ missed
                ways = best[:at, :-1] + (self._gain[at] + steps)[:, None]
                back[at, 1:] = ways.argmax(0)
                back[at, 1] = -1
                best[at, 2:] = ways.max(0)[1:]
        ends = best + (self._apart @ self._missed)[:, None]
        ends[:, :fewest] = -np.inf
        if not np.isfinite(ends.max()):
            return []
        at, length = (int(value) for value in np.unravel_index(ends.argmax(), ends.shape))
        way = []
        for left in range(length, 0, -1):
            way.append(at)
            at = int(back[at, left])
        return way[::-1]
