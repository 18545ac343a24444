"""Parquet with the bytes of image files, as Hugging Face's data sets have it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scrawl.data.formats.item import Format, Item
from scrawl.data.formats.tables import TEXT
from scrawl.errors import DataError, MissingExtraError

IMAGES = ("image", "img", "picture", "bytes")
LABELS = ("label", "labels", "class", "digit", TEXT)
SOURCES = ("source", "writer")


def _files(path: Path) -> list[Path]:
    """The path itself, or the files in a folder, which may be parts of the same splits."""
    if path.is_file():
        return [path] if path.suffix.lower() == ".parquet" else []
    return sorted([*path.glob("*.parquet"), *path.glob("data/*.parquet")])


def _read(path: Path) -> list[Item]:
    try:
        from pyarrow import ArrowException, parquet
    except ModuleNotFoundError as error:
        raise MissingExtraError("reading parquet", "pyarrow", "parquet") from error
    items: list[Item] = []
    for file in _files(path):
        try:
            table = parquet.read_table(file)
        except (OSError, ArrowException) as error:
            raise DataError(f"{file}: expected a parquet file ({error})") from error
        items += _items(file, table, _names(table.schema))
    return items


def _items(file: Path, table: Any, names: dict[str, list[str]]) -> list[Item]:
    image, label = (column_of(file, table.column_names, known) for known in (IMAGES, LABELS))
    source = next((name for name in SOURCES if name in table.column_names), None)
    split = next((split for split in ("train", "test") if file.name.startswith(split)), "")
    called = names.get(label, [])
    items = []
    columns = (table[name].to_pylist() for name in (image, label, source or label))
    for row, (picture, value, who) in enumerate(zip(*columns, strict=True)):
        where = f"{file}, row {row}"
        raw = bytes_of(picture)
        if raw is None:
            raise DataError(f"{where}: expected the bytes of an image in the column {image}")
        text = called[value] if called and 0 <= value < len(called) else str(value)
        number, by = label == TEXT, str(who) if source else ""
        items.append(Item(raw, where, text, where, by, split, number=number))
    return items


def column_of(file: object, there: Sequence[str], known: Sequence[str] = IMAGES) -> str:
    """The first of the known columns that a file has.

    Args:
        file: What a message calls it.
        there: The columns that it has.
        known: How the column may be called; that of pictures if none is given.

    Raises:
        DataError: It has none of them.
    """
    for name in known:
        if name in there:
            return name
    raise DataError(f"{file}: expected a column {' or '.join(known)}, received {', '.join(there)}")


def bytes_of(picture: Any) -> bytes | None:
    """The bytes of a cell of a column of pictures, which may be in a field of it; None if not."""
    raw = picture.get("bytes") if isinstance(picture, dict) else picture
    return raw if isinstance(raw, bytes) else None


def _names(schema: Any) -> dict[str, list[str]]:
    """What the labels of each column are called, where Hugging Face's metadata says so."""
    try:
        facts = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = facts["info"]["features"]
        return {key: one["names"] for key, one in features.items() if one.get("names")}
    except (ValueError, KeyError, AttributeError, TypeError):
        return {}


FORMAT = Format("parquet with image bytes and labels", lambda path: bool(_files(path)), _read)
