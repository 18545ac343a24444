"""Finding digits and marks on strips of pages, and telling which they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl import preprocess
from scrawl.arrays import Float32, Int64, UInt8
from scrawl.bundle import DETECT, BundleInfo
from scrawl.data import Dataset
from scrawl.evaluate import Report
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector, decode
from scrawl.pages.suppression import iou, non_maximum_suppression
from scrawl.training.backend import keras
from scrawl.training.beforehand import refuse_boxless
from scrawl.training.calibrate import fit_odds, fit_precision, fit_temperature
from scrawl.training.feeder import epoch_rows
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Rows
from scrawl.training.synthesis.hands import SplitHands
from scrawl.training.synthesis.targets import ignored, wanted
from scrawl.training.synthesis.writing import HEIGHT, WIDTH
from scrawl.training.tasks.base import Training
from scrawl.training.tasks.detector_loss import DetectionLoss, accuracy

RIGHT = 0.99
"""Of the digits said on held-out strips, the share that is right above the default threshold."""

_SAME = 0.4  # intersection over union from which on a detection is of what was written
_TEST, _TRAIN = 1, 2  # parts of the seeds of strips that no epoch has
_MOST = 10_000  # digits of a split that the scored strips are written with


class DetectorTraining(Training):
    """The rows are strips of pages, and the labels what each of their cells is to say."""

    task = DETECT

    def __init__(self, recipe: Recipe, dataset: Dataset, hands: SplitHands | None = None) -> None:
        super().__init__(recipe, dataset, hands)
        if recipe.pictures:
            refuse_boxless(recipe)
        self.image_shape = (HEIGHT, WIDTH)
        if len(self.held_out[0]):
            self.held_out = epoch_rows(recipe, self.held_out, 0)

    def arrays(self, model: keras.Model, rows: Rows) -> tuple[Float32, NDArray[Any]]:
        """Strips scaled, targets as they are: the loss takes them apart."""
        strips, targets = rows
        return preprocess.to_tensor(strips), targets

    def loss(self) -> Any:
        """That of heat, classes and boxes."""
        return DetectionLoss()

    def metric(self) -> keras.metrics.Metric:
        """The share of middles whose class is right."""
        return keras.metrics.MeanMetricWrapper(accuracy, name="accuracy")

    def calibrated(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with odds, temperature and threshold, from strips that were not trained on.

        The odds are those that there is a middle, the temperature is that of which digit it is; of
        the digits said above the threshold, the share ``RIGHT`` is right.
        """
        if not len(self.held_out[0]):
            return info
        outputs, targets = self.predict(model, self.held_out), self.held_out[1]
        found, labels = _matched(outputs, targets, info)
        if not (labels >= 0).any():  # a network that has not learnt anything yet
            return info
        there = found.probabilities.sum(1)
        odds = fit_odds(np.log(there / (1 - there + 1e-7)), labels >= 0)
        shares = (found.probabilities / there[:, None])[labels >= 0]
        info = replace(info, odds=odds, temperature=fit_temperature(shares, labels[labels >= 0]))
        found, labels = _matched(outputs, targets, info)
        said = found.probabilities.argmax(1)
        letter = said < len(info.alphabet)
        right, confidence = (said == labels)[letter], found.confidence[letter]
        return replace(info, threshold=fit_precision(confidence, right, RIGHT))

    def scores(self, bundle: Path) -> tuple[Report, Report]:
        """The reports on strips written with the digits of the test and the training split."""
        detector = Detector(bundle)
        reports = []
        for split, number in (("test", _TEST), ("train", _TRAIN)):
            images, labels = self.dataset.split(split)
            rng = np.random.default_rng([self.recipe.seed, number, 2**20])
            strips, targets = self.augmenter.epoch(images[:_MOST], labels[:_MOST], rng)
            title = f"{self.recipe.name} on strips of {self.dataset.info.name} {split}"
            reports.append(report(detector, strips, targets, title))
        return reports[0], reports[1]


@dataclass(frozen=True, eq=False)
class _Match:
    """Detections of a strip, beside what was written there.

    Attributes:
        found: The detections, without those where any answer would do.
        labels: What was written where each is; -1 for nothing.
        missed: What was written where nothing was found.
    """

    found: Detections
    labels: Int64
    missed: list[int]


def _match(found: Detections, targets: NDArray[np.integer]) -> _Match:
    found = non_maximum_suppression(found)
    labels, boxes = wanted(targets)
    free = np.ones(len(labels), bool)
    answers = np.full(len(found.boxes), -1)
    for row, box in enumerate(found.boxes):
        same = iou(box, boxes) * free
        if same.max(initial=0) > _SAME:
            free[same.argmax()] = False
            answers[row] = labels[same.argmax()]
    counts = (answers >= 0) | ~ignored(targets, found.boxes)
    return _Match(found.only(counts), answers[counts], labels[free].tolist())


def _matched(
    outputs: Float32, targets: NDArray[np.integer], info: BundleInfo
) -> tuple[Detections, Int64]:
    """The detections of all strips, and what was written where each is."""
    matches = [_match(decode(o, info), t) for o, t in zip(outputs, targets, strict=True)]
    labels = [match.labels for match in matches]
    return Detections.joined([match.found for match in matches]), np.concatenate(labels)


def report(detector: Detector, strips: UInt8, targets: NDArray[np.integer], title: str) -> Report:
    """Scores a detector on strips: each written digit is a row, a missed one without an answer.

    Args:
        detector: The bundle.
        strips: uint8, shape ``(n, HEIGHT, WIDTH)``.
        targets: uint8, shape ``(n, ROWS, COLUMNS, TARGETS)``.
        title: Which model on which data.
    """
    alphabet = detector.info.alphabet
    letters = len(alphabet)
    rows: list[Float32] = []
    labels: list[int] = []
    for strip, target in zip(strips, targets, strict=True):
        match = _match(detector.find(strip), target)
        for row, label in zip(match.found.probabilities, match.labels.tolist(), strict=True):
            if 0 <= label < letters:
                rows.append(row[:letters])
                labels.append(label)
        missed = [label for label in match.missed if label < letters]
        rows += [np.zeros(letters, np.float32)] * len(missed)
        labels += missed
    return Report(
        title=title,
        classes=alphabet,
        images=np.zeros((len(labels), 1, 1), np.uint8),
        labels=np.array(labels, np.int64),
        probabilities=np.array(rows, np.float32).reshape(-1, letters),
        loss_name="categorical_crossentropy",
        threshold=detector.info.threshold,
    )
