"""Forms on the page: a form file dropped, chosen or proposed reads the picture as that form."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from scrawl.forms import FieldReading, Form, FormReading, Region
from scrawl.forms.review import Review
from scrawl.forms.table import Row

FORM = b"""
name = "slip"
page = [660, 420]
unit = "pixels"

[[grid]]
name = "n"
box = [15, 10, 644, 409]
rows = 4
columns = 7
"""
TOML = {"name": "slip.toml", "mimeType": "", "buffer": FORM}


@pytest.fixture
def sheet(visit, collecting, examples):
    """The page, on which a picture of a form has been read as it is."""
    page = visit(collecting)
    page.set_input_files("#file", examples / "numbers" / "form.png")
    expect(page.locator("#read")).to_contain_text("4008147")
    return page


def fields(page):
    return page.locator("#fields input")


def test_a_form_file_is_chosen_its_fields_corrected_and_taken_away(sheet):
    sheet.get_by_text("Read it as a form").click()
    sheet.set_input_files("#form-file", TOML)
    expect(sheet.locator("#read")).to_have_text("28 fields")
    expect(fields(sheet)).to_have_count(28)
    expect(sheet.locator("#boxes rect")).to_have_count(28)
    sheet.get_by_label("n_r1_c2").fill("12")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_label("n_r1_c3")).to_be_focused()
    sheet.locator("#boxes rect").nth(9).click()
    expect(sheet.get_by_label("n_r2_c3")).to_be_focused()
    sheet.get_by_text("Take it away").click()
    sheet.get_by_label("CSV").check()
    with sheet.expect_download() as saved:
        sheet.get_by_role("button", name="Save", exact=True).click()
    [row] = csv.DictReader(Path(saved.value.path()).read_text().splitlines())
    assert (row["file"], row["n_r1_c1"], row["n_r1_c2"]) == ("form.png", "4", "12")
    sheet.get_by_label("JSON").check()
    [row] = json.loads(sheet.locator("#preview").inner_text())
    assert row["fields"][1]["checked"]
    sheet.get_by_text("Use this from code").click()
    expect(sheet.locator("#snippets")).to_contain_text("scrawl form read slip.toml form.png")
    sheet.get_by_role("button", name="No form").click()
    expect(sheet.locator("#read")).to_contain_text("4008147")
    expect(sheet.locator("#fields")).to_be_hidden()


def test_a_form_is_proposed_changed_and_saved(sheet):
    sheet.get_by_text("Read it as a form").click()
    sheet.get_by_role("button", name="Propose one").click()
    expect(fields(sheet)).to_have_count(28)
    toml = sheet.get_by_label("The form file")
    toml.fill(toml.input_value().replace('"grid1"', '"day"'))
    sheet.get_by_role("button", name="Read with it").click()
    expect(sheet.get_by_label("day_r1_c1")).to_have_value("4")
    with sheet.expect_download() as saved:
        sheet.get_by_role("button", name="Save form file").click()
    assert 'name = "day"' in Path(saved.value.path()).read_text()


def test_a_proposed_forms_boxes_are_dragged_and_moved_by_keys(sheet):
    def box():
        return [int(x) for x in re.search(r"box = \[(.*)\]", toml.input_value())[1].split(",")]

    sheet.get_by_text("Read it as a form").click()
    sheet.get_by_role("button", name="Propose one").click()
    expect(fields(sheet)).to_have_count(28)
    toml = sheet.get_by_label("The form file")
    before = box()
    sheet.get_by_role("button", name="Move its boxes").click()
    grid = sheet.get_by_role("button", name="grid1: drag it")
    expect(grid).to_have_count(1)
    shown = grid.locator("rect").bounding_box()
    scale = shown["width"] / (before[2] - before[0])
    x, y = shown["x"] + shown["width"] / 2, shown["y"] + shown["height"] / 2
    sheet.mouse.move(x, y)
    sheet.mouse.down()
    sheet.mouse.move(x + 8 * scale, y + 5 * scale)
    sheet.mouse.up()
    assert box() == pytest.approx(
        [x + by for x, by in zip(before, (8, 5, 8, 5), strict=True)], abs=1
    )
    before = box()
    x = shown["x"] + shown["width"] + 6 * scale  # its right edge alone
    sheet.mouse.move(x, y)
    sheet.mouse.down()
    sheet.mouse.move(x - 20 * scale, y)
    sheet.mouse.up()
    assert box() == pytest.approx([*before[:2], before[2] - 20, before[3]], abs=1)
    before = box()
    grid.press("ArrowLeft")
    grid.press("Shift+ArrowDown")
    assert box() == [before[0] - 1, before[1], before[2] - 1, before[3] + 1]
    sheet.get_by_role("button", name="Read with it").click()
    expect(grid).to_have_count(0)
    expect(fields(sheet)).to_have_count(28)


def test_doubt_of_where_a_form_lies_is_told(sheet):
    field = {
        "name": "n", "text": "1", "confidence": 0.9, "uncertain": True, "blank": False,
        "reason": None, "box": [1, 1, 9, 9], "corners": [],
    }  # fmt: skip
    row = {
        "file": "form.png", "page": 1, "check": ["n"], "turned": 0, "aligned_by": "lines",
        "laid": "doubtful", "laid_confidence": 0.5, "laid_reason": "it fits elsewhere",
        "to_page": np.eye(3).tolist(), "fields": [field], "error": None,
    }  # fmt: skip
    sheet.route("**/v1/forms", lambda route: route.fulfill(json=[row]))
    sheet.set_input_files("#form-file", TOML)
    expect(sheet.locator("#sure")).to_have_text("1 to check: it fits elsewhere")


def test_the_form_file_comes_first(visit, collecting, examples):
    page = visit(collecting)
    page.set_input_files("#file", TOML)
    expect(page.locator("#read")).to_have_text("A form file")
    page.set_input_files("#file", examples / "numbers" / "form.png")
    expect(page.locator("#read")).to_have_text("28 fields")


def test_a_form_file_that_is_none_is_told(sheet):
    sheet.get_by_text("Read it as a form").click()
    sheet.set_input_files("#form-file", {**TOML, "buffer": b"page = [1, 2]"})
    expect(sheet.get_by_role("alert")).to_contain_text("slip.toml: expected at least one [[field]]")


def test_what_is_uncertain_is_checked_by_keys_alone_and_saved(browser, tmp_path):
    boxes = tuple(Region(name, (0, 20 * i, 20, 20 * i + 20)) for i, name in enumerate("abc"))
    read = tuple(
        FieldReading(name, text, 0.4, True, not text, (0, 20 * i, 20, 20 * i + 20), (), "doubtful")
        for i, (name, text) in enumerate(zip("abc", ("1", "7", ""), strict=True))
    )
    image = np.full((60, 20), 255, np.uint8)
    row = Row("s.png", 1, "s.png", FormReading(read, "lines", 0, np.eye(3), image=image))
    review = Review()
    review.add(0, "s.png", row.reading)
    path = review.write([row], Form("slip", (20, 60), "pixels", boxes), tmp_path)
    page = browser.new_page()
    page.goto(path.as_uri())
    expect(page.locator("li.here input")).to_have_value("1")
    for keys in ("4", "Enter", "ArrowDown", "ArrowUp", "0", "9", "Enter", "Enter"):
        page.keyboard.press(keys)
    expect(page.locator("#left")).to_have_text("all checked")
    with page.expect_download() as saved:
        page.click("#save")
    [line] = csv.DictReader(saved.value.path().read_text().splitlines())
    page.close()
    assert [line[name] for name in "abc"] == ["4", "09", ""]
    assert line["check"] == ""
