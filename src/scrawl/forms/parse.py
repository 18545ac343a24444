"""A form file, checked: whatever cannot be a form is refused by name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.arrays import FloatBox
from scrawl.errors import InputError, unknown
from scrawl.forms.checks import Check
from scrawl.forms.form import Form, Region
from scrawl.forms.parse_checks import check_sums, read_check
from scrawl.forms.values import count, flag, keys, numbers, sizes, texts

UNITS = ("mm", "pixels")
KINDS = ("digit", "number", "digits")
CELLS = ("digit", "number")
SMALLEST = {"mm": 1.0, "pixels": 8.0}
"""The least width and height of a cell."""
_OVERLAP = 0.25  # share of a box that may be another's: boxes are drawn by hand
MOST_CELLS = 20_000
RESERVED = frozenset(("file", "page", "check", "error", "laid", "laid_confidence"))
"""Columns of the table that no field may be called by."""

_TOP = ("name", "page", "unit", "reference", "field", "grid")
_FIELD = ("name", "box", "kind", "digits", "check", "optional")
_GRID = (
    "name", "box", "rows", "columns", "kind", "widths", "heights", "check", "optional"
)  # fmt: skip


def load_form(path: str | os.PathLike[str]) -> Form:
    """Reads a form file.

    Raises:
        InputError: It cannot be read, is no TOML, or says something that no form can be; the
            message names the file, the field, what was expected and what came.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no form file (expected TOML, received no text)") from error
    return parse_text(text, path)


def parse_text(text: str, path: Path) -> Form:
    """Checks a form file's text; ``path`` names it, and a reference is looked for beside it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is no form file (expected TOML: {error})") from error
    try:
        return _form(table, path)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _form(table: Mapping[str, Any], path: Path) -> Form:
    keys("the form", table, _TOP)
    unit = table.get("unit", "mm")
    if unit not in UNITS:
        raise unknown("unit", str(unit), UNITS)
    page = numbers("page", table.get("page"), 2, "[width, height]")
    if min(page) <= 0:
        raise InputError(f"page: expected a width and a height above 0, received {list(page)}")
    name = table.get("name", path.stem)
    if not isinstance(name, str):
        raise InputError(f"name: expected text, received {name!r}")
    size = (page[0], page[1])
    regions = [_field(item, size, unit) for item in _items(table, "field")]
    regions += [_grid(item, size, unit) for item in _items(table, "grid")]
    if not regions:
        raise InputError("expected at least one [[field]] or [[grid]], received none")
    form = Form(name, size, unit, tuple(regions), _reference(table.get("reference"), path))
    _check_names(form)
    _check_overlaps(form)
    check_sums(form)
    return form


def _reference(value: Any, path: Path) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"reference: expected a file name, received {value!r}")
    reference = path.parent / value
    if not reference.is_file():
        raise InputError(f"reference: expected a scan of the empty form, found no {reference}")
    return reference


def _items(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = table.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(f"{key}: expected [[{key}]] tables, received {items!r}")
    return items


def _field(item: Mapping[str, Any], page: tuple[float, float], unit: str) -> Region:
    name = _name("field", item)
    of = f"field '{name}'"
    keys(of, item, _FIELD)
    kind = item.get("kind", "digit")
    if kind not in KINDS:
        raise InputError(f"{of}: {unknown('kind', str(kind), KINDS)}")
    digits = count(f"{of}: digits", item.get("digits", 1))
    if kind == "digits" and "digits" not in item:
        raise InputError(f"{of}: expected digits, how many boxes it has, received none")
    # A box a digit: each is read as one, whatever they make together.
    kind = "digit" if digits > 1 or kind == "digits" else kind
    check = read_check(of, item.get("check"), digits if kind == "digit" else None)
    region = Region(
        name,
        _box("field", name, item, page),
        1,
        digits,
        kind,
        checks=() if check is None else (check,),
        optional=flag(f"{of}: optional", item.get("optional")),
    )
    return _check_size(region, "field", unit)


def _grid(item: Mapping[str, Any], page: tuple[float, float], unit: str) -> Region:
    name = _name("grid", item)
    of = f"grid '{name}'"
    keys(of, item, _GRID)
    rows, row_names = _lines(f"{of}: rows", item.get("rows"))
    columns, column_names = _lines(f"{of}: columns", item.get("columns"))
    kinds = _kinds(of, item.get("kind", "digit"), columns)
    region = Region(
        name,
        _box("grid", name, item, page),
        rows,
        columns,
        kinds[0],
        grid=True,
        kinds=kinds if len(set(kinds)) > 1 else (),
        widths=sizes(f"{of}: widths", item["widths"], columns) if "widths" in item else (),
        heights=sizes(f"{of}: heights", item["heights"], rows) if "heights" in item else (),
        row_names=row_names,
        column_names=column_names,
        checks=_column_checks(of, item.get("check"), columns, column_names, kinds),
        optional=flag(f"{of}: optional", item.get("optional")),
    )
    return _check_size(region, "grid", unit)


def _lines(of: str, value: Any) -> tuple[int, tuple[str, ...]]:
    """How many rows or columns there are, and their names, if they have any."""
    if isinstance(value, list) and value:
        return len(value), texts(of, value, len(value))
    return count(of, value), ()


def _kinds(of: str, value: Any, columns: int) -> tuple[str, ...]:
    """The kind of each column."""
    every = value if isinstance(value, list) else [value] * columns
    if len(every) != columns:
        raise InputError(
            f"{of}: kind: expected one kind, or {columns} for its columns, received {len(every)}"
        )
    for kind in every:
        if kind not in CELLS:
            raise InputError(f"{of}: {unknown('kind', str(kind), CELLS)}")
    return tuple(every)


def _column_checks(
    of: str, value: Any, columns: int, names: tuple[str, ...], kinds: tuple[str, ...]
) -> tuple[Check | None, ...]:
    """The check of each column: a table whose keys are the columns' names."""
    if value is None:
        return ()
    known = names or tuple(f"c{column}" for column in range(1, columns + 1))
    if not isinstance(value, dict):
        raise InputError(
            f"{of}: check: expected a table from columns to checks, received {value!r}"
        )
    keys(f"{of}: check", value, known)
    return tuple(
        read_check(f"{of}: column '{name}'", value.get(name), 1 if kind == "digit" else None, known)
        for name, kind in zip(known, kinds, strict=True)
    )


def _check_size(region: Region, what: str, unit: str) -> Region:
    if region.rows * region.columns > MOST_CELLS:
        raise InputError(
            f"{what} '{region.name}': expected at most {MOST_CELLS:,} cells, "
            f"received {region.rows}×{region.columns}"
        )
    width, height = region.cell
    least = SMALLEST[unit]
    if min(width, height) < least:
        raise InputError(
            f"{what} '{region.name}': expected cells of at least {least:g}×{least:g} {unit}, "
            f"received {width:.3g}×{height:.3g}"
        )
    return region


def _box(what: str, name: str, item: Mapping[str, Any], page: tuple[float, float]) -> FloatBox:
    of = f"{what} '{name}': box"
    x0, y0, x1, y1 = numbers(of, item.get("box"), 4, "[left, top, right, bottom]")
    if x0 >= x1 or y0 >= y1:
        raise InputError(
            f"{of}: expected [left, top, right, bottom] with left < right and top < bottom, "
            f"received [{x0:g}, {y0:g}, {x1:g}, {y1:g}]"
        )
    if min(x0, y0) < 0 or x1 > page[0] or y1 > page[1]:
        raise InputError(
            f"{of}: is off the page (expected 0 to {page[0]:g} across and 0 to {page[1]:g} down, "
            f"received [{x0:g}, {y0:g}, {x1:g}, {y1:g}])"
        )
    return x0, y0, x1, y1


def _name(what: str, item: Mapping[str, Any]) -> str:
    name = item.get("name")
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise InputError(f"{what}: expected a name in one line of text, received {name!r}")
    return name


def _check_names(form: Form) -> None:
    seen: set[str] = set()
    for name in form.fields:
        for column in (name, f"{name}_confidence"):
            if column in RESERVED:
                raise InputError(f"'{name}': this name is kept for a column of the table")
            if column in seen:
                raise InputError(f"'{name}': expected a name of its own, received it twice")
            seen.add(column)


def _check_overlaps(form: Form) -> None:
    """Refuses regions that cover each other: what is written there would be read twice."""
    boxes = np.array([region.box for region in form.regions])
    for at, one in enumerate(form.regions):
        x0, y0, x1, y1 = one.box
        others = boxes[at + 1 :]
        width = np.minimum(x1, others[:, 2]) - np.maximum(x0, others[:, 0])
        height = np.minimum(y1, others[:, 3]) - np.maximum(y0, others[:, 1])
        areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
        smaller = np.minimum(areas, (x1 - x0) * (y1 - y0))
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        for other in np.flatnonzero(shared > _OVERLAP * smaller):
            raise InputError(
                f"'{one.name}' and '{form.regions[at + 1 + int(other)].name}': expected boxes "
                f"apart, received some that share {shared[other] / smaller[other]:.0%}"
            )
