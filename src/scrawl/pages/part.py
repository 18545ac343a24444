"""Reads one part of a picture: a sheet that lies on it, what is beside its sheets, or all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar

import numpy as np

from scrawl.arrays import Box, UInt8
from scrawl.pages.crossed import crossed_out, doubted, is_crossed
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.glance import fitting
from scrawl.pages.ink import page_ink
from scrawl.pages.lattice import Lengths
from scrawl.pages.levels import Level, Pyramid
from scrawl.pages.line_reader import LineReader
from scrawl.pages.namer import LEAST, Namer
from scrawl.pages.reading import Line, Reading
from scrawl.pages.search import candidates, search
from scrawl.pages.sheets import View, placed
from scrawl.pages.strays import in_company, off_walls, only_writing, without_strays
from scrawl.pages.structure import arranged
from scrawl.pages.suppression import company, non_maximum_suppression
from scrawl.pages.table import Table
from scrawl.pages.turn import GAIN, best_turn, is_doubtful, sureness, turned
from scrawl.pages.whole_lines import WholeReader, read_whole
from scrawl.ruling.walls import Walls

Thing = TypeVar("Thing", Digit, Mark)

_BESIDE = 1200  # long side in pixels up to which what lies beside sheets is looked at
_TRIED = 640  # long side in pixels up to which both polarities are tried


@dataclass(frozen=True)
class Seen:
    """What a part of the picture says.

    Attributes:
        by_digits: Read digit by digit: how it lies, and whether it is a sheet, is told by that.
        levels: Its scales.
        whole: Gives the reading once the reader of lines has been asked, if there is one.
    """

    by_digits: Reading
    levels: list[Level]
    whole: Callable[[], Reading]

    @property
    def says_something(self) -> bool:
        """Whether anything on it is a digit."""
        return any(digit.confidence >= LEAST for digit in self.by_digits.digits)


class PartReader:
    """Reads parts of pictures.

    Args:
        detector: Finds what may be digits.
        namer: Says which they are.
        lines: Gives the reader of lines; None where there is none.
        threshold: Digits below this confidence are uncertain.
    """

    def __init__(
        self,
        detector: Detector,
        namer: Namer,
        lines: Callable[[], LineReader] | None,
        threshold: float,
    ) -> None:
        self._detector, self._namer = detector, namer
        self._lines, self._threshold = lines, threshold

    def upright(self, view: View, allowed: Lengths | None, check: Callable[[], None]) -> Seen:
        """What a part says, turned so that it reads best; see `read`."""
        seen = self.read(view, allowed, check)
        if not is_doubtful(seen.by_digits, seen.levels):
            return seen
        degrees = best_turn(self._detector, seen.levels, check)
        if degrees == 0:
            return seen
        other = self.read(turned(view, degrees), allowed, check)
        gained = sureness(other.by_digits) - sureness(seen.by_digits)
        return other if gained > GAIN else seen

    def read(self, view: View, allowed: Lengths | None, check: Callable[[], None]) -> Seen:
        """What a part of the picture says, in the picture's pixels.

        Args:
            view: The part.
            allowed: How many digits there may be, where it shows exactly one number; else None.
            check: Is called between the steps of the work.
        """
        pyramid = Pyramid(view.pixels)
        check()
        light = _is_light(self._detector, pyramid, check)
        scale = fitting(self._detector, pyramid, light, check, allowed is not None)
        levels = pyramid.levels(light, _BESIDE if view.beside else None, scale)
        found, worth = candidates(self._detector, levels, check)
        no_walls = off_walls(found, levels)
        found, worth = found.only(no_walls), worth[no_walls]
        boxed = self._namer.boxed(found, levels)
        found = Detections.joined([found, boxed])
        worth = np.concatenate([worth, company(boxed)])
        check()
        shape = view.pixels.shape
        tables: list[Table] = []
        again: Callable[[WholeReader], Sequence[Line]]
        if allowed is None:
            once = non_maximum_suppression(found, worth)
            digits = without_strays(self._namer.digits(once, levels, shape))
            written, tables = arranged(digits, self._namer.marks(once, shape), levels)
            if view.beside:
                written, tables = only_writing(written), []
            # Not by the threshold of this reader: that marks digits and changes no text.
            others = partial(self._namer.competing, found, worth, levels, shape)
            again = partial(
                read_whole, written, doubt=self._detector.info.threshold_or(None), others=others
            )
        else:
            lattice = self._namer.lattice(found, worth, levels)
            number = partial(self._namer.number, lattice, found, worth, levels, allowed, shape)
            written, again = number(None), number

        crossed = cache(partial(is_crossed, view.pixels, levels))

        def reading(lines: Sequence[Line]) -> Reading:
            lines = crossed_out(in_company(lines, self._threshold), crossed)
            cells = tuple(doubted(tables, lines))
            return placed(Reading(tuple(lines), shape[1::-1], None, cells), view)

        def whole() -> Reading:
            if self._lines is None or tables or not written:
                return by_digits
            check()
            opened = WholeReader(self._lines, view.pixels, levels, self._threshold)
            return reading(again(opened))

        by_digits = reading(written)
        return Seen(by_digits, levels, whole)

    def bare(self, sheet: UInt8, boxes: Sequence[Box]) -> list[Line]:
        """The digits and marks in each box of a sheet; see `scrawl.pages.PageReader.read_bare`."""
        levels = [Level(page_ink(sheet), 1.0, Walls(np.zeros_like(sheet)))]
        once = non_maximum_suppression(*candidates(self._detector, levels, go_on))
        digits = without_strays(self._namer.digits(once, levels, sheet.shape))
        marks = self._namer.marks(once, sheet.shape)
        found = [Line((tuple(_within(digits, box)),), tuple(_within(marks, box))) for box in boxes]
        return crossed_out(found, cache(partial(is_crossed, sheet, levels)))


def go_on() -> None:
    """The check of a reading that nobody gives up."""


def _within(things: Sequence[Thing], box: Box) -> list[Thing]:
    """Those whose middle a box holds, from left to right."""
    x0, y0, x1, y1 = box
    middles = [((one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2) for one in things]
    here = [(x, n) for n, (x, y) in enumerate(middles) if x0 <= x < x1 and y0 <= y < y1]
    return [things[n] for _, n in sorted(here)]


def _is_light(detector: Detector, pyramid: Pyramid, check: Callable[[], None]) -> bool:
    """Whether the ink is light: in doubt, both are tried, and the surer reading counts."""
    if pyramid.lightness in (0, 1):
        return pyramid.lightness == 1
    dark, light = (
        float((search(detector, levels, check).confidence ** 2).sum())
        for levels in (pyramid.levels(way, _TRIED) for way in (False, True))
    )
    return light > dark
