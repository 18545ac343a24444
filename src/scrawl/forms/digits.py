"""The digits of cells: as they are written and set upright, and by the page reader in doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from scrawl.arrays import Float32
from scrawl.digit_reader import LONE, DigitReader
from scrawl.forms.cells import Cell
from scrawl.forms.numbers import read_numbers
from scrawl.one_digit import SURE, by_digits, by_page, pool
from scrawl.pages import PageReader
from scrawl.pixels import median
from scrawl.preprocess import DigitInk, normalise
from scrawl.preprocess.components import choose
from scrawl.preprocess.ink import ink_on_white

CROSSED = 0.5
"""Confidence in a digit that may be crossed out, at most."""

DISAGREED = 0.5
"""Confidence in a digit that the page reader takes for another, at most."""

_LONG = (
    4.0  # heights that the strokes of a digit are long; benchmarks/form_crossed.py has of how many
)
_LONG_OF_MANY = 4.8  # and in a comb of boxes, each of which may be taken for crossed out wrongly
_STROKE = 60  # grey levels by which a stroke is darker than paper
_ALONE = 0.85  # share of a cell's ink that its digit has, at least, if nothing is doubtful


def digit_probabilities(reader: DigitReader, cells: Sequence[Cell]) -> list[Float32 | None]:
    """The probability of each digit in each cell.

    Test-time augmentation: the mean of the digit as it is written and without its slant. A leaning
    1 with a long upstroke is no 7 then; docs/forms.md has what that gives.

    Args:
        reader: Reads single digits.
        cells: As `scrawl.forms.cells.cut` gives them.

    Returns:
        For each cell float32, shape ``(10,)``, whose sum falls short of 1 by the probability that
        it shows no digit; None where there is no ink.
    """
    found = [_found(cell) for cell in cells]
    written = reader.read_found(found)
    upright = reader.read_found([None if item is None else _upright(item) for item in found])
    return [
        None if item is None else (a.probabilities + b.probabilities) * np.float32(0.5)
        for item, a, b in zip(found, written, upright, strict=True)
    ]


def second_look(
    pages: Callable[[], PageReader],
    cells: Sequence[Cell],
    rows: Sequence[Float32 | None],
    threshold: float,
) -> list[float]:
    """How sure each digit may be at most, by what the page reader says of those nearly in doubt.

    It is asked of digits that are sure, but not beyond doubt, and changes none: of hands it reads
    more wrongly than the digit reader, but seldom the same ones (docs/log.md). What both say is
    pooled as where a picture shows one digit, `scrawl.one_digit.pool`.

    Args:
        pages: Gives the page reader when it is first needed.
        cells: As `scrawl.forms.cells.cut` gives them.
        rows: What `digit_probabilities` gives of them.
        threshold: Digits below this confidence are to be checked anyhow.
    """
    out = [1.0] * len(cells)
    asked = [(i, row) for i, row in enumerate(rows)
             if row is not None and threshold <= row.max() < SURE]  # fmt: skip
    if not asked:
        return out
    said = read_numbers(pages(), [cells[i] for i, _ in asked])
    for (i, row), found in zip(asked, said, strict=True):
        digits = [] if found is None else found.digits
        digit, own = int(row.argmax()), by_digits(row)
        page = by_page(digits, own[:-2])
        out[i] = float(pool(own, page)[digit])
        if digits and page[:-2].argmax() != digit:
            out[i] = min(out[i], DISAGREED)
    return out


def _found(cell: Cell) -> DigitInk | None:
    """The digit of a cell, normalised; None where there is none.

    What `scrawl.preprocess.find_digit` does, less what a cell has been rid of already: other
    light, rules, frames, neighbours. Where all ink hangs together, there is nothing to choose.
    """
    if cell.picture is None:
        return None
    ink = ink_on_white(cell.picture)
    if cell.parts == 1 and ink.any():
        height, width = ink.shape
        return DigitInk(ink, (0, 0, width, height), normalise(ink), False, 1.0)
    chosen = choose(ink)
    if chosen is None:
        return None
    own = chosen.own(ink)
    height, width = own.shape
    # Nothing but the digit is to be in its cell: what is there besides makes it doubtful.
    share = min(1.0, chosen.share * LONE / _ALONE)
    return DigitInk(own, (0, 0, width, height), normalise(own), False, share)


def _upright(found: DigitInk) -> DigitInk:
    """The digit without its slant, by its second moments (Y. LeCun et al., 1998)."""
    moments = cv2.moments(found.ink)
    if moments["mu02"] <= 0:
        return found
    slant = moments["mu11"] / moments["mu02"]
    height, width = found.ink.shape
    room = int(abs(slant) * height / 2) + 2
    back = np.array([[1, slant, -slant * height / 2 - room], [0, 1, 0]])
    size = (width + 2 * room, height)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    ink = cv2.warpAffine(found.ink, back, size, flags=flags)
    return replace(found, ink=ink, normalised=normalise(ink))


def crossed_out(cell: Cell, of_many: bool = False) -> bool:
    """Whether a cell holds more stroke than a digit does, as one that was crossed out.

    Args:
        cell: The cell.
        of_many: Whether it is one of many that make a field: then all doubt the field.
    """
    return stroke_length(cell) > (_LONG_OF_MANY if of_many else _LONG)


def stroke_length(cell: Cell) -> float:
    """How long the strokes of a cell are, in heights of what is written; 0 where there are none.

    Their length is their area by their thickness: twice the distance from the middle of a stroke
    to bare paper, in the median. Where strokes cross they are thicker, which a mean would take for
    the pen's.
    """
    if cell.picture is None:
        return 0.0
    ink = (cell.picture < 255 - _STROKE).astype(np.uint8)
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return 0.0
    distance = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    middle = (ink > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))
    thick = max(2 * median(distance[middle]) - 1, 1.0)
    high = max(np.ptp(rows), np.ptp(columns)) + 1 - thick
    return float(ink.sum() / thick / max(high, 1.0))
