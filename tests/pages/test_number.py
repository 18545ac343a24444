"""Pictures of exactly one number, and how long it may be."""

import cv2
import numpy as np
import pytest

from scrawl import PageReader
from scrawl.errors import InputError
from scrawl.pages.number import LONGEST, lengths


@pytest.mark.parametrize(
    ("digits", "expected"),
    [(6, (6, 6)), ("6", (6, 6)), ("4-7", (4, 7)), ((4, 7), (4, 7)), (" 4 - 7", (4, 7))],
)
def test_lengths(digits, expected):
    assert lengths(True, digits) == expected


def test_any_length():
    assert lengths(True, None) == (1, LONGEST)
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
