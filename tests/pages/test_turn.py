"""Pages that are turned are read upright, and the result says by how much."""

import cv2
import numpy as np
import pytest

from scrawl import PageReader, Reading
from scrawl.pages.sheets import View
from scrawl.pages.turn import turned


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
