"""``scrawl read --one``: exactly one digit on each picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from scrawl import images
from scrawl.cli.opening import Drawings, Unopened, opened
from scrawl.one_digit import OneDigitReader
from scrawl.prediction import Prediction
from scrawl.single_reader import ENOUGH

COLUMNS: tuple[str, ...] = (
    "file", "page", "digit", "confidence", "rejected", "reason", "error"
)  # fmt: skip


def rows(
    pictures: Sequence[str], reader: OneDigitReader, top: int, out: Path | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a message calls each picture, and its row.

    Args:
        pictures: Paths, folders, or ``-``.
        reader: Reads them.
        top: How many digits to give, if more than one.
        out: Where to draw why each picture was read so.
    """
    drawings = None if out is None else Drawings(out)
    for page in opened(pictures, ENOUGH):
        if isinstance(page, Unopened):
            blank = {**Prediction.blank().to_dict(), "reason": None}
            missed = {"file": page.file, "page": 1, **blank, "note": None, "error": str(page.error)}
            yield page.file, missed
            continue
        prediction = reader.read(page)
        if drawings is not None:
            from scrawl.drawing import save

            path = drawings.path(page)
            save(reader.explain(page, prediction), path)
            typer.echo(f"wrote {path}", err=True)
        yield page.name, row(page, prediction, top)


def row(page: images.Page, prediction: Prediction, top: int = 1) -> dict[str, Any]:
    """What ``--json`` prints of a picture."""
    blank = f"{page.name}: no ink found, the picture is blank"
    error = None if prediction.box else blank
    table = {"file": page.file, "page": page.number, **prediction.to_dict()}
    table |= {"note": page.note, "error": error}
    if top > 1:
        table["top"] = [
            {"digit": digit, "confidence": round(p, 6)} for digit, p in prediction.top(top)
        ]
    return table


def line(name: str, row: dict[str, Any]) -> str:
    """What a person sees of a picture."""
    answer = row["reason"] or row["text"]
    if row["several"]:
        answer = f"{answer}: {row['several']}"
    text = f"{name}: {answer} ({row['confidence']:.1%})"
    others = [f"{item['digit']} {item['confidence']:.1%}" for item in row.get("top", [])]
    return f"{text}  {', '.join(others)}" if others else text
