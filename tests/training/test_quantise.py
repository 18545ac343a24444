"""What is refused; the command is tested in tests/cli/test_lab.py."""

import numpy as np
import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)
onnx = pytest.importorskip("onnx")

from scrawl.digit_reader import DigitReader  # noqa: E402
from scrawl.training.quantise import quantise  # noqa: E402
from scrawl.weights import PAGES_INT8, READER, READER_INT8  # noqa: E402


def test_the_bundled_reader_in_int8_answers_as_it_does(mnist, tmp_path):
    out = tmp_path / "int8.onnx"
    size = quantise(READER, mnist.x_train[:500], out)
    plain = DigitReader.load(READER)
    assert plain.info.parameters <= size < 1.1 * plain.info.parameters
    images = mnist.x_train[-500:]
    given, expected = DigitReader.load(out).probabilities(images), plain.probabilities(images)
    assert (given.argmax(1) == expected.argmax(1)).mean() > 0.99
    assert np.abs(given - expected).mean() < 0.005


def test_the_reader_that_ships_in_8_bits_answers_as_the_one_in_floats(mnist):
    plain, small = DigitReader.load(READER), DigitReader.load()
    assert READER_INT8.stat().st_size < READER.stat().st_size / 3
    alike = ("recipe", "classes", "temperature", "threshold", "odds")
    assert all(getattr(small.info, key) == getattr(plain.info, key) for key in alike)
    images = mnist.x_train[-500:]
    given, expected = small.probabilities(images), plain.probabilities(images)
    assert (given.argmax(1) == expected.argmax(1)).mean() > 0.99
    assert np.abs(given - expected).mean() < 0.002


def test_weights_leave_room_for_sums_of_16_bits(mnist, tmp_path):
    """Two products of an 8-bit activation and a weight of 7 bits fit; the processor may add so."""
    out = tmp_path / "int8.onnx"
    quantise(READER, mnist.x_train[:100], out)
    arrays = map(onnx.numpy_helper.to_array, onnx.load(out).graph.initializer)
    kernels = [array for array in arrays if array.dtype == np.int8 and array.ndim > 1]
    assert len(kernels) > 3
    assert max(np.abs(kernel.astype(int)).max() for kernel in kernels) <= 64


def test_the_detector_that_ships_has_such_weights_and_answers_in_floats():
    """All kernels but the last have 8 bits, and none is beyond 7."""
    arrays = map(onnx.numpy_helper.to_array, onnx.load(PAGES_INT8).graph.initializer)
    kernels = [array for array in arrays if array.ndim == 4]
    small = [kernel for kernel in kernels if kernel.dtype == np.int8]
    assert len(kernels) - len(small) == 1
    assert max(np.abs(kernel.astype(int)).max() for kernel in small) <= 64
