"""A slash at the head of a number is a 1."""

import numpy as np
import pytest

from scrawl.pages.detector import Found
from scrawl.pages.grid import CLASSES
from scrawl.pages.slashes import leading_slashes


def found(text, step=20, y=0):
    chances = np.zeros((len(text), len(CLASSES)), np.float32)
    for row, character in enumerate(text):
        chances[row, CLASSES.index(character)] = 0.8
        chances[row, 1] += 0.1
    boxes = [(x * step, y, x * step + 14, y + 30) for x in range(len(text))]
    return Found(np.array(boxes, np.float32).reshape(-1, 4), chances)


def said(things):
    return "".join(CLASSES[row] for row in things.chances.argmax(1))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/23", "123"),
        ("1/2", "1/2"),
        ("12/", "12/"),
        ("/", "/"),
        ("//2", "112"),
        ("3//2", "3//2"),
        (".", "."),
    ],
)
def test_a_slash_that_nothing_stands_before_is_a_one(written, expected):
    assert said(leading_slashes(found(written))) == expected


def test_its_chance_is_that_of_both():
    first = leading_slashes(found("/23")).chances[0]
    assert first[1] == pytest.approx(0.9)
    assert first[CLASSES.index("/")] == 0


def test_what_stands_in_another_line_or_far_away_is_not_before_it():
    below = found("7", y=60)
    assert said(leading_slashes(Found.joined([found("/2"), below]))) == "127"
    far = Found(found("7").boxes - 90, found("7").chances)
    assert said(leading_slashes(Found.joined([found("/2"), far]))) == "127"


def test_nothing_found_stays_nothing():
    assert len(leading_slashes(Found.joined([])).boxes) == 0
