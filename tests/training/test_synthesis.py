import sys
from collections import Counter

import numpy as np
import pytest

from scrawl import DigitReader
from scrawl.preprocess.normalise import normalise
from scrawl.training.synthesis import NOT_A_DIGIT_LABEL, epoch_size, reader_epoch
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.digits import drawn_digits, print_digits
from scrawl.training.synthesis.distort import distorted, renormalised
from scrawl.training.synthesis.epoch import SHARES, finished
from scrawl.training.synthesis.glyphs import printed_letters
from scrawl.training.synthesis.not_digits import not_digits
from scrawl.training.synthesis.sign_forms import LETTER_FORMS
from scrawl.training.synthesis.strokes import CANVAS, curves, pens, stroke_bases, written
from scrawl.training.synthesis.thinning import rewritten, skeletons
from scrawl.training.synthesis.warp import affine, bent, elastic
from scrawl.training.synthesis.wear import worn

FORMS = [form for forms in DIGIT_FORMS for form in forms] + list(LETTER_FORMS)


@pytest.fixture(scope="module")
def digits():
    """Digits in the manner of MNIST's, without MNIST."""
    pictures, labels = drawn_digits(600, np.random.default_rng(7))
    return finished(pictures, np.random.default_rng(8)), labels


def test_epoch_has_its_shapes_and_shares(digits):
    pictures, labels = reader_epoch(*digits, np.random.default_rng(0))
    assert pictures.dtype == np.uint8
    assert labels.dtype == np.int64
    assert pictures.shape == (len(labels), 28, 28)
    assert len(labels) == pytest.approx(len(digits[0]), rel=0.05)
    assert (labels == NOT_A_DIGIT_LABEL).mean() == pytest.approx(SHARES["not"], abs=0.02)
    assert set(labels) == set(range(11))
    assert sum(SHARES.values()) == pytest.approx(1)


@pytest.mark.parametrize("count", [150, 333, 600])
def test_epoch_size_is_known_beforehand(digits, count):
    images, labels = (rows[:count] for rows in digits)
    pictures, _ = reader_epoch(images, labels, np.random.default_rng(count))
    assert len(pictures) == epoch_size(count)


def test_epoch_is_decided_by_its_generator(digits):
    first, first_labels = reader_epoch(*digits, np.random.default_rng([3, 1]))
    again, again_labels = reader_epoch(*digits, np.random.default_rng([3, 1]))
    other, _ = reader_epoch(*digits, np.random.default_rng([3, 2]))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first_labels, again_labels)
    assert other.shape == first.shape  # every epoch has as many rows
    assert not np.array_equal(other, first)


def test_epoch_leaves_its_input_alone(digits):
    before = digits[0].copy()
    reader_epoch(*digits, np.random.default_rng(0))
    np.testing.assert_array_equal(digits[0], before)


def test_hardly_a_digit_is_empty(digits):
    pictures, labels = reader_epoch(*digits, np.random.default_rng(1))
    assert (pictures[labels < NOT_A_DIGIT_LABEL].max((1, 2)) > 60).mean() > 0.99


def test_epoch_is_made_in_bulk(digits):
    """What costs time is calls; a loop over pixels would be 784 a picture."""
    images, labels = (np.concatenate([rows] * 4) for rows in digits)
    calls = Counter()
    sys.setprofile(lambda frame, event, argument: calls.update([event]))
    pictures, _ = reader_epoch(images, labels, np.random.default_rng(0))
    sys.setprofile(None)
    assert calls["call"] + calls["c_call"] < 200 * len(pictures)  # about 90


@pytest.mark.parametrize("form", FORMS)
def test_form_is_drawn_within_its_sheet(form):
    points, bases = stroke_bases(form)
    assert points.min() >= -5
    assert points.max() <= 105
    assert len(bases) == form.count("|") + 1
    for basis in bases:  # a spline reproduces what is constant
        np.testing.assert_allclose(basis.sum(1), 1)
    pictures = written([form], 5, np.random.default_rng(0))
    assert (pictures.max((1, 2)) == 255).all()


def test_curve_passes_its_points():
    points, bases = stroke_bases("0,0 50,30! 100,0 40,90")
    for point in points:
        assert np.abs(bases[0] @ points - point).sum(1).min() < 1e-9


def test_curves_of_one_form_differ():
    (line,) = curves("20,0 50,100", 50, np.random.default_rng(0))
    assert line.shape[::2] == (50, 2)
    assert line.std(0).min() > 0.1


def test_pens_reach_from_hairline_to_marker():
    widths = pens(5_000, np.random.default_rng(0))
    assert widths.min() == 1
    assert widths.max() == 9


def test_skeleton_is_thin_and_whole():
    bar = np.zeros((1, 40, 40), np.uint8)
    bar[0, 8:32, 16:24] = 255
    line = skeletons(bar)[0]
    assert line.max() == 1
    assert line.sum(1).max() == 1  # one pixel across
    rows = np.flatnonzero(line.sum(1))
    assert len(rows) == np.ptp(rows) + 1 > 12  # without a gap


def test_rewritten_keeps_the_place_of_the_ink():
    sheet = written(["50,0 50,100"], 20, np.random.default_rng(0))
    again = rewritten(sheet, np.random.default_rng(1))
    both = ((again > 128) & (sheet > 128)).sum((1, 2))
    assert (both > 0).all()
    assert rewritten(sheet[:0], np.random.default_rng(1)).shape == (0, CANVAS, CANVAS)


def test_bending_moves_little():
    sheet = written(["20,0 20,100|80,0 80,100"], 50, np.random.default_rng(0))
    for curved in (
        affine(sheet, np.random.default_rng(1), 1.0),
        elastic(sheet, np.random.default_rng(1)),
        bent(sheet, np.random.default_rng(1), 0.5),
    ):
        assert curved.shape == sheet.shape
        kept = curved.sum((1, 2), dtype=float) / sheet.sum((1, 2), dtype=float)
        assert np.median(kept) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("distort", [distorted, renormalised])
def test_distorting_gives_every_digit_once_and_keeps_it(digits, distort):
    pictures, labels = digits
    moved, moved_labels = distort(pictures, labels, np.random.default_rng(0))
    assert (moved.shape, moved.dtype) == (pictures.shape, np.uint8)
    np.testing.assert_array_equal(np.bincount(moved_labels), np.bincount(labels))
    again, _ = distort(pictures, labels, np.random.default_rng(0))
    np.testing.assert_array_equal(moved, again)
    answers = DigitReader.load().probabilities(moved)[:, :10].argmax(1)
    assert (answers == moved_labels).mean() > 0.9
    ink = moved.sum(axis=(1, 2)) / 255
    assert ink.min() > 10


def test_renormalised_digits_have_the_size_and_place_of_normalised_ones(digits):
    pictures, labels = digits
    moved, _ = renormalised(pictures, labels, np.random.default_rng(0))
    rows, columns = np.indices(moved.shape[1:]) + 0.5
    for digit in moved:
        inked = [np.flatnonzero((digit > 64).any(axis=axis)) for axis in (0, 1)]
        assert max(np.ptp(where) + 1 for where in inked) == pytest.approx(20, abs=2)
        for axis in (rows, columns):
            assert (digit * axis).sum() / digit.sum() == pytest.approx(14.5, abs=0.8)


def test_distorting_survives_a_picture_without_ink():
    blank = np.zeros((3, 28, 28), np.uint8)
    for distort in (distorted, renormalised):
        moved, _ = distort(blank, np.arange(3), np.random.default_rng(0))
        assert not moved.any()


def test_wear_survives_paper_without_ink():
    empty = np.zeros((200, CANVAS, CANVAS), np.uint8)
    assert worn(empty, np.random.default_rng(0), 3.0).shape == empty.shape


def test_no_wear_changes_nothing():
    sheet, _ = drawn_digits(50, np.random.default_rng(0))
    np.testing.assert_array_equal(worn(sheet, np.random.default_rng(1), 0.0), sheet)


@pytest.mark.parametrize("count", [7, 100, 403])
def test_not_digits_are_as_many_as_asked(count):
    sheet, labels = drawn_digits(100, np.random.default_rng(0))
    pictures = not_digits(sheet, labels, count, np.random.default_rng(1))
    assert pictures.shape == (count, CANVAS, CANVAS)


def test_printed_digits_and_letters_hold_ink():
    pictures, labels = print_digits(60, np.random.default_rng(0))
    assert pictures.any((1, 2)).all()
    assert labels.shape == (60,)
    assert printed_letters().any((1, 2)).all()


def test_finished_is_the_products_normalisation():
    sheet, _ = drawn_digits(20, np.random.default_rng(0))
    ink = np.where(sheet > 200, sheet, 0)  # nothing faint, so that no threshold matters
    for picture, out in zip(ink, finished(ink, np.random.default_rng(1)), strict=True):
        np.testing.assert_array_equal(out, normalise(picture.astype(np.float32) / np.float32(255)))
