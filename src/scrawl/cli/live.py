"""``scrawl train --live``: joins the training, which writes, and the page, which shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import typer


@contextmanager
def shown(folder: Path, wanted: bool) -> Iterator[None]:
    """Serves the page of a run folder while the block runs, where that is wanted.

    Raises:
        MissingExtraError: The packages of the service are not installed.
    """
    if not wanted:
        yield
        return
    from scrawl.errors import MissingExtraError

    if find_spec("uvicorn") is None or find_spec("starlette") is None:
        raise MissingExtraError("--live", "uvicorn", "serve")
    from scrawl.serve.live import live

    with live(folder) as address:
        typer.echo(f"live: {address} (on this machine, until the training ends)", err=True)
        yield
