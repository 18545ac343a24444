"""``scrawl batch``: many pictures into a folder of parquet."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.options import (
    DEVICE,
    Digits,
    Json,
    Lines,
    ModelFile,
    Number,
    One,
    Reader,
    Threshold,
)

if TYPE_CHECKING:
    from scrawl.forms import Form

NOTE_SECONDS = 10
"""Between two lines that say how far, where stderr is no terminal."""


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Folders, globs, pictures, PDFs, tar files, parquet with the bytes of pictures; "
            "here or at s3:// and gs:// addresses.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Where the parts go; what has its rows there already is not read again.",
        ),
    ],
    one: One = False,
    number: Number = False,
    digits: Digits = None,
    form: Annotated[
        Path | None, typer.Option(metavar="FORM.toml", help="Each page is a sheet of this form.")
    ] = None,
    model: ModelFile = None,
    reader: Reader = None,
    lines: Lines = None,
    threshold: Threshold = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes, or actors of a cluster; one a core of this machine if not given.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Read on a Ray cluster: its address, or 'local' for one on this machine.",
        ),
    ] = None,
    device: Annotated[str, typer.Option(help=DEVICE)] = "cpu",
    as_json: Json = False,
) -> None:
    """Read many pictures into a folder of parquet files; it goes on where it was interrupted.

    Example: scrawl batch scans/ --out read/
    """
    from scrawl.batch import Job, run
    from scrawl.errors import InputError, ScrawlError

    chosen = {"one": one, "number": number, "form": form is not None}
    given = [f"--{name}" for name, wanted in chosen.items() if wanted]
    if len(given) > 1:
        received = " and ".join(given)
        raise InputError(f"batch: expected one of --one, --number and --form, received {received}")
    mode = given[0].removeprefix("--") if given else "pages"
    for name, value, modes in (
        ("digits", digits, ("number",)),
        ("reader", reader, ("pages", "number")),
        ("lines", lines, ("pages", "number")),
    ):
        if value is not None and mode not in modes:
            raise InputError(f"--{name}: expected with {' or '.join(modes)}, received with {mode}")
    job = Job(
        mode=mode,
        model=_path(model),
        form=_form(form),
        digits=digits,
        reader=_path(reader),
        lines=_path(lines),
        threshold=threshold,
        device=device,
    )
    try:
        with _shown(sources, out) as told:
            figures = run(sources, out, job, workers=workers, cluster=cluster, told=told)
    except KeyboardInterrupt:
        raise ScrawlError(
            f"stopped; the parts in {out} are kept, and the same command goes on"
        ) from None
    if as_json:
        typer.echo(json.dumps(asdict(figures), indent=1))
        return
    rate = figures.pictures / max(figures.seconds, 1e-9)
    before = f", {figures.before:,} before" if figures.before else ""
    errors = f", {figures.errors:,} with an error" if figures.errors else ""
    typer.echo(
        f"{out}: {figures.pictures:,} pictures{before}, {figures.rows:,} rows{errors}; "
        f"{figures.seconds:.1f} s, {rate:.1f} pictures a second"
    )


def _path(path: Path | None) -> str | None:
    """Where a model is, whatever folder a process works in."""
    return None if path is None else str(path.resolve())


def _form(path: Path | None) -> Form | None:
    if path is None:
        return None
    from scrawl.forms import load_form

    return load_form(path)


@contextmanager
def _shown(sources: Sequence[str], out: Path) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, else a line now and then: pictures, how many a second, time left."""
    import time

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from scrawl.batch.source import count
    from scrawl.errors import ScrawlError

    console = Console(stderr=True)
    columns: list[ProgressColumn] = [TextColumn("pictures"), BarColumn(), MofNCompleteColumn()]
    columns += [TextColumn("{task.fields[rate]} a second"), TimeRemainingColumn()]
    bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    task = bar.add_task("", total=None, rate="–")
    start = noted = time.monotonic()

    def count_all() -> None:
        try:
            bar.update(task, total=count(sources, out))
        except ScrawlError:  # what cannot be read is told where it is read
            return

    counting = threading.Thread(target=count_all, daemon=True)

    def told(pictures: int, before: int) -> None:
        nonlocal noted
        if counting.ident is None:  # not before a part is there: what cannot be read is told first
            counting.start()
        now = time.monotonic()
        rate = (pictures - before) / max(now - start, 1e-9)
        bar.update(task, completed=pictures, rate=f"{rate:.1f}")
        if bar.disable and now - noted >= NOTE_SECONDS:
            noted = now
            total = bar.tasks[0].total
            left = "" if total is None else f", {(total - pictures) / rate:.0f} s left"
            typer.echo(f"{pictures:,} pictures, {rate:.1f} a second{left}", err=True)

    with bar:
        yield told
