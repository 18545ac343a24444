"""Forms found and read on made scans: turned, bent, photographed, half there, not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import sheets

from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError, PictureError
from scrawl.forms import Form, FormReader, Region, load_form, read_form
from scrawl.forms.reading import FormReading
from scrawl.images import Page

Array = np.ndarray


def wrong(reading: FormReading, texts: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (item.name, texts[item.name], item.text)
        for item in reading.fields
        if item.text != texts[item.name] or item.blank is bool(texts[item.name])
    ]


SCANS = {
    "150 dpi": lambda form, texts: sheets.draw(form, texts, 150),
    "300 dpi": lambda form, texts: sheets.draw(form, texts, 300),
    "3 degrees": lambda form, texts: sheets.turn(sheets.draw(form, texts), 3, 0.93),
    "-3 degrees": lambda form, texts: sheets.turn(sheets.draw(form, texts), -3, 0.93),
    "small, shifted": lambda form, texts: sheets.turn(sheets.draw(form, texts), 1, 0.8, (40, -30)),
    "a photo": lambda form, texts: sheets.photograph(sheets.draw(form, texts)),
    "a photo on a light table": lambda form, texts: sheets.photograph(
        sheets.draw(form, texts), table=170
    ),
    "bent paper": lambda form, texts: sheets.bend(sheets.draw(form, texts), 12),
    "pencil on grey rules": lambda form, texts: sheets.draw(form, texts, ink=130, rule=150),
    "thick rules": lambda form, texts: sheets.draw(form, texts, thick=0.9),
    "upside down": lambda form, texts: np.rot90(sheets.draw(form, texts), 2),
    "on its side": lambda form, texts: np.rot90(sheets.draw(form, texts)),
    "coloured": lambda form, texts: cv2.cvtColor(sheets.draw(form, texts), cv2.COLOR_GRAY2RGB),
}


@pytest.mark.parametrize("scan", SCANS)
@pytest.mark.parametrize("which", ["grid", "boxes"])
def test_every_field_is_read(scan: str, which: str, request: pytest.FixtureRequest) -> None:
    reader: FormReader = request.getfixturevalue(which)
    texts = sheets.values(reader.form, seed=1, blanks=0.15)
    page = np.ascontiguousarray(SCANS[scan](reader.form, texts))
    reading = reader.read(page)
    assert not wrong(reading, texts)
    assert reading.aligned_by == "lines"
    assert reading.turned == {"upside down": 180, "on its side": 270}.get(scan, 0)
    assert all(item.confidence > 0.5 for item in reading.fields)


@pytest.mark.parametrize("seed", range(4))
def test_the_page_is_known_to_a_third_of_a_millimetre(boxes: FormReader, seed: int) -> None:
    texts = sheets.values(boxes.form, seed)
    reading = boxes.locate(sheets.turn(sheets.draw(boxes.form, texts, seed=seed), 3, 0.9))
    for region in boxes.form.regions:
        found = [item.corners for item in reading.fields if item.name == region.name]
        here = cv2.perspectiveTransform(np.array(found), reading.to_page)[0]
        x0, y0, x1, y1 = region.box
        there = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        assert np.linalg.norm(here - there, axis=1).max() < 0.33


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_an_outer_line_may_be_missing(side: str, grid: FormReader) -> None:
    texts = sheets.values(grid.form)
    page = sheets.draw(grid.form, texts)
    x0, y0, x1, y1 = (round(v * 200 / 25.4) for v in grid.form.regions[0].box)
    if side in ("top", "bottom"):
        y = y0 if side == "top" else y1
        page[y - 3 : y + 4] = 245
    else:
        x = x0 if side == "left" else x1
        page[:, x - 3 : x + 4] = 245
    assert not wrong(grid.read(page), texts)


def test_digits_that_overrun_their_cells_stay_whole() -> None:
    form = Form("g", (60, 40), "mm", (Region("c", (10, 10, 50, 30), 2, 4, grid=True),))
    texts = sheets.values(form, seed=4)
    page = sheets.draw(form, texts, 200, ink=40)
    ruled = sheets.draw(form, {}, 200)
    # Each digit a third larger than its cell's own, over the lines, and off the middle.
    shifted = cv2.warpAffine(page, np.float32([[1, 0, 14], [0, 1, 12]]), page.shape[::-1])
    shifted[:15], shifted[:, :16] = 245, 245
    bare = sheets.draw(form, texts, 200, ink=40, ruled=False)
    moved = cv2.warpAffine(
        bare, np.float32([[1, 0, 14], [0, 1, 12]]), bare.shape[::-1], borderValue=245
    )
    reading = FormReader.load(form).read(np.minimum(ruled, moved))
    assert not wrong(reading, texts)


def test_boxes_are_where_the_cells_are(grid: FormReader) -> None:
    page = sheets.draw(grid.form, sheets.values(grid.form), 200)
    for item, (row, column) in zip(grid.read(page).fields, np.ndindex(8, 12), strict=True):
        left, top = (20 + 9 * column) * 200 / 25.4, (18 + 9 * row) * 200 / 25.4
        assert item.box == pytest.approx((left, top, left + 70.9, top + 70.9), abs=3)
        assert len(item.corners) == 4


def test_a_blank_form_is_blank(grid: FormReader, boxes: FormReader) -> None:
    for reader in (grid, boxes):
        reading = reader.read(sheets.draw(reader.form, {}))
        assert all(item.blank and item.text == "" for item in reading.fields)
        assert all(item.confidence > 0.9 for item in reading.fields)
        assert not reading.uncertain


def test_a_speck_makes_a_blank_doubtful_and_a_scribble_is_no_digit(grid: FormReader) -> None:
    page = sheets.draw(grid.form, {}, 200)
    x, y = (round((20 + 4.5) * 200 / 25.4), round((18 + 4.5) * 200 / 25.4))
    cv2.circle(page, (x, y), 3, 30, -1)
    rng = np.random.default_rng(3)
    points = np.array([x + 71, y]) + rng.integers(-25, 26, (40, 2))
    cv2.polylines(page, [points.astype(np.int32)], False, 30, 3)
    reading = grid.read(page)
    speck, scribble = reading["c_r1_c1"], reading["c_r1_c2"]
    assert speck.blank
    assert speck.confidence < 0.8
    assert not scribble.blank
    assert scribble.uncertain
    with pytest.raises(KeyError):
        reading["none"]


def test_two_digits_in_a_cell_are_doubted(grid: FormReader) -> None:
    cells = Form("two", grid.form.page, "mm", (Region("c", (20, 18, 29, 27), 1, 2),))
    page = sheets.draw(cells, {"c": "38"}, ruled=False)
    reading = grid.read(np.minimum(page, sheets.draw(grid.form, {})))
    assert reading["c_r1_c1"].uncertain
    assert not reading["c_r1_c2"].uncertain


def test_a_gap_in_a_comb_is_doubted(boxes: FormReader) -> None:
    reading = boxes.read(sheets.draw(boxes.form, {"id": "12 45678", "t": "42"}))
    assert reading["id"].text == "12 45678"
    assert reading["id"].uncertain
    assert (reading["t"].text, reading["t"].uncertain) == ("42", False)


def test_a_threshold_of_1_doubts_all(grid: FormReader) -> None:
    page = sheets.draw(grid.form, sheets.values(grid.form))
    assert len(FormReader.load(grid.form, threshold=1.0).read(page).uncertain) == 96


NOT_THE_FORM = {
    "nothing": (np.full((1000, 1400), 255, np.uint8), "found no ruled grid"),
    "black": (np.zeros((1000, 1400), np.uint8), "found no ruled grid"),
    "noise": (
        np.random.default_rng(0).integers(0, 256, (700, 1000), dtype=np.uint8),
        r"does not show the form \(expected a ruled grid of 8 × 12 cells",
    ),
    "one pixel": (np.zeros((1, 1), np.uint8), "too small to show a form .*received 1×1"),
    "a line": (np.full((20_000, 40), 255, np.uint8), "does not show the form"),
}


@pytest.mark.parametrize("case", NOT_THE_FORM)
def test_what_is_not_the_form_is_refused(case: str, grid: FormReader) -> None:
    picture, message = NOT_THE_FORM[case]
    with pytest.raises(PictureError, match=message) as caught:
        grid.read(Page("scan.pdf", 2, 3, picture))
    assert str(caught.value).startswith("scan.pdf, page 2 of 3: ")
    assert "\n" not in str(caught.value)


def test_a_photo_of_something_else_is_refused(grid: FormReader, boxes: FormReader) -> None:
    from sklearn.datasets import load_sample_images

    for photo in load_sample_images().images:
        for reader in (grid, boxes):
            with pytest.raises(PictureError, match="does not show the form"):
                reader.read(photo)


def test_another_form_is_refused(grid: FormReader, boxes: FormReader) -> None:
    other = Form("o", (148, 105), "mm", (Region("c", (20, 18, 128, 90), 5, 9, grid=True),))
    page = sheets.draw(other, sheets.values(other))
    with pytest.raises(PictureError, match="expected a ruled grid of 8 × 12 cells, found 5 × 9"):
        grid.read(page)
    with pytest.raises(PictureError, match="expected its boxes, found 5 × 9 boxes elsewhere"):
        boxes.read(page)


@pytest.mark.parametrize("kept", [0.45, 0.7])
def test_a_part_of_the_form_is_refused_or_doubted(kept: float, grid: FormReader) -> None:
    page = sheets.draw(grid.form, sheets.values(grid.form))
    with pytest.raises(PictureError, match="expected a ruled grid of 8 × 12 cells, found"):
        grid.read(page[: int(kept * len(page))])


def test_a_field_off_the_picture_is_not_blank(boxes: FormReader) -> None:
    texts = sheets.values(boxes.form)
    page = sheets.draw(boxes.form, texts)
    cut = page[:, : round(180 * 200 / 25.4)]  # through the last comb
    reading = boxes.read(cut)
    assert reading["id"].text == texts["id"]
    assert (reading["t"].text, reading["t"].blank, reading["t"].confidence) == ("", False, 0.0)
    assert reading["t"].uncertain


def test_without_lines_the_page_is_enough(boxes: FormReader) -> None:
    texts = sheets.values(boxes.form, 2)
    reading = boxes.read(sheets.draw(boxes.form, texts, ruled=False))
    assert reading.aligned_by == "page"
    assert not wrong(reading, texts)
    empty = boxes.read(sheets.draw(boxes.form, {}, ruled=False))
    assert all(item.uncertain for item in empty.fields)  # any empty sheet looks like that


def test_a_reference_aligns_a_form_without_lines(tmp_path: Path, boxes: FormReader) -> None:
    def printed(page: Array) -> Array:
        size = page.shape[1] / 1654
        for i in range(18):
            at = (round(80 * size), round((680 + 70 * i) * size))
            text = f"{i}. Please write the number {i * 37 % 11} of item {i * i} here"
            cv2.putText(page, text, at, 0, 1.1 * size, 60, max(1, round(2 * size)))
        return page

    path = tmp_path / "blank.png"
    blank = printed(sheets.draw(boxes.form, {}, 200, ruled=False))
    cv2.imwrite(str(path), cv2.resize(blank, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
    form = replace(boxes.form, reference=path)
    reader = FormReader.load(form)
    texts = sheets.values(form, 3)
    page = printed(sheets.draw(form, texts, 200, ruled=False))
    tilted, over = sheets.turn(page, 4, 0.9, (20, 30)), np.rot90(page, 2).copy()
    for scan, turned in ((tilted, 0), (over, 180)):
        reading = reader.read(scan)
        assert (reading.aligned_by, reading.turned) == ("reference", turned)
        assert not wrong(reading, texts)
    with pytest.raises(PictureError, match="places that match the reference"):
        reader.read(sheets.draw(form, texts, 200, ruled=False))


def test_a_number_goes_to_the_reader_of_pages() -> None:
    form = Form("n", (100, 70), "mm", (Region("n", (10, 20, 60, 32), kind="number"),))
    seen = []

    class Pages:
        threshold = 0.9

        crossed_out = False

        def read_bare(self, sheet: Array, boxes: list[tuple[int, ...]]) -> list[SimpleNamespace]:
            seen.append(sheet)
            [(left, top, right, bottom)] = boxes
            edges = np.linspace(left, right, 5).astype(int)
            rows = 0.8 * np.eye(10, dtype=np.float32) + 0.02
            digits = [
                SimpleNamespace(
                    box=(edges[at], top, edges[at + 1], bottom),
                    probabilities=rows[at + 1],
                    crossed_out=self.crossed_out,
                )
                for at in range(4)
            ]
            return [SimpleNamespace(digits=digits, marks=[])]

    pages = Pages()
    reader = FormReader(form, DigitReader.load(), pages)  # type: ignore[arg-type]
    reading = reader.read(sheets.draw(form, {"n": "123"}))
    assert (reading["n"].text, reading["n"].confidence) == ("1234", pytest.approx(0.82))
    assert reading["n"].uncertain  # by the threshold of its own reader
    [picture] = seen
    assert picture.dtype == np.uint8
    assert (picture[:20] == 255).all()  # a margin, and no rule of the box
    assert picture.min() < 120
    assert reader.read(sheets.draw(form, {}))["n"].blank
    assert len(seen) == 1
    pages.threshold, pages.crossed_out = 0.6, True
    crossed = reader.read(sheets.draw(form, {"n": "123"}))["n"]
    assert (crossed.text, crossed.reason) == ("1234", "may be crossed out")


def test_a_number_is_read(grid: FormReader) -> None:
    form = Form("n", (100, 70), "mm", (Region("n", (10, 20, 60, 32), kind="number"),))
    cells = Form("c", (100, 70), "mm", (Region("n", (10, 20, 60, 32), 1, 4),))
    page = sheets.draw(cells, {"n": "7364"}, ruled=False)  # digits that stand apart
    page = np.minimum(page, sheets.draw(form, {}))
    assert FormReader.load(form).read(page)["n"].text == "7364"


def test_cells_too_small_to_read_are_refused(boxes: FormReader) -> None:
    page = sheets.draw(boxes.form, {}, ruled=False)
    with pytest.raises(PictureError, match="expected at least 8 pixels a cell"):
        boxes.read(cv2.resize(page, None, fx=0.05, fy=0.05, interpolation=cv2.INTER_AREA))


def test_real_sheets_are_read(shared, tmp_path: Path) -> None:
    folder = shared("forms")
    path = tmp_path / "form.toml"
    path.write_text(
        "page = [210, 297]\n[[grid]]\nname = 'c'\nbox = [5, 5, 205, 292]\nrows = 46\ncolumns = 25\n"
    )
    form = load_form(path)
    for scan in sorted(folder.glob("*.jpg")):
        reading = read_form(form, scan)
        right = [item.text == scan.stem for item in reading.fields]
        assert reading.aligned_by == "lines"
        assert np.mean(right) > (0.9 if scan.stem == "1" else 0.98)


def test_many_pages_are_read_in_order(boxes: FormReader) -> None:
    texts = [sheets.values(boxes.form, seed) for seed in range(3)]
    readings = boxes.read_many(sheets.draw(boxes.form, text) for text in texts)
    assert [not wrong(r, t) for r, t in zip(readings, texts, strict=True)] == [True] * 3
    with pytest.raises(InputError, match=r"expected several pictures, received one \(scan.png\)"):
        boxes.read_many("scan.png")
    with pytest.raises(InputError, match=r"received one \(a\.pdf, page 1 of 2\)"):
        boxes.read_many(Page("a.pdf", 1, 2, np.zeros((9, 9), np.uint8)))  # type: ignore[arg-type]


def test_a_form_with_a_number_needs_a_reader_of_pages() -> None:
    form = Form("n", (100, 70), "mm", (Region("n", (10, 20, 60, 32), kind="number"),))
    with pytest.raises(InputError, match=r"n: has a number \(expected a reader of pages, too\)"):
        FormReader(form, DigitReader.load())


def test_models_are_loaded_once(monkeypatch: pytest.MonkeyPatch, boxes: FormReader) -> None:
    page = sheets.draw(boxes.form, sheets.values(boxes.form))
    first = read_form(boxes.form, page)
    monkeypatch.setattr("scrawl.digit_reader.Network", None)
    assert read_form(boxes.form, page) == first
    renamed = replace(boxes.form, name="another")
    assert read_form(renamed, page) == first
