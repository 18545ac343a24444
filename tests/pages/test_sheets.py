"""Sheets that lie on something: found, straightened, their boxes put back."""

import cv2
import numpy as np
import pytest

from scrawl import PageReader
from scrawl.pages.sheets import View, placed, views

RNG = np.random.default_rng(0)


def note(width=400, height=240, paper=225):
    sheet = np.full((height, width), paper, np.uint8)
    cv2.putText(sheet, "12 34", (30, 140), cv2.FONT_HERSHEY_SIMPLEX, 3, 40, 5)
    return sheet


def on_table(*notes, table=40, shape=(700, 900), angle=0.0):
    """Notes from left to right on a dark table, and the corners of each."""
    picture = RNG.normal(table, 4, shape).clip(0, 255).astype(np.uint8)
    x, corners = 120, []
    for sheet in notes:
        turn = cv2.getRotationMatrix2D((0, 0), angle, 1)
        turn[:, 2] += (x, 180)
        mask = cv2.warpAffine(np.ones_like(sheet), turn, shape[::-1])
        picture = np.where(mask > 0, cv2.warpAffine(sheet, turn, shape[::-1]), picture)
        high, wide = sheet.shape
        corners.append(np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]]) @ turn.T)
        x += wide + 80
    return picture, corners


@pytest.mark.parametrize("angle", [0, 6, -12])
def test_a_note_on_a_dark_table_is_straightened(angle):
    picture, (corners,) = on_table(note(), angle=angle)
    beside, sheet = views(picture)
    assert beside.beside
    assert beside.pixels[300, 300] < 80
    assert sheet.pixels.shape == pytest.approx((240, 400), rel=0.06)
    assert (sheet.pixels > 150).mean() > 0.8
    flat = np.array([[[0, 0], [sheet.pixels.shape[1], 0]]], np.float64)
    back = cv2.perspectiveTransform(flat, sheet.to_picture)[0]
    assert np.abs(back - corners[:2]).max() < 12


def test_two_notes_are_two_sheets_and_a_light_table_is_one_page():
    assert len(views(on_table(note(260), note(260))[0])) == 3
    assert len(views(on_table(note(), table=215)[0])) == 1


@pytest.mark.parametrize("what", ["bare", "blank sheet", "half in shadow", "a thick 1"])
def test_what_is_no_sheet(what):
    picture = np.full((500, 700), 220, np.uint8)
    if what == "blank sheet":
        picture, _ = on_table(np.full((240, 400), 225, np.uint8))
    if what == "half in shadow":
        cv2.putText(picture, "12345", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 5, 40, 8)
        picture[:, 350:] = (picture[:, 350:] * 0.5).astype(np.uint8)
    if what == "a thick 1":
        picture[100:400, 320:380] = 30
    assert len(views(picture)) == 1


def test_what_is_read_from_a_note_has_its_place_in_the_picture():
    picture, (corners,) = on_table(note(), angle=8)
    reading = PageReader.load().read(picture)
    assert len(reading.digits) == 4
    outline = corners.astype(np.float32)[:, None]
    for digit in reading.digits:
        x, y = (digit.box[0] + digit.box[2]) / 2, (digit.box[1] + digit.box[3]) / 2
        assert cv2.pointPolygonTest(outline, (x, y), False) > 0
    assert placed(reading, View(picture)) is reading
