"""``scrawl form``, which helps to write a form file, and ``scrawl read --form``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scrawl.arrays import UInt8
    from scrawl.forms import Form, FormReader, FormReading
    from scrawl.forms.table import Row

    Image = UInt8


def form(
    files: Annotated[
        list[str],
        typer.Argument(metavar="[FORM.toml] SCAN", help="A form file and a scan, or a scan."),
    ],
    new: Annotated[
        bool, typer.Option("--new", help="Propose a form file from what is ruled on the scan.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Draw the fields with their names; fields.png."),
    ] = None,
) -> None:
    """Help to make a form file: draw its fields on a scan, or propose one from a scan.

    Example: scrawl form --new scan.jpg > form.toml; scrawl form form.toml scan.jpg --out fields.png
    """
    from scrawl.errors import InputError

    if new:
        if len(files) != 1:
            raise InputError(f"form --new: expected one scan, received {len(files)} files")
        _propose(files[0], out)
        return
    if len(files) != 2:
        raise InputError(
            f"form: expected a form file and a scan, received {len(files)} file"
            f"{'' if len(files) == 1 else 's'} (--new proposes a form file from a scan)"
        )
    from scrawl.forms import Form

    _show(Form.from_file(files[0]), files[1], out or Path("fields.png"))


def _propose(scan: str, out: Path | None) -> None:
    from scrawl.errors import PictureError
    from scrawl.forms.parse import parse_text
    from scrawl.forms.propose import propose

    name, image = _first(scan)
    try:
        text = propose(image, Path(scan).stem)
    except PictureError as error:
        raise PictureError(f"{name}: {error}") from error
    typer.echo(text, nl=False)
    proposed = parse_text(text, Path(f"{Path(scan).stem}.toml"))
    typer.echo(f"{name}: {_count(proposed)} found by their lines", err=True)
    if out is not None:
        _show(proposed, scan, out)


def _show(form: Form, scan: str, out: Path) -> None:
    from scrawl.drawing import save
    from scrawl.forms import FormReader
    from scrawl.forms.draw import draw

    name, image = _first(scan)
    located = FormReader.load(form).locate(image, name)
    save(draw(form, located, names=True), out)
    typer.echo(f"{name}: {_count(form)}, {_aligned(located)}", err=True)
    typer.echo(f"wrote {out}", err=True)


def _first(scan: str) -> tuple[str, Image]:
    """The first page of a scan."""
    from scrawl.cli.opening import Unopened, opened

    page = next(opened([scan]))
    if isinstance(page, Unopened):
        raise page.error
    return page.name, page.pixels


def _count(form: Form) -> str:
    n = len(form.fields)
    return f"{n} field{'' if n == 1 else 's'}"


def _aligned(reading: FormReading) -> str:
    how = {
        "lines": "aligned by their ruled lines",
        "reference": "aligned by the reference",
        "page": "placed by the edges of the page alone: no ruled lines of theirs were found",
    }[reading.aligned_by]
    return f"{how}; the page was turned by {reading.turned}°" if reading.turned else how


def read_form(
    path: Path,
    scans: Sequence[str],
    model: Path | None,
    threshold: float | None,
    out: Path | None,
    drawing: Path | None,
    as_json: bool,
) -> None:
    """Reads scans of a form to one row a page; what ``scrawl read --form`` does.

    Args:
        path: The form file.
        scans: Pictures, PDFs, folders of them, or ``-``.
        model: The reader of single digits; None takes scrawl's own.
        threshold: Fields below this confidence are listed to be checked.
        out: A ``.csv`` or ``.parquet`` to write; None prints CSV.
        drawing: Where to draw what was read: a picture, or a folder, with one a page.
        as_json: Whether to print JSON.
    """
    from scrawl.forms import Form, FormReader
    from scrawl.forms.table import check_suffix, to_csv, write

    form = Form.from_file(path)
    if out is not None:
        check_suffix(out)
    reader = FormReader.load(form, model, threshold=threshold)
    rows = []
    for row in _rows(reader, scans, drawing):
        rows.append(row)
        _note(row)
    if out is not None:
        write(rows, form, out)
        typer.echo(f"wrote {out}", err=True)
    if as_json:
        typer.echo(json.dumps([row.to_dict() for row in rows], indent=1, ensure_ascii=False))
    elif out is None:
        sys.stdout.write(to_csv(rows, form))
    if any(row.error for row in rows):
        raise typer.Exit(1)


def _rows(reader: FormReader, scans: Sequence[str], drawing: Path | None) -> Iterator[Row]:
    from scrawl.cli.opening import Drawings, Unopened, opened
    from scrawl.drawing import save
    from scrawl.errors import PictureError
    from scrawl.forms.draw import draw
    from scrawl.forms.table import Row

    drawings = None if drawing is None else Drawings(drawing)
    for page in opened(scans):
        if isinstance(page, Unopened):
            yield Row(page.file, 1, error=str(page.error))
            continue
        try:
            reading = reader.read(page.pixels, page.name)
        except PictureError as error:
            yield Row(page.file, page.number, error=str(error))
            continue
        if drawings is not None:
            path = drawings.path(page)
            save(draw(reader.form, reading), path)
            typer.echo(f"wrote {path}", err=True)
        yield Row.of(page.file, page.number, reading)


def _note(row: Row) -> None:
    """Tells a person what to look at."""
    if row.error:
        typer.echo(f"scrawl: {row.error}", err=True)
        return
    name = row.file if row.page == 1 else f"{row.file}#{row.page}"
    if row.turned:
        typer.echo(f"note: {name}: was turned by {row.turned}°", err=True)
    if row.aligned_by == "page":
        typer.echo(f"note: {name}: placed by the edges of the page alone", err=True)
    for item in row.fields:
        if item.uncertain:
            text = item.text or ("blank" if item.blank else "off the picture")
            typer.echo(
                f"check: {name}: field {item.name}: {text} ({item.confidence:.0%})", err=True
            )
