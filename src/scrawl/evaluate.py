"""Scores of a bundle on labelled images: what ships is what is scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scrawl import metrics
from scrawl.arrays import Bool, Float32, Int64, UInt8
from scrawl.data.pictures import LabelledPicture
from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError, PictureError
from scrawl.one_digit import OneDigitReader


@dataclass(frozen=True, eq=False)
class Report:
    """The scores of a model on ``n`` labelled images.

    Attributes:
        title: Which model on which data.
        classes: The name of each class.
        images: uint8, shape ``(n, H, W)``: what the network saw.
        labels: int64, shape ``(n,)``: the truth.
        probabilities: float32, shape ``(n, classes)``: the model's answers. Where the model knows
            images that show none of the classes, a row's sum falls short of 1.
        loss_name: The loss that the model was trained with; see ``scrawl.metrics.LOSSES``.
        threshold: Answers below this confidence are uncertain when pictures are read.
        names: What each image is called.
        sources: Where each image comes from; what is reported apart. Empty where there is one.
        errors: A line for each picture that could not be opened; it counts in no score.
        disputed: Rows whose label most people do not share.
    """

    title: str
    classes: tuple[str, ...]
    images: UInt8 = field(repr=False)
    labels: Int64 = field(repr=False)
    probabilities: Float32 = field(repr=False)
    loss_name: str
    threshold: float = 0.0
    names: Sequence[str] = field(default=(), repr=False)
    sources: Sequence[str] = field(default=(), repr=False)
    errors: Sequence[str] = ()
    disputed: Sequence[int] = field(default=(), repr=False)

    @property
    def n(self) -> int:
        """How many images were scored."""
        return len(self.labels)

    @property
    def predicted(self) -> Int64:
        """The most probable class of each image, shape ``(n,)``."""
        return self.probabilities.argmax(axis=1)

    @property
    def right(self) -> Bool:
        """Whether each answer is the label, shape ``(n,)``; a blank picture has no answer."""
        return (self.predicted == self.labels) & (self.confidence > 0)

    @property
    def confidence(self) -> Float32:
        """The probability of each answer, shape ``(n,)``."""
        return self.probabilities.max(axis=1)

    @property
    def kept(self) -> Bool:
        """Whether each answer is sure enough to be given, shape ``(n,)``."""
        return self.confidence >= self.threshold

    @property
    def accuracy(self) -> float:
        """The share of right answers, uncertain or not, in [0, 1]."""
        return float(self.right.mean())

    @property
    def undisputed(self) -> float:
        """The accuracy without the disputed rows."""
        return float(self.right[np.isin(np.arange(self.n), self.disputed, invert=True)].mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the accuracy (Wilson)."""
        return metrics.wilson_interval(int(self.right.sum()), self.n)

    @property
    def loss(self) -> float:
        """The mean loss, by the function the model was trained with."""
        return metrics.LOSSES[self.loss_name](self.probabilities, self.labels)

    @property
    def confusion(self) -> Int64:
        """Counts: row = the label, column = the answer; without blank pictures."""
        read = self.confidence > 0
        return metrics.confusion_matrix(self.predicted[read], self.labels[read], len(self.classes))

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

    def per_source(self) -> list[dict[str, Any]]:
        """Name, count, accuracy and share kept of each source, in alphabetical order."""
        sources = np.array(self.sources)
        rows = []
        for source in sorted(set(self.sources)):
            here = sources == source
            rows.append(
                {
                    "source": source,
                    "n": int(here.sum()),
                    "accuracy": float(self.right[here].mean()),
                    "kept": float(self.kept[here].mean()),
                }
            )
        return rows

    def worst(self, k: int | None = 40) -> Int64:
        """Row numbers of the mistakes, the least probable truth first, ``k`` at most."""
        wrong = np.flatnonzero(~self.right)
        truth = self.probabilities[wrong, self.labels[wrong]]
        return wrong[np.argsort(truth, kind="stable")][:k]

    def name(self, row: int) -> str:
        """What the image of a row is called."""
        return self.names[row] if self.names else f"row {row}"

    def to_dict(self) -> dict[str, Any]:
        """All scores as plain values, for ``--json`` and ``metrics.json``."""
        low, high = self.interval
        table = {
            "title": self.title,
            "n": self.n,
            "accuracy": self.accuracy,
            "interval": [low, high],
            "loss": self.loss,
            "loss_name": self.loss_name,
            "nll": metrics.nll(self.probabilities, self.labels),
            "ece": metrics.ece(self.confidence, self.right),
            "threshold": self.threshold,
            "kept": float(self.kept.mean()),
            "per_class": self.per_class(),
            "classes": list(self.classes),
            "confusion": self.confusion.tolist(),
        }
        if self.disputed:
            table["undisputed"] = self.undisputed
        if self.sources:
            table["per_source"] = self.per_source()
        if self.names:
            table["misread"] = [
                {
                    "name": self.names[row],
                    "label": int(self.labels[row]),
                    "answer": int(self.predicted[row]),
                    "confidence": float(self.confidence[row]),
                }
                for row in self.worst(None)
            ]
            table["errors"] = list(self.errors)
        return table


def evaluate(
    reader: DigitReader,
    images: UInt8,
    labels: Int64,
    title: str,
    disputed: Sequence[int] = (),
) -> Report:
    """Scores a model on images of the form it takes.

    Args:
        reader: The model.
        images: uint8, shape ``(n, H, W)`` as ``reader.info.image_shape`` says.
        labels: int64, shape ``(n,)``, the number of a digit.
        title: Which model on which data.
        disputed: Rows whose label most people do not share.

    Raises:
        InputError: There are no images, or they are of another shape.
    """
    if not len(images):
        raise InputError(f"{title}: expected at least one labelled image, received none")
    info = reader.info
    return Report(
        title=title,
        classes=info.alphabet,
        images=images,
        labels=np.asarray(labels),
        probabilities=reader.letter_probabilities(images),
        loss_name=info.loss,
        threshold=reader.threshold,
        disputed=disputed,
    )


def evaluate_pictures(
    reader: OneDigitReader, items: Iterable[LabelledPicture], title: str
) -> Report:
    """Scores a model on pictures, as ``scrawl read --one`` reads them.

    A picture on which no ink is found counts as misread; one that cannot be opened is named in the
    report's ``errors``.

    Args:
        reader: The model.
        items: Pictures with their labels and sources.
        title: Which model on which data.

    Raises:
        InputError: Not one could be opened, or the model does not read pictures.
    """
    read, predictions, errors = [], [], []
    for item in items:
        try:
            predictions.append(reader.read(item.picture))
            read.append(item)
        except PictureError as error:
            errors.append(str(error))
    if not read:
        raise InputError(f"{title}: not one picture could be opened ({'; '.join(errors[:1])})")
    return Report(
        title=title,
        classes=reader.digits.info.alphabet,
        images=np.array([prediction.image for prediction in predictions]),
        labels=np.array([item.label for item in read]),
        probabilities=np.array([prediction.probabilities for prediction in predictions]),
        loss_name=reader.digits.info.loss,
        threshold=reader.digits.threshold,
        names=[item.name for item in read],
        sources=[item.source for item in read],
        errors=errors,
    )
