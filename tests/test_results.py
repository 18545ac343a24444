"""What results are as values: plain tables and back, a repr that a person can read."""

import json

import numpy as np
import pytest

from scrawl import Prediction, Reading
from scrawl.pages import Digit, Line, Mark

ROW = np.linspace(0, 0.09, 10, dtype=np.float32)
DIGIT = Digit(7, 0.9, (1, 2, 30, 40), False, ROW, "7")
DOUBTED = Digit(1, 0.4, (31, 2, 40, 40), True, ROW, "1")
READING = Reading(
    (Line(((DIGIT, DOUBTED), (DIGIT,)), (Mark(".", 0.8, (5, 6, 7, 8)),)), Line(((DIGIT,),))),
    (100, 50),
    np.zeros((50, 100), np.uint8),
)
SEVEN = Prediction(7, 0.9, ROW, None, np.zeros((28, 28), np.uint8), (1, 2, 3, 4))


def test_a_reading_survives_json():
    table = json.loads(json.dumps(READING.to_dict()))
    again = Reading.from_dict(table)
    assert again.to_dict() == table
    assert (again.text, again.size, again.uncertain) == ("71 7\n7", (100, 50), True)
    assert again.confidence == pytest.approx(0.4)
    assert again.image is None
    assert again.draw().size[0] == 800  # on white, eight times as large, so that labels can be read


def test_lines_and_readings_know_their_least_certain_digit():
    doubted, sure = READING.lines
    assert (doubted.uncertain, doubted.confidence) == (True, 0.4)
    assert (sure.uncertain, sure.confidence) == (False, 0.9)
    assert (Reading((), (9, 9)).confidence, Reading((), (9, 9)).digits) == (0.0, ())


def test_marks_stand_between_the_digits_of_a_line():
    digits = [
        Digit(d, 0.9, (x, 0, x + 8, 20), False, ROW, str(d))
        for d, x in zip(range(5), (0, 10, 40, 60, 90), strict=True)
    ]
    line = Line((tuple(digits[:2]), tuple(digits[2:4]), tuple(digits[4:])),
                (Mark("¤", 0.8, (-9, 0, -2, 20)), Mark(",", 0.8, (51, 15, 54, 22)),
                 Mark(".", 0.8, (80, 15, 83, 18)), Mark("-", 0.8, (100, 8, 108, 10))))  # fmt: skip
    assert (line.text, line.marked) == ("01 23 4", "¤01 2,3.4-")
    assert line.to_dict()["marked"] == line.marked
    assert Line((tuple(digits[:2]), tuple(digits[2:]))).marked == "01 234"


def test_a_prediction_survives_json():
    for prediction in (SEVEN, Prediction.blank()):
        table = json.loads(json.dumps(prediction.to_dict()))
        assert Prediction.from_dict(table).to_dict() == table


def test_what_a_prediction_says():
    assert (SEVEN.text, SEVEN.verdict, SEVEN.uncertain) == ("7", "7 (90.0%)", False)
    blank = Prediction.blank()
    assert (blank.digit, blank.text, blank.verdict, blank.uncertain) == (None, "", "blank", True)


@pytest.mark.parametrize("result", [READING, SEVEN, DIGIT])
def test_the_repr_holds_no_arrays(result):
    assert "array" not in repr(result)
    assert "\n" not in repr(result)
