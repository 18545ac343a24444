"""``scrawl read``: every digit of each picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from scrawl.cli.opening import Drawings, Unopened, opened
from scrawl.drawing import save
from scrawl.pages import PageReader

COLUMNS: tuple[str, ...] = ("file", "page", "line", "text", "confidence", "uncertain", "error")


def rows(
    pictures: Sequence[str], reader: PageReader, out: Path | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a message calls each picture, and its row.

    Args:
        pictures: Paths, folders, or ``-``.
        reader: Reads them.
        out: Where to draw what was read.
    """
    drawings = None if out is None else Drawings(out)
    for page in opened(pictures):
        if isinstance(page, Unopened):
            nothing: dict[str, Any] = {"text": "", "size": None, "lines": []}
            nothing |= {"note": None, "error": str(page.error)}
            yield page.file, {"file": page.file, "page": 1, **nothing}
            continue
        reading = reader.read(page.pixels)
        if drawings is not None:
            path = drawings.path(page)
            save(reading.draw(), path)
            typer.echo(f"wrote {path}", err=True)
        row = {"file": page.file, "page": page.number, **reading.to_dict()}
        row |= {"note": page.note, "error": None}
        yield page.name, row


def line(name: str, row: dict[str, Any]) -> str:
    """What a person sees of a picture: a line for each of its lines, uncertain digits named."""
    if not row["lines"]:
        return f"{name}: no digits"
    return "\n".join(f"{name}: {_told(line)}" for line in row["lines"])


def _told(line: dict[str, Any]) -> str:
    text = f"{line['text']} ({line['confidence']:.1%})"
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
