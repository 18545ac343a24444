"""A CSV with the columns ``file`` and ``label``, perhaps ``source`` or ``writer``, ``split``.

Where it has a column ``text`` and none ``label``, that is the text of the number on each picture.
"""

from __future__ import annotations

import csv
from collections.abc import Container
from pathlib import Path

from scrawl.data.formats.item import Format, Item
from scrawl.errors import DataError

NAME = "labels.csv"
"""What the table in a folder of pictures is called."""

TEXT = "text"
"""What the column of numbers is called."""


def table_in(path: Path, name: str) -> Path:
    """The table of that name in a folder; a file is taken for the table itself."""
    return path / name if path.is_dir() else path


def item_of(path: Path, where: str, row: dict[str, str]) -> Item:
    """The picture that a row names, relative to the folder of its table."""
    source = row.get("source") or row.get("writer") or path.parent.name
    picture, label = path.parent / row["file"], label_in(row)
    split, number = row.get("split", ""), label == TEXT
    return Item(picture, str(picture), row[label], where, source, split, number=number)


def label_in(row: Container[str]) -> str:
    """Where a row has what its picture shows: ``label``, or ``TEXT`` where there is no such."""
    return TEXT if TEXT in row and "label" not in row else "label"


def _recognises(path: Path) -> bool:
    table = table_in(path, NAME)
    return table.is_file() and table.suffix.lower() == ".csv"


def _read(path: Path) -> list[Item]:
    path, items = table_in(path, NAME), []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            there = set(reader.fieldnames or ())
            missing = {"file", label_in(there)} - there
            if missing:
                received = ", ".join(sorted(there)) or "nothing"
                raise DataError(
                    f"{path}: expected a CSV with the columns file and label (or text), "
                    f"received {received} (without {' and '.join(sorted(missing))})"
                )
            for row in reader:
                cells = {key: (row[key] or "").strip() for key in row if key}
                items.append(item_of(path, f"{path}, line {reader.line_num}", cells))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: expected a CSV of labelled pictures ({error})") from error
    return items


FORMAT = Format("a CSV with the columns file and label, or file and text", _recognises, _read)
