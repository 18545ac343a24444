"""Reads forms: straightens and aligns the page, cuts the cells out and reads them in one batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache

import numpy as np

from scrawl import images
from scrawl.arrays import Float32, UInt8
from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError, PictureError
from scrawl.forms.cells import SPECK, Cell, cut
from scrawl.forms.digits import digit_probabilities
from scrawl.forms.form import Form
from scrawl.forms.laying import Answer, Laying, rules_of
from scrawl.forms.reading import UNREADABLE, FormReading
from scrawl.forms.reference import Reference
from scrawl.pages import PageReader
from scrawl.pixels import grey

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
        """Takes readers that are loaded already.

        Args:
            form: What to read.
            reader: Reads single digits.
            pages: Reads numbers; a form without any needs none.

        Raises:
            InputError: The form has a number, and ``pages`` is None.
            PictureError: The form's reference cannot be opened.
        """
        if pages is None and _has_numbers(form):
            raise InputError(f"{form.name}: has a number (expected a reader of pages, too)")
        self.form = form
        self.threshold = reader.threshold
        self._reader = reader
        self._pages = pages
        blank = None if form.reference is None else images.load(form.reference)
        self._reference = None if blank is None else Reference(blank)

    @classmethod
    def load(
        cls,
        form: Form,
        model: str | os.PathLike[str] | None = None,
        *,
        threshold: float | None = None,
        device: str = "cpu",
        threads: int | None = None,
    ) -> FormReader:
        """Loads the models.

        Args:
            form: What to read.
            model: Reads single digits: a run folder or an ``.onnx`` file; None takes scrawl's own.
            threshold: Fields below this confidence are uncertain; None takes the model's own.
            device: What the networks run on; see ``scrawl.network.DEVICES``.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: A model is missing, damaged, of another version or for another task.
            InputError: The threshold is not in [0, 1], or there is no such device.
            PictureError: The form's reference cannot be opened.
        """
        reader = DigitReader.load(model, threshold=threshold, device=device, threads=threads)
        pages = None
        if _has_numbers(form):
            pages = PageReader.load(
                reader=model, threshold=threshold, device=device, threads=threads
            )
        return cls(form, reader, pages)

    def read(self, picture: images.Picture) -> FormReading:
        """Reads one page.

        A page upside down is turned if its digits read much better so.

        Args:
            picture: A path, bytes, a PIL image, an array or a page; see ``scrawl.images.load``.

        Raises:
            PictureError: It is no picture, or does not show the form.
        """
        return self._on(picture, self._read)

    def read_many(self, pictures: Iterable[images.Picture]) -> Iterator[FormReading]:
        """Reads one page from each picture, in order, as the readings are asked for.

        Raises:
            InputError: One picture, such as a path, was given and not several.
            PictureError: One of them is no picture, or does not show the form.
        """
        return map(self.read, images.several(pictures))

    def locate(self, picture: images.Picture) -> FormReading:
        """Finds the fields of one page and reads none: each is blank, with confidence 0.

        Args:
            picture: As `read` takes it.

        Raises:
            PictureError: As `read` does.
        """
        return self._on(picture, self._locate)

    def _on(self, picture: images.Picture, work: Callable[[UInt8], FormReading]) -> FormReading:
        """Does the work on the first page of a picture; an error says which page that is."""
        page = next(images.pages(picture))
        try:
            return work(grey(page.pixels))
        except PictureError as error:
            raise PictureError(f"{page.name}: {error}") from error

    def _locate(self, scan: UInt8) -> FormReading:
        laying = Laying(self.form, scan, rules_of(scan), self._reference)
        nothing = Answer("", 0.0, 0.0)
        return laying.reading([[nothing] * len(region.names) for region in self.form.regions])

    def _read(self, scan: UInt8) -> FormReading:
        rules = rules_of(scan)
        laying = Laying(self.form, scan, rules, self._reference)
        reading = self._fields(laying)
        written = [item for item in reading.fields if not item.blank]
        doubted = [item for item in written if item.uncertain]
        if self._reference or len(doubted) <= max(1, _DOUBTED * len(written)):
            return reading
        try:
            turn = (laying.turn + 2) % 4
            other = self._fields(Laying(self.form, scan, rules, None, turn))
        except PictureError:
            return reading
        still = [item for item in other.fields if not item.blank and item.uncertain]
        return other if len(still) <= _CLEARER * len(doubted) else reading

    def _fields(self, laying: Laying) -> FormReading:
        cells = [cut(laying.grey, mesh) for mesh in laying.meshes]
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
        if laying.aligned_by == "page" and not any(a.text for part in answers for a in part):
            # An empty sheet of any kind looks like an empty form without lines.
            answers = [
                [a._replace(confidence=min(a.confidence, _EMPTY)) for a in p] for p in answers
            ]
        return laying.reading(answers)

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
        assert self._pages is not None  # noqa: S101 - checked when it was made
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


def _has_numbers(form: Form) -> bool:
    return any(region.kind == "number" for region in form.regions)


def read_form(form: Form, picture: images.Picture) -> FormReading:
    """Reads one page of a form with the models that scrawl carries; they are loaded once.

    Args:
        form: As `load_form` gives it.
        picture: A path, bytes, a PIL image, an array or a page; see ``scrawl.images.load``.

    Raises:
        PictureError: It is no picture, or does not show this form; or the form's reference cannot
            be opened.
    """
    return _default(form).read(picture)


@lru_cache(maxsize=16)
def _default(form: Form) -> FormReader:
    return FormReader(form, _digits(), _pages() if _has_numbers(form) else None)


_digits = cache(DigitReader.load)
_pages = cache(PageReader.load)
