"""Reads forms: straightens and aligns the page, cuts the cells out and reads them in one batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scrawl import images
from scrawl.arrays import Float32, UInt8
from scrawl.digit_reader import DigitReader
from scrawl.errors import PictureError
from scrawl.forms.cells import SPECK, Cell, cut
from scrawl.forms.digits import digit_probabilities
from scrawl.forms.form import Form
from scrawl.forms.page import Answer, Page, rules_of
from scrawl.forms.reading import UNREADABLE, FormReading
from scrawl.forms.reference import Reference
from scrawl.pixels import grey

if TYPE_CHECKING:
    from scrawl.pages import PageReader

_SURE_BLANK = 0.99  # ink too pale to be seen is rare, not unheard of
_EMPTY = 0.5  # in a field of a page without any ink or line of the form, at most
_DIGIT = 0.1  # confidence below which ink is no digit: no better than any of ten
_GAP = 0.5  # confidence in a number with a blank box between its digits, at most
_DOUBTED = 0.3  # share of the written cells from which on the other way up is tried
_CLEARER = 0.5  # share of the doubts that may be left for it to be the right one


class FormReader:
    """Reads pages of one form. Safe to share between threads.

    Attributes:
        form: The form.
        threshold: Fields of digits below this confidence are uncertain, in [0, 1]; those of
            numbers go by the threshold of their own reader.
    """

    def __init__(self, form: Form, reader: DigitReader, pages: PageReader | None = None) -> None:
        self.form = form
        self.threshold = reader.threshold
        self._reader = reader
        self._pages = pages
        self._reference = Reference(form.blank) if form.reference else None

    @classmethod
    def load(
        cls,
        form: Form,
        model: str | os.PathLike[str] | None = None,
        *,
        threshold: float | None = None,
    ) -> FormReader:
        """Loads the models.

        Args:
            form: What to read.
            model: Reads single digits: a run folder or an ``.onnx`` file; None takes scrawl's own.
            threshold: Fields below this confidence are uncertain; None takes the model's own.

        Raises:
            ModelError: A model is missing, damaged or of another version.
            InputError: The threshold is not in [0, 1].
            PictureError: The form's reference cannot be opened.
        """
        pages = None
        if any(region.kind == "number" for region in form.regions):
            from scrawl.pages import PageReader

            pages = PageReader.load(threshold=threshold)
        return cls(form, DigitReader.load(model, threshold=threshold), pages)

    def read(self, picture: images.Picture, name: str | None = None) -> FormReading:
        """Reads one page.

        A page upside down is turned if its digits read much better so.

        Args:
            picture: As ``scrawl.images.load`` takes it.
            name: What to call it in a message; None takes its own name.

        Raises:
            PictureError: It is no picture, or does not show the form.
        """
        return self._named(picture, name, self._read)

    def locate(self, picture: images.Picture, name: str | None = None) -> FormReading:
        """Finds the fields of one page and reads none: each is blank, with confidence 0.

        Args:
            picture: As `read` takes it.
            name: What to call it in a message; None takes its own name.

        Raises:
            PictureError: As `read` does.
        """

        def nothing(scan: UInt8) -> FormReading:
            page = Page(self.form, scan, rules_of(scan), self._reference)
            return page.reading([[Answer("", 0.0, 0.0)] * len(r.names) for r in self.form.regions])

        return self._named(picture, name, nothing)

    def _named(
        self,
        picture: images.Picture,
        name: str | None,
        work: Callable[[UInt8], FormReading],
    ) -> FormReading:
        image = images.load(picture)
        try:
            return work(grey(image))
        except PictureError as error:
            raise PictureError(f"{name or images.name_of(picture)}: {error}") from error

    def _read(self, scan: UInt8) -> FormReading:
        rules = rules_of(scan)
        page = Page(self.form, scan, rules, self._reference)
        reading = self._fields(page)
        written = [item for item in reading.fields if not item.blank]
        doubted = [item for item in written if item.uncertain]
        if self._reference or len(doubted) <= max(1, _DOUBTED * len(written)):
            return reading
        try:
            turn = (page.turn + 2) % 4
            other = self._fields(Page(self.form, scan, rules, None, turn))
        except PictureError:
            return reading
        still = [item for item in other.fields if not item.blank and item.uncertain]
        return other if len(still) <= _CLEARER * len(doubted) else reading

    def _fields(self, page: Page) -> FormReading:
        cells = [cut(page.grey, mesh) for mesh in page.meshes]
        parts = list(zip(self.form.regions, cells, strict=True))
        singles = [cell for region, part in parts if region.kind == "digit" for cell in part]
        rows = iter(digit_probabilities(self._reader, singles))
        answers = []
        for region, part in parts:
            if region.kind == "number":
                answers.append([self._number(part[0])])
                continue
            digits = [self._digit(cell, next(rows)) for cell in part]
            answers.append(digits if region.grid else [_joined(digits)])
        if page.aligned_by == "page" and not any(a.text for part in answers for a in part):
            # An empty sheet of any kind looks like an empty form without lines.
            answers = [
                [a._replace(confidence=min(a.confidence, _EMPTY)) for a in p] for p in answers
            ]
        return page.reading(answers)

    def _digit(self, cell: Cell, row: Float32 | None) -> Answer:
        if row is None:
            return Answer("", _blank(cell), self.threshold)
        # A digit is expected in a cell: a doubtful one is named, for a person to check.
        best = int(row.argmax())
        confidence = float(row[best])
        text = str(best) if confidence >= _DIGIT else UNREADABLE
        return Answer(text, confidence, self.threshold)

    def _number(self, cell: Cell) -> Answer:
        if cell.picture is None:
            return Answer("", _blank(cell), self.threshold)
        if self._pages is None:
            raise ValueError("the form has a number (expected a reader of pages)")
        # A page has a margin.
        margin = cell.picture.shape[0]
        picture = np.pad(cell.picture, margin, constant_values=255)
        reading = self._pages.read(picture)
        text = "".join(reading.text.split())
        if not text:
            return Answer(UNREADABLE, 0.0, self.threshold)
        return Answer(text, reading.confidence, self._pages.threshold)


def _blank(cell: Cell) -> float:
    """The confidence that a cell is blank: a speck makes it doubtful."""
    return min(_SURE_BLANK, 1 - 0.5 * min(1.0, cell.size / SPECK))


def _joined(answers: Sequence[Answer]) -> Answer:
    """The digits of a row of boxes as one text; blank boxes before and after it are fine."""
    text = "".join(answer.text or " " for answer in answers).strip()
    confidence = min(answer.confidence for answer in answers)
    gap = " " in text
    return Answer(text, min(confidence, _GAP) if gap else confidence, answers[0].threshold)
