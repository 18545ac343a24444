"""A form file, checked: whatever cannot be a form is refused by name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrawl.arrays import FloatBox
from scrawl.errors import InputError, unknown
from scrawl.forms.form import Form, Region

UNITS = ("mm", "pixels")
KINDS = ("digit", "number")
SMALLEST = {"mm": 1.0, "pixels": 8.0}
"""The least width and height of a cell."""
MOST_CELLS = 20_000
RESERVED = frozenset(("file", "page", "check", "error", "laid", "laid_confidence"))
"""Columns of the table that no field may be called by."""

_TOP = ("name", "page", "unit", "reference", "field", "grid")
_FIELD = ("name", "box", "kind", "digits")
_GRID = ("name", "box", "rows", "columns")


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
    _keys("the form", table, _TOP)
    unit = table.get("unit", "mm")
    if unit not in UNITS:
        raise unknown("unit", str(unit), UNITS)
    page = _numbers("page", table.get("page"), 2, "[width, height]")
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
    _keys(f"field '{name}'", item, _FIELD)
    kind = item.get("kind", "digit")
    if kind not in KINDS:
        raise InputError(f"field '{name}': {unknown('kind', str(kind), KINDS)}")
    digits = _count(f"field '{name}': digits", item.get("digits", 1))
    # A box a digit: each is read as one, whatever they make together.
    kind = "digit" if digits > 1 else kind
    region = Region(name, _box("field", name, item, page), 1, digits, kind)
    return _check_size(region, "field", unit)


def _grid(item: Mapping[str, Any], page: tuple[float, float], unit: str) -> Region:
    name = _name("grid", item)
    _keys(f"grid '{name}'", item, _GRID)
    rows = _count(f"grid '{name}': rows", item.get("rows"))
    columns = _count(f"grid '{name}': columns", item.get("columns"))
    region = Region(name, _box("grid", name, item, page), rows, columns, grid=True)
    return _check_size(region, "grid", unit)


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
    x0, y0, x1, y1 = _numbers(of, item.get("box"), 4, "[left, top, right, bottom]")
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


def _numbers(of: str, value: Any, n: int, form: str) -> tuple[float, ...]:
    good = isinstance(value, list) and len(value) == n
    if not good or any(type(v) not in (int, float) or not abs(v) < 1e9 for v in value):
        received = "none" if value is None else repr(value)
        raise InputError(f"{of}: expected {form}, {n} numbers, received {received}")
    return tuple(float(v) for v in value)


def _count(of: str, value: Any) -> int:
    if type(value) is not int or value < 1:
        received = "none" if value is None else repr(value)
        raise InputError(f"{of}: expected a whole number above 0, received {received}")
    return value


def _keys(of: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise InputError(f"{of}: {unknown('key', key, known)}")


def _check_names(form: Form) -> None:
    seen: set[str] = set()
    for name in form.fields:
        for column in (name, f"{name}_confidence"):
            if column in RESERVED:
                raise InputError(f"'{name}': this name is kept for a column of the table")
            if column in seen:
                raise InputError(f"'{name}': expected a name of its own, received it twice")
            seen.add(column)
