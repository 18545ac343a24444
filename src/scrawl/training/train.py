"""The training loop: recipe and data in, run folder out."""

from __future__ import annotations

import os
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scrawl import data, preprocess
from scrawl.bundle import DIGITS, BundleInfo
from scrawl.data import Dataset
from scrawl.errors import ModelError
from scrawl.files import writing
from scrawl.training import backend
from scrawl.training.augment import AUGMENTERS
from scrawl.training.backend import keras
from scrawl.training.calibrate import fit_temperature, fit_threshold
from scrawl.training.finish import finish, versions
from scrawl.training.interrupt import Interrupt
from scrawl.training.network import build, compile_network, load_checkpoint
from scrawl.training.progress import Bar, BatchCallback, Monitor, Silent
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Feeder, Rows, epoch_rows
from scrawl.training.run import Epoch, Run

KEEP = 0.965
"""The share of worn held-out digits that the default threshold keeps; docs/log.md has what other
shares give."""

ODDS = 0.5
"""What is no digit makes 23% of the training pictures; halving its odds supposes 13% in use."""


def train(
    recipe: Recipe,
    folder: str | os.PathLike[str],
    *,
    data_dir: str | os.PathLike[str] | None = None,
    progress: bool = False,
) -> Run:
    """Trains a recipe from its start.

    Args:
        recipe: What to train.
        folder: The run folder to make; it may exist if it is empty.
        data_dir: See ``scrawl.data.load``.
        progress: Whether to show a progress bar on stderr.

    Returns:
        The complete run.

    Raises:
        InputError: The folder holds something, or an option cannot be used.
        DataError: The data set is not to be had.
    """
    dataset = data.load(recipe.data, data_dir)
    training = Training(recipe, dataset)
    backend.seed_everything(recipe.seed)
    model = training.build()  # before the folder is made: a bad option leaves nothing behind
    return training.go(Run.create(Path(folder), recipe), model, [], progress)


def resume(
    folder: str | os.PathLike[str],
    *,
    data_dir: str | os.PathLike[str] | None = None,
    progress: bool = False,
) -> Run:
    """Continues a run after its last whole epoch; it ends as if it had not been interrupted.

    Args:
        folder: A run folder. A complete run is returned as it is.
        data_dir: See ``scrawl.data.load``.
        progress: Whether to show a progress bar on stderr.

    Raises:
        ModelError: The folder is no run folder, or its checkpoint is damaged.
    """
    run = Run.open(Path(folder))
    if run.complete:
        return run
    training = Training(run.recipe, data.load(run.recipe.data, data_dir))
    backend.seed_everything(run.recipe.seed)
    if not run.checkpoint.is_file():
        return training.go(run, training.build(), [], progress)
    model = load_checkpoint(run.checkpoint)
    # The checkpoint is written after the log: it alone says how many epochs count.
    done = int(model.optimizer.iterations) // training.steps
    log = run.read_log()[:done]
    if len(log) < done:
        raise ModelError(f"{run.folder}: log.csv has {len(log)} epochs, checkpoint.keras {done}")
    return training.go(run, model, log, progress)


class Training:
    """A recipe and the rows that it trains on.

    Attributes:
        recipe: What is trained.
        dataset: What it is trained on.
        classes: The names of the network's outputs.
        rows: Images and labels to train on.
        held_out: Images and labels to score after each epoch; perhaps none.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset) -> None:
        self.recipe = recipe
        self.dataset = dataset
        self.augmenter = AUGMENTERS[recipe.augment]
        self.classes = dataset.info.classes + self.augmenter.extra_classes
        x, y = dataset.x_train, dataset.y_train
        # As Keras' validation_split: the last rows, whatever their order.
        cut = int(len(x) * (1 - recipe.validation_split))
        self.rows: Rows = x[:cut], y[:cut]
        self.held_out: Rows = x[cut:], y[cut:]
        self.steps = -(-self.augmenter.size(cut) // recipe.batch_size)

    def build(self) -> keras.Model:
        """The recipe's network, compiled."""
        model = build(self.recipe, self.dataset.info.image_shape, len(self.classes))
        compile_network(model, self.recipe, self.steps)
        return model

    def arrays(self, model: keras.Model, rows: Rows) -> tuple[NDArray[np.float32], ...]:
        """Rows as the network takes them: scaled, in its input's shape, one-hot."""
        images, labels = rows
        x = preprocess.to_tensor(images, self.dataset.info.pixel_max)
        y = np.eye(len(self.classes), dtype=np.float32)[labels]
        return x.reshape(-1, *model.input_shape[1:]), y

    def go(self, run: Run, model: keras.Model, log: list[Epoch], progress: bool) -> Run:
        """Trains the epochs that the log lacks, then finishes the run."""
        monitor: AbstractContextManager[Monitor] = nullcontext(Silent())
        if progress:
            monitor = Bar(self.recipe, self.steps, len(log))
        recipe = self.recipe
        feeder = Feeder(recipe.augment, self.rows, recipe.seed, recipe.epochs)
        with monitor as shown, feeder, Interrupt() as interrupt:
            for epoch in range(len(log) + 1, recipe.epochs + 1):
                log.append(self.fit_epoch(model, epoch, feeder.rows(epoch), shown, interrupt))
                run.write_log(log)
                with writing(run.checkpoint) as aside:
                    model.save(aside)
                shown.epoch(log[-1])
        finish(run, model, self.dataset, self.bundle_info(model), log)
        return run

    def bundle_info(self, model: keras.Model) -> BundleInfo:
        """What the bundle of a trained network says of itself."""
        info = BundleInfo(
            recipe=self.recipe.name,
            classes=self.classes,
            image_shape=self.dataset.info.image_shape,
            pixel_max=self.dataset.info.pixel_max,
            loss=self.recipe.loss,
            data=self.dataset.info.name,
            data_sha256=self.dataset.sha256,
            seed=self.recipe.seed,
            parameters=model.count_params(),
            scrawl=versions()["scrawl"],
        )
        return self.calibrated(model, info)

    def calibrated(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with odds, temperature and threshold, from rows that were not trained on.

        The temperature is that of the held-out rows as they are; the threshold keeps ``KEEP`` of
        the digits among the same rows augmented. A network that knows no other class than those
        of its data has nothing to reject by: its facts stay as they are.
        """
        if not self.augmenter.extra_classes or not len(self.held_out[0]):
            return info
        info = replace(info, odds=ODDS)
        plain = info.calibrated(self.predict(model, self.held_out))
        info = replace(info, temperature=fit_temperature(plain, self.held_out[1]))
        rows = epoch_rows(self.recipe.augment, self.held_out, self.recipe.seed, epoch=0)
        worn = info.calibrated(self.predict(model, rows))[rows[1] < DIGITS, :DIGITS]
        return replace(info, threshold=fit_threshold(worn.max(axis=1), KEEP))

    def predict(self, model: keras.Model, rows: Rows) -> NDArray[np.float32]:
        """The network's probabilities for rows, before any temperature."""
        x, _ = self.arrays(model, rows)
        return np.asarray(model.predict(x, batch_size=512, verbose=0))

    def fit_epoch(
        self, model: keras.Model, epoch: int, rows: Rows, monitor: Monitor, interrupt: Interrupt
    ) -> Epoch:
        """One pass over rows; what it does depends on them, seed, epoch and weights alone."""
        start = time.perf_counter()
        backend.reseed(model, self.recipe.seed, epoch)
        x, y = self.arrays(model, rows)
        history = model.fit(
            x,
            y,
            batch_size=self.recipe.batch_size,
            validation_data=self.arrays(model, self.held_out) if len(self.held_out[0]) else None,
            shuffle=False,
            verbose=0,
            callbacks=[BatchCallback(monitor, interrupt, epoch)],
        ).history
        scores = {key: values[0] for key, values in history.items()}
        return Epoch(
            epoch=epoch,
            loss=scores["loss"],
            accuracy=scores["accuracy"],
            val_loss=scores.get("val_loss"),
            val_accuracy=scores.get("val_accuracy"),
            seconds=round(time.perf_counter() - start, 3),
        )
