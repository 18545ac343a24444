import numpy as np
import pytest

from scrawl.metrics import nll, soften
from scrawl.training.calibrate import fit_odds, fit_precision, fit_temperature, fit_threshold


def drawn(count, classes, rng):
    """Probabilities, and labels that are drawn by them: calibrated by construction."""
    logits = rng.normal(0, 3, (count, classes))
    probabilities = soften(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 1.0)
    labels = (probabilities.cumsum(1) > rng.random((count, 1))).argmax(1)
    return probabilities, labels


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_temperature_is_found_again(temperature):
    probabilities, labels = drawn(20_000, 11, np.random.default_rng(0))
    sharpened = soften(probabilities, 1 / temperature)
    assert fit_temperature(sharpened, labels) == pytest.approx(temperature, rel=0.05)


def test_temperature_lowers_the_likelihood_of_no_other():
    probabilities, labels = drawn(2_000, 11, np.random.default_rng(1))
    sharp = soften(probabilities, 0.3)
    best = fit_temperature(sharp, labels)
    least = nll(soften(sharp, best), labels)
    for other in (0.5 * best, 0.9 * best, 1.1 * best, 2 * best):
        assert least < nll(soften(sharp, other), labels)


def test_all_right_and_sure_stays_finite():
    sure = np.eye(11, dtype=np.float32)
    assert 0.05 <= fit_temperature(sure, np.arange(11)) <= 20
    assert np.isfinite(nll(sure, np.zeros(11, int)))


def test_soften_keeps_order_and_sums():
    probabilities, _ = drawn(100, 11, np.random.default_rng(2))
    soft = soften(probabilities, 3.0)
    np.testing.assert_allclose(soft.sum(1), 1)
    np.testing.assert_array_equal(soft.argsort(1), probabilities.argsort(1))
    np.testing.assert_allclose(soften(probabilities, 1.0), probabilities, atol=1e-9)


@pytest.mark.parametrize("keep", [0.5, 0.99, 1.0])
def test_threshold_keeps_its_share_and_no_more(keep):
    scores = np.random.default_rng(3).random(1_000)
    threshold = fit_threshold(scores, keep)
    assert (scores >= threshold).mean() == pytest.approx(keep)
    assert threshold in scores


@pytest.mark.parametrize("keep", [0.0, -1.0, 1.1])
def test_threshold_refuses_a_share_out_of_range(keep):
    with pytest.raises(ValueError, match="keep"):
        fit_threshold(np.ones(3), keep)


def test_threshold_refuses_no_scores():
    with pytest.raises(ValueError, match="scores"):
        fit_threshold(np.ones(0), 0.9)


def test_odds_are_those_of_the_held_out_answers():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, 20_000)
    hold = rng.random(20_000) < 1 / (1 + np.exp(-(logits + np.log(3))))
    assert fit_odds(logits, hold) == pytest.approx(3, rel=0.1)


def test_above_the_threshold_of_precision_the_share_is_right():
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    assert fit_precision(scores, right, 0.75) == 0.6
    assert fit_precision(scores, right, 0.99) == 0.8
    assert fit_precision(scores, ~right, 0.99) == 1.0
