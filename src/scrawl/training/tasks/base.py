"""What training for any task consists of, from a recipe to a finished run folder."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl import data
from scrawl.arrays import Float32
from scrawl.bundle import BundleInfo
from scrawl.data import Dataset
from scrawl.evaluate import Report
from scrawl.files import writing
from scrawl.training import backend
from scrawl.training.augment import AUGMENTERS
from scrawl.training.backend import keras
from scrawl.training.feeder import Feeder
from scrawl.training.finish import finish, versions
from scrawl.training.interrupt import Interrupt
from scrawl.training.network import build, compile_network, in_float32, take_weights
from scrawl.training.progress import BatchCallback, Monitor
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Rows
from scrawl.training.run import Epoch, Run
from scrawl.training.synthesis.hands import SplitHands

PREDICT = 512
"""Rows a batch where nothing is learnt."""


class Training(ABC):
    """A recipe and the rows that it trains on. A subclass says what its task is.

    Attributes:
        recipe: What is trained.
        dataset: What it is trained on.
        augmenter: What makes the rows of each epoch.
        image_shape: Height and width in pixels of what the network is trained on.
        classes: The names of the network's outputs.
        rows: Images and labels to train on.
        held_out: Images and labels to score after each epoch; perhaps none.
        hands: Other people's writing, to learn from and held out; None where there is none.
        steps: Batches an epoch.
        task: What the bundle says that the network does.
    """

    task: str

    def __init__(self, recipe: Recipe, dataset: Dataset, hands: SplitHands | None = None) -> None:
        self.recipe = recipe
        self.hands = hands
        self.dataset = dataset
        self.augmenter = AUGMENTERS[recipe.augment]
        self.augmenter.check(dataset.info)
        self.image_shape = dataset.info.image_shape
        self.classes = dataset.info.classes + self.augmenter.extra_classes
        x, y = dataset.x_train, dataset.y_train
        # As Keras' validation_split: the last rows, whatever their order.
        cut = int(len(x) * (1 - recipe.validation_split))
        self.rows: Rows = x[:cut], y[:cut]
        self.held_out: Rows = x[cut:], y[cut:]

    @property
    def steps(self) -> int:
        """Batches an epoch."""
        return -(-self.augmenter.size(len(self.rows[0])) // self.recipe.batch_size)

    @abstractmethod
    def arrays(self, model: keras.Model, rows: Rows) -> tuple[Float32, NDArray[Any]]:
        """Rows as the network takes them, and what its loss compares its outputs with."""

    @abstractmethod
    def loss(self) -> Any:
        """What Keras makes small: a loss or the name of one."""

    @abstractmethod
    def metric(self) -> keras.metrics.Metric:
        """The ``accuracy`` of the log."""

    @abstractmethod
    def calibrated(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with odds, temperature and threshold, from rows that were not trained on."""

    @abstractmethod
    def scores(self, bundle: Path) -> tuple[Report, Report]:
        """The reports of a bundle on the test split and on the training split."""

    def mixed(self, rows: Rows, epoch: int) -> Rows:
        """The rows of an epoch with what a task puts among them; as they are, unless it does."""
        return rows

    def gains(self, bundle: Path) -> dict[str, Any]:
        """What else ``metrics.json`` says of a bundle: nothing, unless a task knows more."""
        return {}

    def build(self) -> keras.Model:
        """The recipe's network, compiled."""
        model = build(self.recipe, self.image_shape, len(self.classes))
        if self.recipe.start:
            take_weights(model, self.recipe)
        compile_network(model, self.recipe, self.steps, self.loss(), self.metric())
        return model

    def go(self, run: Run, model: keras.Model, log: list[Epoch], monitor: Monitor) -> Run:
        """Trains the epochs that the log lacks, then finishes the run."""
        self.finish(run, self.learn(run, model, log, monitor), log)
        return run

    def learn(
        self, run: Run, model: keras.Model, log: list[Epoch], monitor: Monitor
    ) -> keras.Model:
        """Trains the epochs that the log lacks."""
        feeder = Feeder(self.recipe, self.rows, self.hands and self.hands[0])
        with feeder, Interrupt() as interrupt:
            for epoch in range(len(log) + 1, self.recipe.epochs + 1):
                rows = self.mixed(feeder.rows(epoch), epoch)
                log.append(self.fit_epoch(model, epoch, rows, monitor, interrupt))
                run.write_log(log)
                with writing(run.checkpoint) as aside:
                    model.save(aside)
                monitor.epoch(log[-1])
        return backend.alone(model)

    def finish(self, run: Run, model: keras.Model, log: list[Epoch]) -> None:
        """Exports and scores the network, and closes the run folder."""
        model = in_float32(model)
        info = self.bundle_info(model)
        finish(run, model, self.dataset, info, log, self.scores, self.gains)

    def bundle_info(self, model: keras.Model) -> BundleInfo:
        """What the bundle of a trained network says of itself."""
        info = BundleInfo(
            recipe=self.recipe.name,
            classes=self.classes,
            image_shape=self.image_shape,
            pixel_max=self.dataset.info.pixel_max,
            loss=self.recipe.loss,
            data=self.dataset.info.name,
            data_sha256=self.dataset.sha256,
            seed=self.recipe.seed,
            parameters=model.count_params(),
            scrawl=versions()["scrawl"],
            task=self.task,
            letters=len(self.dataset.info.classes),
            sources=self._sources(),
        )
        return self.calibrated(model, info)

    def _sources(self) -> tuple[str, ...]:
        """What the network is trained on, a line each, with makers and licence."""
        infos = [self.dataset.info, *(data.get(name).info for name in self.recipe.hands)]
        lines = [f"{info.name}: {info.source}; {info.licence}" for info in infos]
        return (*lines, *(["pictures of the user's own"] if self.recipe.pictures else []))

    def predict(self, model: keras.Model, rows: Rows) -> Float32:
        """The network's outputs for rows, uncalibrated."""
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
            rest = backend.batches(PREDICT, *self.arrays(model, self.held_out))
            held_out = model.evaluate(**rest, verbose=0, return_dict=True)
        return Epoch(
            epoch=epoch,
            loss=fitted["loss"][0],
            accuracy=fitted["accuracy"][0],
            val_loss=held_out.get("loss"),
            val_accuracy=held_out.get("accuracy"),
            seconds=round(time.perf_counter() - start, 3),
        )
