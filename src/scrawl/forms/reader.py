"""Reads forms: straightens and aligns the page, cuts the cells out and reads them in one batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache, partial

import numpy as np

from scrawl import images
from scrawl.arrays import UInt8
from scrawl.digit_reader import DigitReader
from scrawl.errors import PictureError
from scrawl.forms.fields import Fields
from scrawl.forms.form import Form
from scrawl.forms.laying import Laying, lay
from scrawl.forms.reading import LAID_WELL, FieldReading, FormReading
from scrawl.forms.reference import Reference
from scrawl.forms.rivals import told_apart
from scrawl.forms.written import Answer
from scrawl.pages import PageReader
from scrawl.pixels import grey

_EMPTY = 0.5  # confidence, at most, in a field of a page without any ink or line of the form
_DOUBTED = 0.3  # share of the written cells from which on the other way up is tried
_SQUARE = 0.8  # of its long side a page's short side, from which on its shape tells no turn
_SIDEWAYS = 0.1  # and of a page whose shape tells no turn: many digits read well on their side
_CLEARER = 0.5  # share of the doubtful cells that may be left the other way, for that to be right


class FormReader:
    """Reads pages of one form. Safe to share between threads.

    Attributes:
        form: The form.
        threshold: Fields of digits below this confidence are uncertain, in [0, 1]; those of
            numbers go by the threshold of their own reader.
    """

    def __init__(
        self,
        form: Form,
        reader: DigitReader,
        pages: PageReader | Callable[[], PageReader] | None = None,
    ) -> None:
        """Takes readers that are loaded already.

        Args:
            form: What to read.
            reader: Reads single digits.
            pages: Reads numbers, and digits that are in doubt again; or what gives it when it is
                first needed. A form without numbers needs none.

        Raises:
            InputError: The form has a number, and ``pages`` is None.
            PictureError: The form's reference cannot be opened.
        """
        self.form = form
        self.threshold = reader.threshold
        opened = pages if pages is None or callable(pages) else partial(_itself, pages)
        self._read_fields = Fields(form, reader, opened)
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
        pages = cache(
            partial(
                PageReader.load,
                reader=model,
                lines=False,
                threshold=threshold,
                device=device,
                threads=threads,
            )
        )
        if form.has_numbers:
            pages()  # what is wrong with its model is said now
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
        laying = lay(self.form, scan, self._reference)
        nothing = Answer("", 0.0, 0.0)
        return laying.reading([[nothing] * len(region.names) for region in self.form.regions])

    def _read(self, scan: UInt8) -> FormReading:
        laying = lay(self.form, scan, self._reference)
        laying, reading = told_apart(laying, self._fields(laying), self._fields)
        written = [item for item in reading.fields if not item.blank]
        doubted = _doubted(reading)
        shape = self.form.page[0] / self.form.page[1]
        square = _SQUARE < shape < 1 / _SQUARE
        most = _SIDEWAYS if square else _DOUBTED
        if self._reference or len(doubted) <= max(1, most * len(written)):
            return reading
        turns = (1, 2, 3) if square else (2,)
        others = [self._otherwise(scan, (laying.turn + quarters) % 4) for quarters in turns]
        turned = [other for other in others if other is not None]
        best = min(turned, key=lambda other: len(_doubted(other[1])), default=None)
        if best is not None and _clearer(best[1], reading):
            return self._fields(best[0])
        mirrored = self._otherwise(np.ascontiguousarray(scan[:, ::-1]))
        if mirrored is not None and _clearer(mirrored[1], reading):
            raise PictureError(
                "shows the form mirrored (expected a page as it was written, received its mirror "
                "image)"
            )
        return reading

    def _otherwise(self, scan: UInt8, turn: int | None = None) -> tuple[Laying, FormReading] | None:
        """The page as it reads, at a first look, if it lies otherwise; None if it cannot."""
        try:
            laying = lay(self.form, scan, turn=turn)
            return laying, self._fields(laying, again=False)
        except PictureError:
            return None

    def _fields(self, laying: Laying, again: bool = True) -> FormReading:
        answers = self._read_fields.read(laying.grey, laying.meshes, again)
        if laying.aligned_by == "page" and not any(a.text for part in answers for a in part):
            # An empty sheet of any kind looks like an empty form without lines.
            answers = [
                [replace(a, confidence=min(a.confidence, _EMPTY)) for a in part] for part in answers
            ]
        return laying.reading(answers)


def _itself(pages: PageReader) -> PageReader:
    """What gives a page reader that is there already."""
    return pages


def _clearer(one: FormReading, other: FormReading) -> bool:
    """Whether so much less of a page is doubtful that it lies that way."""
    return len(_doubted(one)) <= _CLEARER * len(_doubted(other))


def _doubted(reading: FormReading) -> list[FieldReading]:
    """The fields whose digits are uncertain, wherever the form may lie."""
    return [item for item in reading.fields if not item.blank and item.reason not in LAID_WELL]


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
    return FormReader(form, _digits(), _pages)


_digits = cache(DigitReader.load)
_pages = cache(partial(PageReader.load, lines=False))
