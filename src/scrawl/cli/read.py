"""``scrawl read``: what a picture says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from scrawl.cli.options import (
    Device,
    Digits,
    Json,
    Lines,
    ModelFile,
    Number,
    One,
    Reader,
    Threads,
    Threshold,
)

Row = dict[str, Any]


def read(
    pictures: Annotated[
        list[str],
        typer.Argument(
            metavar="PICTURE...", help="Pictures, PDFs or folders of them; - reads stdin."
        ),
    ],
    one: One = False,
    number: Number = False,
    digits: Digits = None,
    model: ModelFile = None,
    reader: Reader = None,
    lines: Lines = None,
    threshold: Threshold = None,
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
    table: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.csv",
            help="Write the table that a picture shows; several go to several files, or to a "
            "folder.",
        ),
    ] = None,
    marks: Annotated[
        bool,
        typer.Option(
            "--marks", help="Show points, dashes, slashes and signs of currency (¤), too."
        ),
    ] = False,
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
    if one and reader is not None:
        raise InputError("--reader: expected without --one (there --model takes such a model)")
    if digits is not None and not number:
        raise InputError("--digits: expected with --number")
    if number and table is not None:
        raise InputError("--table: expected without --number (a number has no cells)")
    whole_only = {"--number": number or None, "--draw": draw, "--table": table, "--lines": lines}
    whole_only["--marks"] = marks or None
    _check(one, {"--top": top, "--explain": explain}, whole_only)
    told = not as_json and not as_csv
    if one:
        from scrawl.cli import one_digit
        from scrawl.one_digit import OneDigitReader

        single = OneDigitReader.load(model, threshold=threshold, device=device, threads=threads)
        rows = one_digit.rows(pictures, single, top or 1, explain)
        done = _told(rows, one_digit.line if told else None)
        flat, columns = done, one_digit.COLUMNS
    else:
        from scrawl.cli import whole_page
        from scrawl.pages import PageReader
        from scrawl.pages.number import lengths

        allowed = lengths(number, digits, "--digits")
        whole = PageReader.load(
            model, reader=reader, lines=lines, threshold=threshold, device=device, threads=threads
        )
        each = partial(whole.read, number=number, digits=allowed)
        rows = whole_page.rows(pictures, each, draw, table)
        done = _told(rows, partial(whole_page.line, marks=marks) if told else None)
        flat, columns = list(whole_page.by_line(done)), whole_page.COLUMNS
    if as_json:
        typer.echo(json.dumps(done, indent=1, ensure_ascii=False))
    if as_csv:
        from scrawl.cli import opening

        typer.echo(opening.table(flat, columns), nl=False)
    _end(done)


def _check(one: bool, single: Mapping[str, object], whole: Mapping[str, object]) -> None:
    """Refuses options that the way of reading has no use for."""
    from scrawl.errors import InputError

    for option, value in (whole if one else single).items():
        if value is not None:
            raise InputError(f"{option}: expected {'without' if one else 'with'} --one")


def _end(done: list[Row]) -> None:
    """Ends the command with 1 if a picture was not read."""
    failed = sum(bool(row["error"]) for row in done)
    if failed and len(done) > 1:
        typer.echo(f"scrawl: {failed} of {len(done)} were not read", err=True)
    if failed:
        raise typer.Exit(1)


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
