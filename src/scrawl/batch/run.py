"""A batch from beginning to end: what is left to read, who reads it, what is written."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scrawl.batch import source
from scrawl.batch.block import INPUTS, Lost, Reader, halves
from scrawl.batch.done import Done
from scrawl.batch.job import Job
from scrawl.batch.output import Output, require_parquet
from scrawl.batch.source import Block, Shard
from scrawl.errors import InputError
from scrawl.workers import cluster as ray
from scrawl.workers import processes


@dataclass(frozen=True)
class Figures:
    """What a batch has done.

    Attributes:
        pictures: Files that were read now.
        before: Those whose rows were there already.
        rows: Rows that were written now, one a page.
        errors: How many of them have an error.
        seconds: Wall time.
    """

    pictures: int
    before: int
    rows: int
    errors: int
    seconds: float


def run(
    sources: Sequence[str],
    out: str | os.PathLike[str],
    job: Job | None = None,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Figures:
    """Reads pictures into a folder of parquet; what has its rows there already is not read again.

    Args:
        sources: Files, folders, globs and addresses of pictures, tar and parquet files.
        out: The folder.
        job: How to read them; None reads pages.
        workers: Processes, or on a cluster actors; None for one a core of this machine.
        cluster: The address of a Ray cluster, or ``local`` for one that is started here; None for
            processes of this machine.
        told: Is called after each part with the pictures that are read, and those of them that
            have their rows from before.

    Raises:
        InputError: A source, the folder, the cluster or an option cannot be used, or the disk is
            full.
        DataError: A parquet file has no column of pictures.
        ModelError: A model cannot be loaded.
        MissingExtraError: What is needed is not installed.
    """
    job = job or Job()
    workers = workers or os.cpu_count() or 1
    folder = Path(out)
    require_parquet()
    source.check(sources, folder)
    job.load()  # what cannot be used is told before anything is made
    with _executor(job, Lost(job), workers, cluster) as execute:
        output = Output(folder, {"sources": list(sources), **job.facts()})
        with output.held():
            figures = _write(execute(source.shards(sources, folder), output.done), output, told)
            output.finish(asdict(figures))
    return figures


def _write(
    parts: Iterator[Any], output: Output, told: Callable[[int, int], None] | None
) -> Figures:
    """Writes parts as they come."""
    start = time.monotonic()
    before = len(output.done)
    pictures = rows = errors = 0
    for part in parts:
        output.write(part)
        pictures += _count(part)
        rows += part.num_rows
        errors += part.num_rows - part.column("error").null_count
        if told is not None:
            told(before + pictures, before)
    return Figures(pictures, before, rows, errors, round(time.monotonic() - start, 3))


Executor = Callable[[Iterator[Shard], Done], Iterator[Any]]


@contextmanager
def _executor(job: Job, lost: Lost, workers: int, cluster: str | None) -> Iterator[Executor]:
    """What makes parts of shards: processes, or a cluster."""
    if workers < 1:
        raise InputError(f"--workers: expected a whole number from 1, received {workers}")
    reader = Reader(job)
    if cluster is None:

        def locally(shards: Iterator[Shard], done: Done) -> Iterator[Any]:
            blocks = (block for shard in shards for block in shard.blocks(done, job.block))
            return processes.each(reader, blocks, workers, halves=halves, lost=lost)

        yield locally
        return
    with ray.connected(cluster, workers):
        yield lambda shards, done: ray.stream(
            reader,
            _Blocks(done, job.block),
            list(shards),
            workers,
            halves=halves,
            lost=lost,
        )


class _Blocks:
    """Gives the blocks of a shard that are not done."""

    def __init__(self, done: Done, most: int) -> None:
        self._done, self._most = done, most

    def __call__(self, shard: Shard) -> Iterator[Block]:
        return shard.blocks(self._done, self._most)


def _count(part: Any) -> int:
    """The pictures of a part."""
    return len(json.loads(part.schema.metadata[INPUTS]))
