"""A network as an estimator of scikit-learn's."""

import pickle

import numpy as np
import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV

from scrawl import DigitReader
from scrawl.errors import InputError
from scrawl.training import estimator_fit
from scrawl.training.estimator import DigitClassifier
from scrawl.training.estimator_fit import chosen, repeats

SMALL = {"settings": {"units": 32}, "batch_size": 32, "learning_rate": 0.01}


@pytest.fixture(scope="module")
def digits():
    """Four hundred of scikit-learn's digits as flat rows, with words for labels."""
    rows, labels = load_digits(return_X_y=True)
    return rows[:400], np.array([f"n{label}" for label in labels[:400]])


@pytest.fixture(scope="module")
def learnt(digits):
    early = {"early_stopping": True, "patience": 1, "epochs": 8}
    return DigitClassifier(**SMALL, **early).fit(*digits)


def test_it_learns_and_says_what_scikit_learn_asks_for(learnt, digits):
    rows, labels = digits
    assert learnt.score(rows, labels) > 0.8
    assert learnt.classes_.tolist() == [f"n{label}" for label in range(10)]
    assert (learnt.n_features_in_, learnt.n_iter_ <= 8) == (64, True)
    probabilities = learnt.predict_proba(rows[:9])
    assert probabilities.shape == (9, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    images = rows[:9].reshape(-1, 8, 8)
    np.testing.assert_array_equal(learnt.predict(images), learnt.predict(rows[:9]))
    with pytest.raises(ValueError, match="X has 60 features, but DigitClassifier is expecting 64"):
        learnt.predict(rows[:, :60])


def test_a_pickle_holds_the_bundle_and_a_file_of_it_is_a_model(learnt, digits, tmp_path):
    rows, _ = digits
    again = pickle.loads(pickle.dumps(learnt))  # noqa: S301
    np.testing.assert_array_equal(again.predict_proba(rows), learnt.predict_proba(rows))
    learnt.save(tmp_path / "model.onnx")
    assert DigitReader.load(tmp_path / "model.onnx").info.alphabet == tuple(learnt.classes_)


def test_a_clone_has_its_parameters_and_a_grid_is_searched(learnt, digits, monkeypatch):
    assert clone(learnt).get_params() == learnt.get_params()
    rates = []

    def fitted(recipe, images, labels, names, patience, repeat):
        rates.append(recipe.learning_rate)
        return learnt.onnx_, 1

    monkeypatch.setattr(estimator_fit, "fitted", fitted)
    search = GridSearchCV(DigitClassifier(**SMALL), {"learning_rate": [0.1, 0.2]}, cv=2)
    search.fit(*digits)
    assert rates == [0.1, 0.1, 0.2, 0.2, 0.1]
    assert search.best_score_ > 0.8


def test_photos_of_several_sizes_are_normalised_as_they_are_read(learnt, digits, monkeypatch):
    seen = []

    def fitted(recipe, images, labels, names, patience, repeat):
        seen.append(images)
        return learnt.onnx_, 1

    monkeypatch.setattr(estimator_fit, "fitted", fitted)
    photos = [
        255 - np.pad(np.kron(row.reshape(8, 8) * 15, np.ones((5, 5))), 4 + at).astype(np.uint8)
        for at, row in enumerate(digits[0][:4])
    ]
    DigitClassifier(**SMALL).fit(photos, digits[1][:4])
    assert seen[0].shape == (4, 28, 28)
    assert np.median(seen[0]) == 0  # paper, whatever it was


def test_small_data_has_more_passes_and_other_recipes_are_refused():
    recipe = chosen("mlp-512", {"epochs": None})
    assert [repeats(recipe, rows) for rows in (60_000, 1280, 100)] == [1, 10, 100]
    for name in ("reader", "pages", "autoencoder"):
        with pytest.raises(InputError, match="expected one that adds no classes"):
            chosen(name, {})
    with pytest.raises(NotFittedError):
        DigitClassifier().predict(np.zeros((1, 9)))
    with pytest.raises(InputError, match="two classes or more"):
        DigitClassifier().fit(np.zeros((4, 9)), np.zeros(4))
