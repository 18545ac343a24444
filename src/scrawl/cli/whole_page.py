"""``scrawl read``: every digit of each picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from scrawl.cli.opening import opened
from scrawl.errors import PictureError
from scrawl.files import writing
from scrawl.pages import PageReader

COLUMNS: tuple[str, ...] = ("file", "line", "text", "confidence", "uncertain", "error")


def rows(
    pictures: Sequence[str], model: Path | None, threshold: float | None, out: Path | None
) -> Iterator[dict[str, Any]]:
    """A row a picture.

    Args:
        pictures: Paths, folders, or ``-``.
        model: A run folder or an ``.onnx`` file.
        threshold: Below which a digit is uncertain.
        out: Where to draw what was read.
    """
    reader = PageReader.load(model, threshold=threshold)
    for name, image in opened(pictures):
        if isinstance(image, PictureError):
            yield {"file": name, "text": "", "lines": [], "error": str(image)}
            continue
        reading = reader.read(image)
        if out is not None:
            with writing(out) as aside:
                reading.draw().save(aside)
            typer.echo(f"wrote {out}", err=True)
        yield {"file": name, **reading.as_table(), "error": None}


def line(row: dict[str, Any]) -> str:
    """What a person sees of a picture: a line for each of its lines, doubtful digits named."""
    if not row["lines"]:
        return f"{row['file']}: no digits"
    return "\n".join(f"{row['file']}: {_told(line)}" for line in row["lines"])


def _told(line: dict[str, Any]) -> str:
    least = min(digit["confidence"] for digit in line["digits"])
    text = f"{line['text']} ({least:.1%})"
    doubtful = [
        f"{digit['digit']} at {digit['box'][0]},{digit['box'][1]} {digit['confidence']:.0%}"
        for digit in line["digits"]
        if digit["uncertain"]
    ]
    return f"{text}  check {'; '.join(doubtful)}" if doubtful else text


def by_line(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row a line of writing; a picture without any has one row."""
    for row in rows:
        for number, line in enumerate(row["lines"], 1):
            yield {
                "file": row["file"],
                "line": number,
                "text": line["text"],
                "confidence": min(digit["confidence"] for digit in line["digits"]),
                "uncertain": any(digit["uncertain"] for digit in line["digits"]),
                "error": row["error"],
            }
        if not row["lines"]:
            yield {"file": row["file"], "text": "", "error": row["error"]}
