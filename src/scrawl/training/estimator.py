"""A recipe's network as an estimator of scikit-learn's, for pipelines and grid searches."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from scrawl.arrays import Float64, UInt8
from scrawl.digit_reader import DigitReader, find
from scrawl.errors import InputError
from scrawl.prediction import SEEN
from scrawl.single_reader import open_page

_LEAST_SIDE = 3  # of a square that flat rows are taken for

_SEEDS = 2**31  # one more than the highest that a recipe may have


class DigitClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learns which class a picture shows, with a recipe's network.

    What it has learnt is a bundle, the bytes of an ``.onnx`` file, with which it predicts; that
    alone is what a pickle of it holds. Keras is needed to fit, not to predict.

    Args:
        recipe: A recipe, as ``scrawl recipes`` names it, that tells classes apart and adds none.
        epochs: Passes over the rows; None for as many as the recipe has, each of which goes over
            small data several times, since it needs more passes than MNIST does.
        batch_size: Rows a batch; None for the recipe's.
        learning_rate: None for the recipe's.
        settings: Any other parameter of the recipe, such as ``{"units": 64}``.
        early_stopping: Whether to stop when the rows apart are read no better.
        validation_fraction: The share of rows, the last ones, that are kept apart for that.
        patience: Epochs without a lower loss on them, after which it stops; the weights of the
            best one are kept.
        random_state: A seed, a ``numpy.random.RandomState``, or None.

    Attributes:
        classes_: The labels, sorted.
        n_features_in_: Values of a row, where rows are flat or pictures of one size.
        n_iter_: Epochs that were trained.
        onnx_: The bytes of the bundle.
    """

    def __init__(
        self,
        recipe: str = "mlp-512",
        *,
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        settings: Mapping[str, Any] | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 5,
        random_state: Any = 0,
    ) -> None:
        self.recipe = recipe
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.settings = settings
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike) -> DigitClassifier:
        """Trains from the start.

        Args:
            X: Flat rows, shape ``(n, features)``, those of square pictures taken as such; pictures
                of one size, shape ``(n, H, W)``, ink high; or a list of pictures as
                `scrawl.images.load` takes them, files, PIL images or arrays of several sizes, which
                are normalised as when they are read.
            y: A label each, shape ``(n,)``.

        Raises:
            ValueError: As scikit-learn has it; `InputError` is one.
        """
        from scrawl.training.estimator_fit import chosen, fitted, repeats

        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None"
            )
        images = self._images(X, fitting=True)
        targets = column_or_1d(
            check_array(y, ensure_2d=False, dtype=None, input_name="y"), warn=True
        )
        check_consistent_length(images, targets)
        check_classification_targets(targets)
        self.classes_, labels = np.unique(targets, return_inverse=True)
        if len(self.classes_) < 2:
            raise InputError(
                f"y: expected two classes or more, received {len(self.classes_)} class"
            )
        seed = int(check_random_state(self.random_state).randint(_SEEDS - 1))
        names = tuple(map(str, self.classes_))
        held_out = self.validation_fraction if self.early_stopping else 0.0
        given: dict[str, Any] = {"epochs": self.epochs, "batch_size": self.batch_size}
        given |= {"learning_rate": self.learning_rate, **(self.settings or {})}
        given |= {"seed": seed, "validation_split": held_out}
        recipe = chosen(self.recipe, given)
        few = self.epochs is None and not self.early_stopping
        repeat = repeats(recipe, len(images)) if few else 1
        patience = self.patience if self.early_stopping else None
        self.onnx_, self.n_iter_ = fitted(
            recipe, images, labels.astype(np.int64), names, patience, repeat
        )
        self._reader = _opened(self.onnx_)
        return self

    def predict_proba(self, X: Any) -> Float64:
        """The probability of each class, shape ``(n, len(classes_))``, rows of sum 1."""
        check_is_fitted(self)
        probabilities = self._reader.probabilities(self._images(X)).astype(np.float64)
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable label of each, shape ``(n,)``."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the bundle, which every reader of scrawl takes as a model."""
        from scrawl.files import writing

        check_is_fitted(self)
        with writing(Path(path)) as aside:
            aside.write_bytes(self.onnx_)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {key: value for key, value in state.items() if key != "_reader"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "onnx_" in state:
            self._reader = _opened(self.onnx_)

    def _images(self, X: Any, *, fitting: bool = False) -> UInt8:
        """Rows as the network's images: uint8, ink high."""
        if _are_pictures(X):
            found = [find(open_page(picture)) for picture in X]
            blank = np.zeros(SEEN, np.uint8)
            rows = np.array([blank if one is None else one.normalised for one in found])
        else:
            rows = X
        sides = rows.shape[1:] if isinstance(rows, np.ndarray) and rows.ndim == 3 else None
        if sides is not None:
            rows = rows.reshape(len(rows), -1)
        rows = validate_data(self, rows, reset=fitting, dtype="numeric")
        if fitting:
            self._range = float(rows.min()), float(rows.max())
        return _as_images(rows, self._range, sides)


def _opened(bundle: bytes) -> DigitReader:
    """A reader of a bundle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        path.write_bytes(bundle)
        return DigitReader.load(path)


def _are_pictures(X: Any) -> bool:
    """Whether these are pictures to be opened, and no rows of numbers."""
    known = (str, os.PathLike, bytes, Image.Image)
    if not isinstance(X, Sequence) or not X:
        return False
    photos = all(isinstance(one, np.ndarray) and one.ndim > 1 for one in X)
    return isinstance(X[0], known) or (photos and len({one.shape for one in X}) > 1)


def _as_images(
    rows: NDArray[Any], known: tuple[float, float], sides: tuple[int, ...] | None
) -> UInt8:
    """Flat rows, in the range of those that were learnt from, as images.

    Args:
        rows: Shape ``(n, features)``.
        known: The least and the largest value that were learnt from.
        sides: Height and width; None for a square, or one line where the features make none.
    """
    if sides is None:
        side = math.isqrt(rows.shape[1])
        square = side >= _LEAST_SIDE and side * side == rows.shape[1]
        sides = (side, side) if square else (1, rows.shape[1])
    images = rows.reshape(-1, *sides)
    if images.dtype == np.uint8:
        return images
    low, high = known
    share = (np.asarray(images, np.float64) - low) / ((high - low) or 1.0)
    return np.asarray(np.clip(share * 255, 0, 255).round(), np.uint8)
