"""Writes docs/reference/commands.md: every command with its options, as ``--help`` has them.

    python tools/commands.py

A test compares the file with what this makes, so that a changed option cannot be forgotten.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from scrawl.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
HEAD = """\
# Commands

Every command and option, as `scrawl COMMAND --help` prints them. Results go to stdout, progress
and notes to stderr. Exit code 0: done; 1: the input was wrong, one line says what; 2: the command
was wrong. `--json` prints for machines.

<!-- Made by tools/commands.py; do not edit. -->
"""
TAKES = {int: "INTEGER", float: "NUMBER", str: "TEXT", Path: "PATH"}


def page() -> str:
    """The text of the page."""
    return "\n".join([HEAD, *_commands("scrawl", app)]).rstrip() + "\n"


def _commands(name: str, group: typer.Typer) -> Iterator[str]:
    """The sections of a group's commands, its own groups last."""
    for info in group.registered_commands:
        if info.callback is not None and not info.hidden:
            own = info.name or info.callback.__name__.replace("_", "-")
            yield from _command(f"{name} {own}", info.callback)
    for below in group.registered_groups:
        if below.typer_instance is not None:
            yield from _commands(f"{name} {below.name}", below.typer_instance)


def _command(name: str, run: Callable[..., Any]) -> Iterator[str]:
    """The section of a command: what it does, its example, its options."""
    text, _, example = (inspect.getdoc(run) or "").partition("Example: ")
    yield f"## {name}\n\n{' '.join(text.split())}\n"
    yield f"```sh\n{' '.join(example.partition(', then')[0].split())}\n```\n"
    yield "| option | | default |\n| --- | --- | --- |"
    hints = get_type_hints(run, include_extras=True)
    for parameter in inspect.signature(run).parameters.values():
        kind, info = get_args(hints[parameter.name])[:2]
        cells = (
            f"`{_name(parameter.name, kind, info)}`",
            info.help or "",
            _default(parameter, info),
        )
        yield "| " + " | ".join(_cell(text) for text in cells) + " |"
    yield ""


def _name(name: str, kind: Any, info: OptionInfo | ArgumentInfo) -> str:
    """An option with what it takes, or an argument."""
    if isinstance(info, ArgumentInfo):
        return info.metavar or name.upper()
    # Within Annotated, Typer takes the first name for the default and moves it later.
    declared = [str(text) for text in (info.default, *(info.param_decls or ()))]
    declared = [text for text in declared if text.startswith("-")]
    names = ", ".join(declared or [f"--{name.replace('_', '-')}"])
    if kind is bool:
        return names
    if isinstance(kind, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not types.NoneType)
    return f"{names} {info.metavar or TAKES.get(kind, 'TEXT')}"


def _default(parameter: inspect.Parameter, info: OptionInfo | ArgumentInfo) -> str:
    """What holds where the option is not given; empty where nothing does."""
    told = info.show_default
    default = told if isinstance(told, str) else parameter.default
    shown = isinstance(default, str | int | float) and not isinstance(default, bool)
    return f"`{default}`" if shown else ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
