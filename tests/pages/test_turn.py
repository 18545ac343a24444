"""Pages that are turned are read upright, and the result says by how much."""

import cv2
import numpy as np
import pytest

from scrawl import PageReader, Reading
from scrawl.pages import part
from scrawl.pages.digit import Digit
from scrawl.pages.levels import Level
from scrawl.pages.part import PartReader, Seen
from scrawl.pages.reading import Line
from scrawl.pages.sheets import View
from scrawl.pages.turn import is_doubtful, turned
from scrawl.ruling.walls import Walls


@pytest.fixture(scope="module")
def reader():
    return PageReader.load()


def page():
    """Three lines of numbers."""
    sheet = np.full((330, 420), 235, np.uint8)
    for line, text in enumerate(("24735", "83526", "57342")):
        cv2.putText(sheet, text, (60, 100 + 85 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 40, 4)
    return sheet


@pytest.mark.parametrize("degrees", [90, 180, -90, 25, -62])
def test_a_turned_page_is_read_upright(reader, degrees):
    picture = turned(View(page()), -degrees).pixels
    reading = reader.read(picture)
    assert reading.text == "24735\n83526\n57342"
    assert (reading.turned - degrees + 180) % 360 - 180 == pytest.approx(0, abs=4)
    again = Reading.from_dict(reading.to_dict())
    assert again.turned == pytest.approx(reading.turned, abs=0.1)
    for digit in reading.digits:
        x0, y0, x1, y1 = digit.box
        assert 0 <= x0 < x1 <= picture.shape[1]
        assert picture[y0:y1, x0:x1].min() < 120


def test_a_page_that_lies_as_it_should_stays(reader):
    assert reader.read(page()).turned == 0
    assert reader.read(np.full((300, 300), 230, np.uint8)).turned == 0


def test_nothing_is_cut_off_and_the_way_back_is_right():
    view = turned(View(page()), 30)
    assert view.pixels.min() <= 45
    corners = np.array([[[0, 0], [420, 0], [420, 330], [0, 330]]], np.float64)
    there = cv2.perspectiveTransform(corners, np.linalg.inv(view.to_picture))[0]
    assert there.min() > -1
    assert (there.max(0) <= np.array(view.pixels.shape[::-1]) + 1).all()


def reading(*confidences):
    row = np.zeros(10, np.float32)
    digits = tuple(
        Digit(6, confidence, (30 * k, 0, 30 * k + 20, 30), False, row, "6")
        for k, confidence in enumerate(confidences)
    )
    return Reading((Line((digits,)),), (300, 40), None, ())


def strip(things):
    ink = np.zeros((40, 300), np.uint8)
    for k in range(things):
        ink[:30, 30 * k : 30 * k + 20] = 255
    return [Level(ink, 1.0, Walls(np.zeros_like(ink)))]


@pytest.mark.parametrize("turned_back, way", [((0.9,) * 5, 0), ((0.99,) * 6, 180)])
def test_turning_must_give_a_sure_digit_more(monkeypatch, turned_back, way):
    """Most digits are digits upside down, too."""
    as_it_lies = Seen(reading(*(0.8,) * 5), strip(9), lambda: None)
    upside_down = Seen(reading(*turned_back), strip(9), lambda: None)
    monkeypatch.setattr(part, "best_turn", lambda *_: 180.0)
    view = View(page())
    monkeypatch.setattr(
        PartReader, "read", lambda _, of, *__: as_it_lies if of is view else upside_down
    )
    seen = PartReader(None, None, None, 0.5).upright(view, None, lambda: None)
    assert seen is (upside_down if way else as_it_lies)


def test_a_page_is_not_turned_where_no_digit_more_is_to_be_had():
    doubted = reading(*(0.88,) * 5)
    assert not is_doubtful(doubted, strip(4))
    assert is_doubtful(doubted, strip(9))
    assert not is_doubtful(reading(*(0.97,) * 5), strip(6))
