"""Many sheets: of several forms, as a table for Excel, with a page to check them on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import sheets

from scrawl.errors import InputError, PictureError
from scrawl.forms import Form, FormReader, Region
from scrawl.forms.review import Review
from scrawl.forms.several import FormsReader, load_forms
from scrawl.forms.table import Row, write

SMALL = Form("small", (148, 105), "mm", (Region("s", (20, 18, 128, 90), 4, 6, grid=True),))


def toml(form: Form) -> str:
    [region] = form.regions
    return (
        f'name = "{form.name}"\npage = {list(form.page)}\n[[grid]]\nname = "{region.name}"\n'
        f"box = {list(region.box)}\nrows = {region.rows}\ncolumns = {region.columns}\n"
    )


def test_each_sheet_is_read_as_the_form_that_its_lines_make(grid: FormReader) -> None:
    reader = FormsReader([grid, FormReader.load(SMALL)])
    for form in (SMALL, grid.form):
        texts = sheets.values(form)
        found, reading = reader.read(sheets.draw(form, texts))
        assert found is form
        assert [f.text for f in reading.fields] == list(texts.values())
    with pytest.raises(PictureError, match=r"shows none of the forms \(grid: .*; small: "):
        reader.read(np.full((800, 600), 240, np.uint8))


def test_form_files_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected form files"):
        load_forms(tmp_path)
    (tmp_path / "b.toml").write_text(toml(SMALL))
    assert [form.name for form in load_forms(tmp_path)] == ["small"]
    (tmp_path / "a.toml").write_text(toml(SMALL))
    with pytest.raises(InputError, match="received 'small' twice"):
        load_forms(tmp_path)


def test_a_table_for_excel_keeps_its_zeros(boxes: FormReader, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    texts = sheets.values(boxes.form) | {"id": "00120045"}
    reading = boxes.read(sheets.draw(boxes.form, texts))
    rows = [Row("scan.png", 1, "scan.png", reading), Row("bad.png", 1, "bad.png", error="is empty")]
    write(rows, boxes.form, tmp_path / "out.xlsx")
    head, first, second = openpyxl.load_workbook(tmp_path / "out.xlsx")["fields"].values
    assert dict(zip(head, first, strict=True))["id"] == "00120045"
    assert dict(zip(head, second, strict=True))["error"] == "is empty"


def test_a_page_to_check_on_has_a_picture_of_each_uncertain_field(
    boxes: FormReader, tmp_path: Path
) -> None:
    texts = sheets.values(boxes.form) | {"t": "1 34"}
    reading = boxes.read(sheets.draw(boxes.form, texts))
    review = Review()
    review.add(0, "<scan>.png", reading)
    path = review.write([Row("<scan>.png", 1, "<scan>.png", reading)], boxes.form, tmp_path)
    page = path.read_text(encoding="utf-8")
    assert "http" not in page
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    data = json.loads(text)
    [item] = [item for item in data["items"] if item["field"] == "t"]
    assert item["crop"].startswith("data:image/png;base64,")
    assert data["rows"][item["row"]]["file"] == "<scan>.png"
    assert (tmp_path / "table.csv").exists()
