"""Numbers with a stroke through them, and what is none."""

from functools import partial

import cv2
import numpy as np
import pytest

from scrawl.pages.crossed import crossed_out, doubted, is_crossed
from scrawl.pages.digit import Digit
from scrawl.pages.levels import Pyramid
from scrawl.pages.reading import Line
from scrawl.pages.table import Cell, Table

ROW = np.zeros(10, np.float32)


def sheet():
    """A number of four digits as it is read: the picture, and its line."""
    image = np.full((120, 260), 235, np.uint8)
    digits = []
    for place, text in enumerate("4792"):
        left = 40 + 45 * place
        cv2.putText(image, text, (left, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 40, 4, cv2.LINE_AA)
        digits.append(Digit(int(text), 0.95, (left, 40, left + 36, 84), False, ROW, text))
    return image, Line((tuple(digits),))


def marked(image, line):
    pyramid = Pyramid(image)
    levels = pyramid.levels(pyramid.lightness > 0.5)
    return crossed_out([line], partial(is_crossed, image, levels))


@pytest.mark.parametrize("slope", [-12, 0, 12])
@pytest.mark.parametrize("light", [False, True])
def test_a_number_with_a_stroke_through_it_is_crossed_out_and_uncertain(slope, light):
    image, line = sheet()
    cv2.line(image, (30, 62 - slope), (230, 62 + slope), 40, 4, cv2.LINE_AA)
    [found] = marked(255 - image if light else image, line)
    assert [digit.crossed_out for digit in found.digits] == [True] * 4
    assert found.uncertain
    assert found.text == line.text
    table = found.digits[0].to_dict()
    assert table["crossed_out"] is True
    assert Digit.from_dict(table).crossed_out


@pytest.mark.parametrize("what", ["nothing", "underline", "short", "shade"])
def test_other_numbers_are_not(what):
    image, line = sheet()
    if what == "underline":
        cv2.line(image, (30, 92), (230, 92), 40, 4)
    if what == "short":
        cv2.line(image, (80, 62), (210, 62), 40, 4)
    if what == "shade":
        image[60:] -= 110 * (image[60:] > 200).astype(np.uint8)
    assert marked(image, line) == [line]


def test_a_cell_with_a_crossed_out_number_is_uncertain():
    digit = Digit(7, 0.9, (10, 10, 20, 30), True, ROW, "7", True)
    cells = (Cell("7", 0.9, False, (0, 0, 50, 40)), Cell("8", 0.9, False, (50, 0, 90, 40)))
    [table] = doubted([Table((cells,))], [Line(((digit,),))])
    assert [cell.uncertain for cell in table.rows[0]] == [True, False]
