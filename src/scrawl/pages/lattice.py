"""Detections that compete for the places of a number, and the likeliest ways through them.

A number is a path from left to right through detections, none of which covers the next. What
suppression would keep and a path leaves out counts against it (dynamic programming, R. Bellman,
1957; of pieces of a number: C. Burges, J. Ben, J. Denker, Y. LeCun and C. Nohl, "Off line
recognition of handwritten postal words using neural networks", 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Float32, Float64, Int64
from scrawl.pages.ctc import Text
from scrawl.pages.detections import Detections
from scrawl.pages.suppression import covering, surest

Lengths = tuple[int, int]
"""The fewest and the most digits that a number may have."""

LONGEST = 64
"""Digits of a number, at most."""

MISSED = 0.01
"""The probability that a digit that is there has no box."""

_WEIGHED = 200  # detections at most that are weighed: a page is no number
_LEAST = 0.02  # probability of a digit below which a detection is none
_NEVER = 1e-4  # the least probability of a digit, so that none is ruled out
_COMPANY = 0.3  # weight of what a detection is worth by its company
_TALL = 0.5  # by how much a taller one is more likely: pieces and marks are lower
_ODD = 1.0  # by how much a digit of another height, squared logarithm, is less likely
_OFF = 1.0  # and one that is higher or lower than the one before, in squares of its height
_SUREST = 0.999  # the most that a detection can be a digit: what is left out is not impossible
_FOURTH = 4  # power of the confidence by which a digit has a say in how high they are
_EACH = 3  # digits of a detection that are followed for `Lattice.texts`


@dataclass(frozen=True, eq=False)
class Candidates:
    """Detections that compete for a place in a number.

    Attributes:
        found: All that the detector found, each thing perhaps more than once.
        worth: float32, shape ``(n,)``: what its company makes of each confidence.
        probabilities: float32, shape ``(n, alphabet)``: of each digit.
        first: float32, shape ``(n, alphabet)``: the same, if nothing stands before it.
    """

    found: Detections
    worth: Float32
    probabilities: Float32
    first: Float32

    def only(self, rows: Int64) -> Candidates:
        """Some of them."""
        values = (self.worth, self.probabilities, self.first)
        return Candidates(self.found.only(rows), *(value[rows] for value in values))


class Lattice:
    """Ways from left to right through detections.

    Attributes:
        rows: int64, shape ``(n,)``: which of the candidates may be digits, from left to right.
    """

    def __init__(self, candidates: Candidates) -> None:
        """Weighs each detection, and each pair of which one may follow the other.

        Args:
            candidates: All detections.
        """
        self.rows = _worthwhile(candidates)
        some = candidates.only(self.rows)
        fits = _fits(some)[:, None]
        self._then = np.log(np.maximum(some.probabilities, _NEVER)) + fits
        self._first = np.log(np.maximum(some.first, _NEVER)) + fits
        covers = covering(some.found.boxes)
        missed = np.zeros(len(self.rows))
        kept = surest(some.found, some.worth)
        there = np.minimum(some.first.sum(1), 1)
        missed[kept] = np.log1p(-_SUREST * there[kept])
        apart = np.triu(~covers, 1).astype(np.float64)
        self._step = _steps(missed, apart)
        self._step[1:][covers] = -np.inf
        self._step[1:] -= _OFF * _higher(some.found) ** 2
        self._end = np.array([missed.sum(), *(apart @ missed)])

    def best(self, allowed: Lengths | None) -> list[int]:
        """The best way of so many digits, as places in ``rows``; empty where there is none."""
        fewest, most = allowed or (1, LONGEST)
        count = len(self.rows)
        then, first = self._then.max(1, initial=-np.inf), self._first.max(1, initial=-np.inf)
        reach = np.full((count + 1, most + 1), -np.inf)
        reach[0, 0] = 0
        back = np.zeros((count + 1, most + 1), np.int64)
        for at in range(count):
            gain = self._step[: at + 1, at] + then[at]
            gain[0] += first[at] - then[at]
            ways = reach[: at + 1, :-1] + gain[:, None]
            back[at + 1, 1:] = ways.argmax(0)
            reach[at + 1, 1:] = ways.max(0)
        ends = reach + self._end[:, None]
        ends[:, :fewest] = -np.inf
        if not np.isfinite(ends.max()):
            return []
        at, length = (int(value) for value in np.unravel_index(ends.argmax(), ends.shape))
        way = []
        for left in range(length, 0, -1):
            way.append(at - 1)
            at = int(back[at, left])
        return way[::-1]

    def aligned(self, text: Text) -> tuple[float, list[int]]:
        """The logarithm of a text's probability, and where each of its digits stands.

        Args:
            text: Its digits as classes from 1 on, as those of `scrawl.pages.ctc`.

        Returns:
            The first, about; and for each digit its place in ``rows``, -1 where it has no box.
        """
        which = np.array(text, np.int64) - 1
        count, long = len(self.rows), len(text)
        alone = np.log(MISSED) * np.arange(long + 1)
        reach = np.full((count + 1, long + 1), -np.inf)
        reach[0] = alone
        for at in range(count):
            ways = self._ways(reach, at, which)
            # Those behind it that have no box follow at once.
            here = np.concatenate([[-np.inf], ways.max(0)]) - alone
            reach[at + 1] = np.maximum.accumulate(here) + alone
        ends = reach[:, -1] + self._end
        at, places = int(ends.argmax()), [-1] * long
        score, left = float(ends[at]), long
        while at:
            ways = self._ways(reach, at - 1, which)
            here = np.concatenate([[-np.inf], ways.max(0)]) - alone
            left = int(here[: left + 1].argmax())
            places[left - 1] = at - 1
            at, left = int(ways[:, left - 1].argmax()), left - 1
        return score, places

    def texts(self, count: int) -> list[Text]:
        """The likeliest texts, about, all of whose digits have boxes; the likeliest first."""
        beams: list[dict[Text, float]] = [{(): 0.0}]
        followed = np.argsort(-self._first, 1, kind="stable")[:, :_EACH]
        for at, classes in enumerate(followed.tolist()):
            here: dict[Text, float] = {}
            for source in np.flatnonzero(np.isfinite(self._step[: at + 1, at])).tolist():
                gains = self._then[at] if source else self._first[at]
                step = self._step[source, at]
                for text, score in beams[source].items():
                    for one in classes:
                        longer = (*text, one + 1)
                        here[longer] = max(here.get(longer, -np.inf), score + step + gains[one])
            beams.append(dict(sorted(here.items(), key=lambda item: -item[1])[:count]))
        whole: dict[Text, float] = {}
        for end, texts in zip(self._end, beams, strict=True):
            for text, score in texts.items():
                whole[text] = max(whole.get(text, -np.inf), score + end)
        return sorted(whole, key=lambda text: -whole[text])[:count]

    def says(self, place: int, first: bool) -> Float64:
        """Logarithms of the probability of each digit in a place, up to a constant.

        Args:
            place: Of ``rows``.
            first: Whether nothing stands before it.
        """
        return np.asarray((self._first if first else self._then)[place], np.float64)

    def _ways(self, reach: Float64, at: int, which: Int64) -> Float64:
        """From each place before one, what it is to read each digit of a text there."""
        gains = np.repeat(self._then[at, which][None], at + 1, axis=0)
        gains[0] = self._first[at, which]
        return np.asarray(reach[: at + 1, :-1] + self._step[: at + 1, at, None] + gains)


def _worthwhile(candidates: Candidates) -> Int64:
    """Which may be digits, from left to right."""
    sure = candidates.first.max(1, initial=0)
    order = np.argsort(-sure * candidates.worth, kind="stable")[:_WEIGHED]
    order = order[sure[order] > _LEAST]
    boxes = candidates.found.boxes[order]
    return np.asarray(order[np.argsort(boxes[:, 0] + boxes[:, 2], kind="stable")], np.int64)


def _fits(candidates: Candidates) -> Float64:
    """How well each fits the others in size and place, shape ``(n,)``."""
    boxes = candidates.found.boxes.astype(np.float64)
    heights = np.log(boxes[:, 3] - boxes[:, 1])
    sure = candidates.probabilities.max(1).astype(np.float64)
    taller = (
        heights - np.average(heights, weights=sure**_FOURTH + _NEVER) if len(boxes) else heights
    )
    company = _COMPANY * np.log(candidates.worth)
    return np.asarray(company + _TALL * taller - _ODD * taller**2, np.float64)


def _steps(missed: Float64, apart: Float64) -> Float64:
    """From nothing (row 0) and from each to each: what lies between and neither covers is missed.

    Args:
        missed: What each costs that is left out, shape ``(n,)``.
        apart: 1 where of two the first is before the second and neither covers the other.
    """
    steps = np.full((len(missed) + 1, len(missed)), -np.inf)
    for at in range(len(missed)):
        between = missed[:at] * apart[:at, at]
        steps[0, at] = between.sum()
        steps[1 : at + 1, at] = apart[:at, :at] @ between
    return steps


def _higher(found: Detections) -> Float64:
    """How much higher or lower than each other stand two, in the taller one's heights."""
    boxes = found.boxes.astype(np.float64)
    middles, heights = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    return (middles[:, None] - middles) / np.maximum(heights[:, None], heights)
