"""``scrawl read --one``: exactly one digit on each picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from scrawl import preprocess
from scrawl.bundle import NO_DIGIT
from scrawl.cli.opening import opened
from scrawl.errors import PictureError
from scrawl.explain import explain
from scrawl.files import writing
from scrawl.recogniser import BLANK, Prediction, Recogniser

COLUMNS: tuple[str, ...] = ("file", "digit", "confidence", "rejected", "error")


def rows(
    pictures: Sequence[str],
    model: Path | None,
    threshold: float | None,
    top: int,
    out: Path | None,
) -> Iterator[dict[str, Any]]:
    """A row a picture.

    Args:
        pictures: Paths, folders, or ``-``.
        model: A run folder or an ``.onnx`` file.
        threshold: Below which a digit is rejected.
        top: How many digits to give, if more than one.
        out: Where to draw why the picture was read so.
    """
    recogniser = Recogniser.load(model, threshold=threshold)
    for name, image in opened(pictures):
        if isinstance(image, PictureError):
            yield {"file": name, **BLANK.as_table(), "error": str(image)}
            continue
        [prediction] = recogniser.predict_found([preprocess.find_digit(image)])
        if out is not None:
            with writing(out) as aside:
                explain(image, prediction, recogniser).save(aside)
            typer.echo(f"wrote {out}", err=True)
        yield row(name, prediction, top)


def row(name: str, prediction: Prediction, top: int = 1) -> dict[str, Any]:
    """What ``--json`` prints of a picture."""
    blank = f"{name}: no ink found, the picture is blank"
    error = None if prediction.box else blank
    table = {"file": name, **prediction.as_table(), "error": error}
    if top > 1:
        table["top"] = [
            {"digit": digit, "confidence": round(p, 6)} for digit, p in prediction.top(top)
        ]
    return table


def line(row: dict[str, Any]) -> str:
    """What a person sees of a picture."""
    answer = NO_DIGIT if row["digit"] is None else str(row["digit"])
    text = f"{row['file']}: {answer} ({row['confidence']:.1%})"
    others = [f"{item['digit']} {item['confidence']:.1%}" for item in row.get("top", [])]
    return f"{text}  {', '.join(others)}" if others else text
