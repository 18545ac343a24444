"""A grid is laid rightly, or refused, or all of it is marked."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import sheets

from scrawl.errors import PictureError
from scrawl.forms import Form, FormReader, FormReading, Region

NINE = Form("nine", (120, 120), "mm", (Region("s", (15, 15, 105, 105), 9, 9, grid=True),))
TEN = Form("ten", (130, 120), "mm", (Region("s", (15, 15, 115, 105), 9, 10, grid=True),))
SCALE = 150 / 25.4


@pytest.fixture(scope="module")
def nine() -> FormReader:
    """Reads a grid of 9 × 9."""
    return FormReader.load(NINE)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What is in its cells."""
    return sheets.values(NINE, blanks=0.3)


def page(texts: dict[str, str], form: Form = NINE, **how: int) -> np.ndarray:
    return sheets.draw(form, texts, dpi=150, **how)


def silent(reading: FormReading, texts: dict[str, str]) -> list[str]:
    """The fields that are wrong and not marked."""
    return [f.name for f in reading.fields if f.text != texts[f.name] and not f.uncertain]


@pytest.mark.parametrize("away", [0.8, 1.0, 1.2])
def test_a_rule_beside_the_grid_is_no_line_of_it(
    nine: FormReader, texts: dict[str, str], away: float
) -> None:
    sheet = page(texts)
    x = round((15 - 10 * away) * SCALE)
    cv2.line(sheet, (x, 10), (x, sheet.shape[0] - 10), 0, 4)
    reading = nine.read(sheet)
    assert not silent(reading, texts)
    assert [f.text for f in reading.fields if not f.uncertain]


def test_a_part_of_a_larger_grid_is_doubtful_and_all_of_it_marked(nine: FormReader) -> None:
    wide = page(sheets.values(TEN), TEN)
    middle = np.full((wide.shape[0], wide.shape[1] + 60), 245, np.uint8)
    middle[:, 30:-30] = wide
    reading = nine.read(middle)
    assert reading.laid == "doubtful"
    assert reading.laid_confidence < 0.9
    assert "elsewhere" in str(reading.laid_reason)
    assert all(field.uncertain and field.reason for field in reading.fields)
    assert FormReading.from_dict(reading.to_dict()).to_dict() == reading.to_dict()


def test_a_corner_that_is_hidden_leaves_the_rest_right(
    nine: FormReader, texts: dict[str, str]
) -> None:
    sheet = page(texts)
    cv2.ellipse(sheet, (60, sheet.shape[0] - 110), (110, 60), 0, 0, 360, 140, -1)
    reading = nine.read(sheet)
    assert not silent(reading, texts)
    assert not reading["s_r1_c9"].uncertain
    assert reading["s_r1_c9"].text == texts["s_r1_c9"]


def test_the_edge_of_a_shadow_is_no_edge_of_the_sheet(
    nine: FormReader, texts: dict[str, str]
) -> None:
    sheet = page(texts).astype(np.float32)
    sheet[:, : sheet.shape[1] // 2] *= 0.4
    reading = nine.read(sheet.astype(np.uint8))
    assert reading.laid == "sure"
    assert not silent(reading, texts)


def test_faint_lines_among_bold_ones_are_seen(nine: FormReader, texts: dict[str, str]) -> None:
    sheet = page(texts, rule=215)
    for i in range(0, 10, 3):
        at = round((15 + 10 * i) * SCALE)
        ends = round(15 * SCALE), round(105 * SCALE)
        cv2.line(sheet, (at, ends[0]), (at, ends[1]), 0, 5)
        cv2.line(sheet, (ends[0], at), (ends[1], at), 0, 5)
    reading = nine.read(sheet)
    assert reading.laid == "sure"
    assert not silent(reading, texts)


def test_broken_lines_are_followed(nine: FormReader, texts: dict[str, str]) -> None:
    sheet = page(texts)
    rng = np.random.default_rng(3)
    for x, y in rng.integers(15, 105, (60, 2)):
        if abs((x - 15) % 10 - 5) > 3 or abs((y - 15) % 10 - 5) > 3:
            cv2.circle(sheet, (round(x * SCALE), round(y * SCALE)), 6, 245, -1)
    try:
        reading = nine.read(sheet)
    except PictureError:
        pytest.fail("was refused")
    middles = np.array([np.mean(f.corners, axis=0) for f in reading.fields]) / SCALE
    expected = 20 + 10 * np.stack(np.meshgrid(np.arange(9), np.arange(9)), -1).reshape(-1, 2)
    assert np.abs(middles - expected).max() < 3


def test_a_sheet_of_which_most_is_off_the_picture_is_refused(
    nine: FormReader, texts: dict[str, str]
) -> None:
    sheet = page(texts)
    with pytest.raises(PictureError, match="the form"):
        nine.read(sheet[: round(50 * SCALE)])


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_square_page_is_turned_any_way(
    nine: FormReader, texts: dict[str, str], quarters: int
) -> None:
    reading = nine.read(np.ascontiguousarray(np.rot90(page(texts), -quarters)))
    assert reading.turned == 90 * quarters
    assert not silent(reading, texts)


def test_a_mirrored_page_is_refused(nine: FormReader, texts: dict[str, str]) -> None:
    with pytest.raises(PictureError, match="mirrored"):
        nine.read(np.ascontiguousarray(page(texts)[:, ::-1]))


def test_of_two_sheets_in_a_picture_none_is_silently_taken(
    nine: FormReader, texts: dict[str, str]
) -> None:
    both = np.hstack([page(texts), page(texts)])
    try:
        reading = nine.read(both)
    except PictureError:
        return
    assert reading.laid == "doubtful"
    assert all(field.uncertain for field in reading.fields)


def test_a_heading_above_a_table_is_no_row_of_it() -> None:
    marks = Form("marks", (148, 105), "mm", (Region("m", (30, 30, 90, 80), 5, 6, grid=True),))
    texts = sheets.values(marks)
    sheet = page(texts, marks)
    x0, x1, top, high = (round(v * SCALE) for v in (30, 90, 20, 30))
    cv2.rectangle(sheet, (x0, top), (x1, high), 0, 2)
    for i in range(6):
        x = round((30 + 10 * i) * SCALE)
        cv2.line(sheet, (x, top), (x, high), 0, 2)
        cv2.putText(sheet, "Name", (x + 6, high - 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    reading = FormReader.load(marks).read(sheet)
    assert reading.laid == "sure"
    assert [f.text for f in reading.fields] == list(texts.values())
