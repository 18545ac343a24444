"""Lines that recorded hands and MNIST's digits write, and what stands in them."""

import numpy as np
import pytest

from scrawl.data import StrokeSample
from scrawl.pages.strip import HEIGHT
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.hands import NOT_A_DIGIT_LABEL, Hands, Ink
from scrawl.training.synthesis.lines import (
    ANY_LETTER,
    LONGEST,
    WIDTH,
    LineScribe,
    epoch_lines,
    line_epoch,
)
from scrawl.training.synthesis.recorded import Writers, formed


class Blots:
    """Every glyph is a black square."""

    def take(self, label, pen, rng):
        return np.full((30, 20), 255, np.uint8)


def sample(label, writer, *strokes):
    return StrokeSample(label, writer, tuple(np.array(stroke, np.float32) for stroke in strokes))


@pytest.fixture
def hands():
    """Two writers: one's digits are upright strokes, the other's lie flat; a sign of a third."""
    upright = [sample(str(k), "a", [(0, 0), (0, 9)]) for k in range(10)]
    flat = [sample(str(k), "b", [(0, 0), (9, 3)]) for k in range(9)]
    digits = Ink.of([*upright, *flat], [*range(10), *range(9)])
    signs = Ink.of([sample("x", "c", [(0, 0), (9, 9)], [(9, 0), (0, 9)])], [NOT_A_DIGIT_LABEL])
    bitmaps = np.zeros((0, 32, 32), np.uint8)
    return Hands(digits, signs, bitmaps, np.zeros(0, np.int64))


def test_a_writer_writes_with_its_own_digits_and_borrows_what_it_never_wrote(hands):
    writers = Writers(hands.digits)
    rng = np.random.default_rng(0)
    assert len(writers) == 2
    seen = set()
    for _ in range(20):
        hand = writers.one(rng)
        tall = [hand.take(3, 0.5, rng).shape for _ in range(4)]
        lies = {width > height for height, width in tall}
        assert len(lies) == 1  # one hand
        seen |= lies
        if lies == {True}:
            height, width = hand.take(9, 0.5, rng).shape
            assert height > width  # the other's: it has none of its own
    assert seen == {True, False}


def test_some_hands_write_digits_by_a_form_that_nobody_recorded_each_always_by_the_same(hands):
    forms = formed(np.random.default_rng(1))
    assert set(forms.labels) == set(range(10))
    own = Writers(forms)
    assert len(own) == 2 * sum(map(len, DIGIT_FORMS))
    writers = Writers(hands.digits, forms=forms)
    assert len(writers) == 2
    rng = np.random.default_rng(0)
    counts = []
    for _ in range(200):
        hand = writers.one(rng)
        drawn = {one: rows for one, rows in hand.rows.items() if min(rows) >= len(hands.digits)}
        counts.append(len(drawn))
        for label, rows in drawn.items():
            here = np.array(rows) - len(hands.digits)
            assert set(forms.labels[here]) == {label}
            assert len(set(forms.writers[here])) == 1
    assert 0.45 < counts.count(0) / 200 < 0.7
    assert set(counts) == {0, 1, 2, 3, 4, 10}


def test_two_inks_are_one_behind_the_other(hands):
    both = hands.digits + hands.signs
    assert len(both) == 20
    assert both.labels.tolist() == [*hands.digits.labels, *hands.signs.labels]
    assert both.writers.tolist() == [0] * 10 + [1] * 9 + [2]
    for row in range(20):
        of, there = (hands.digits, row) if row < 19 else (hands.signs, 0)
        pairs = zip(both.lines(row), of.lines(there), strict=True)
        for mine, theirs in pairs:
            np.testing.assert_array_equal(both.points[mine], of.points[theirs])


def test_broad_pens_leave_more_ink(hands):
    hand = Writers(hands.digits).anyone(np.random.default_rng(0))
    fine, broad = (hand.take(9, pen, np.random.default_rng(1)) > 0 for pen in (0.0, 1.0))
    assert broad.sum() > 2 * fine.sum()


def test_rows_hold_whole_lines_and_the_same_generator_gives_the_same(hands):
    rng = np.random.default_rng(5)
    images = rng.integers(0, 255, (60, 28, 28), dtype=np.uint8)
    labels = np.arange(60) % 10
    rows, what = line_epoch(images, labels, np.random.default_rng(2), hands)
    twice, said = line_epoch(images, labels, np.random.default_rng(2), hands)
    assert rows.shape == (epoch_lines(60), HEIGHT, WIDTH)
    assert what.shape == (epoch_lines(60), LONGEST)
    np.testing.assert_array_equal(rows, twice)
    np.testing.assert_array_equal(what, said)
    assert what.max() <= ANY_LETTER
    for row in what:
        length = int((row > 0).sum())
        assert length > 0
        assert not row[length:].any()  # nothing behind the end


def test_lines_without_recorded_hands_are_of_the_bank():
    scribe = LineScribe(Blots(), Blots(), None, np.random.default_rng(1))
    strips = [scribe.line() for _ in range(20)]
    assert {strip.shape[0] for strip, _ in strips} == {HEIGHT}
    assert all(labels for _, labels in strips)
