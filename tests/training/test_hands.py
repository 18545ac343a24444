"""Recorded hands as training pictures, and what cameras make of them."""

import numpy as np
import pytest

from scrawl.data import StrokeSample
from scrawl.data.strokes import writers
from scrawl.errors import InputError
from scrawl.training.recipes import get
from scrawl.training.synthesis import NOT_A_DIGIT_LABEL, camera, epoch_size, reader_epoch
from scrawl.training.synthesis.digits import drawn_digits
from scrawl.training.synthesis.epoch import finished
from scrawl.training.synthesis.hands import (
    HELD_OUT,
    SETS,
    Between,
    Hands,
    Ink,
    load,
    on_paper,
    recorded,
)
from scrawl.training.synthesis.lookalikes import OMNIGLOT, UJI
from scrawl.training.synthesis.not_digits import several
from scrawl.training.synthesis.strokes import CANVAS

CAMERA = (
    camera.impulses,
    camera.shots,
    camera.bands,
    camera.crossed,
    camera.outlined,
    camera.bleached,
    camera.compressed,
    camera.frosted,
    camera.dragged,
    camera.aslant,
    camera.spattered,
)


def sample(label, *strokes):
    return StrokeSample(label, "w", tuple(np.array(stroke, np.float32) for stroke in strokes))


@pytest.fixture
def made():
    """A 7 of two strokes, an upright 1, a cross that is no digit, and blocks on paper."""
    seven = sample("7", [(0, 0), (300, 0), (100, 600)], [(50, 300), (250, 300)])
    one = sample("1", [(10, 0), (10, 20)])
    cross = sample("x", [(0, 0), (9, 9)], [(9, 0), (0, 9)])
    bitmaps = np.zeros((2, 32, 32), np.uint8)
    bitmaps[:, 4:28, 8:24] = 1
    signs = Ink.of([cross], [NOT_A_DIGIT_LABEL])
    return Hands(Ink.of([seven, one], [7, 1]), signs, bitmaps, np.array([1, 8]))


def test_ink_is_sized_and_taken_apart_again(made):
    ink = made.digits
    assert len(ink) == 2
    lines = [[ink.points[where] for where in ink.lines(row)] for row in range(2)]
    assert [[len(line) for line in strokes] for strokes in lines] == [[3, 2], [2]]
    for strokes in lines:
        points = np.concatenate(strokes)
        assert np.ptp(points, axis=0).max() == pytest.approx(1)
        np.testing.assert_allclose(points.max(axis=0) + points.min(axis=0), 0, atol=1e-6)


def test_recorded_characters_come_equally_often_and_by_the_generator(made):
    pictures, labels = recorded(made.digits, 7, np.random.default_rng(0))
    assert (pictures.shape, pictures.dtype) == ((7, CANVAS, CANVAS), np.uint8)
    assert sorted(np.bincount(labels, minlength=8)[[1, 7]]) == [3, 4]
    again, _ = recorded(made.digits, 7, np.random.default_rng(0))
    np.testing.assert_array_equal(pictures, again)
    assert (pictures.max((1, 2)) > 200).all()
    ones, sevens = (pictures[labels == digit].any(1).sum(1) for digit in (1, 7))
    assert ones.mean() < sevens.mean()  # columns with ink


def test_hands_lie_between_two_that_write_one_form_alike_or_a_little_beyond():
    straight, slanted = sample("1", [(0, 0), (0, 20)]), sample("1", [(8, 0), (0, 20)])
    lying = sample("1", [(0, 0), (20, 0)])
    ink, rng = Ink.of([straight, slanted, lying], [1, 1, 1]), np.random.default_rng(0)
    between = Between(ink)
    tops = [between.character(0, rng)[0][0, 0] for _ in range(200)]
    recorded_ones = np.isclose(tops, 0)
    assert 0.3 < recorded_ones.mean() < 0.7
    assert np.min(tops) < -0.02 < 0.22 < np.max(tops)  # the slanted one's is at 0.2
    assert all(len(between.character(2, rng)[0]) == 2 for _ in range(20))  # like neither of them


def test_a_squeezed_1_is_made_slim_again(made):
    pictures, labels = on_paper(made, 60, np.random.default_rng(0))
    assert set(labels) == {1, 8}
    wide = pictures.any(1).sum(1)
    assert wide[labels == 1].mean() < 0.7 * wide[labels == 8].mean()


def test_an_epoch_with_hands_has_its_size_and_their_digits(made):
    digits, labels = drawn_digits(400, np.random.default_rng(7))
    images = finished(digits, np.random.default_rng(8))
    given = images, labels, np.random.default_rng(0)
    pictures, what = reader_epoch(*given, made)
    assert len(pictures) == epoch_size(400)
    ours = np.bincount(what, minlength=11)
    assert ours[[1, 7]].sum() > ours[[0, 2, 3, 4, 5, 6, 8, 9]].mean() * 4  # 17% are 1 or 7


@pytest.mark.parametrize("fault", CAMERA)
def test_camera_keeps_what_it_is_given_and_most_of_the_digit(fault):
    digits, _ = drawn_digits(60, np.random.default_rng(0))
    before, rng = digits.copy(), np.random.default_rng(1)
    after = np.stack([fault(digit, rng) for digit in digits])
    np.testing.assert_array_equal(digits, before)
    assert (after.shape, after.dtype) == (digits.shape, np.uint8)
    assert not np.array_equal(after, digits)
    assert (after.max((1, 2)) > 60).mean() > 0.95
    nothing = np.zeros((CANVAS, CANVAS), np.uint8)
    assert fault(nothing, rng).shape == nothing.shape


def test_several_digits_lie_beside_each_other():
    digits, _ = drawn_digits(100, np.random.default_rng(0))
    pictures = several(digits, np.random.default_rng(1))
    assert pictures.shape == digits.shape
    shape = [np.array([rows.any(1).sum(), rows.any(0).sum()]) for rows in pictures]
    assert np.mean([wide > high for high, wide in shape]) > 0.5


def test_the_recipe_names_every_set_and_holds_writers_out(hands_folder):
    assert get("reader").hands == SETS
    learnt, held = load(["pendigits", "optdigits"], hands_folder)
    from scrawl import data

    train = data.load("pendigits", hands_folder).strokes_train
    assert set(HELD_OUT) < set(writers(train))
    assert len(learnt.digits) + len(held.digits) == len(train)
    assert len(held.digits) == sum(one.writer in HELD_OUT for one in train)
    assert (len(learnt.bitmaps), len(held.bitmaps), len(learnt.signs)) == (1934, 0, 0)


def test_signs_like_digits_are_left_out(hands_folder):
    from scrawl import data

    learnt, held = load(["uji", "omniglot"], hands_folder)
    known = {name: data.load(name, hands_folder) for name in ("uji", "omniglot")}
    assert set(known["uji"].info.classes) > UJI
    assert set(known["omniglot"].info.classes) > OMNIGLOT
    labels = [one.label for loaded in known.values() for one in loaded.strokes_train]
    left = [one for one in labels if one in UJI | OMNIGLOT]
    figures = [one for one in labels if one.isdigit()]
    assert len(learnt.signs) == len(labels) - len(left) - len(figures)
    assert len(learnt.digits) == len(figures)
    assert len(held.signs) == 0


def test_a_set_without_hands_is_refused():
    with pytest.raises(InputError, match=r"expected some of pendigits, .* received 'mnist'"):
        load(["mnist"])
