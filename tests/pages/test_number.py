"""Exactly one number: the likeliest of the allowed length, whatever competes."""

import cv2
import numpy as np
import pytest

from scrawl import PageReader
from scrawl.errors import InputError
from scrawl.pages.detections import Detections
from scrawl.pages.grid import CLASSES
from scrawl.pages.number import LONGEST, Candidates, lengths, likeliest

ANY = (1, LONGEST)


def found(*things):
    """Digits, each with its probability, its left and its right; all of one height."""
    probabilities = np.zeros((len(things), len(CLASSES)), np.float32)
    for row, (digit, sure, _, _) in enumerate(things):
        probabilities[row, digit] = sure
    boxes = [(left, 0, right, 30) for *_, left, right in things]
    return Detections(np.array(boxes, np.float32).reshape(-1, 4), probabilities, 10)


def said(things, allowed=ANY):
    detections = found(*things)
    digits = detections.probabilities[:, :10]
    company = np.ones(len(things), np.float32)
    rows, right = likeliest(Candidates(detections, company, digits, digits[:, 1]), allowed)
    return "".join(str(things[row][0]) for row in rows), right


ONE_TWO = (1, 0.9, 0, 20), (2, 0.9, 30, 50)


def test_what_is_sure_is_read_from_left_to_right():
    assert said(ONE_TWO[::-1]) == ("12", True)


def test_a_doubtful_digit_is_read_where_one_more_is_wanted():
    dash = (5, 0.3, 60, 80)
    assert said((*ONE_TWO, dash)) == ("12", True)
    assert said((*ONE_TWO, dash), (3, 3)) == ("125", True)
    assert said((*ONE_TWO, dash), (3, 7)) == ("125", True)


def test_two_digits_stand_for_the_one_that_covers_both_where_two_are_wanted():
    wide = (0, 0.8, 60, 92)
    halves = (3, 0.5, 60, 76), (7, 0.5, 76, 92)
    assert said((*ONE_TWO, wide, *halves)) == ("120", True)
    assert said((*ONE_TWO, wide, *halves), (4, 4)) == ("1237", True)


def test_the_least_sure_digit_is_left_out_where_fewer_are_wanted():
    assert said((*ONE_TWO, (4, 0.6, 60, 80)), (2, 2)) == ("12", True)


def test_where_no_length_fits_the_likeliest_number_is_read_and_is_not_right():
    assert said(ONE_TWO, (5, 6)) == ("12", False)
    assert said(()) == ("", False)


def test_the_work_is_bounded():
    many = [(3, 0.5, 25 * at, 25 * at + 20) for at in range(2_000)]
    text, right = said(many)
    assert right
    assert len(text) <= LONGEST


@pytest.mark.parametrize(
    ("digits", "expected"),
    [(6, (6, 6)), ("6", (6, 6)), ("4-7", (4, 7)), ((4, 7), (4, 7)), (" 4 - 7", (4, 7))],
)
def test_lengths(digits, expected):
    assert lengths(True, digits) == expected


def test_any_length():
    assert lengths(True, None) == ANY
    assert lengths(False, None) is None


@pytest.mark.parametrize("digits", [0, "x", "7-4", "4-", "-4", "1-2-3", (7, 4), (1, 65), "", ()])
def test_other_lengths_are_refused(digits):
    with pytest.raises(InputError, match="digits: expected how many"):
        lengths(True, digits)


def test_a_length_is_of_a_number():
    with pytest.raises(InputError, match="--digits: expected with number"):
        lengths(False, "4", "--digits")


@pytest.fixture(scope="module")
def reader():
    return PageReader.load()


def test_a_number_is_one_group_of_one_line(reader):
    sheet = np.full((120, 420), 240, np.uint8)
    for x, y, text in ((20, 70, "37"), (180, 95, "5"), (330, 70, "28")):
        cv2.putText(sheet, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 30, 3)
    assert reader.read(sheet).text != "37528"
    reading = reader.read(sheet, number=True)
    assert reading.text == "37528"
    [line] = reading.lines
    assert [len(group) for group in line.groups] == [5]
    assert reading.tables == ()


def test_no_number_of_that_length_is_uncertain(reader):
    sheet = np.full((60, 90), 240, np.uint8)
    cv2.putText(sheet, "37", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 3)
    reading = reader.read(sheet, number=True, digits=40)
    assert all(digit.uncertain for digit in reading.digits)
    assert not any(digit.uncertain for digit in reader.read(sheet, number=True).digits)


def test_a_blank_sheet_is_no_number(reader):
    assert reader.read(np.full((60, 90), 240, np.uint8), number=True).text == ""
