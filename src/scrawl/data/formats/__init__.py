"""Labelled pictures in the forms that people have them in, each read by a module of this room.

A module has a ``FORMAT``, a ``Format``; the first that recognises a source reads it.
"""

from __future__ import annotations

from pathlib import Path

from scrawl import images
from scrawl.data.formats import folders, idx, json_lines, kaggle, npz, parquet, tables
from scrawl.data.formats.item import Format, Item, refused
from scrawl.errors import DataError

__all__ = ["FORMATS", "Format", "Item", "holds_numbers", "read", "refused"]

FORMATS: tuple[Format, ...] = (
    kaggle.FORMAT,  # a CSV as well, so it is asked before the table of files
    tables.FORMAT,
    json_lines.FORMAT,
    idx.FORMAT,
    npz.FORMAT,
    parquet.FORMAT,
    folders.FORMAT,
)


def read(path: Path) -> list[Item]:
    """The labelled pictures of a source, in its order; pictures in files are not opened yet.

    Args:
        path: A file or folder in one of the ``FORMATS``.

    Raises:
        DataError: It is in none of them, is damaged, or holds no picture.
        MissingExtraError: Its format needs a package that is not installed.
    """
    if not path.exists():
        raise DataError(f"{path}: expected a file or a folder of labelled pictures, found neither")
    for one in FORMATS:
        if one.recognises(path):
            items = one.read(path)
            if items:
                return items
            if path.is_file():
                raise DataError(f"{path}: no labelled pictures ({one.title}, without any row)")
    if path.is_dir():
        _refuse_unlabelled(path)
    known = "; ".join(one.title for one in FORMATS)
    raise DataError(f"{path}: no labelled pictures (expected one of: {known})")


def holds_numbers(path: Path) -> bool:
    """Whether what a source says of its pictures are the texts of numbers, and no classes.

    Raises:
        DataError, MissingExtraError: As `read` does.
    """
    return any(item.number for item in read(path))


def _refuse_unlabelled(folder: Path) -> None:
    """Says what a folder lacks that holds pictures and nothing that says what they show.

    Raises:
        DataError: It is such a folder.
    """
    pictures = sum(1 for file in folder.iterdir() if file.is_file() and images.is_picture(file))
    if pictures:
        raise DataError(
            f"{folder}: {pictures:,} pictures, and nothing says what they show (expected a folder "
            f"for each class, such as {folder.name}/7/, or a labels.csv with the columns file and "
            "label; file and text where each shows a number)"
        )
