"""Scores of a bundle on labelled images: what ships is what is scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl import metrics
from scrawl.errors import InputError
from scrawl.recogniser import Recogniser


@dataclass(frozen=True, eq=False)
class Report:
    """The scores of a model on ``n`` labelled images.

    Attributes:
        title: Which model on which data.
        classes: The name of each class.
        labels: int64, shape ``(n,)``: the truth.
        probabilities: float32, shape ``(n, classes)``: the model's answers.
        loss_name: The loss the model was trained with; see ``scrawl.metrics.LOSSES``.
    """

    title: str
    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    loss_name: str

    @property
    def n(self) -> int:
        """How many images were scored."""
        return len(self.labels)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each image, shape ``(n,)``."""
        return self.probabilities.argmax(axis=1)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each answer is the label, shape ``(n,)``."""
        return self.predicted == self.labels

    @property
    def confidence(self) -> NDArray[np.float32]:
        """The probability of each answer, shape ``(n,)``."""
        return self.probabilities.max(axis=1)

    @property
    def accuracy(self) -> float:
        """The share of right answers, in [0, 1]."""
        return float(self.right.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the accuracy (Wilson)."""
        return metrics.wilson_interval(int(self.right.sum()), self.n)

    @property
    def loss(self) -> float:
        """The mean loss, by the function the model was trained with."""
        return metrics.LOSSES[self.loss_name](self.probabilities, self.labels)

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Counts: row = the label, column = the answer."""
        return metrics.confusion_matrix(self.predicted, self.labels, len(self.classes))

    def per_class(self) -> list[dict[str, Any]]:
        """Name, count, recall and precision (None if never said) of each class that occurs."""
        confusion = self.confusion
        rows = []
        for index in np.flatnonzero(confusion.sum(axis=1)):
            right, said = int(confusion[index, index]), int(confusion[:, index].sum())
            n = int(confusion[index].sum())
            rows.append(
                {
                    "class": self.classes[index],
                    "n": n,
                    "recall": right / n,
                    "precision": right / said if said else None,
                }
            )
        return rows

    def worst(self, k: int = 40) -> NDArray[np.int64]:
        """Row numbers of the mistakes, the least probable truth first, ``k`` at most."""
        wrong = np.flatnonzero(~self.right)
        truth = self.probabilities[wrong, self.labels[wrong]]
        return wrong[np.argsort(truth, kind="stable")][:k]

    def to_json(self) -> dict[str, Any]:
        """All scores as plain values, for ``--json`` and ``metrics.json``."""
        low, high = self.interval
        return {
            "title": self.title,
            "n": self.n,
            "accuracy": self.accuracy,
            "interval": [low, high],
            "loss": self.loss,
            "loss_name": self.loss_name,
            "nll": metrics.nll(self.probabilities, self.labels),
            "ece": metrics.ece(self.confidence, self.right),
            "per_class": self.per_class(),
            "classes": list(self.classes),
            "confusion": self.confusion.tolist(),
        }


def evaluate(
    recogniser: Recogniser, images: NDArray[np.uint8], labels: NDArray[np.int64], title: str
) -> Report:
    """Scores a model on images of the form it takes.

    Args:
        recogniser: The model.
        images: uint8, shape ``(n, H, W)`` as ``recogniser.info.image_shape`` says.
        labels: int64, shape ``(n,)``, in ``0 … classes - 1``.
        title: Which model on which data.

    Raises:
        InputError: There are no images, or they are of another shape.
    """
    if not len(images):
        raise InputError(f"{title}: expected at least one labelled image, received none")
    probabilities = recogniser.probabilities(images)
    info = recogniser.info
    return Report(title, info.classes, np.asarray(labels), probabilities, info.loss)
