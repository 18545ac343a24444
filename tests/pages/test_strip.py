"""Lines are cut out straight, of one height, light on dark, and the way back is known."""

import cv2
import numpy as np
import pytest

from scrawl.errors import ModelError
from scrawl.pages import line_reader
from scrawl.pages.levels import Pyramid
from scrawl.pages.strip import HEIGHT, STEP, contrast, strip_of, strip_of_whole
from scrawl.weights import LINES

TALL, WIDE = 40, 24


def page(slope, light):
    """Five bars in a line that falls by ``slope``, and the boxes about them."""
    picture = np.full((200, 420), 230, np.uint8)
    boxes = []
    for at in range(5):
        x, y = 60 + at * 60, round(60 + slope * at * 60)
        cv2.rectangle(picture, (x + 9, y), (x + WIDE - 9, y + TALL - 1), 20, -1)
        boxes.append((x, y, x + WIDE, y + TALL))
    return (255 - picture if light else picture), boxes


@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_a_line_is_set_straight_whatever_its_slope_and_ink(slope, light):
    picture, boxes = page(slope, light)
    strip = strip_of(boxes, picture, Pyramid(picture).levels(light))
    assert strip.pixels.shape[0] == HEIGHT
    inked = (strip.pixels > 128).astype(np.uint8)
    count, _, _, middles = cv2.connectedComponentsWithStats(inked)
    assert count == 1 + 5
    np.testing.assert_allclose(middles[1:, 1], HEIGHT / 2, atol=1)
    columns = np.sort(middles[1:, 0]).astype(int) - 1
    for at, box in zip(columns, boxes, strict=True):
        x0, y0, x1, y1 = strip.box(at // STEP, at // STEP + 2)
        assert box[0] - 4 < x0 < x1 < box[2] + 4
        assert abs((y0 + y1) - (box[1] + box[3])) < 14


def test_colour_and_large_pictures_are_cut_out_alike():
    picture, boxes = page(0.0, False)
    large = cv2.cvtColor(cv2.resize(picture, None, fx=4, fy=4), cv2.COLOR_GRAY2RGB)
    wide = [tuple(4 * side for side in box) for box in boxes]
    here = strip_of(boxes, picture, Pyramid(picture).levels(False)).pixels.astype(int)
    there = strip_of(wide, large, Pyramid(large).levels(False)).pixels.astype(int)
    assert here.shape == there.shape
    assert np.abs(here - there).mean() < 12


def test_a_digit_at_the_edge_of_the_picture_is_cut_out():
    picture, _ = page(0.0, False)
    boxes = [(0, 0, 20, 40), (400, 150, 420, 200)]
    strip = strip_of(boxes, picture, Pyramid(picture).levels(False))
    assert strip.pixels.shape[0] == HEIGHT


def test_contrast_does_not_depend_on_paper_and_pen():
    rng = np.random.default_rng(0)
    ink = np.kron(rng.random((8, 40)) < 0.15, np.ones((4, 4)))
    strong, faint = (
        contrast((paper - depth * ink).astype(np.uint8)) for paper, depth in ((250, 220), (140, 40))
    )
    assert np.abs(strong.astype(int) - faint).max() <= 8
    assert contrast(np.full((8, 8), 99, np.uint8)).max() < 128  # paper alone is no ink


def test_a_whole_picture_is_a_strip_of_its_height():
    picture, _ = page(0.0, True)
    strip = strip_of_whole(picture, light=True)
    assert strip.pixels.shape == (HEIGHT, round(420 * HEIGHT / 200))
    assert strip.pixels.max() > 200 > 100 > np.median(strip.pixels)


def test_a_model_of_strips_of_another_height_is_refused(monkeypatch):
    assert line_reader.LineReader(LINES).info.image_shape[0] == HEIGHT
    monkeypatch.setattr(line_reader, "HEIGHT", HEIGHT + 8)
    with pytest.raises(ModelError, match=rf"lines {HEIGHT + 8} pixels high, received one of"):
        line_reader.LineReader(LINES)
