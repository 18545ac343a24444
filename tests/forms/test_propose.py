"""Form files that are proposed from what is ruled on a scan."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import sheets

from scrawl.errors import PictureError
from scrawl.forms import Form, FormReader, read_form
from scrawl.forms.agreed import propose_of_several
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


def table(filled: bool) -> np.ndarray:
    """A table of marks: names and headings printed, perhaps filled in."""
    page = np.full((900, 1200), 245, np.uint8)
    xs, ys = (100, 400, 500, 600, 700), range(100, 701, 100)
    for x in xs:
        page[100:701, x - 1 : x + 2] = 0
    for y in ys:
        page[y - 1 : y + 2, 100:701] = 0
    font = cv2.FONT_HERSHEY_SIMPLEX
    for row, y in enumerate(ys[:-1]):
        if row:
            cv2.putText(page, "A. Name", (120, y + 60), font, 0.9, 0, 2)
        for column, x in enumerate(xs[1:-1]):
            if not row:
                cv2.putText(page, f"Q{column}", (x + 30, y + 60), font, 0.9, 0, 2)
            elif filled:
                digit = str((row + 3 * column) % 10)
                cv2.putText(page, digit, (x + 25, y + 80), font, 2.6, 60, 4)
    return page


@pytest.mark.parametrize("filled", [False, True])
def test_printed_names_and_headings_are_no_fields(filled: bool) -> None:
    [region] = proposed(table(filled)).regions
    assert (region.rows, region.columns) == (5, 3)
    assert region.box == pytest.approx((400, 200, 700, 700), abs=3)


def test_digits_as_high_as_their_boxes_are_no_walls() -> None:
    page = np.full((600, 900), 245, np.uint8)
    for x in range(100, 501, 50):
        page[200:271, x - 1 : x + 2] = 0
    for y in (200, 270):
        page[y - 1 : y + 2, 100:501] = 0
    for x in (118, 283, 430):  # a 1 from rule to rule
        page[203:268, x - 1 : x + 2] = 60
    [region] = proposed(page).regions
    assert (region.rows, region.columns, region.grid) == (1, 8, False)


def test_of_several_sheets_the_one_that_others_agree_with_is_taken() -> None:
    worn = table(True)
    cv2.rectangle(worn, (380, 480), (620, 620), 245, -1)  # what a label covers is no line
    cv2.rectangle(worn, (80, 80), (420, 190), 245, -1)
    bare = np.full_like(worn, 245)
    text, number = propose_of_several([bare, worn, table(False), table(True)], "marks")
    [region] = parse_text(text, Path("marks.toml")).regions
    assert number == 2
    assert (region.rows, region.columns) == (5, 3)
    with pytest.raises(PictureError, match="shows no ruled grid"):
        propose_of_several([bare, bare], "marks")
