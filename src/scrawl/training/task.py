"""What training a recipe of classification consists of, from rows to a finished run folder."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl import preprocess
from scrawl.arrays import Float32
from scrawl.bundle import CLASSIFY, BundleInfo
from scrawl.data import Dataset
from scrawl.digit_reader import DigitReader
from scrawl.evaluate import Report, evaluate
from scrawl.files import writing
from scrawl.training import backend
from scrawl.training.augment import AUGMENTERS
from scrawl.training.backend import keras
from scrawl.training.calibrate import fit_temperature, fit_threshold
from scrawl.training.finish import finish, versions
from scrawl.training.interrupt import Interrupt
from scrawl.training.network import build, compile_network, in_float32
from scrawl.training.own import own_rows, take_weights
from scrawl.training.progress import BatchCallback, Monitor
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Feeder, Rows, epoch_rows
from scrawl.training.run import Epoch, Run
from scrawl.training.synthesis.hands import SplitHands

KEEP = 0.96
"""The share of worn held-out digits that the default threshold keeps; docs/log.md has what other
shares give."""

PREDICT = 512
"""Rows a batch where nothing is learnt."""

SHARPEN = 10_000
"""How many rows fix the temperature after smoothed labels."""

ODDS = 0.5
"""Of the training pictures 22% show no digit. Multiplying the odds of that class by this adapts the
probabilities to 13%, about what people bring."""


class Training:
    """A recipe and the rows that it trains on.

    Attributes:
        recipe: What is trained.
        dataset: What it is trained on.
        image_shape: Height and width in pixels of what the network is trained on.
        classes: The names of the network's outputs.
        rows: Images and labels to train on.
        held_out: Images and labels to score after each epoch; perhaps none.
        hands: Other people's writing, to learn from and held out; None where there is none.
        task: What the bundle says that the network does.
    """

    task = CLASSIFY

    def __init__(self, recipe: Recipe, dataset: Dataset, hands: SplitHands | None = None) -> None:
        self.recipe = recipe
        self.hands = hands
        self.dataset = dataset
        self.augmenter = AUGMENTERS[recipe.augment]
        self.image_shape = dataset.info.image_shape
        self.classes = dataset.info.classes + self.augmenter.extra_classes
        x, y = dataset.x_train, dataset.y_train
        # As Keras' validation_split: the last rows, whatever their order.
        cut = int(len(x) * (1 - recipe.validation_split))
        self.rows: Rows = x[:cut], y[:cut]
        if recipe.pictures:
            own = own_rows(Path(recipe.pictures), self.classes, self.image_shape, cut)
            self.rows = np.concatenate([own[0], x[:cut]]), np.concatenate([own[1], y[:cut]])
        self.held_out: Rows = x[cut:], y[cut:]
        self.steps = -(-self.augmenter.size(len(self.rows[0])) // recipe.batch_size)

    def build(self) -> keras.Model:
        """The recipe's network, compiled."""
        model = build(self.recipe, self.image_shape, len(self.classes))
        if self.recipe.start:
            take_weights(model, self.recipe.start)
        compile_network(model, self.recipe, self.steps)
        return model

    def arrays(self, model: keras.Model, rows: Rows) -> tuple[Float32, NDArray[Any]]:
        """Rows as the network takes them: scaled, in its input's shape, one-hot."""
        images, labels = rows
        x = preprocess.to_tensor(images, self.dataset.info.pixel_max)
        y = np.eye(len(self.classes), dtype=np.float32)[labels]
        return x.reshape(-1, *model.input_shape[1:]), y

    def go(self, run: Run, model: keras.Model, log: list[Epoch], monitor: Monitor) -> Run:
        """Trains the epochs that the log lacks, then finishes the run."""
        recipe = self.recipe
        feeder = Feeder(recipe, self.rows, self.hands and self.hands[0])
        with feeder, Interrupt() as interrupt:
            for epoch in range(len(log) + 1, recipe.epochs + 1):
                log.append(self.fit_epoch(model, epoch, feeder.rows(epoch), monitor, interrupt))
                run.write_log(log)
                with writing(run.checkpoint) as aside:
                    model.save(aside)
                monitor.epoch(log[-1])
        self.finish(run, model, log)
        return run

    def finish(self, run: Run, model: keras.Model, log: list[Epoch]) -> None:
        """Exports and scores the network, and closes the run folder."""
        model = in_float32(model)
        finish(run, model, self.dataset, self.bundle_info(model), log, self.scores)

    def scores(self, bundle: Path) -> tuple[Report, Report]:
        """The reports of a bundle on the test split and on the training split."""
        reader, data = DigitReader.load(bundle), self.dataset
        name = f"{self.recipe.name} on {data.info.name}"
        test = evaluate(reader, *data.split("test"), f"{name} test", data.info.disputed)
        return test, evaluate(reader, *data.split("train"), f"{name} train")

    def bundle_info(self, model: keras.Model) -> BundleInfo:
        """What the bundle of a trained network says of itself."""
        info = BundleInfo(
            recipe=self.recipe.name,
            classes=self.classes,
            image_shape=self.image_shape,
            pixel_max=self.dataset.info.pixel_max,
            loss=self.recipe.loss,
            data=", ".join((self.dataset.info.name, *self.recipe.hands)),
            data_sha256=self.dataset.sha256,
            seed=self.recipe.seed,
            parameters=model.count_params(),
            scrawl=versions()["scrawl"],
            task=self.task,
            letters=len(self.dataset.info.classes),
        )
        return self.calibrated(model, info)

    def calibrated(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with odds, temperature and threshold, from rows that were not trained on.

        The temperature is that of the held-out rows as they are; the threshold keeps ``KEEP`` of
        the digits among the same rows augmented, held-out hands among them. A network that knows no
        other class than those of its data has nothing to reject by: its facts stay as they are, but
        for the doubt that smoothed labels taught it.
        """
        if not self.augmenter.extra_classes or not len(self.held_out[0]):
            return self.sharpened(model, info) if self.recipe.label_smoothing else info
        info = replace(info, odds=ODDS)
        plain = info.calibrated(self.predict(model, self.held_out))
        info = replace(info, temperature=fit_temperature(plain, self.held_out[1]))
        rows = epoch_rows(self.recipe, self.held_out, 0, self.hands and self.hands[1])
        letters = len(info.alphabet)
        worn = info.calibrated(self.predict(model, rows))[rows[1] < letters, :letters]
        return replace(info, threshold=fit_threshold(worn.max(axis=1), KEEP))

    def sharpened(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with a temperature, from rows augmented as in no epoch.

        From held-out rows, or where there are none from some that were trained on, of which the
        network is a little too sure.
        """
        rows = self.held_out if len(self.held_out[0]) else self.rows
        some = rows[0][:SHARPEN], rows[1][:SHARPEN]
        drawn = epoch_rows(self.recipe, some, epoch=0)
        return replace(info, temperature=fit_temperature(self.predict(model, drawn), drawn[1]))

    def predict(self, model: keras.Model, rows: Rows) -> Float32:
        """The network's probabilities for rows, before any temperature."""
        x, _ = self.arrays(model, rows)
        return np.asarray(model.predict(**backend.batches(PREDICT, x), verbose=0))

    def fit_epoch(
        self, model: keras.Model, epoch: int, rows: Rows, monitor: Monitor, interrupt: Interrupt
    ) -> Epoch:
        """One pass over rows; what it does depends on them, seed, epoch and weights alone."""
        start = time.perf_counter()
        backend.reseed(model, self.recipe.seed, epoch)
        fitted = model.fit(
            **backend.batches(self.recipe.batch_size, *self.arrays(model, rows)),
            shuffle=False,
            verbose=0,
            callbacks=[BatchCallback(monitor, interrupt, epoch)],
        ).history
        held_out = {}
        if len(self.held_out[0]):
            data = backend.batches(PREDICT, *self.arrays(model, self.held_out))
            held_out = model.evaluate(**data, verbose=0, return_dict=True)
        return Epoch(
            epoch=epoch,
            loss=fitted["loss"][0],
            accuracy=fitted["accuracy"][0],
            val_loss=held_out.get("loss"),
            val_accuracy=held_out.get("accuracy"),
            seconds=round(time.perf_counter() - start, 3),
        )
