"""``scrawl form``: proposes a form file, shows it, and reads scans of a form into a table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.options import Device, Json, Threads

if TYPE_CHECKING:
    from scrawl.forms import Form, FormReading
    from scrawl.images import Page

app = typer.Typer(help="Forms: propose a form file, show it, read sheets into a table.")

FormFile = Annotated[Path, typer.Argument(metavar="FORM.toml", help="A form file.")]
Scan = Annotated[str, typer.Argument(metavar="SCAN", help="A scan of the form, or a photo.")]


@app.command()
def new(
    scans: Annotated[
        list[str],
        typer.Argument(
            metavar="SCAN...",
            help="A scan of the form, or a photo; several, blank or filled in, make a better one.",
        ),
    ],
    draw: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Draw the proposed fields with their names, too."),
    ] = None,
) -> None:
    """Propose a form file from what is ruled on a scan, and print it.

    Example: scrawl form new scan.jpg > form.toml
    """
    from scrawl.errors import PictureError
    from scrawl.forms.agreed import propose_of_several
    from scrawl.forms.parse import parse_text
    from scrawl.forms.propose import propose

    pages = [_first(scan) for scan in scans]
    page = pages[0]
    try:
        if len(pages) == 1:
            text = propose(page.pixels, Path(page.file).stem)
        else:
            sheets = [one.pixels for one in pages]
            text, best = propose_of_several(sheets, Path(page.file).stem)
            page = pages[best]
    except PictureError as error:
        raise PictureError(f"{page.name}: {error}") from error
    typer.echo(text, nl=False)
    proposed = parse_text(text, Path(page.file).with_suffix(".toml"))
    typer.echo(f"{page.name}: {_count(proposed)} found by their lines", err=True)
    if draw is not None:
        _show(proposed, page, draw)


@app.command()
def draw(
    form: FormFile,
    scan: Scan,
    out: Annotated[Path, typer.Option(metavar="OUT.png", help="Where to draw them.")] = Path(
        "fields.png"
    ),
) -> None:
    """Draw the fields of a form with their names over a scan.

    Example: scrawl form draw form.toml scan.jpg --out fields.png
    """
    from scrawl.forms import load_form

    _show(load_form(form), _first(scan), out)


@app.command()
def read(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="FORM.toml PICTURE...",
            help="A form file, then pictures, PDFs or folders of them; - reads stdin.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="OUT.csv", help="Write the table; .csv, .parquet or .xlsx."),
    ] = None,
    forms: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Read sheets of all form files of a folder, told apart by their layout; then "
            "no FORM.toml is named.",
        ),
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write a page, review.html, on which to check what is uncertain, and the table.",
        ),
    ] = None,
    draw: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png",
            help="Draw what was read over the page, uncertain fields in red; several pages go to "
            "several files, or to a folder.",
        ),
    ] = None,
    as_json: Json = False,
    threshold: Annotated[
        float | None,
        typer.Option(help="Have a field below this confidence, 0 to 1, checked."),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL",
            help="A model of single digits, such as one of your own hand: a run folder or an .onnx "
            "file; scrawl's own if none.",
        ),
    ] = None,
    device: Device = "cpu",
    threads: Threads = None,
) -> None:
    """Read the fields of a form from scans: a table with a row a page, as CSV.

    Example: scrawl form read form.toml scans/ --out table.csv
    """
    from scrawl.cli.form_batch import Batch
    from scrawl.forms import FormReader, load_form
    from scrawl.forms.several import FormsReader, load_forms
    from scrawl.forms.table import check_suffix, to_csv, write

    described = load_forms(forms) if forms is not None else [load_form(arguments.pop(0))]
    if not arguments:
        raise typer.BadParameter("expected pictures of the form", param_hint="PICTURE...")
    if out is not None:
        check_suffix(out)
    readers = [
        FormReader.load(one, model, threshold=threshold, device=device, threads=threads)
        for one in described
    ]
    batch = Batch(FormsReader(readers), several=forms is not None, drawing=draw, review=review)
    rows = batch.read(arguments)
    table = described if forms is not None else described[0]
    if out is not None:
        write(rows, table, out)
        typer.echo(f"wrote {out}", err=True)
    batch.finish(rows)
    if as_json:
        typer.echo(json.dumps([row.to_dict() for row in rows], indent=1, ensure_ascii=False))
    elif out is None:
        sys.stdout.write(to_csv(rows, table))
    if any(row.error for row in rows):
        raise typer.Exit(1)


def _first(scan: str) -> Page:
    """The first page of a scan."""
    from scrawl.cli.opening import Unopened, opened

    page = next(opened([scan]))
    if isinstance(page, Unopened):
        raise page.error
    return page


def _show(form: Form, page: Page, out: Path) -> None:
    from scrawl.drawing import check_suffix, save
    from scrawl.forms import FormReader
    from scrawl.forms.draw import draw

    check_suffix(out)
    located = FormReader.load(form).locate(page)
    save(draw(form, located, names=True), out)
    typer.echo(f"{page.name}: {_count(form)}, {_aligned(located)}", err=True)
    typer.echo(f"wrote {out}", err=True)


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
