"""What is to be read: files named one after the other, and the pictures that each holds."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from scrawl import images
from scrawl.batch import containers, remote
from scrawl.batch.done import Done
from scrawl.errors import InputError, ScrawlError

BYTES = 32 << 20
"""Bytes of a block from which on it is full: pictures from within files travel with it."""

NAMES = 4096
"""Most names of a shard."""


@dataclass(frozen=True)
class Input:
    """A picture's file.

    Attributes:
        name: What its rows call it: where it is, and of what is within a file what it is there.
        data: Its bytes, where it is within a file; None for what is opened by its name.
        error: Why it cannot be had; else None.
    """

    name: str
    data: bytes | None = field(default=None, repr=False)
    error: str | None = None


Block = tuple[Input, ...]
"""Pictures that are read together and whose rows become a part."""


@dataclass(frozen=True)
class Shard:
    """Some of what is to be read, as small as it can be told.

    Attributes:
        names: Of files.
    """

    names: tuple[str, ...]

    def blocks(self, done: Done, most: int) -> Iterator[Block]:
        """The blocks of what is not done yet; what is within files is read only now.

        Args:
            done: What is done.
            most: Pictures of a block.
        """
        block: list[Input] = []
        size = 0
        for one in self._inputs(done):
            block.append(one)
            size += len(one.data or b"")
            if len(block) == most or size >= BYTES:
                yield tuple(block)
                block, size = [], 0
        if block:
            yield tuple(block)

    def _inputs(self, done: Done) -> Iterator[Input]:
        for name in self.names:
            if containers.is_container(name):
                yield from _within(name, done)
            elif name not in done:
                yield Input(name)


def _within(name: str, done: Done) -> Iterator[Input]:
    """The pictures of a tar or parquet file; where it breaks off, that is one that failed."""
    try:
        with remote.opened(name) as stream:
            for inner, data in containers.pictures(stream, name):
                if inner not in done:
                    error = None if data is not None else f"{inner}: expected a picture's bytes"
                    yield Input(inner, data, error)
    except ScrawlError as error:
        if name not in done:
            yield Input(name, error=str(error))


def shards(sources: Sequence[str], without: Path) -> Iterator[Shard]:
    """All that is to be read.

    Args:
        sources: As `names` takes them.
        without: A folder whose files are left out, since it is written meanwhile.

    Raises:
        InputError: As `names` does.
    """
    rest = names(sources, without)
    few: list[str] = []
    for name in rest:
        if containers.is_container(name):
            yield Shard((name,))
            continue
        few.append(name)
        if len(few) == NAMES:
            yield Shard(tuple(few))
            few = []
    if few:
        yield Shard(tuple(few))


def names(sources: Sequence[str], without: Path) -> Iterator[str]:
    """The files of all sources, in their order, sorted inside each.

    Args:
        sources: Files, folders, globs, and addresses of them.
        without: A folder whose files are left out.

    Raises:
        InputError: A source is not there, cannot be reached or holds nothing to read.
    """
    for source in dict.fromkeys(sources):
        found = remote.find(source) if remote.is_address(source) else _local(source, without)
        first = list(islice(found, 1))
        if not first:
            raise InputError(f"{source}: nothing to read (expected pictures, tar or parquet files)")
        yield from first
        yield from found


def count(sources: Sequence[str], without: Path) -> int | None:
    """How many pictures there are; None where counting is as much work as reading them."""
    total = 0
    for name in names(sources, without):
        held = containers.count(name) if containers.is_container(name) else 1
        if held is None:
            return None
        total += held
    return total


def check(sources: Sequence[str], without: Path) -> None:
    """Refuses what cannot be read, before anything is: what each source holds first is looked at.

    Raises:
        InputError, DataError, MissingExtraError: It cannot.
    """
    if not sources:
        raise InputError(
            "batch: nothing to read (expected pictures, folders, tar or parquet files)"
        )
    for source in sources:
        [first] = islice(names([source], without), 1)
        if containers.is_container(first):
            with remote.opened(first) as stream:
                next(containers.pictures(stream, first), None)


def _local(source: str, without: Path) -> Iterator[str]:
    path = Path(source)
    if path.exists():
        return _files(path, without)
    if not glob.has_magic(source):
        raise InputError(f"{source}: no such file or folder")
    # pathlib's own globs take no absolute pattern.
    found = sorted(glob.iglob(source, recursive=True))  # noqa: PTH207
    return (file for one in found for file in _files(Path(one), without))


def _files(path: Path, without: Path) -> Iterator[str]:
    """A file, or the pictures and the tar and parquet files of a folder."""
    if not path.is_dir():
        yield str(path)
        return
    written = without.resolve()
    for file in images.walk(path):
        if written not in file.resolve().parents and (
            containers.is_container(file.name) or images.is_picture(file, pdf=True)
        ):
            yield str(file)
