"""Digits in drawn boxes that the detector overlooks or doubts."""

import itertools

import cv2
import numpy as np
import pytest

from scrawl import DigitReader
from scrawl.pages.boxed import all_in_boxes, overlooked, sure_to_be_there
from scrawl.pages.detections import Detections
from scrawl.pages.levels import Level
from scrawl.ruling.walls import Walls

SIDE, EDGE = 60, 20
CLASSES = 11  # ten digits and a mark


def row(count=5, apart=0):
    """Corners of boxes side by side, or apart with what is between them, as walls give them."""
    widths = [SIDE, apart] * count if apart else [SIDE] * count
    xs = np.cumsum([EDGE, *widths[: len(widths) - bool(apart)]])
    pairs = itertools.pairwise(xs.tolist())
    return np.array(
        [[(a, EDGE), (b, EDGE), (b, EDGE + SIDE), (a, EDGE + SIDE)] for a, b in pairs], np.float32
    )


def level(cells, *, empty=(), apart=0):
    """A 7 in each box but some."""
    ink = np.zeros((100, 500), np.uint8)
    for place in range(5):
        if place not in empty:
            x = EDGE + place * (SIDE + apart)
            points = np.array([(x + 14, 30), (x + 44, 30), (x + 26, 72)])
            cv2.polylines(ink, [points], False, 255, 5, cv2.LINE_AA)
    return Level(ink, 1.0, Walls(np.zeros_like(ink), [cells]))


def detected(*places, confidence=0.95, apart=0):
    lefts = [EDGE + place * (SIDE + apart) + 12 for place in places]
    boxes = np.array([(x, 26, x + 36, 76) for x in lefts], np.float32).reshape(-1, 4)
    shown = np.zeros((len(boxes), CLASSES), np.float32)
    shown[:, 7] = confidence
    return Detections(boxes, shown, 10)


@pytest.mark.parametrize("apart", [0, 16])
def test_what_was_not_detected_is_read_in_its_box(apart):
    seen = level(row(apart=apart), apart=apart)
    found = overlooked(detected(0, 1, 3, 4, apart=apart), [seen], DigitReader.load())
    assert found.probabilities.argmax(1).tolist() == [7]
    x0, y0, x1, y1 = found.boxes[0]
    left = EDGE + 2 * (SIDE + apart)
    assert left < x0 < x1 < left + SIDE
    assert EDGE < y0 < y1 < EDGE + SIDE


def test_empty_boxes_stay_empty():
    seen = level(row(), empty=(2,))
    cv2.circle(seen.ink, (EDGE + 2 * SIDE + 30, 50), 3, 255, -1)  # a speck
    assert len(overlooked(detected(0, 1, 3, 4), [seen], DigitReader.load()).boxes) == 0
    assert len(overlooked(detected(), [level(row()[:3])], DigitReader.load()).boxes) == 0


def test_in_a_box_with_ink_a_digit_is_likely():
    found = detected(0, 1, confidence=0.3)
    raised = sure_to_be_there(found, found.probabilities[:, :10], [level(row(), empty=(1,))])
    assert raised.sum(1).tolist() == pytest.approx([0.8, 0.3])
    assert raised[0].argmax() == 7
    sure = detected(0, confidence=0.95)
    raised = sure_to_be_there(sure, sure.probabilities[:, :10], [level(row())])
    assert raised[0, 7] == pytest.approx(0.95)
    assert found.probabilities.sum() == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("places", "boxed"), [([0, 1, 2], True), ([0, 1, 1], False), ([0, 5], False)]
)
def test_each_digit_in_a_box_of_its_own(places, boxed):
    boxes = [tuple(map(int, box)) for box in detected(*places).boxes]
    assert all_in_boxes(boxes, [level(row())]) == boxed
    assert not all_in_boxes(boxes, [level(row()[:2])])
