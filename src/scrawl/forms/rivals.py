"""Which of the places that a form's lines fit is right, by what is written in its fields there.

A table has a line more above its rows where its columns are named: its lines fit a row off as well.
But a row off a printed heading is read as digits, and a sum is not that of its row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scrawl.errors import PictureError
from scrawl.forms.align import Place
from scrawl.forms.doubts import LAID as SURE_FROM
from scrawl.forms.laying import Laying
from scrawl.forms.reading import BROKEN, LAID_WELL, FieldReading, FormReading
from scrawl.forms.weigh import probabilities

# How likely a field looks so where the form is laid rightly (docs/log.md):
_SURE = 0.95  # its digits are read surely
_DOUBTED = 0.1  # they are not
_BROKEN = 0.02  # they break their check, as seldom as a person does or a digit is misread surely
_BLANK = 0.8  # it is empty, as fields of a row beside may be, too
_MOST = 8.0  # nats that what is written may speak for a place: fields err together
_BAD = 0.15  # share of the fields that are doubted, from which on what is written tells nothing
_LEAST = 1e-9  # probability, of which a logarithm is taken


def told_apart(
    laying: Laying, reading: FormReading, read: Callable[[Laying], FormReading]
) -> tuple[Laying, FormReading]:
    """The form laid where its fields read best, and what they say.

    Args:
        laying: The form where its lines fit best.
        reading: What its fields say there.
        read: Reads the fields of a laying.
    """
    place = laying.place
    if place.confidence >= SURE_FROM or not place.rivals:
        return laying, reading
    tried = [(laying, reading)]
    for rival in place.rivals:
        try:
            other = laying.at(rival)
            tried.append((other, read(other)))
        except PictureError:
            continue
    best, chance = _best([one.place for one, _ in tried], [said for _, said in tried])
    chosen, said = tried[best]
    if _doubted(said.fields) > _BAD * len(said.fields):
        chance = min(chance, place.confidence)  # the right place may be none of those tried
    settled = chosen.at(replace(chosen.place, confidence=chance, rivals=()))
    return settled, read(settled)


def _best(places: Sequence[Place], readings: Sequence[FormReading]) -> tuple[int, float]:
    """The place that lines and fields speak for together, and how probable it is."""
    said = np.array([_said(reading.fields) for reading in readings])
    said = np.maximum(said - said.max(), -_MOST)
    lines = np.log([max(place.confidence, _LEAST) for place in places])
    chances = probabilities((lines + said).tolist())
    best = int(chances.argmax())
    # Places that were not read keep what the lines gave them.
    read = sum(place.confidence for place in places)
    return best, float(chances[best]) * min(1.0, read)


def _doubted(fields: Sequence[FieldReading]) -> int:
    return sum(item.reason not in LAID_WELL for item in fields)


def _said(fields: Sequence[FieldReading]) -> float:
    """The log-likelihood of what the fields say."""
    total = 0.0
    for item in fields:
        if item.reason not in LAID_WELL:
            broken = item.reason is not None and item.reason.startswith(BROKEN)
            total += float(np.log(_BROKEN if broken else _DOUBTED))
        else:
            total += float(np.log(_BLANK if item.blank else _SURE))
    return total
