"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="Take the files from here; without it from SCRAWL_DATA, else download once.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEVICE = (
    "What the network runs on: cpu, or what ONNX Runtime as installed has besides: cuda, "
    "tensorrt, rocm, openvino, coreml, directml."
)
Device = Annotated[str, typer.Option(help=DEVICE)]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of the network; one a core if not given.")
]
