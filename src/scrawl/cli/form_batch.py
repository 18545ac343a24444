"""Reading many sheets of forms: in their order, with a bar, drawings and a page to check them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from scrawl.cli.opening import Drawings, Unopened, opened
from scrawl.errors import PictureError
from scrawl.forms.table import Row

if TYPE_CHECKING:
    from scrawl.forms.several import FormsReader
    from scrawl.images import Page


class Batch:
    """Sheets that are read one after the other."""

    def __init__(
        self, reader: FormsReader, *, several: bool, drawing: Path | None, review: Path | None
    ) -> None:
        """Prepares what is written beside the table.

        Args:
            reader: Reads a sheet.
            several: Whether rows name their form.
            drawing: Where drawings go; None draws none.
            review: The folder for the page to check on; None writes none.
        """
        from scrawl.forms.review import Review

        self._reader, self._several, self._folder = reader, several, review
        self._drawings = None if drawing is None else Drawings(drawing)
        self._review = None if review is None else Review()

    def read(self, pictures: Sequence[str]) -> list[Row]:
        """Reads all pages of all pictures, in their order, then says what to look at.

        A bar shows how far it is, on a terminal.
        """
        pages = opened(pictures)
        if sys.stderr.isatty():
            # How many pages there are is not known before all are opened: the bar counts.
            with typer.progressbar(pages, label="sheets", file=sys.stderr, show_pos=True) as bar:
                rows = [self._row(page, number) for number, page in enumerate(bar)]
        else:
            rows = [self._row(page, number) for number, page in enumerate(pages)]
        for row in rows:
            _note(row)
        return rows

    def finish(self, rows: Sequence[Row]) -> None:
        """Writes the page on which to check them, if it is wanted."""
        if self._review is None or self._folder is None:
            return
        forms = self._reader.forms
        path = self._review.write(rows, forms if self._several else forms[0], self._folder)
        typer.echo(f"wrote {path}: open it in a browser", err=True)

    def _row(self, page: Page | Unopened, number: int) -> Row:
        if isinstance(page, Unopened):
            return Row(page.file, 1, page.file, error=str(page.error))
        try:
            form, reading = self._reader.read(page)
        except PictureError as error:
            return Row.of(page, error)
        if self._drawings is not None:
            from scrawl.drawing import save
            from scrawl.forms.draw import draw

            path = self._drawings.path(page)
            save(draw(form, reading), path)
            typer.echo(f"wrote {path}", err=True)
        if self._review is not None:
            self._review.add(number, page.name, reading)
        return Row.of(page, reading, form.name if self._several else None)


def _note(row: Row) -> None:
    """Tells a person what to look at."""
    from scrawl.forms.reading import DOUBTED

    if row.reading is None:
        typer.echo(f"scrawl: {row.error}", err=True)
        return
    if row.reading.turned:
        typer.echo(f"note: {row.name}: was turned by {row.reading.turned}°", err=True)
    if row.reading.aligned_by == "page":
        typer.echo(f"note: {row.name}: placed by the edges of the page alone", err=True)
    if row.reading.laid_reason is not None:
        typer.echo(
            f"check: {row.name}: laid: doubtful: {row.reading.laid_reason}; check every field",
            err=True,
        )
        return
    for item in row.uncertain:
        text = item.text or ("blank" if item.blank else "nothing")
        why = "" if item.reason in (None, DOUBTED) else f", {item.reason}"
        typer.echo(
            f"check: {row.name}: field {item.name}: {text} ({item.confidence:.0%}){why}", err=True
        )
