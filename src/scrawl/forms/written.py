"""What is written in a field, before it is decided what it says: the readings and their odds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scrawl.arrays import Float32
from scrawl.forms.checks import Check
from scrawl.forms.reading import UNREADABLE

BROKEN = 0.02
"""How often what a person writes breaks its check: the prior of a reading that fails one."""

DIGIT = 0.1
"""Confidence below which ink is no digit: no better than any of ten."""

_EACH = 4  # digits that are tried at a place, the most probable ones
_LEAST = 1e-3  # of the best digit's probability, that another at its place has at least
_MOST = 4096  # readings that are tried of a field
_FAILED = 0.5  # confidence in a reading that fails its check, at most


@dataclass(frozen=True, eq=False)
class Written:
    """What is written in one field.

    Attributes:
        places: For each digit float32, shape ``(10,)``, its probabilities; None for a blank box.
        blank: The confidence that it is blank, where it is.
        threshold: Below which confidence a person should look.
        most: What its confidence is at most, whatever its digits'.
        reason: Why it is doubtful, or None.
    """

    places: tuple[Float32 | None, ...]
    blank: float
    threshold: float
    most: float = 1.0
    reason: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is written."""
        return all(place is None for place in self.places)

    def capped(self, most: float, reason: str) -> Written:
        """The same, less sure."""
        if most >= self.most:
            return self
        return replace(self, most=most, reason=reason)


@dataclass(frozen=True)
class Answer:
    """What a field says.

    Attributes:
        text: Its digits; empty where it is blank.
        confidence: The probability that they are right.
        threshold: Below which confidence a person should look.
        reason: Why a person should, or None.
    """

    text: str
    confidence: float
    threshold: float
    reason: str | None = None


def answer(written: Written, check: Check | None = None, optional: bool | None = None) -> Answer:
    """Decides what a field says.

    The most probable digits are taken that satisfy the check, if any do that are near enough: what
    breaks it has a prior of `BROKEN`, what satisfies it one of 1 (Bayes' rule).

    Args:
        written: What is written.
        check: What it has to satisfy; None for anything.
        optional: Whether it may be blank; None if it may unless it has a check.
    """
    if written.empty:
        needed = check is not None if optional is None else not optional
        most, reason = (0.0, "is missing") if needed else (1.0, written.reason)
        confidence = min(written.blank, written.most, most)
        return Answer("", confidence, written.threshold, reason)
    text, confidence = _plain(written)
    reason = written.reason
    if check is not None and " " not in text:
        text, confidence, failed = _checked(written, check, text, confidence)
        reason = failed or reason
    return Answer(text, min(confidence, written.most), written.threshold, reason)


def candidates(written: Written) -> Iterator[tuple[str, float]]:
    """Readings without a gap, and the product of their digits' probabilities; the best first."""
    places = [place for place in written.places if place is not None]
    each = [_choices(place) for place in places]
    while np.prod([len(choices) for choices in each]) > _MOST:
        longest = max(each, key=len)
        longest.pop()
    found = (
        ("".join(str(digit) for digit, _ in way), float(np.prod([odds for _, odds in way])))
        for way in itertools.product(*each)
    )
    return iter(sorted(found, key=lambda item: -item[1]))


def _choices(place: Float32) -> list[tuple[int, float]]:
    best = np.argsort(-place, kind="stable")[:_EACH]
    least = _LEAST * float(place.max())
    return [(int(digit), float(place[digit])) for digit in best if place[digit] >= least]


def _plain(written: Written) -> tuple[str, float]:
    """The most probable digits, and the confidence of the least certain one."""
    signs, sure = [], []
    for place in written.places:
        if place is None:
            signs.append(" ")
            continue
        best = int(place.argmax())
        sure.append(float(place[best]))
        signs.append(str(best) if sure[-1] >= DIGIT else UNREADABLE)
    return "".join(signs).strip(), min(sure)


def _checked(
    written: Written, check: Check, text: str, confidence: float
) -> tuple[str, float, str | None]:
    """The reading that a check leaves, its confidence, and what it breaks."""
    every = list(candidates(written))
    good = [(way, odds) for way, odds in every if check.broken(way) is None]
    share = sum(odds for _, odds in good)
    if good:
        way, odds = good[0]
        posterior = odds / (share + BROKEN * max(1 - share, 0.0))
        if way == text:
            # A check that most readings satisfy says nothing of this one.
            return text, max(confidence, posterior) if _tells(check, text) else confidence, None
        if posterior > 0.5:
            return way, posterior, None
    return text, min(confidence, _FAILED), check.broken(text)


def _tells(check: Check, text: str) -> bool:
    """Whether most readings that differ from a text by a digit would fail its check."""
    beside = [
        text[:at] + str(digit) + text[at + 1 :]
        for at in range(len(text))
        for digit in range(10)
        if str(digit) != text[at]
    ]
    return 2 * sum(check.broken(other) is None for other in beside) < len(beside)


def joined(parts: Sequence[Written]) -> Written:
    """A row of boxes as one field; blank boxes before and after its digits are fine."""
    places = tuple(place for part in parts for place in part.places)
    most = min(parts, key=lambda part: part.most)
    whole = Written(
        places, min(part.blank for part in parts), parts[0].threshold, most.most, most.reason
    )
    inked = [at for at, place in enumerate(places) if place is not None]
    if inked and inked[-1] - inked[0] + 1 > len(inked):
        return whole.capped(0.5, "a box between its digits is blank")
    return whole
