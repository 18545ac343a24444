"""A slash at the head of a number is a 1."""

import numpy as np
import pytest

from scrawl.pages.detections import Detections
from scrawl.pages.grid import CLASSES
from scrawl.pages.line_reader import ones_first
from scrawl.pages.slashes import leading_slashes

NOTHING = Detections.none(len(CLASSES), 10)


def found(text, step=20, y=0):
    probabilities = np.zeros((len(text), len(CLASSES)), np.float32)
    for row, character in enumerate(text):
        probabilities[row, CLASSES.index(character)] = 0.8
        probabilities[row, 1] += 0.1
    boxes = [(x * step, y, x * step + 14, y + 30) for x in range(len(text))]
    return Detections(np.array(boxes, np.float32).reshape(-1, 4), probabilities, 10)


def said(things):
    return "".join(CLASSES[row] for row in things.probabilities.argmax(1))


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
    assert said(leading_slashes(found(written), CLASSES)) == expected


def test_its_probability_is_that_of_both():
    first = leading_slashes(found("/23"), CLASSES).probabilities[0]
    assert first[1] == pytest.approx(0.9)
    assert first[CLASSES.index("/")] == 0


def test_what_stands_in_another_line_or_far_away_is_not_before_it():
    below = found("7", y=60)
    assert said(leading_slashes(Detections.joined([found("/2"), below]), CLASSES)) == "127"
    far = found("7").moved(1, -90, -90)
    assert said(leading_slashes(Detections.joined([found("/2"), far]), CLASSES)) == "127"


def test_nothing_found_stays_nothing():
    assert len(leading_slashes(NOTHING, CLASSES).boxes) == 0


def test_an_alphabet_without_slashes_is_left_as_it_is():
    things = found("/23")
    assert leading_slashes(things, tuple("abcdefghijklmnop")) is things


def test_in_a_line_a_slash_is_a_1_up_to_the_first_digit_alone():
    chances = np.full((5, 4), 0.02)  # the blank, 1, 5, a slash
    for step, (best, chance) in enumerate([(0, 0.94), (3, 0.94), (2, 0.94), (3, 0.94), (0, 0.94)]):
        chances[step, best] = chance
    steps = np.log(chances).astype(np.float32)
    seen = ones_first(steps, ("1", "5", "/"))
    assert seen.argmax(1).tolist() == [0, 1, 2, 3, 0]
    assert np.exp(seen[1, 1]) == pytest.approx(0.96)
    assert np.exp(seen[3, 1]) == pytest.approx(0.02)
    assert (ones_first(steps, ("1", "5", ".")) == steps).all()
    nothing = steps[[0, 4]]
    assert (ones_first(nothing, ("1", "5", "/")) == nothing).all()
