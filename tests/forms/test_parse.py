"""Form files, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrawl.errors import InputError
from scrawl.forms import load_form

GOOD = """
name = "meter slip"
page = [210, 297]

[[field]]
name = "meter"
box = [20, 30, 100, 38]
digits = 8

[[field]]
name = "total"
box = [20.5, 60, 80, 72]
kind = "number"

[[grid]]
name = "day"
box = [10, 100, 200, 280]
rows = 2
columns = 3
"""


def form_file(folder: Path, text: str) -> Path:
    path = folder / "form.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_form_says_its_fields_in_order(tmp_path: Path) -> None:
    form = load_form(form_file(tmp_path, GOOD))
    assert (form.name, form.page, form.unit) == ("meter slip", (210.0, 297.0), "mm")
    assert form.fields[:3] == ("meter", "total", "day_r1_c1")
    assert form.fields[-1] == "day_r2_c3"
    meter, total, day = form.regions
    assert (meter.rows, meter.columns, meter.kind, meter.grid) == (1, 8, "digit", False)
    assert (total.kind, total.box) == ("number", (20.5, 60.0, 80.0, 72.0))
    assert day.cell == pytest.approx((190 / 3, 90))


def test_pixels_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = GOOD.replace("page =", 'unit = "pixels"\npage =')
    form = load_form(form_file(tmp_path, "\ufeff" + text))
    assert form.unit == "pixels"


BAD = {
    "box off the page": (
        "[20, 30, 100, 38]",
        "[20, 30, 310, 38]",
        r"field 'meter': box: is off the page \(expected 0 to 210 across and 0 to 297 down",
    ),
    "box below 0": ("[20, 30, 100, 38]", "[-1, 30, 100, 38]", "field 'meter': box: is off the"),
    "box the wrong way": (
        "[20, 30, 100, 38]",
        "[100, 30, 20, 38]",
        r"expected \[left, top, right, bottom\] with left < right",
    ),
    "box of three": ("[20, 30, 100, 38]", "[20, 30, 100]", r"4 numbers, received \[20, 30, 100\]"),
    "box of words": ("[20, 30, 100, 38]", '["a", 30, 100, 38]', "4 numbers, received"),
    "box of truths": ("[20, 30, 100, 38]", "[true, 30, 100, 38]", "4 numbers, received"),
    "not a number": ("[20, 30, 100, 38]", "[nan, 30, 100, 38]", "4 numbers, received"),
    "no box": ("box = [20, 30, 100, 38]\n", "", "field 'meter': box: expected .* received none"),
    "no name": ('name = "meter"\n', "", "field: expected a name in one line of text"),
    "a name of two lines": ('"meter"', '"a\\nb"', "field: expected a name in one line"),
    "the same name": ('"total"', '"meter"', "'meter': expected a name of its own"),
    "a cell's name": ('"total"', '"day_r1_c1"', "'day_r1_c1': expected a name of its own"),
    "a column's name": ('"total"', '"check"', "'check': this name is kept"),
    "its confidence": ('"total"', '"meter_confidence"', "'meter_confidence': expected a name of"),
    "unknown key": ("digits = 8", "digit = 8", "unknown key 'digit'; did you mean 'digits'"),
    "unknown top key": ("page =", 'units = "mm"\npage =', "unknown key 'units'; did you mean 'un"),
    "unknown kind": ('"number"', '"numbers"', "field 'total': unknown kind 'numbers'; did you"),
    "unknown unit": ("page =", 'unit = "cm"\npage =', "unknown unit 'cm'"),
    "no page": (
        "page = [210, 297]\n",
        "",
        r"page: expected \[width, height\], 2 numbers, received",
    ),
    "a flat page": ("[210, 297]", "[0, 297]", "page: expected a width and a height above 0"),
    "rows of text": ("rows = 2", 'rows = "2"', "grid 'day': rows: expected a whole number above 0"),
    "no columns": ("columns = 3\n", "", "grid 'day': columns: expected .* received none"),
    "no rows at all": ("rows = 2", "rows = 0", "rows: expected a whole number above 0, received 0"),
    "tiny cells": ("rows = 2", "rows = 900", "grid 'day': expected cells of at least 1×1 mm"),
    "too many": ("rows = 2", "rows = 20000", "expected at most 20,000 cells"),
    "no TOML": ("page =", "page : ", "is no form file .expected TOML"),
    "a table": ("[[grid]]", "[grid]", r"grid: expected \[\[grid\]\] tables"),
    "no reference": ("page =", 'reference = "none.png"\npage =', "found no .*none.png"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_form_file_gets_one_clear_line(case: str, tmp_path: Path) -> None:
    old, new, message = BAD[case]
    assert old in GOOD
    with pytest.raises(InputError, match=message) as caught:
        load_form(form_file(tmp_path, GOOD.replace(old, new, 1)))
    assert str(caught.value).startswith(f"{tmp_path / 'form.toml'}: ")
    assert "\n" not in str(caught.value)


def test_a_form_without_fields_and_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"at least one \[\[field\]\] or \[\[grid\]\]"):
        load_form(form_file(tmp_path, "page = [1, 1]"))
    with pytest.raises(InputError, match="cannot be read"):
        load_form(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        load_form(tmp_path)
    (tmp_path / "scan.toml").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(InputError, match="received no text"):
        load_form(tmp_path / "scan.toml")
