"""One digit by two readers: what each says, and what becomes of it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from scrawl import DigitReader, OneDigitReader, PictureError
from scrawl.one_digit import in_doubt, settle
from scrawl.pages import Digit, Line, Reading
from scrawl.prediction import SEVERAL, Prediction

EXAMPLES = Path(__file__).parents[1] / "examples" / "digits"
THRESHOLD = 0.75
BOX = (10, 10, 50, 90)


def said(best: int, confidence: float, reason: str | None, several: str = "") -> Prediction:
    rows = np.zeros(10, np.float32)
    rows[best] = confidence
    digit = None if reason else best
    image = np.zeros((28, 28), np.uint8)
    return Prediction(digit, confidence, rows, reason, image, BOX, several=several)


def page(*digits: tuple[int, float, tuple[int, int, int, int]]) -> Reading:
    found = []
    for best, confidence, box in digits:
        rows = np.full(10, (1 - confidence) / 20, np.float32)
        rows[best] = confidence
        found.append(Digit(best, confidence, box, confidence < 0.6, rows, str(best)))
    lines = (Line((tuple(found),)),) if found else ()
    return Reading(lines, (200, 100), np.full((100, 200), 255, np.uint8))


def test_what_both_say_is_surer_than_what_either_says():
    both = settle(said(5, 0.6, "unsure"), page((5, 0.97, BOX)), THRESHOLD)
    assert both.digit == 5
    assert both.reason is None
    assert both.confidence > 0.6


def test_two_that_contradict_each_other_are_no_answer():
    assert settle(said(5, 0.7, "unsure"), page((3, 0.7, BOX)), THRESHOLD).reason == "unsure"


def test_nothing_on_the_page_makes_no_digit():
    prediction = settle(said(5, 0.3, "not a digit"), page(), THRESHOLD)
    assert prediction.reason == "not a digit"
    assert prediction.confidence < 0.3


def test_a_1_that_the_page_reader_overlooks_is_one_and_nothing_else_is():
    assert settle(said(1, 0.95, None), page(), THRESHOLD).digit == 1
    assert settle(said(1, 0.5, "not a digit"), page(), THRESHOLD).reason == "not a digit"
    assert settle(said(7, 0.9, None), page(), THRESHOLD).digit is None


@pytest.mark.parametrize("lean", [-20, 0, 30, 55])
def test_a_straight_stroke_is_a_1(lean):
    sheet = np.zeros((280, 280), np.uint8)
    cv2.line(sheet, (140 - lean, 230), (140 + lean, 50), 255, 14, cv2.LINE_AA)
    assert OneDigitReader.load().read(sheet).digit == 1


def test_several_are_named_as_the_page_reader_reads_them():
    found = page((1, 0.98, BOX), (0, 0.97, (80, 10, 140, 90)))
    prediction = settle(said(1, 0.1, SEVERAL, "17"), found, THRESHOLD)
    assert prediction.reason == SEVERAL
    assert prediction.several == "10"
    assert prediction.digit is None


@pytest.mark.parametrize("gap", [8, 12, 22])
def test_figures_that_stand_close_are_several(gap):
    sheet = np.full((240, 240), 225, np.uint8)
    cv2.polylines(sheet, [np.array([(60, 105), (78, 90), (74, 200)])], False, 40, 9, cv2.LINE_AA)
    cv2.ellipse(sheet, (116 + gap, 140), (34, 56), 0, 0, 360, 40, 9, cv2.LINE_AA)
    prediction = DigitReader.load().read(sheet)
    assert (prediction.reason, prediction.several) == (SEVERAL, "10")
    assert prediction.confidence < 0.5


@pytest.mark.parametrize("seen", [(), ((1, 0.9, BOX),)])
def test_several_that_the_page_reader_overlooks_stay_several(seen):
    prediction = settle(said(1, 0.05, SEVERAL, "11"), page(*seen), THRESHOLD)
    assert (prediction.reason, prediction.several) == (SEVERAL, "11")


def test_two_on_the_page_are_several_though_one_seemed_there():
    found = page((1, 0.98, BOX), (6, 0.97, (80, 10, 140, 90)))
    prediction = settle(said(6, 0.42, "not a digit"), found, THRESHOLD)
    assert (prediction.reason, prediction.several) == (SEVERAL, "16")


def test_a_digit_found_elsewhere_brings_its_box():
    elsewhere = (120, 20, 160, 80)
    found = page((8, 0.99, elsewhere))
    found.image[25:75, 135:145] = 0
    prediction = settle(said(8, 0.5, "unsure"), found, THRESHOLD)
    assert prediction.digit == 8
    assert prediction.box == elsewhere
    assert prediction.image.any()


@pytest.mark.parametrize(
    ("prediction", "asked"),
    [(said(5, 0.985, None), False), (Prediction.blank(), False), (said(5, 0.97, None), True)],
)
def test_the_page_reader_is_asked_in_doubt_alone(prediction, asked):
    assert in_doubt(prediction) == asked


def test_where_all_is_sure_no_page_reader_is_loaded():
    def refuse():
        raise AssertionError("loaded")

    names = ("0-shadow.jpg", "3-sticky.jpg")
    reader = OneDigitReader(DigitReader.load(), refuse)
    assert [one.text for one in reader.read_many(EXAMPLES / name for name in names)] == ["0", "3"]
    assert reader.read(np.zeros((50, 50), np.uint8)).reason == "blank"


def test_a_bad_picture_is_refused_as_everywhere():
    with pytest.raises(PictureError, match=r"nothing\.png: no such file"):
        OneDigitReader.load().read("nothing.png")
