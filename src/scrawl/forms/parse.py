"""A form file, checked: whatever cannot be a form is refused by name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.errors import InputError, unknown
from scrawl.forms.form import Form
from scrawl.forms.parse_checks import check_sums
from scrawl.forms.parse_regions import field, grid
from scrawl.forms.values import keys, numbers

UNITS = ("mm", "pixels")
_OVERLAP = 0.25  # share of a box that may be another's: boxes are drawn by hand
RESERVED = frozenset(("file", "page", "check", "error", "laid", "laid_confidence"))
"""Columns of the table that no field may be called by."""

_TOP = ("name", "page", "unit", "reference", "field", "grid")


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
    regions = [field(item, size, unit) for item in _items(table, "field")]
    regions += [grid(item, size, unit) for item in _items(table, "grid")]
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
