"""From a complete run, or a model, to a file, in the format that the suffix of its name says.

An exporter is a module of this package, named as its suffix, or an entry point of the group
``scrawl.exporters`` in a package of one's own: an ``Exporter`` by its suffix without the point.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scrawl.arrays import Float32
from scrawl.errors import InputError
from scrawl.registry import Registry, modules
from scrawl.training.run import Run


@dataclass(frozen=True)
class Exported:
    """A file that was written.

    Attributes:
        path: Where it is.
        size: Its bytes.
        difference: How far its outputs are from the network's own, as
            ``scrawl.training.bundling.compare`` gives it; None where that was not measured.
        weights: Bytes of weights and biases in it; None where that was not counted.
        agreement: The share of pictures that it answers as the network in float32 does, in [0, 1];
            None where none were asked.
        asked: How many pictures those are.
    """

    path: Path
    size: int
    difference: float | None = None
    weights: int | None = None
    agreement: float | None = None
    asked: int = 0


@dataclass(frozen=True)
class Order:
    """What is to be exported, and how.

    Attributes:
        run: A complete run.
        out: The file to write.
        int8: Whether weights and activations are to have 8 bits.
        data_dir: See ``scrawl.data.load``.
    """

    run: Run
    out: Path
    int8: bool = False
    data_dir: str | os.PathLike[str] | None = None


Answers = Callable[[Float32], Float32]
"""From pictures, float32 ``(n, …)`` in [0, 1] with ink 1, to the probability of each class."""


@dataclass(frozen=True)
class Exporter:
    """Writes a format.

    Attributes:
        write: Writes the file of an order. Raises ``ScrawlError``.
        int8: Whether it can write 8 bits.
        open: Opens what was written in the runtime that is made for it, on one thread where that
            that can be said; None where that is no runtime of Python's.
        write_model: Writes the file from an ``.onnx`` file of scrawl's alone and the path to write
            to, where nothing else of a run is needed. Raises ``ScrawlError``.
    """

    write: Callable[[Order], Exported]
    int8: bool = False
    open: Callable[[Path], Answers] | None = None
    write_model: Callable[[Path, Path], Exported] | None = None


EXPORTERS: Registry[Exporter] = Registry(
    "format", "scrawl.exporters", modules(__name__, __path__, "EXPORTER"), Exporter
)


def export(
    run: Run | Path,
    out: Path,
    *,
    int8: bool = False,
    data_dir: str | os.PathLike[str] | None = None,
) -> Exported:
    """Exports a run, or a model.

    Args:
        run: A complete run, or an ``.onnx`` file of scrawl's for formats that need no more.
        out: The file to write; its suffix says the format.
        int8: Whether weights and activations are to have 8 bits.
        data_dir: See ``scrawl.data.load``.

    Raises:
        InputError: There is no such format, it has no 8 bits, it needs a run and a model was
            given, or the file cannot be written.
        ModelError: The run is not complete, damaged, or its network cannot be exported so.
        DataError: The data set that ranges of 8 bits are taken from cannot be had.
    """
    suffix = out.suffix.removeprefix(".")
    if suffix not in EXPORTERS:
        endings = ", ".join(f".{name}" for name in EXPORTERS)
        raise InputError(f"{out}: expected a file ending in one of {endings}")
    exporter = EXPORTERS[suffix]
    if int8 and not exporter.int8:
        endings = ", ".join(f".{one}" for one in EXPORTERS if EXPORTERS[one].int8)
        raise InputError(f"{out}: .{suffix} has no 8 bits, expected a file ending in {endings}")
    if isinstance(run, Path):
        if exporter.write_model is None:
            raise InputError(f"{out}: expected a run folder, received the model {run}")
        return exporter.write_model(run, out)
    run.metrics()  # raises where the run is not complete
    return exporter.write(Order(run, out, int8, data_dir))
