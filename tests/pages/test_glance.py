"""The scale at which a picture is read, from a first look at little cost."""

import cv2
import numpy as np
import pytest

from scrawl import PageReader
from scrawl.pages.detector import Detector
from scrawl.pages.glance import BEST, fitting
from scrawl.pages.levels import Level, Pyramid
from scrawl.pages.search import windows
from scrawl.ruling.walls import Walls
from scrawl.weights import PAGES_INT8

HIGH = 44  # pixels of a digit of this font, by twice its size


@pytest.fixture(scope="module")
def detector():
    return Detector(PAGES_INT8)


def page(small=False):
    sheet = np.full((500, 700), 235, np.uint8)
    write(sheet, "35702", (90, 200), 4, 8)
    if small:
        write(sheet, "48 1957 30 266", (90, 320), 1, 2)
    return sheet


def write(sheet, text, at, size, pen):
    cv2.putText(sheet, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, 40, pen, cv2.LINE_AA)


def scale_of(detector, picture):
    return fitting(detector, Pyramid(picture), False, lambda: None)


@pytest.mark.parametrize("size", [0.5, 1, 1.7])
def test_digits_come_to_one_height_whatever_the_picture_s_size(detector, size):
    picture = cv2.resize(page(), None, None, size, size, cv2.INTER_AREA)
    scale = scale_of(detector, picture)
    assert scale * size * 2 * HIGH == pytest.approx(BEST, rel=0.2)


@pytest.mark.parametrize("digit, scale", [(2.0, 1), (0.8, 2)])
def test_a_strip_is_enlarged_by_whole_steps_and_never_shrunk(detector, digit, scale):
    strip = np.full((80, 320), 235, np.uint8)
    write(strip, "35702", (20, 60), digit, 2 if digit < 1 else 4)
    assert scale_of(detector, strip) == scale
    assert fitting(detector, Pyramid(strip), False, lambda: None, one=True) is None


def test_smaller_writing_beside_them_asks_for_a_finer_scale(detector):
    finer = 2 * scale_of(detector, page())
    assert scale_of(detector, page(small=True)) == pytest.approx(finer, rel=0.05)


def test_texture_that_is_fainter_than_writing_does_not(detector):
    rng = np.random.default_rng(0)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (500, 700)), (0, 0), 2)
    rough = np.clip(page() + 12 * grain / grain.std(), 0, 255).astype(np.uint8)
    assert scale_of(detector, rough) == pytest.approx(scale_of(detector, page()), rel=0.1)


def test_where_no_digit_is_sure_all_scales_are_read(detector):
    assert scale_of(detector, np.full((300, 400), 220, np.uint8)) is None


def test_the_same_picture_says_the_same_at_any_size():
    reader = PageReader.load()
    for size in (0.6, 0.75, 1, 3):
        how = cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC
        picture = cv2.resize(page(small=True), None, None, size, size, how)
        assert reader.read(picture).text.replace(" ", "") == "35702\n48195730266"


def level(ink):
    return Level(ink.copy(), 1.0, Walls(np.zeros_like(ink)))


def test_windows_lie_about_what_may_be_digits():
    ink = np.zeros((1500, 1300), np.uint8)
    assert windows(level(ink)) == []
    cv2.rectangle(ink, (40, 60), (55, 90), 255, -1)
    for x in range(600, 800, 30):
        cv2.rectangle(ink, (x, 1200), (x + 12, 1230), 255, -1)
    first, second = windows(level(ink))
    assert (first.things, second.things) == (7, 1)
    x0, y0, x1, y1 = second.core
    assert x0 <= 40 and y0 <= 60 and x1 > 55 and y1 > 90
    assert (x1 - x0) * (y1 - y0) < 6000
    explained = np.zeros_like(ink)
    explained[1100:1300] = 1
    assert windows(level(ink), explained) == [second]
