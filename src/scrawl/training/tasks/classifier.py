"""Telling the classes of a data set apart."""

from __future__ import annotations

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
from scrawl.training.backend import keras
from scrawl.training.calibrate import fit_temperature, fit_threshold
from scrawl.training.feeder import epoch_rows
from scrawl.training.gains import gains
from scrawl.training.own import OwnPictures, own_pictures
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Rows
from scrawl.training.synthesis.hands import SplitHands
from scrawl.training.tasks.base import Training

KEEP = 0.92
"""The share of worn held-out digits that the default threshold keeps. It was chosen by what is kept
of real pictures and refused of letters and Kuzushiji; docs/log.md has another share."""

SHARPEN = 10_000
"""How many rows fix the temperature after smoothed labels."""

ODDS = 0.5
"""The odds of the extra classes are multiplied by it. Of the training pictures 22% show no digit;
half the odds stand for 13%, about what people bring."""


class ClassifierTraining(Training):
    """The rows are pictures, the labels the number of a class each."""

    task = CLASSIFY

    def __init__(self, recipe: Recipe, dataset: Dataset, hands: SplitHands | None = None) -> None:
        super().__init__(recipe, dataset, hands)
        self.own: OwnPictures | None = None
        if recipe.pictures:
            folder, (x, y) = Path(recipe.pictures), self.rows
            self.own = own_pictures(folder, dataset.info.classes, self.classes, self.image_shape)
            more = self.own.repeated(len(x))
            self.rows = np.concatenate([more[0], x]), np.concatenate([more[1], y])

    def arrays(self, model: keras.Model, rows: Rows) -> tuple[Float32, NDArray[Any]]:
        """Pictures scaled and in the shape of the network's input; labels one-hot."""
        images, labels = rows
        x = preprocess.to_tensor(images, self.dataset.info.pixel_max)
        y = np.eye(len(self.classes), dtype=np.float32)[labels]
        return x.reshape(-1, *model.input_shape[1:]), y

    def loss(self) -> Any:
        """The recipe's, its labels smoothed where the recipe says so."""
        smoothing = self.recipe.label_smoothing
        if smoothing:
            return keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
        return self.recipe.loss

    def metric(self) -> keras.metrics.Metric:
        """The share of pictures whose most probable class is right."""
        return keras.metrics.CategoricalAccuracy(name="accuracy")

    def scores(self, bundle: Path) -> tuple[Report, Report]:
        """The reports of a bundle on the test split and on the training split."""
        reader, data = DigitReader.load(bundle), self.dataset
        name = f"{self.recipe.name} on {data.info.name}"
        test = evaluate(reader, *data.split("test"), f"{name} test", data.info.disputed)
        return test, evaluate(reader, *data.split("train"), f"{name} train")

    def gains(self, bundle: Path) -> dict[str, Any]:
        """What a person's own pictures gave and took, where there are such."""
        if self.own is None:
            return {}
        return gains(self.recipe.start, bundle, self.own, self.dataset)

    def calibrated(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with odds, temperature and threshold, from rows that were not trained on.

        The temperature is that of the held-out rows as they are; the threshold keeps ``KEEP`` of
        the digits among the same rows augmented, held-out hands among them. A network without a
        class for what is no digit gets no odds and no threshold; only where labels were smoothed, a
        temperature takes back the doubt that this taught it.
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

        They are held-out rows or, where none were held out, rows that were trained on, of which
        the network is a little too sure.
        """
        rows = self.held_out if len(self.held_out[0]) else self.rows
        some = rows[0][:SHARPEN], rows[1][:SHARPEN]
        drawn = epoch_rows(self.recipe, some, 0)
        return replace(info, temperature=fit_temperature(self.predict(model, drawn), drawn[1]))
