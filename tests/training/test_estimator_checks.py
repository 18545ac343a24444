"""All that scikit-learn asks of an estimator, and what it does with one.

What is checked is what `DigitClassifier` does with rows and labels, not Keras: a linear model of
scikit-learn's own learns in its place, in milliseconds, and is handed over as a bundle.
"""

import pickle

import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from scrawl.bundle import BundleInfo
from scrawl.training import estimator_fit
from scrawl.training.bundling import seal
from scrawl.training.estimator import DigitClassifier


def linear(recipe, images, labels, names, patience, repeat):
    """As ``estimator_fit.fitted``, with logistic regression for a network."""
    pixels = images.reshape(len(images), -1).astype(np.float64) / 255
    model = LogisticRegression(C=1e3, max_iter=300).fit(pixels, labels)
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:  # of two classes it knows the second alone
        weights, bias = np.vstack([0 * weights, weights]), np.append(0 * bias, bias)
    held = {"weights": weights.T, "bias": bias}
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["pixels"], ["flat"]),
            helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["shares"], axis=1),
        ],
        "linear",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [None, *images.shape[1:], 1])],
        [helper.make_tensor_value_info("shares", TensorProto.FLOAT, [None, len(names)])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in held.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.checker.check_model(made)
    info = BundleInfo(
        recipe=recipe.name,
        classes=names,
        image_shape=images.shape[1:],
        pixel_max=255,
        loss="categorical_crossentropy",
        data="rows",
        data_sha256="",
        seed=recipe.seed,
        parameters=weights.size + bias.size,
        scrawl="test",
    )
    return seal(made, info), 1


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(estimator_fit, "fitted", linear)


@parametrize_with_checks([DigitClassifier(epochs=1)])
def test_what_scikit_learn_asks_for(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    rows, labels = load_digits(return_X_y=True)
    return rows[:300], np.array([f"n{label}" for label in labels[:300]])


def test_a_pipeline_learns_whatever_the_range_and_is_pickled(digits):
    rows, labels = digits
    plain = DigitClassifier().fit(rows, labels)
    line = make_pipeline(MaxAbsScaler(), DigitClassifier()).fit(rows / 2, labels)
    assert plain.score(rows, labels) > 0.95
    assert line.score(rows / 2, labels) > 0.95
    again = pickle.loads(pickle.dumps(line))  # noqa: S301
    np.testing.assert_array_equal(again.predict_proba(rows), line.predict_proba(rows))


def test_it_is_calibrated_over_folds_and_when_it_has_learnt(digits):
    rows, labels = digits
    folds = CalibratedClassifierCV(DigitClassifier(), cv=2).fit(rows, labels)
    frozen = FrozenEstimator(DigitClassifier().fit(rows[:200], labels[:200]))
    after = CalibratedClassifierCV(frozen, cv=2).fit(rows[200:], labels[200:])
    for calibrated in (folds, after):
        assert calibrated.score(rows, labels) > 0.8
        np.testing.assert_allclose(calibrated.predict_proba(rows[:9]).sum(axis=1), 1)


def test_grids_are_searched_within_pipelines(digits):
    line = Pipeline([("scale", MaxAbsScaler()), ("read", DigitClassifier())])
    grid = {"read__batch_size": [16, 32], "read__settings": [{"units": 8}, {"units": 16}]}
    search = GridSearchCV(line, grid, cv=2).fit(*digits)
    assert len(search.cv_results_["params"]) == 4
    assert search.best_score_ > 0.8
