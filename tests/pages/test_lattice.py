"""Ways from left to right through detections: the likeliest, whatever competes."""

import numpy as np
import pytest

from scrawl.pages.detections import Detections
from scrawl.pages.grid import CLASSES
from scrawl.pages.lattice import LONGEST, MISSED, Candidates, Lattice


def found(*things):
    """Digits, each with its probability, its left and its right; all of one height."""
    probabilities = np.zeros((len(things), len(CLASSES)), np.float32)
    for row, (digit, sure, _, _) in enumerate(things):
        probabilities[row, digit] = sure
    boxes = [(left, 0, right, 30) for *_, left, right in things]
    return Detections(np.array(boxes, np.float32).reshape(-1, 4), probabilities, 10)


def lattice(*things):
    detections = found(*things)
    digits = detections.probabilities[:, :10]
    return Lattice(Candidates(detections, np.ones(len(things), np.float32), digits, digits))


def said(things, allowed=None):
    whole = lattice(*things)
    return "".join(str(things[whole.rows[place]][0]) for place in whole.best(allowed))


ONE_TWO = (1, 0.9, 0, 20), (2, 0.9, 30, 50)


def test_what_is_sure_is_read_from_left_to_right():
    assert said(ONE_TWO[::-1]) == "12"


def test_a_doubtful_digit_is_read_where_one_more_is_wanted():
    dash = (5, 0.3, 60, 80)
    assert said((*ONE_TWO, dash)) == "12"
    assert said((*ONE_TWO, dash), (3, 3)) == "125"
    assert said((*ONE_TWO, dash), (3, 7)) == "125"


def test_two_digits_stand_for_the_one_that_covers_both_where_two_are_wanted():
    wide = (0, 0.8, 60, 92)
    halves = (3, 0.5, 60, 76), (7, 0.5, 76, 92)
    assert said((*ONE_TWO, wide, *halves)) == "120"
    assert said((*ONE_TWO, wide, *halves), (4, 4)) == "1237"


def test_the_least_sure_digit_is_left_out_where_fewer_are_wanted():
    assert said((*ONE_TWO, (4, 0.6, 60, 80)), (2, 2)) == "12"


def test_where_no_length_fits_there_is_none():
    assert said(ONE_TWO, (5, 6)) == ""
    assert said(()) == ""


def test_the_work_is_bounded():
    many = [(3, 0.5, 25 * at, 25 * at + 20) for at in range(2_000)]
    assert 1 <= len(said(many)) <= LONGEST


def test_what_a_text_says_of_each_box():
    whole = lattice(*ONE_TWO, (4, 0.3, 60, 80))
    score, places = whole.aligned((2, 3))  # classes from 1 on: the digits 1 and 2
    assert places == [0, 1]
    assert whole.texts(1) == [(2, 3)]
    assert whole.aligned((2, 8))[0] < score
    assert whole.aligned((2, 3, 5))[1] == [0, 1, 2]


def test_a_digit_may_have_no_box():
    whole = lattice(*ONE_TWO)
    assert whole.aligned((2, 6, 6, 3))[1] == [0, -1, -1, 1]
    assert whole.aligned((2, 3, 6))[1] == [0, 1, -1]
    assert whole.aligned((6, 2, 3))[1] == [-1, 0, 1]


def test_where_nothing_is_there_a_text_has_no_boxes():
    nothing = lattice()
    assert nothing.texts(3) == [()]
    assert nothing.aligned((3,)) == (pytest.approx(np.log(MISSED)), [-1])
