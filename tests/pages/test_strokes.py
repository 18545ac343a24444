"""Pictures of straight strokes alone."""

import cv2
import numpy as np
import pytest

from scrawl.pages import PageReader
from scrawl.pages.detections import Detections
from scrawl.pages.levels import Level
from scrawl.pages.strokes import strokes
from scrawl.ruling.walls import Walls

CLASSES = "0123456789."


def drawn(places, height=60):
    sheet = np.full((140, 200), 255, np.uint8)
    for x in places:
        cv2.line(sheet, (x, 40), (x, 40 + height), 0, 7, cv2.LINE_AA)
    return sheet


def chosen(places, extra=False):
    ink = 255 - drawn(places)
    if extra:
        cv2.circle(ink, (150, 70), 14, 255, 4)
    boxes = np.array([(x - 6, 38, x + 7, 103) for x in places], np.float32)
    shown = np.full((len(places), len(CLASSES)), 0.01, np.float32)
    shown[:, 1] = 0.2
    level = Level(ink, 1.0, Walls(np.zeros_like(ink)))
    return strokes(Detections(boxes, shown, 10), [level], CLASSES).tolist()


def test_strokes_of_one_height_side_by_side_are_chosen():
    assert chosen([40, 64, 90]) == [True] * 3


def test_one_stroke_many_or_strokes_beside_something_else_are_not():
    assert not any(chosen([40]))
    assert not any(chosen([40, 64], extra=True))
    assert not any(chosen(range(20, 180, 16)))


@pytest.mark.parametrize("light", [False, True])
def test_nothing_but_1s_is_a_number(light):
    sheet = drawn([60, 86])
    reading = PageReader.load().read(255 - sheet if light else sheet)
    assert reading.text.replace(" ", "") == "11"
