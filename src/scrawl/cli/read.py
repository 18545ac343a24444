"""``scrawl read``: what a picture says."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrawl.cli.data import Json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scrawl.recogniser import Prediction, Recogniser

    Image = NDArray[np.uint8]

STDIN = "-"


def read(
    pictures: Annotated[
        list[str],
        typer.Argument(metavar="PICTURE...", help="Pictures or folders of them; - reads stdin."),
    ],
    one: Annotated[bool, typer.Option("--one", help="Exactly one digit on each picture.")] = False,
    model: Annotated[
        Path | None,
        typer.Option(metavar="MODEL", help="A run folder or an .onnx file; scrawl's own if none."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=10, help="Print so many digits, best first.")] = 1,
    threshold: Annotated[
        float | None, typer.Option(help="Reject a digit below this confidence, 0 to 1.")
    ] = None,
    explain: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png",
            help="Show how it was read: the ink found, what the network saw, which ink mattered.",
        ),
    ] = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Read the digit on a picture, with its confidence.

    Example: scrawl read --one photo.jpg --top 3
    """
    from scrawl.errors import InputError
    from scrawl.recogniser import Recogniser

    if not one:
        raise InputError("read: whole numbers are not read yet (expected --one: one digit each)")
    if explain is not None and (len(pictures) > 1 or Path(pictures[0]).is_dir()):
        raise InputError("--explain: expected one picture, received several")
    if as_json and as_csv:
        raise InputError("read: expected one of --json and --csv, received both")
    recogniser = Recogniser.load(model, threshold=threshold)
    rows: list[dict[str, Any]] = []
    for row, picture, prediction in _rows(pictures, recogniser, top):
        rows.append(row)
        if explain is not None and picture is not None and prediction is not None:
            _explain(explain, picture, prediction, recogniser)
        if row["error"]:
            typer.echo(f"scrawl: {row['error']}", err=True)
        elif not (as_json or as_csv):
            typer.echo(_line(row))
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
    if as_csv:
        typer.echo(_csv(rows), nl=False)
    if any(row["error"] for row in rows):
        raise typer.Exit(1)


Reading = tuple[dict[str, Any], "Image | None", "Prediction | None"]


def _rows(arguments: list[str], recogniser: Recogniser, top: int) -> Iterator[Reading]:
    """A row for each picture; one that cannot be read says why, and the rest are read."""
    from scrawl import images, preprocess
    from scrawl.errors import PictureError

    for argument in arguments:
        try:
            names = (
                [STDIN] if argument == STDIN else [str(path) for path in images.find([argument])]
            )
        except PictureError as error:
            yield _failed(argument, str(error)), None, None
            continue
        for name in names:
            try:
                image = images.load(sys.stdin.buffer.read() if name == STDIN else name)
            except PictureError as error:
                yield _failed(name, str(error)), None, None
                continue
            [prediction] = recogniser.predict_found([preprocess.find_digit(image)])
            yield _row(name, prediction, top), image, prediction


def _explain(path: Path, image: Image, prediction: Prediction, recogniser: Recogniser) -> None:
    from scrawl.explain import explain
    from scrawl.files import writing

    with writing(path) as aside:
        explain(image, prediction, recogniser).save(aside)
    typer.echo(f"wrote {path}", err=True)


def _row(name: str, prediction: Prediction, top: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": name,
        "digit": prediction.digit,
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "rejected": prediction.rejected,
        "error": None if prediction.box else f"{name}: no ink found, the picture is blank",
    }
    if top > 1:
        row["top"] = [
            {"digit": digit, "confidence": round(p, 6)} for digit, p in prediction.top(top)
        ]
    return row


def _failed(name: str, reason: str) -> dict[str, Any]:
    return {
        "file": name,
        "digit": None,
        "text": "",
        "confidence": 0.0,
        "rejected": True,
        "error": reason,
    }


def _line(row: dict[str, Any]) -> str:
    answer = "not a digit" if row["digit"] is None else str(row["digit"])
    line = f"{row['file']}: {answer} ({row['confidence']:.1%})"
    others = [f"{item['digit']} {item['confidence']:.1%}" for item in row.get("top", [])]
    return f"{line}  {', '.join(others)}" if others else line


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    columns = ("file", "digit", "confidence", "rejected", "error")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
