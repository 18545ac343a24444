import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrawl import metrics

PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6]])
LABELS = np.array([0, 1, 1, 2])


def test_accuracy_counts_the_most_probable():
    assert metrics.accuracy(PROBABILITIES, LABELS) == 0.75


def test_nll_is_the_mean_of_minus_log_of_the_truth():
    expected = -np.log([0.7, 0.6, 0.3, 0.6]).mean()
    assert metrics.nll(PROBABILITIES, LABELS) == pytest.approx(expected)
    assert np.isfinite(metrics.nll(np.array([[1.0, 0.0]]), np.array([1])))


@pytest.mark.parametrize("name", sorted(metrics.LOSSES))
def test_losses_agree_with_keras(name):
    keras = pytest.importorskip("scrawl.training.backend", exc_type=ImportError).keras
    truth = np.eye(3, dtype=np.float32)[LABELS]
    expected = keras.losses.get(name)(truth, PROBABILITIES.astype(np.float32))
    mean = float(np.mean(keras.ops.convert_to_numpy(expected)))
    assert metrics.LOSSES[name](PROBABILITIES, LABELS) == pytest.approx(mean, rel=1e-5)


def test_confusion_has_labels_in_rows():
    matrix = metrics.confusion_matrix(PROBABILITIES.argmax(axis=1), LABELS, 3)
    assert matrix.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_proportion(counts):
    right, n = counts
    low, high = metrics.wilson_interval(right, n)
    assert 0 <= low <= right / n + 1e-12
    assert right / n - 1e-12 <= high <= 1
    assert high > low


def test_wilson_interval_of_a_known_case():
    low, high = metrics.wilson_interval(9900, 10_000)
    assert (low, high) == (pytest.approx(0.98786, abs=1e-5), pytest.approx(0.99177, abs=1e-5))


def test_ece_is_the_gap_of_a_single_bin():
    confidence = np.full(10, 0.95)
    right = np.array([True] * 8 + [False] * 2)
    assert metrics.ece(confidence, right) == pytest.approx(0.15)
    assert metrics.reliability(confidence, right) == [(pytest.approx(0.95), 0.8, 10)]


def test_ece_takes_a_confidence_of_one():
    assert metrics.ece(np.ones(3), np.ones(3, bool)) == 0
