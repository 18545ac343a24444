"""The folder that a batch writes: parts, and what tells it from other batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from scrawl import __version__
from scrawl.batch.block import INPUTS
from scrawl.batch.done import Done
from scrawl.errors import InputError, MissingExtraError
from scrawl.files import make_folder, write_text, writing

FORMAT = 1
"""The version of the folder."""

# Readers of parquet pass over names that begin so.
FACTS, COMPLETE = "_batch.json", "_complete.json"


class Output:
    """A folder with the parts of one batch.

    Attributes:
        folder: Where it is.
        done: The pictures whose rows are there, once it is held.
    """

    def __init__(self, folder: Path, facts: Mapping[str, Any]) -> None:
        """Makes the folder, or opens it where it holds parts of the same batch.

        Args:
            folder: It may exist, if it is empty or has been written with the same facts.
            facts: What decides the rows: sources, mode, model.

        Raises:
            InputError: It holds something else, or cannot be written.
            MissingExtraError: pyarrow is not installed.
        """
        require_parquet()
        self.folder = make_folder(folder)
        self._open({"format": FORMAT, **facts})
        self.done = Done()
        self._next = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps other batches out, and looks at what is done.

        Raises:
            InputError: Another process writes into the folder, or a part is damaged.
        """
        with (self.folder / FACTS).open("rb") as facts:
            _lock(facts, self.folder)
            for left in self.folder.glob(".part-*.parquet"):  # of one that was killed as it wrote
                left.unlink()
            parts = sorted(self.folder.glob("part-*.parquet"))
            self.done = Done.of(name for path in parts for name in inputs_of(path))
            numbers = (int(path.stem.removeprefix("part-")) for path in parts)
            self._next = 1 + max(numbers, default=-1)
            yield

    def write(self, part: Any) -> None:
        """Writes a part aside and renames it, so that it is there whole or not at all.

        Raises:
            InputError: It cannot be written: a full disk.
        """
        from pyarrow import parquet

        with writing(self.folder / f"part-{self._next:06d}.parquet") as aside:
            parquet.write_table(part, aside)
        self._next += 1

    def finish(self, figures: Mapping[str, Any]) -> None:
        """Says that all is there."""
        write_text(self.folder / COMPLETE, json.dumps(dict(figures), indent=1) + "\n")

    def _open(self, facts: Mapping[str, Any]) -> None:
        path = self.folder / FACTS
        if not path.exists():
            if any(self.folder.iterdir()):
                raise InputError(
                    f"{self.folder}: holds something else than a batch (--out names a new folder)"
                )
            table = {"scrawl": __version__, **facts}
            write_text(path, json.dumps(table, indent=1, ensure_ascii=False) + "\n")
            return
        try:
            there = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: damaged ({error})") from error
        for key, value in facts.items():
            if there.get(key) != value:
                raise InputError(
                    f"{self.folder}: holds another batch, with {key} {_short(there.get(key))} "
                    f"(received {_short(value)}; --out names a new folder)"
                )
        (self.folder / COMPLETE).unlink(missing_ok=True)


def _lock(file: IO[bytes], folder: Path) -> None:
    """Holds a file until it is closed or the process ends, however; not on Windows."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise InputError(f"{folder}: another scrawl batch is writing into it") from error


def inputs_of(path: Path) -> Iterator[str]:
    """The names of the pictures whose rows a part has.

    Raises:
        InputError: It is no part, or damaged.
    """
    from pyarrow import ArrowException, parquet

    try:
        metadata = parquet.read_metadata(path).metadata
        yield from json.loads(metadata[INPUTS])
    except (OSError, ArrowException, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: damaged ({error}); delete it, and its pictures are read again"
        ) from error


def require_parquet() -> None:
    """Refuses to begin without what reads and writes parquet.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("scrawl batch", "pyarrow", "parquet") from error


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:80]}…"
