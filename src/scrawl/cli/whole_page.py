"""``scrawl read``: every digit of each picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from scrawl.arrays import UInt8
from scrawl.cli.opening import Drawings, Outputs, Unopened, opened
from scrawl.drawing import save
from scrawl.errors import InputError
from scrawl.files import write_text
from scrawl.images import Page
from scrawl.pages import Reading
from scrawl.pages.reading import unread

COLUMNS: tuple[str, ...] = ("file", "page", "line", "text", "confidence", "uncertain", "error")


def rows(
    pictures: Sequence[str],
    read: Callable[[UInt8], Reading],
    out: Path | None,
    table: Path | None = None,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a message calls each picture, and its row.

    Args:
        pictures: Paths, folders, or ``-``.
        read: Reads one of them.
        out: Where to draw what was read.
        table: Where to write the tables that were read.

    Raises:
        InputError: A name does not end as a drawing's or a table's does.
    """
    drawings = None if out is None else Drawings(out)
    if table is not None and table.suffix not in ("", ".csv"):
        raise InputError(f"{table}: expected a name that ends in .csv")
    sheets = None if table is None else Outputs(table, ".csv")
    for page in opened(pictures):
        if isinstance(page, Unopened):
            nothing = {"file": page.file, "page": 1, **unread()}
            yield page.file, {**nothing, "note": None, "error": str(page.error)}
            continue
        reading = read(page.pixels)
        if drawings is not None:
            path = drawings.path(page)
            save(reading.draw(), path)
            typer.echo(f"wrote {path}", err=True)
        if sheets is not None:
            _write_tables(reading, page, sheets)
        row = {"file": page.file, "page": page.number, **reading.to_dict()}
        row |= {"note": page.note, "error": None}
        yield page.name, row


def _write_tables(reading: Reading, page: Page, sheets: Outputs) -> None:
    """Each table of a page into a CSV file of its own."""
    for found in reading.tables:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(found.texts)
        path = sheets.path(page)
        write_text(path, text.getvalue())
        typer.echo(f"wrote {path}", err=True)
    if not reading.tables:
        typer.echo(f"{page.name}: no table", err=True)


def line(name: str, row: dict[str, Any], marks: bool = False) -> str:
    """What a person sees of a picture: a line for each of its lines, uncertain digits named.

    Args:
        name: Of the picture.
        row: What was read.
        marks: Whether marks are shown, too.
    """
    if not row["lines"]:
        return f"{name}: no digits"
    return "\n".join(f"{name}: {_told(line, marks)}" for line in row["lines"])


def _told(line: dict[str, Any], marks: bool) -> str:
    text = f"{line['marked' if marks else 'text']} ({line['confidence']:.1%})"
    uncertain = [
        f"{digit['text']} at {digit['box'][0]},{digit['box'][1]} {digit['confidence']:.0%}"
        for digit in line["digits"]
        if digit["uncertain"]
    ]
    return f"{text}  check {'; '.join(uncertain)}" if uncertain else text


def by_line(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row a line of writing; a picture without any has one row."""
    for row in rows:
        for number, line in enumerate(row["lines"], 1):
            yield {**row, **line, "line": number}
        if not row["lines"]:
            yield row
