"""Writing files so that none is ever half there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrawl.errors import InputError


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Gives a path to write to, and renames it to ``path`` when the block ends well.

    The name written to keeps the suffix, which some writers choose their format by. If the block
    fails, ``path`` is as it was.

    Raises:
        InputError: The file cannot be written: a full or read-only disk, no such folder.
    """
    aside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield aside
        aside.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        aside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text file aside and renames it.

    Raises:
        InputError: It cannot be written.
    """
    with writing(path) as aside:
        aside.write_text(text, encoding="utf-8")


def make_folder(path: Path) -> Path:
    """Makes a folder and those above it; it may exist.

    Raises:
        InputError: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be made a folder ({error.strerror})") from error
    return path
