"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="Take the files from here; without it from SCRAWL_DATA, else download once.",
    ),
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DATA",
        help="A data set, as 'data list' names it, or a file or folder of your own; that of the "
        "model if none.",
    ),
]
Model = Annotated[
    Path | None,
    typer.Argument(
        metavar="[MODEL]", help="A run folder or an .onnx file; the model scrawl carries if none."
    ),
]
ModelFile = Annotated[
    Path | None,
    typer.Option(metavar="MODEL", help="A run folder or an .onnx file; scrawl's own if none."),
]
One = Annotated[bool, typer.Option("--one", help="Exactly one digit on each picture.")]
Number = Annotated[bool, typer.Option("--number", help="Exactly one number on each picture.")]
Digits = Annotated[
    str | None,
    typer.Option(
        metavar="N|M-N",
        help="With --number: how many digits it has, such as 6, or from 4 to 7 (4-7).",
    ),
]
Reader = Annotated[
    Path | None,
    typer.Option(
        metavar="MODEL",
        help="For numbers and pages: a model of single digits, such as one of your own hand.",
    ),
]
Lines = Annotated[
    Path | None,
    typer.Option(
        metavar="MODEL",
        help="For numbers and pages: a model of lines, which reads each number that is in doubt "
        "again, as a whole; scrawl's own if none.",
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        help="A digit below this confidence, 0 to 1, is uncertain; with --one, none is given."
    ),
]
Split = Annotated[str, typer.Option(help="'train' or 'test'.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEVICE = (
    "What the network runs on: cpu, or what ONNX Runtime as installed has besides: cuda, "
    "tensorrt, rocm, openvino, coreml, directml."
)
Device = Annotated[str, typer.Option(help=DEVICE)]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of the network; one a core if not given.")
]


def check_data(name: str) -> str:
    """What ``--data`` gives: the name of a data set, or the absolute path of one's own.

    Raises:
        InputError: There is none of that name, and no such file or folder.
    """
    from scrawl import data
    from scrawl.errors import InputError

    if not data.is_path(name):
        data.require(name)
        return name
    if not Path(name).exists():
        raise InputError(f"--data {name}: expected a data set, a file or a folder, found none")
    return str(Path(name).resolve())


def entries(table: Mapping[str, T]) -> list[T]:
    """What a table holds; an entry of a broken package is a line on stderr instead."""
    from scrawl.errors import ScrawlError

    found = []
    for name in table:
        try:
            found.append(table[name])
        except ScrawlError as error:
            typer.echo(f"scrawl: {error}", err=True)
    return found


def check_index(index: int, n: int, what: str) -> int:
    """The row that an index names; a negative one counts from the end.

    Raises:
        InputError: It is out of range.
    """
    from scrawl.errors import InputError

    if not -n <= index < n:
        raise InputError(f"--index: expected 0 to {n - 1} for {what}, received {index}")
    return index % n
