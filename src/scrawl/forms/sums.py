"""Fields that are the sum of others: what is written wins where both cannot be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from scrawl.forms.form import Form
from scrawl.forms.written import BROKEN, Answer, Written, candidates

_TRIED = 200  # other readings of a field, at most
_FAILED = 0.5  # confidence in a sum that does not fit, at most


def settled(
    form: Form, written: Sequence[Sequence[Written]], answers: Sequence[Sequence[Answer]]
) -> list[list[Answer]]:
    """The answers, with the sums that fields shall make taken into account.

    Where a sum fits, its total is as sure as that. Where it does not, the total or one of its
    parts is read otherwise if that fits and is likely enough; else the total is marked.

    Args:
        form: The form.
        written: What is written in each field of each region.
        answers: What each says by itself.
    """
    names = [name for region in form.regions for name in region.names]
    said = dict(zip(names, (one for part in answers for one in part), strict=True))
    ink = dict(zip(names, (one for part in written for one in part), strict=True))
    for region in form.regions:
        for name, terms in region.sums():
            if said[name].text:
                said.update(_settle(name, terms, said, ink))
    return [[said[name] for name in region.names] for region in form.regions]


def _settle(
    name: str, terms: Sequence[str], said: dict[str, Answer], ink: dict[str, Written]
) -> dict[str, Answer]:
    """What changes: the total and perhaps a part."""
    values = {term: _value(said[term].text) for term in (name, *terms)}
    unreadable = [term for term, value in values.items() if value is None]
    if unreadable == []:
        total = sum(values[term] or 0 for term in terms)
        if total == values[name]:
            sure = said[name].confidence
            sure = sure / (sure + BROKEN * (1 - sure)) if sure > 0 else 0.0
            return {name: replace(said[name], confidence=min(sure, ink[name].most))}
    ways = [
        (field, text, odds)
        for field in ([name, *terms] if not unreadable else unreadable[:1])
        if len(unreadable) < 2 and said[field].text
        for text, odds in islice(candidates(ink[field]), _TRIED)
        if text != said[field].text and _fits(name, terms, {**values, field: int(text)})
    ]
    ratio = [(odds / _best(ink[field]), field, text) for field, text, odds in ways]
    share = sum(part for part, _, _ in ratio)
    if ratio:
        most, field, text = max(ratio)
        posterior = most / (share + BROKEN)
        if posterior > 0.5:
            confidence = min(posterior, ink[field].most)
            return {field: replace(said[field], text=text, confidence=confidence)}
    failed = replace(
        said[name],
        confidence=min(said[name].confidence, _FAILED),
        reason=f"expected the sum of {', '.join(terms)}",
    )
    return {name: failed}


def _fits(name: str, terms: Sequence[str], values: dict[str, int | None]) -> bool:
    parts = [values[term] for term in terms]
    return values[name] is not None and None not in parts and sum(
        part or 0 for part in parts
    ) == values[name]  # fmt: skip


def _best(written: Written) -> float:
    """The probability of a field's most probable digits."""
    return max((odds for _, odds in islice(candidates(written), 1)), default=1.0) or 1.0


def _value(text: str) -> int | None:
    """The number that a text says; a blank one counts as 0."""
    if not text:
        return 0
    return int(text) if text.isdigit() else None
