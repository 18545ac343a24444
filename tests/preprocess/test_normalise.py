"""MNIST's own normalisation, and the tensor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scrawl.data import Dataset
from scrawl.preprocess import normalise, to_tensor

INKS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=60),
    elements=st.sampled_from([0.0, 0.0, 0.5, 1.0]),
)


def barycentre(image: np.ndarray) -> tuple[float, float]:
    mass = image.astype(float)
    at = np.arange(28) + 0.5
    return float(mass.sum(1) @ at / mass.sum()), float(mass.sum(0) @ at / mass.sum())


@pytest.mark.parametrize("seed", range(60))
def test_barycentre_and_box(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ink = rng.choice([0, 0.5, 1], rng.integers(1, 120, 2)).astype(np.float32)
    ink[0, 0] = 1
    image = normalise(ink)
    assert image.dtype == np.uint8
    assert image.shape == (28, 28)
    assert image.max() == 255
    rows, columns = np.nonzero(image)
    assert np.ptp(rows) < 20
    assert np.ptp(columns) < 20
    assert all(14 < centre <= 15 for centre in barycentre(image))


def test_no_ink_gives_no_digit() -> None:
    assert not normalise(np.zeros((9, 12), np.float32)).any()


@settings(deadline=None, max_examples=50)
@given(INKS, st.integers(0, 9), st.integers(0, 9))
def test_where_the_ink_lies_does_not_matter(ink: np.ndarray, down: int, right: int) -> None:
    moved = np.pad(ink, ((down, 3), (right, 5)))
    assert (normalise(moved) == normalise(ink)).all()


def test_nor_does_its_size() -> None:
    rng = np.random.default_rng(0)
    ink = (rng.random((20, 20)) > 0.5).astype(np.float32)
    ink[[0, -1]] = ink[:, [0, -1]] = 1
    twice = np.kron(ink, np.ones((6, 6), np.float32))
    assert np.abs(normalise(twice).astype(int) - normalise(ink)).max() <= 20  # MNIST's aliasing


def test_the_sides_keep_their_proportion() -> None:
    rows, columns = np.nonzero(normalise(np.ones((100, 30), np.float32)))
    assert np.ptp(rows) + 1 == 20
    assert 6 <= np.ptp(columns) + 1 <= 7


def test_an_input_pixel_is_99_hundredths_of_its_cell() -> None:
    # At 30 to 20 a pixel is 2/3 wide, 0.66 where a boundary splits it: every second output
    # pixel gets 0.327 + 0.667 of its due.
    block = normalise(np.ones((30, 30), np.float32))
    block = block[np.ix_(block.any(1), block.any(0))]
    assert (block[0::2, 0::2] == 255).all()
    assert (block[0::2, 1::2] == 253).all()
    assert (block[1::2, 1::2] == 252).all()


def test_mnist_comes_out_as_it_went_in(mnist: Dataset) -> None:
    digits = mnist.x_train[:2000]
    again = np.stack([normalise(digit / np.float32(255)) for digit in digits])
    apart = np.abs(again.astype(int) - digits).max(axis=(1, 2))
    # 90% to the byte; the rest are those whose darkest pixel MNIST has at 254.
    assert (apart == 0).mean() > 0.89
    assert (apart <= 1).mean() > 0.999


def test_to_tensor() -> None:
    images = np.arange(6 * 28 * 20, dtype=np.uint8).reshape(6, 28, 20)
    tensor = to_tensor(images)
    assert tensor.dtype == np.float32
    assert tensor.shape == (6, 28, 20, 1)
    assert tensor.max() == 1
    assert tensor[..., 0] * 255 == pytest.approx(images)
