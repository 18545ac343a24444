"""The command line: thin commands; each imports what it needs when it runs.

Results go to stdout, progress and notes to stderr. Exit 0: done; 1: the input was wrong, with one
line that says what; 2: the command was wrong.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from scrawl import __version__
from scrawl.cli.command import Command, Group
from scrawl.errors import ScrawlError


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"scrawl {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Reads handwritten digits, and trains the classic classifiers."""


def _app(wanted: str | None = None) -> typer.Typer:
    """All commands; or ``read`` alone where that is wanted, which is what has to start quickly."""
    from scrawl.cli import read

    app = typer.Typer(
        name="scrawl",
        cls=Group,
        help="Reads handwritten digits, and trains the classic classifiers.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    app.command(cls=Command)(read.read)
    if wanted != "read":
        _add_others(app)
    return app


def _add_others(app: typer.Typer) -> None:
    from scrawl.cli import (
        batch,
        data,
        evaluate,
        explain,
        form,
        models,
        recipes,
        serve,
        sweep,
        train,
    )

    app.add_typer(form.app, name="form")
    app.add_typer(data.app, name="data")
    for command in (
        recipes.recipes,
        train.train,
        sweep.sweep,
        models.predict,
        evaluate.evaluate,
        explain.explain,
        models.compare,
        models.export,
        serve.serve,
        batch.batch,
    ):
        app.command(cls=Command)(command)


def __getattr__(name: str) -> Any:
    if name == "app":  # all commands, for what documents and tests them
        return _app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """Runs the command line; every error that is the user's to mend becomes one line."""
    try:
        _app(next(iter(sys.argv[1:]), None))()
    except ScrawlError as error:
        _fail(str(error))
    except BrokenPipeError:
        # The reader of stdout went away; what Python flushes at exit must not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.filename or 'input or output'}: {error.strerror or error}")


def _fail(message: str) -> None:
    typer.echo("scrawl: " + " ".join(message.split()), err=True)
    sys.exit(1)
