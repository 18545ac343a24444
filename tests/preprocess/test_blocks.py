"""Pictures of few, large pixels: what repeating them made of a digit is read as the digit."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from scrawl import DigitReader
from scrawl.preprocess import find_digit
from scrawl.preprocess.blocks import resized

NOISE = np.random.default_rng(0).normal(0, 4, (120, 120))


def times(digit: np.ndarray, factor: int) -> np.ndarray:
    return np.kron(digit, np.ones((factor, factor), np.uint8))


def jpeg(picture: np.ndarray) -> np.ndarray:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return cv2.imdecode(data, cv2.IMREAD_UNCHANGED)


def to(digit: np.ndarray, side: int, how: int) -> np.ndarray:
    return cv2.resize(digit, (side, side), interpolation=how)


WAYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x2": lambda digit: times(digit, 2),
    "x15": lambda digit: times(digit, 15),
    "x20": lambda digit: times(digit, 20),
    "by middles": lambda digit: to(digit, 100, cv2.INTER_NEAREST_EXACT),
    "by corners": lambda digit: to(digit, 91, cv2.INTER_NEAREST),
    "jpeg": lambda digit: jpeg(times(digit, 12)),
    "noise": lambda digit: np.clip(times(digit, 15) + NOISE, 0, 255).astype(np.uint8),
    "colour": lambda digit: np.dstack([times(digit, 9)] * 3),
}


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two normalised digits: the barycentre decides the place to a pixel."""
    moved = [np.roll(one, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return max(float(np.corrcoef(each.ravel(), other.ravel())[0, 1]) for each in moved)


@pytest.fixture(scope="module")
def eights() -> tuple[np.ndarray, np.ndarray]:
    sets = pytest.importorskip("sklearn.datasets")
    digits = sets.load_digits()
    return (digits.images[:40] * (255 / 16)).round().astype(np.uint8), digits.target[:40]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_an_enlarged_digit_is_the_small_one(
    eights: tuple[np.ndarray, np.ndarray], way: str, inverted: bool
) -> None:
    for digit in eights[0][:8]:
        digit = 255 - digit if inverted else digit
        large = WAYS[way](digit)
        small, found = find_digit(digit), find_digit(large)
        assert small is not None
        assert found is not None
        assert found.light_on_dark is not inverted
        assert likeness(found.normalised, small.normalised) > 0.97
        assert np.abs(np.array(found.box) / len(large) * 8 - small.box).max() <= 1.5


def test_enlarged_digits_are_read(eights: tuple[np.ndarray, np.ndarray]) -> None:
    digits, labels = eights
    read = DigitReader.load().read_many(times(digit, 12) for digit in digits)
    right = [one.probabilities.argmax() == label for one, label in zip(read, labels, strict=True)]
    assert np.mean(right) >= 0.95


def test_a_margin_of_no_whole_number_of_squares(eights: tuple[np.ndarray, np.ndarray]) -> None:
    digit = eights[0][0]
    found = find_digit(np.pad(times(digit, 12), ((31, 17), (25, 40))))
    alone = find_digit(digit)
    assert found is not None
    assert alone is not None
    shift = np.array([25, 31, 25, 31])
    assert np.abs(np.array(found.box) - 12 * np.array(alone.box) - shift).max() <= 12


def test_soft_strokes_are_left_as_they_are() -> None:
    drawing = np.zeros((280, 280), np.uint8)
    cv2.polylines(
        drawing, [np.array([(90, 60), (180, 60), (130, 230)])], False, 255, 18, cv2.LINE_AA
    )
    photo = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    for picture in (drawing, 255 - drawing, drawing[:1], photo, np.zeros((90, 90), np.uint8)):
        assert resized(picture) is None


def test_squares_down_and_stripes_across_are_no_squares() -> None:
    picture = np.full((150, 150), 235, np.uint8)
    picture[2::4, ::2] = picture[3::4, ::2] = 20
    picture[::4, 41:44] = 100  # in the rows that are looked at first
    assert resized(picture) is None
