"""Reading lines: what stands in a strip, from left to right, and no word of where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from scrawl import preprocess
from scrawl.arrays import Float32, Int64, UInt8
from scrawl.bundle import DIGITS, TRANSCRIBE, BundleInfo
from scrawl.data import Dataset
from scrawl.evaluate import Report
from scrawl.metrics import alignment
from scrawl.pages.ctc import best_path, scores
from scrawl.pages.line_reader import LineReader, log_probabilities
from scrawl.pages.strip import HEIGHT
from scrawl.training.backend import ctc_loss, keras
from scrawl.training.feeder import epoch_rows
from scrawl.training.gains import gains_of_lines
from scrawl.training.own_numbers import OwnNumbers, own_numbers
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Rows
from scrawl.training.synthesis.hands import SplitHands
from scrawl.training.synthesis.lines import UNTOLD, WIDTH, digits_for
from scrawl.training.tasks.base import Training

ops = keras.ops

_TEST, _TRAIN, _OWN = 1, 2, 3  # parts of the seeds of rows that no epoch has
_MOST = 5_000  # digits of a split that the scored rows are written with
_GAP = 0.6  # what a character that is missing or too many costs, beside 1 for another one
_WEIGHED = 300  # held-out rows that fix the temperature
_NEVER = -1e9  # the logit of what cannot be
_HOT, _COLD = 4.0, 0.5  # temperatures between which the best is sought


class TranscriberTraining(Training):
    """The rows are lines side by side, and the labels what stands in them."""

    task = TRANSCRIBE

    def __init__(self, recipe: Recipe, dataset: Dataset, hands: SplitHands | None = None) -> None:
        super().__init__(recipe, dataset, hands)
        self.image_shape = (HEIGHT, WIDTH)
        self.own: OwnNumbers | None = None
        if recipe.pictures:
            self.own = own_numbers(Path(recipe.pictures), dataset.info.classes)
            # Beside each row of them one that is synthesised, so that nothing is forgotten.
            order = np.random.default_rng(recipe.seed).permutation(len(self.rows[0]))
            some = order[: digits_for(self.own.rows)]
            self.rows = self.rows[0][some], self.rows[1][some]
        if len(self.held_out[0]):
            self.held_out = epoch_rows(recipe, self.held_out, 0, hands and hands[1])

    @property
    def steps(self) -> int:
        """Batches an epoch."""
        rows = self.augmenter.size(len(self.rows[0])) + (self.own.rows if self.own else 0)
        return -(-rows // self.recipe.batch_size)

    def mixed(self, rows: Rows, epoch: int) -> Rows:
        """The rows of an epoch, those of a person's own numbers among them."""
        if self.own is None:
            return rows
        rng = np.random.default_rng([self.recipe.seed, _OWN, epoch])
        more = self.own.epoch(rng)
        order = rng.permutation(len(rows[0]) + len(more[0]))
        strips, labels = (np.concatenate(pair)[order] for pair in zip(rows, more, strict=True))
        return strips, labels

    def arrays(self, model: keras.Model, rows: Rows) -> tuple[Float32, NDArray[Any]]:
        """Rows scaled, labels as they are: Keras' loss takes 0 for the end."""
        strips, labels = rows
        return preprocess.to_tensor(strips), labels.astype(np.int32)

    def loss(self) -> Any:
        """Connectionist temporal classification: any way to the text will do."""
        return TextLoss()

    def metric(self) -> keras.metrics.Metric:
        """The share of rows whose most probable path is right from the first to the last."""
        return keras.metrics.MeanMetricWrapper(accuracy, name="accuracy")

    def calibrated(self, model: keras.Model, info: BundleInfo) -> BundleInfo:
        """The facts with the temperature of least loss on rows that were not trained on."""
        if not len(self.held_out[0]):
            return info
        rows = self.held_out[0][:_WEIGHED], self.held_out[1][:_WEIGHED]
        logits = self.predict(model, rows)
        texts = [tuple(row[row > 0].tolist()) for row in rows[1]]

        def loss(log_temperature: float) -> float:
            steps = log_probabilities(logits, float(np.exp(log_temperature)))
            pairs = zip(steps, texts, strict=True)
            return -float(np.mean([scores(one, [text])[0] for one, text in pairs]))

        bounds = float(np.log(_COLD)), float(np.log(_HOT))
        best = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 0.01})
        return replace(info, temperature=float(np.exp(best.x)))

    def scores(self, bundle: Path) -> tuple[Report, Report]:
        """The reports on rows written with the digits of the test and of the training split."""
        reader = LineReader(bundle)
        return self._report(reader, "test", _TEST), self._report(reader, "train", _TRAIN)

    def gains(self, bundle: Path) -> dict[str, Any]:
        """What a person's own numbers gave and took, where there are such."""
        if self.own is None:
            return {}

        def lines(model: Path) -> Report:
            return self._report(LineReader(model), "test", _TEST)

        return gains_of_lines(self.recipe.start, bundle, self.own, lines)

    def _report(self, reader: LineReader, split: str, number: int) -> Report:
        images, labels = self.dataset.split(split)
        rng = np.random.default_rng([self.recipe.seed, number, 2**20])
        rows = self.augmenter.epoch(images[:_MOST], labels[:_MOST], rng)
        title = f"{self.recipe.name} on lines of {self.dataset.info.name} {split}"
        return report(reader, *rows, title)


def report(reader: LineReader, strips: UInt8, labels: NDArray[np.integer], title: str) -> Report:
    """Scores a reader of lines: each written digit is a row, a missed one without an answer.

    Args:
        reader: The bundle.
        strips: uint8, shape ``(n, HEIGHT, W)``.
        labels: What stands in each, shape ``(n, …)``: classes from 1 on, then 0.
        title: Which model on which data.
    """
    letters = len(reader.info.alphabet)
    answers, digits = [], []
    for strip, row in zip(strips, labels, strict=True):
        steps = reader.steps(strip)
        truth = row[row > 0].astype(np.int64)
        said = _answers(steps, truth)
        answers.append(said[truth <= letters, :letters])
        digits.append(truth[truth <= letters] - 1)
    every = np.concatenate(digits)
    return Report(
        title=title,
        classes=reader.info.alphabet,
        images=np.zeros((len(every), 1, 1), np.uint8),
        labels=every,
        probabilities=np.concatenate(answers).astype(np.float32),
        loss_name="categorical_crossentropy",
        threshold=reader.info.threshold,
    )


def _answers(steps: Float32, truth: Int64) -> Float32:
    """The probabilities at what was said for each character that is written, ``(n, classes)``."""
    path = best_path(steps)
    said = np.array([one for one, _, _ in path], np.int64)
    answers = np.zeros((len(truth), steps.shape[1] - 1), np.float32)
    other = (truth[:, None] != said).astype(float)
    gaps = np.full(len(truth), _GAP), np.full(len(said), _GAP)
    for row, column in alignment(other, *gaps)[1]:
        one, start, stop = path[column]
        peak = start + int(steps[start:stop, one].argmax())
        answers[row] = np.exp(steps[peak, 1:])
    return answers


@keras.saving.register_keras_serializable("scrawl")
class TextLoss(keras.losses.Loss):  # type: ignore[misc]
    """Minus the logarithm of the probability of the text; see ``backend.ctc_loss``."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each row, shape ``(n,)``."""
        return ctc_loss(*told(y_true, y_pred))


def told(labels: Any, logits: Any) -> tuple[Any, Any]:
    """Labels without `UNTOLD`, and what is to be compared with them.

    Where a text is that of the digits alone, a mark or a letter counts as a step that says nothing
    new, as in ``LineReader.digit_steps``.

    Args:
        labels: Whole numbers, shape ``(n, LONGEST)``.
        logits: float32, shape ``(n, steps, 1 + classes)``.
    """
    untold = labels[:, -1:] == UNTOLD
    letters = len(DIGITS)
    others = ops.concatenate([logits[..., :1], logits[..., 1 + letters :]], -1)
    blank = ops.logsumexp(others, -1, keepdims=True)
    never = ops.full_like(logits[..., 1 + letters :], _NEVER)
    alone = ops.concatenate([blank, logits[..., 1 : 1 + letters], never], -1)
    return (
        ops.where(labels == UNTOLD, ops.zeros_like(labels), labels),
        ops.where(untold[..., None], alone, logits),
    )


@keras.saving.register_keras_serializable("scrawl", "lines_right")  # type: ignore[untyped-decorator]
def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether the most probable path says what is written, shape ``(n,)``."""
    wanted, logits = told(ops.cast(y_true, "int32"), y_pred)
    best = ops.argmax(logits, -1)
    before = ops.pad(best[:, :-1], ((0, 0), (1, 0)))
    new = ops.logical_and(best != before, best > 0)
    count = ops.cumsum(ops.cast(new, "int32"), 1)
    length = ops.sum(ops.cast(wanted > 0, "int32"), 1)
    # What is written at the place of each new character; behind the end of the text, nothing.
    place = ops.minimum(ops.maximum(count - 1, 0), wanted.shape[1] - 1)
    there = ops.take_along_axis(wanted, place, 1)
    alike = ops.logical_or(there == ops.cast(best, "int32"), ops.logical_not(new))
    right = ops.logical_and(ops.all(alike, 1), count[:, -1] == length)
    return ops.cast(right, "float32")
