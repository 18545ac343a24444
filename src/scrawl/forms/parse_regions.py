"""One field or grid of a form file, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrawl.arrays import FloatBox
from scrawl.errors import InputError, unknown
from scrawl.forms.checks import Check
from scrawl.forms.form import Region
from scrawl.forms.parse_checks import read_check
from scrawl.forms.values import count, flag, keys, numbers, sizes, texts

KINDS = ("digit", "number", "digits")
"""What a field takes: a digit, a number written freely, or a number with a box a digit."""

CELLS = ("digit", "number")
"""What a cell of a grid takes."""

SMALLEST = {"mm": 1.0, "pixels": 8.0}
"""The least width and height of a cell in each unit: a digit smaller than that cannot be read."""

MOST_CELLS = 20_000
"""Cells of a region, which bounds the time that a form takes."""

_FIELD = ("name", "box", "kind", "digits", "check", "optional")
_GRID = (
    "name", "box", "rows", "columns", "kind", "widths", "heights", "check", "optional"
)  # fmt: skip


def field(item: Mapping[str, Any], page: tuple[float, float], unit: str) -> Region:
    """A ``[[field]]``, checked.

    Args:
        item: Its keys and values.
        page: Width and height of the page, in the unit.
        unit: One of ``SMALLEST``.

    Raises:
        InputError: It says something that no field can be.
    """
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


def grid(item: Mapping[str, Any], page: tuple[float, float], unit: str) -> Region:
    """A ``[[grid]]``, checked, as `field` does."""
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
