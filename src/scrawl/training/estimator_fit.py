"""What an estimator does with Keras: trains a recipe's network on rows, and gives its bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import UInt8
from scrawl.data import Dataset, DatasetInfo
from scrawl.errors import InputError
from scrawl.training import backend, recipes
from scrawl.training.augment import AUGMENTERS
from scrawl.training.bundling import export_bundle
from scrawl.training.feeder import Feeder
from scrawl.training.interrupt import Interrupt
from scrawl.training.network import in_float32
from scrawl.training.progress import Silent
from scrawl.training.recipe import Recipe
from scrawl.training.tasks.base import Training
from scrawl.training.trainer import training_for

STEPS = 500
"""Batches that are trained at the least where nothing says how many epochs: small data needs more
passes than a recipe for MNIST makes."""


def chosen(name: str, given: Mapping[str, Any]) -> Recipe:
    """A recipe with what an estimator was given.

    Args:
        name: Of the recipe.
        given: Values by field or option; None for the recipe's own.

    Raises:
        InputError: There is no such recipe or value, or it tells other classes apart.
    """
    recipe = recipes.get(name)
    if recipe.task != "classifier" or AUGMENTERS[recipe.augment].extra_classes:
        raise InputError(f"recipe: expected one that adds no classes, received '{name}'")
    return recipe.change({key: value for key, value in given.items() if value is not None})


def repeats(recipe: Recipe, rows: int) -> int:
    """How often an epoch of so few rows has to have each, for `STEPS` batches in all."""
    steps = -(-rows // recipe.batch_size) * recipe.epochs
    return -(-STEPS // steps)


def fitted(
    recipe: Recipe,
    images: UInt8,
    labels: NDArray[np.int64],
    names: tuple[str, ...],
    patience: int | None,
    repeat: int,
) -> tuple[bytes, int]:
    """Trains.

    Args:
        recipe: What is trained.
        images: uint8, shape ``(n, H, W)``, ink high.
        labels: A class each.
        names: What the classes are called.
        patience: Epochs without a lower loss on the rows apart, after which it stops; None never.
        repeat: How often an epoch has each row; 1 where rows are kept apart.

    Returns:
        The bytes of the bundle, and the epochs that were trained.

    Raises:
        InputError: The recipe does not take such images.
    """
    order = np.random.default_rng(recipe.seed).permutation(len(images))  # the last may be any
    order = np.tile(order, repeat)
    training = training_for(recipe, _dataset(images[order], labels[order], names))
    backend.seed_everything(recipe.seed)
    model = training.build()
    epochs = _train(training, model, patience)
    model = in_float32(model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        export_bundle(model, training.bundle_info(model), path)
        return path.read_bytes(), epochs


def _dataset(images: UInt8, labels: NDArray[np.int64], names: tuple[str, ...]) -> Dataset:
    """A data set of these rows, which has none to test on."""
    info = DatasetInfo(
        name="rows",
        title="rows that an estimator was given",
        classes=names,
        image_shape=(images.shape[1], images.shape[2]),
        pixel_max=255,
        n_train=len(images),
        n_test=0,
        split="none",
        licence="the user's own",
        source="the user",
    )
    return Dataset(info, images, labels, images[:0], labels[:0])


def _train(training: Training, model: Any, patience: int | None) -> int:
    """Trains all epochs, or stops early; gives how many it were."""
    best, since, weights = float("inf"), 0, model.get_weights()
    with Feeder(training.recipe, training.rows) as feeder, Interrupt() as interrupt:
        for epoch in range(1, training.recipe.epochs + 1):
            row = training.fit_epoch(model, epoch, feeder.rows(epoch), Silent(), interrupt)
            if patience is None or row.val_loss is None:
                continue
            since += 1
            if row.val_loss < best:
                best, since, weights = row.val_loss, 0, model.get_weights()
            if since == patience:
                break
    if patience is not None:
        model.set_weights(weights)
    return epoch
