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
        "--data", metavar="NAME", help="A data set, as 'data list' names it; the model's own."
    ),
]
Model = Annotated[
    Path | None,
    typer.Argument(
        metavar="[MODEL]", help="A run folder or an .onnx file; the model scrawl carries if none."
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
    """The name of a data set, as ``--data`` gives it.

    Raises:
        InputError: There is none of that name. A folder or file of pictures is told from one.
    """
    from scrawl.data import DATASETS
    from scrawl.errors import InputError

    if name not in DATASETS and Path(name).exists():
        raise InputError(
            f"--data: expected the name of a data set (there are: {', '.join(DATASETS)}), received "
            f"{name}; --pictures takes pictures of your own"
        )
    DATASETS.require(name)
    return name


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
