"""JSON lines: an object a picture, with ``label`` and ``file`` or ``strokes``; or ``text``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.data.formats.item import Format, Item
from scrawl.data.formats.tables import TEXT, item_of, label_in, table_in
from scrawl.data.strokes import StrokeSample
from scrawl.errors import DataError

NAME = "labels.jsonl"
SUFFIXES = (".jsonl", ".ndjson")


def _recognises(path: Path) -> bool:
    table = table_in(path, NAME)
    return table.is_file() and table.suffix.lower() in SUFFIXES


def _read(path: Path) -> list[Item]:
    path, items = table_in(path, NAME), []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: expected JSON lines ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            items.append(_item(path, f"{path}, line {number}", line))
    return items


def _item(path: Path, where: str, line: str) -> Item:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where}: expected a JSON object ({error})") from error
    if not isinstance(row, dict) or label_in(row) not in row or not {"file", "strokes"} & set(row):
        raise DataError(
            f"{where}: expected an object with label, and file or strokes; or text, and file"
        )
    cells = {key: str(value) for key, value in row.items() if not isinstance(value, list)}
    if "strokes" not in row:
        return item_of(path, where, cells)
    writer = cells.get("writer") or cells.get("source") or path.stem
    label, split = label_in(cells), cells.get("split", "")
    if label == TEXT:
        raise DataError(f"{where}: expected strokes of one digit with label, received text")
    picture = StrokeSample(cells[label], writer, _strokes(where, row["strokes"])).drawn()
    return Item(picture, where, cells[label], where, writer, split, rows=True)


def _strokes(where: str, strokes: Any) -> tuple[Any, ...]:
    """Strokes as lists of ``[x, y]`` points; what a point has besides is passed over."""
    try:
        arrays = tuple(np.array([point[:2] for point in one], np.float32) for one in strokes if one)
        if not arrays or not all(one.ndim == 2 and np.isfinite(one).all() for one in arrays):
            raise ValueError
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: expected strokes as lists of [x, y] points") from error
    return arrays


FORMAT = Format("JSON lines with label, and file or strokes", _recognises, _read)
