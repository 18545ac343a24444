"""``scrawl read``: what a picture says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from scrawl.cli.data import Json


def read(
    pictures: Annotated[
        list[str],
        typer.Argument(
            metavar="PICTURE...", help="Pictures, PDFs or folders of them; - reads stdin."
        ),
    ],
    one: Annotated[bool, typer.Option("--one", help="Exactly one digit on each picture.")] = False,
    model: Annotated[
        Path | None,
        typer.Option(metavar="MODEL", help="A run folder or an .onnx file; scrawl's own if none."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(help="Doubt a digit below this confidence, 0 to 1; with --one, reject it."),
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, max=10, help="With --one: so many digits, best first.")
    ] = 1,
    explain: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png",
            help="With --one: the ink found, what the network saw, which ink mattered.",
        ),
    ] = None,
    draw: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png", help="Draw boxes and digits over the picture, doubtful ones in red."
        ),
    ] = None,
    form: Annotated[
        Path | None,
        typer.Option(metavar="FORM.toml", help="Read the fields of a form, to a row a page."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="OUT.csv", help="With --form: write the table; .csv or .parquet."),
    ] = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Read the digits on a picture: a number, several lines, a whole page.

    Example: scrawl read receipt.jpg --draw seen.png
    """
    from scrawl.cli import one_digit, whole_page
    from scrawl.cli.opening import table
    from scrawl.errors import InputError

    if as_json and as_csv:
        raise InputError("read: expected one of --json and --csv, received both")
    if form is not None:
        if one or explain is not None:
            raise InputError("--form: expected without --one and --explain")
        from scrawl.cli.form import read_form

        read_form(form, pictures, model, threshold, out, draw, as_json)
        return
    if out is not None:
        raise InputError("--out: expected with --form")
    for option, given, mode in (("--explain", explain, True), ("--draw", draw, False)):
        if given is None:
            continue
        if one is not mode:
            raise InputError(f"{option}: expected {'with' if mode else 'without'} --one")
        if len(pictures) > 1 or Path(pictures[0]).is_dir():
            raise InputError(f"{option}: expected one picture, received several")
    if one:
        rows = one_digit.rows(pictures, model, threshold, top, explain)
        line, columns = one_digit.line, one_digit.COLUMNS
    else:
        rows = whole_page.rows(pictures, model, threshold, draw)
        line, columns = whole_page.line, whole_page.COLUMNS
    done = []
    for row in rows:
        done.append(row)
        if row["error"]:
            typer.echo(f"scrawl: {row['error']}", err=True)
        elif not (as_json or as_csv):
            typer.echo(line(row))
    if as_json:
        typer.echo(json.dumps(done, indent=1, ensure_ascii=False))
    if as_csv:
        typer.echo(table(done if one else whole_page.by_line(done), columns), nl=False)
    if any(row["error"] for row in done):
        raise typer.Exit(1)
