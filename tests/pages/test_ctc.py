"""What stands in a line, against what enumeration of all paths says."""

import itertools

import numpy as np
import pytest

from scrawl.pages.ctc import best_path, likeliest, places, scores

CLASSES = 3  # with the blank


@pytest.fixture
def steps():
    logits = np.random.default_rng(3).normal(0, 1.5, (5, CLASSES))
    return (logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32)


def text_of(path):
    return tuple(one for one, _ in itertools.groupby(path) if one)


@pytest.fixture
def every(steps):
    """The probability of each text, by all paths."""
    chances = {}
    for path in itertools.product(range(CLASSES), repeat=len(steps)):
        chance = np.exp(sum(float(steps[at, one]) for at, one in enumerate(path)))
        chances[text_of(path)] = chances.get(text_of(path), 0) + chance
    return chances


def test_scores_are_the_sums_over_all_paths(steps, every):
    texts = list(every)
    np.testing.assert_allclose(np.exp(scores(steps, texts)), list(every.values()), rtol=1e-4)
    assert np.exp(scores(steps, texts)).sum() == pytest.approx(1, abs=1e-4)


def test_a_text_that_needs_more_steps_than_there_are_is_impossible(steps):
    assert np.exp(scores(steps, [(1, 1, 1, 1)]))[0] == 0


def test_the_likeliest_texts_come_first(steps, every):
    order = sorted(every, key=lambda text: -every[text])
    assert likeliest(steps, 1000)[:4] == order[:4]
    assert len(likeliest(steps, 2)) == 2


def test_the_best_path_says_what_is_there_and_where():
    path = np.array([0, 1, 1, 0, 2, 2, 1, 0])
    steps = np.log(np.full((len(path), CLASSES), 0.1, np.float32))
    steps[np.arange(len(path)), path] = np.log(0.8)
    assert best_path(steps) == [(1, 1, 3), (2, 4, 6), (1, 6, 7)]
    assert places(steps, (1, 2, 1)) == [(1, 3), (4, 6), (6, 7)]


def test_places_of_a_text_that_is_not_the_best_are_in_order_within_the_line(steps):
    spans = places(steps, (2, 2))
    assert 0 <= spans[0][0] < spans[0][1] < spans[1][0] < spans[1][1] <= len(steps)
