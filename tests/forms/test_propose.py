"""Form files that are proposed from what is ruled on a scan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sheets

from scrawl.errors import PictureError
from scrawl.forms import Form, FormReader, read_form
from scrawl.forms.parse import parse_text
from scrawl.forms.propose import propose


def proposed(page: np.ndarray) -> Form:
    return parse_text(propose(page, 'a "quoted" name'), Path("form.toml"))


def test_a_grid_is_proposed_and_reads_the_scan(grid: FormReader) -> None:
    texts = sheets.values(grid.form, 2)
    page = sheets.draw(grid.form, texts)
    form = proposed(page)
    assert form.name == 'a "quoted" name'
    assert (form.unit, form.page) == ("mm", (297.0, 210.0))  # of A4's shape, as A6 is
    [region] = form.regions
    assert (region.rows, region.columns, region.grid) == (8, 12, True)
    box = [v * 297 / 148 for v in grid.form.regions[0].box]
    assert region.box == pytest.approx(box, abs=1)
    assert [item.text for item in read_form(form, page).fields] == list(texts.values())


def test_boxes_and_combs_are_proposed(boxes: FormReader) -> None:
    form = proposed(sheets.turn(sheets.draw(boxes.form, sheets.values(boxes.form)), 2, 0.95))
    kinds = [(r.columns, r.kind, r.grid) for r in form.regions]
    assert kinds == [(8, "digit", False), (1, "digit", False), (1, "digit", False),
                     (4, "digit", False)]  # fmt: skip
    assert form.fields == ("field1", "field2", "field3", "field4")


def test_an_odd_page_is_in_pixels() -> None:
    region = sheets.Region("c", (50, 50, 650, 350), 3, 6, grid=True)
    form = proposed(sheets.draw(Form("o", (900, 400), "pixels", (region,)), {}, thick=3))
    assert form.unit == "pixels"
    assert form.page == pytest.approx((900, 400), abs=2)
    assert form.regions[0].box == pytest.approx(region.box, abs=3)


def test_nothing_ruled_is_said() -> None:
    with pytest.raises(PictureError, match="shows no ruled grid and no ruled box"):
        propose(np.full((700, 500), 250, np.uint8), "x")
    with pytest.raises(PictureError, match="too small"):
        propose(np.zeros((1, 1), np.uint8), "x")


def test_the_columns_of_a_table_are_as_wide_as_they_are() -> None:
    page = np.full((900, 1200), 245, np.uint8)
    xs, ys = (100, 200, 300, 700), range(100, 701, 100)
    for x in xs:
        page[100:701, x - 1 : x + 2] = 0
    for y in ys:
        page[y - 1 : y + 2, 100:701] = 0
    [region] = proposed(page).regions
    assert (region.rows, region.columns) == (6, 3)
    assert np.diff(region.xs) == pytest.approx([100, 100, 400], rel=0.05)
    assert [region.kind_of(column) for column in range(3)] == ["digit", "digit", "number"]
