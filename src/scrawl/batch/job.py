"""How pictures are read: one digit each, one number, pages, a form; what is loaded for it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from scrawl.batch import table
from scrawl.errors import InputError, unknown
from scrawl.images import Page

if TYPE_CHECKING:
    from scrawl.forms import Form

DIGITS, PAGES = 256, 32
"""Most pictures of a block, of one digit or more: some seconds of work, little lost with one."""

THREADS = 1
"""Of the networks of a process: there is a process a core."""


@dataclass(frozen=True)
class Way:
    """A way of reading, with its networks loaded.

    Attributes:
        read: Gives a record a page, of the pages given.
        failed: Gives the record of a page that could not be read: file, page, error.
        to_arrow: Makes a ``pyarrow.Table`` of records.
        at_once: Pages that `read` does well to be given at once.
        enough: Pixels of the long side that are enough, as `scrawl.images.pages` takes them.
    """

    read: Callable[[Sequence[Page]], list[Any]]
    failed: Callable[[str, int, str], Any] = table.failed
    to_arrow: Callable[[Sequence[Any]], Any] = table.to_arrow
    at_once: int = 1
    enough: int | None = None


@dataclass(frozen=True)
class Job:
    """How pictures are read; fit to be sent to other processes.

    Attributes:
        mode: A key of ``MODES``.
        model: A run folder or an ``.onnx`` file; None for the one that scrawl carries.
        form: What to read, where the mode is ``form``.
        digits: How many digits a number has, where the mode is ``number``; see `PageReader.read`.
        reader: For pages and numbers: a model of single digits; None for the one scrawl carries.
        lines: For pages and numbers: a model of lines; None for scrawl's own.
        threshold: Digits below this confidence are uncertain; None for the model's own.
        device: What the networks run on; see ``scrawl.network.DEVICES``.
    """

    mode: str = "pages"
    model: str | None = None
    form: Form | None = None
    digits: str | None = None
    reader: str | None = None
    lines: str | None = None
    threshold: float | None = None
    device: str = "cpu"

    @property
    def block(self) -> int:
        """Most pictures of a block."""
        return DIGITS if self.mode == "one" else PAGES

    def load(self) -> Way:
        """Loads the networks.

        Raises:
            ModelError: A model is missing, damaged, of another version or for another task.
            InputError: An option cannot be used.
        """
        if self.mode not in MODES:
            raise unknown("mode", self.mode, MODES)
        options = {"threshold": self.threshold, "device": self.device, "threads": THREADS}
        return MODES[self.mode](self, options)

    def facts(self) -> dict[str, Any]:
        """What decides the rows besides the pictures, as plain values."""
        form = None if self.form is None else repr(self.form)
        names = ("mode", "model", "digits", "reader", "lines", "threshold")
        return {**{name: getattr(self, name) for name in names}, "form": form}


def _pages(job: Job, options: Mapping[str, Any], *, number: bool = False) -> Way:
    from scrawl.pages import PageReader
    from scrawl.pages.number import lengths

    allowed = lengths(number, job.digits, "--digits")
    reader = PageReader.load(job.model, reader=job.reader, lines=job.lines, **options)

    def read(pages: Sequence[Page]) -> list[Any]:
        readings = reader.read_many(pages, number=number, digits=allowed)
        return list(map(table.of_reading, pages, readings))

    return Way(read)


def _one(job: Job, options: Mapping[str, Any]) -> Way:
    from scrawl.one_digit import OneDigitReader
    from scrawl.single_reader import BATCH, ENOUGH

    reader = OneDigitReader.load(job.model, **options)

    def read(pages: Sequence[Page]) -> list[Any]:
        return list(map(table.of_prediction, pages, reader.read_many(pages)))

    return Way(read, at_once=BATCH, enough=ENOUGH)


def _form(job: Job, options: Mapping[str, Any]) -> Way:
    from scrawl.forms import FormReader
    from scrawl.forms.table import Row, to_arrow

    form = job.form
    if form is None:
        raise InputError("mode form: expected a form, received none")
    reader = FormReader.load(form, job.model, **options)
    return Way(
        lambda pages: [Row.of(page, reader.read(page)) for page in pages],
        failed=lambda file, page, error: Row(file, page, file, error=error),
        to_arrow=lambda rows: to_arrow(rows, form),
    )


MODES: Mapping[str, Callable[[Job, Mapping[str, Any]], Way]] = {
    "pages": _pages,
    "one": _one,
    "number": partial(_pages, number=True),
    "form": _form,
}
"""The ways of reading."""
