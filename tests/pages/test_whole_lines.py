"""The digits of a line and the line as a whole, made one."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from scrawl import DigitReader
from scrawl.bundle import DIGITS
from scrawl.pages.detections import Detections
from scrawl.pages.digit import Digit
from scrawl.pages.lattice import Candidates, Lattice
from scrawl.pages.levels import Pyramid
from scrawl.pages.namer import Namer
from scrawl.pages.reading import Line
from scrawl.pages.whole_lines import WholeReader, read_whole

PAPER = np.full((120, 300), 255, np.uint8)  # higher than a picture cut about a line
THRESHOLD = 0.8


class Saying:
    """A reader of lines that is told what it says: digits, each with a probability."""

    info = SimpleNamespace(alphabet=DIGITS)

    def __init__(self, *digits):
        self._digits = digits

    def digit_steps(self, pixels, words):
        steps = np.full((pixels.shape[1] // 2, 11), 1e-4)
        steps[:, 0] = 1
        # Its digits stand where the picture has them: 40 pixels apart, from 20 on.
        for at, chances in enumerate(self._digits):
            step = round((at + 0.7) * len(steps) / (len(self._digits) + 0.3))
            steps[step, 0] = 1e-4 if chances else 1
            for digit, chance in chances.items():
                steps[step, 1 + digit] = chance
        return np.log(steps / steps.sum(1, keepdims=True)).astype(np.float32)


def digit(place, chances):
    probabilities = np.zeros(10, np.float32)
    for one, chance in chances.items():
        probabilities[one] = chance
    best = int(probabilities.argmax())
    sure = float(probabilities[best])
    box = (round(20 + 40 * place), 10, round(44 + 40 * place), 50)
    return Digit(best, sure, box, sure < THRESHOLD, probabilities, str(best))


def both(digits, saying):
    line = Line((tuple(digits),))
    levels = Pyramid(PAPER).levels(False)
    return read_whole([line], WholeReader(lambda: saying, PAPER, levels, THRESHOLD), 1.0)[0]


def test_where_both_agree_the_digits_are_sure_and_keep_their_boxes():
    digits = [digit(at, {one: 0.9, 9: 0.05}) for at, one in enumerate((3, 1, 4))]
    line = both(digits, Saying({3: 0.95}, {1: 0.95}, {4: 0.95}))
    assert line.text.replace(" ", "") == "314"
    assert [one.box for one in line.digits] == [one.box for one in digits]
    assert not line.uncertain
    assert all(one.confidence > 0.9 for one in line.digits)
    assert all(one.probabilities.sum() <= 1 + 1e-5 for one in line.digits)


def test_the_line_decides_a_digit_that_is_in_doubt():
    digits = [digit(0, {3: 0.97}), digit(1, {1: 0.5, 7: 0.45}), digit(2, {4: 0.97})]
    line = both(digits, Saying({3: 0.95}, {7: 0.95}, {4: 0.95}))
    assert line.text.replace(" ", "") == "374"


def test_a_sure_digit_stands_against_a_line_in_doubt():
    digits = [digit(at, {one: 0.99}) for at, one in enumerate((3, 1, 4))]
    line = both(digits, Saying({3: 0.9}, {7: 0.5, 1: 0.4}, {4: 0.9}))
    assert line.text.replace(" ", "") == "314"


def test_where_they_differ_the_answer_is_uncertain():
    digits = [digit(0, {3: 0.97}), digit(1, {1: 0.8, 7: 0.1}), digit(2, {4: 0.97})]
    line = both(digits, Saying({3: 0.95}, {7: 0.6, 1: 0.1}, {4: 0.95}))
    assert [one.uncertain for one in line.digits] == [False, True, False]


def test_a_digit_without_a_box_gets_one_between_its_neighbours():
    digits = [digit(0, {3: 0.99}), digit(2, {4: 0.99})]
    line = both(digits, Saying({3: 0.99}, {1: 0.99}, {4: 0.99}))
    assert line.text.replace(" ", "") == "314"
    boxes = [one.box for one in line.digits]
    assert boxes[0] == digits[0].box
    assert boxes[2] == digits[1].box
    assert boxes[0][2] < boxes[1][0] < boxes[1][2] < boxes[2][0]


def test_what_else_was_detected_in_the_place_of_a_digit_is_weighed_too():
    digits = [digit(at, {one: 0.6}) for at, one in ((0, 3), (1, 1), (6, 5))]
    other, between, elsewhere = digit(1, {4: 0.5}), digit(0.5, {1: 0.3}), digit(6, {8: 0.3})
    other = replace(other, box=(62, 12, 86, 52))
    everything = [*digits, other, between, elsewhere]
    boxes = np.array([one.box for one in everything], np.float32)
    shown = np.array([one.probabilities for one in everything], np.float32)
    levels = Pyramid(PAPER).levels(False)
    namer = Namer(DigitReader.load(), DIGITS, THRESHOLD)
    found = Detections(boxes, shown, 10), np.ones(6, np.float32), levels, PAPER.shape
    lattice, places = namer.competing(*found, digits[:2])
    assert places == [one.box for one in (*digits[:2], other)]
    whole = WholeReader(lambda: Saying({3: 0.99}, {4: 0.99}), PAPER, levels, THRESHOLD)
    line = Line((tuple(digits[:2]),))
    read = read_whole([line], whole, 1.0, lambda number: (lattice, places))[0]
    assert read.text == "34"
    assert [one.box for one in read.digits] == [digits[0].box, other.box]


def test_a_doubtful_box_that_the_line_does_not_show_goes():
    digits = [digit(0, {3: 0.97}), digit(1, {1: 0.45}), digit(2, {4: 0.97})]
    line = both(digits, Saying({3: 0.99}, {}, {4: 0.99}))
    assert line.text.replace(" ", "") == "34"


def test_doubtful_boxes_on_a_line_that_shows_no_digit_are_no_line():
    line = Line(((digit(0, {5: 0.41}), digit(1, {1: 0.41})),))
    levels = Pyramid(PAPER).levels(False)
    whole = WholeReader(lambda: Saying({}, {}), PAPER, levels, THRESHOLD)
    assert read_whole([line], whole, 1.0) == ()


def test_a_digit_alone_is_left_to_its_readers():
    alone = digit(1, {5: 0.6})
    line = both([alone], Saying({8: 0.99}))
    assert line.digits == (alone,)


@pytest.mark.parametrize("apart", [False, True])
def test_numbers_far_from_each_other_are_read_each_on_its_own(apart):
    seen = []

    class Counting(Saying):
        def digit_steps(self, pixels, words):
            seen.append(pixels.shape[1])
            return super().digit_steps(pixels, words)

    places = (0, 1, 5, 6) if apart else (0, 1, 2, 3)
    both([digit(at, {1: 0.9}) for at in places], Counting({1: 0.9}, {1: 0.9}))
    assert len(seen) == (2 if apart else 1)


def test_a_number_whose_digits_are_all_sure_is_not_read_again():
    digits = [digit(at, {one: 0.9}) for at, one in enumerate((3, 1, 4))]
    line = Line((tuple(digits),))

    def opened():
        raise AssertionError("nothing was in doubt")

    whole = WholeReader(opened, PAPER, Pyramid(PAPER).levels(False), THRESHOLD)
    assert read_whole([line], whole, 0.8)[0].digits == tuple(digits)
    with pytest.raises(AssertionError):
        read_whole([line], whole, 0.95)


def test_a_number_of_a_length_is_read_at_that_length():
    boxes = [(20 + 40 * at, 10, 44 + 40 * at, 50) for at in range(3)]
    shown = np.zeros((3, 10), np.float32)
    shown[[0, 1, 2], [3, 1, 4]] = 0.9, 0.9, 0.3
    found = Detections(np.array(boxes, np.float32), shown, 10)
    lattice = Lattice(Candidates(found, np.ones(3, np.float32), shown, shown))
    saying = Saying({3: 0.95}, {1: 0.95}, {4: 0.3})
    whole = WholeReader(lambda: saying, PAPER, Pyramid(PAPER).levels(False), THRESHOLD)
    for length, text in ((2, "31"), (3, "314")):
        said = whole.read(lattice, boxes, boxes, (length, length))
        assert "".join(one.text for one in said) == text
        assert [one.box for one in said] == boxes[:length]
