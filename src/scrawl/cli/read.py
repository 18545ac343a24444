"""``scrawl read``: what a picture says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from scrawl.cli.options import Device, Json, Threads

Row = dict[str, Any]


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
    reader: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL",
            help="For numbers and pages: a model of single digits, such as one of your own hand.",
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(help="Doubt a digit below this confidence, 0 to 1; with --one, reject it."),
    ] = None,
    top: Annotated[
        int | None, typer.Option(min=1, max=10, help="With --one: so many digits, best first.")
    ] = None,
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
            metavar="OUT.png",
            help="Draw boxes and digits over the picture, uncertain ones in red; several pages go "
            "to several files, or to a folder.",
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
    device: Device = "cpu",
    threads: Threads = None,
) -> None:
    """Read the digits on a picture: a number, several lines, a whole page.

    Example: scrawl read receipt.jpg --draw seen.png
    """
    from scrawl.errors import InputError

    if as_json and as_csv:
        raise InputError("read: expected one of --json and --csv, received both")
    if one and form is not None:
        raise InputError("--form: expected without --one")
    if one and reader is not None:
        raise InputError("--reader: expected without --one (there --model takes such a model)")
    mode = "--form" if form is not None else "--one" if one else ""
    _check(mode, {"--top": top, "--explain": explain, "--draw": draw, "--out": out})
    if form is not None:
        from scrawl.cli.form import read_form

        read_form(form, pictures, model, threshold, out, draw, as_json)
        return
    told = not as_json and not as_csv
    if one:
        from scrawl.cli import one_digit
        from scrawl.digit_reader import DigitReader

        single = DigitReader.load(model, threshold=threshold, device=device, threads=threads)
        rows = one_digit.rows(pictures, single, top or 1, explain)
        done = _told(rows, one_digit.line if told else None)
        flat, columns = done, one_digit.COLUMNS
    else:
        from scrawl.cli import whole_page
        from scrawl.pages import PageReader

        whole = PageReader.load(
            model, reader=reader, threshold=threshold, device=device, threads=threads
        )
        done = _told(whole_page.rows(pictures, whole, draw), whole_page.line if told else None)
        flat, columns = list(whole_page.by_line(done)), whole_page.COLUMNS
    if as_json:
        typer.echo(json.dumps(done, indent=1, ensure_ascii=False))
    if as_csv:
        from scrawl.cli.opening import table

        typer.echo(table(flat, columns), nl=False)
    if any(row["error"] for row in done):
        raise typer.Exit(1)


_MODES = {
    "--top": ("--one",),
    "--explain": ("--one",),
    "--draw": ("", "--form"),
    "--out": ("--form",),
}
"""With which way of reading an option goes; the empty name stands for whole pictures."""


def _check(mode: str, options: Mapping[str, object]) -> None:
    """Refuses options that the way of reading has no use for."""
    from scrawl.errors import InputError

    for option, value in options.items():
        if value is None:
            continue
        if mode not in _MODES[option]:
            expected = f"without {mode}" if "" in _MODES[option] else f"with {_MODES[option][0]}"
            raise InputError(f"{option}: expected {expected}")


def _told(rows: Iterable[tuple[str, Row]], line: Callable[[str, Row], str] | None) -> list[Row]:
    """The rows, each shown as soon as it is there; without a line for it, its error alone."""
    done = []
    for name, row in rows:
        done.append(row)
        if row["error"]:
            typer.echo(f"scrawl: {row['error']}", err=True)
        elif line is not None:
            typer.echo(line(name, row))
    return done
