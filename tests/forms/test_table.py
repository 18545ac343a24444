"""One row a page, and what is drawn of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import sheets

from scrawl.drawing import SURE, UNCERTAIN
from scrawl.errors import InputError, MissingExtraError
from scrawl.forms import FormReader
from scrawl.forms.draw import draw
from scrawl.forms.reading import FormReading
from scrawl.forms.table import Row, to_csv, write
from scrawl.images import Page


@pytest.fixture(scope="module")
def texts(boxes: FormReader) -> dict[str, str]:
    return sheets.values(boxes.form, 1) | {"id": "00120045", "a": ""}


@pytest.fixture(scope="module")
def rows(boxes: FormReader, texts: dict[str, str]) -> list[Row]:
    page = sheets.draw(boxes.form, {**texts, "t": "1 34"})
    return [
        Row.of(Page("scan.pdf", 2, 2, page), boxes.read(page)),
        Row("bad.jpg", 1, "bad.jpg", error="bad.jpg: is empty"),
    ]


def test_csv_has_a_row_a_page(rows: list[Row], boxes: FormReader) -> None:
    good, bad = csv.DictReader(io.StringIO(to_csv(rows, boxes.form)))
    names = ["id", "a", "b", "t"]
    assert list(good) == [
        "file", "page", "check", "error", "laid", "laid_confidence", *names,
        *(f"{name}_confidence" for name in names)
    ]  # fmt: skip
    assert (good["file"], good["page"], good["check"], good["error"]) == ("scan.pdf", "2", "t", "")
    assert (good["id"], good["a"], good["t"]) == ("00120045", "", "1 34")
    assert float(good["a_confidence"]) > 0.9
    assert float(good["t_confidence"]) <= 0.5
    assert (bad["error"], bad["id"], bad["id_confidence"]) == ("bad.jpg: is empty", "", "")


def test_parquet_keeps_zeros_and_types(rows: list[Row], boxes: FormReader, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write(rows, boxes.form, tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")
    assert [str(table.schema.field(n).type) for n in ("page", "id", "id_confidence")] == [
        "int32",
        "string",
        "float",
    ]
    good, bad = table.to_pylist()
    assert good["id"] == "00120045"
    assert bad["id"] is None
    assert bad["id_confidence"] is None


def test_csv_is_written_and_other_names_are_refused(
    rows: list[Row], boxes: FormReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(rows, boxes.form, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == to_csv(rows, boxes.form)
    message = r"expected a name that ends in \.csv, \.parquet or \.xlsx"
    with pytest.raises(InputError, match=message):
        write(rows, boxes.form, tmp_path / "out.ods")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'scrawl\[parquet\]'"):
        write(rows, boxes.form, tmp_path / "out.parquet")


def test_json_says_what_to_check(rows: list[Row]) -> None:
    good, bad = (row.to_dict() for row in rows)
    assert good["check"] == ["t"]
    assert good["fields"][1] == {
        "name": "a",
        "text": "",
        "confidence": pytest.approx(0.99),
        "uncertain": False,
        "blank": True,
        "box": good["fields"][1]["box"],
        "corners": good["fields"][1]["corners"],
        "reason": None,
    }
    assert (good["laid"], good["laid_reason"], bad["laid"]) == ("sure", None, None)
    assert good["laid_confidence"] > 0.9
    assert (bad["fields"], bad["error"]) == ([], "bad.jpg: is empty")


@pytest.mark.parametrize("names", [False, True])
def test_a_drawing_is_straight_and_marks_what_is_doubtful(
    names: bool, boxes: FormReader, texts: dict[str, str]
) -> None:
    page = sheets.turn(sheets.draw(boxes.form, {**texts, "t": "1 34"}), 3, 0.9)
    reading = boxes.read(page) if not names else boxes.locate(page)
    drawing = draw(boxes.form, reading, names=names)
    width, height = drawing.size
    assert height == max(page.shape)
    assert width / height == pytest.approx(210 / 297, abs=0.01)
    pixels = np.asarray(drawing).astype(int)
    scale = height / 297

    def seen(colour: str, box: tuple[float, float, float, float]) -> bool:
        x0, y0, x1 = (round(v * scale) for v in box[:3])
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        top = pixels[y0 - 6 : y0 + 7, x0 + 6 : x1 - 6]
        return bool((np.abs(top - rgb).max(axis=2) < 8).any(axis=0).mean() > 0.9)

    ident, total = boxes.form.regions[0].box, boxes.form.regions[3].box
    assert seen(SURE, ident)
    assert seen(SURE if names else UNCERTAIN, total)


def test_a_row_keeps_no_picture_and_a_reading_comes_back(
    rows: list[Row], boxes: FormReader
) -> None:
    reading = rows[0].reading
    assert reading is not None
    assert reading.image is None
    again = FormReading.from_dict(json.loads(json.dumps(reading.to_dict())))
    assert [(f.name, f.text, f.box, f.uncertain) for f in again.fields] == [
        (f.name, f.text, f.box, f.uncertain) for f in reading.fields
    ]
    assert again.to_dict() == reading.to_dict()
    assert np.array_equal(again.to_page, reading.to_page)
    assert draw(boxes.form, again).size == (1697, 2400)  # on white
    assert (
        repr(again)
        == "FormReading(4 fields, 1 uncertain, aligned_by='lines', laid='sure', turned=0)"
    )
