"""What may happen to the training rows before an epoch. Adding one is a line in ``AUGMENTERS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import UInt8
from scrawl.bundle import NOT_A_DIGIT
from scrawl.pages.grid import MARKS
from scrawl.training import synthesis
from scrawl.training.synthesis import targets
from scrawl.training.synthesis.distort import distorted, renormalised

Rows = tuple[UInt8, NDArray[np.integer]]


@dataclass(frozen=True)
class Augmenter:
    """Makes one epoch's rows.

    Attributes:
        epoch: Given images uint8 ``(n, H, W)``, labels ``(n,)`` and a generator, and for
            ``reader`` perhaps other people's hands, returns images and labels.
        size: Given ``n``, how many rows ``epoch`` returns.
        extra_classes: The names of classes that it adds behind those of the data set.
    """

    epoch: Callable[..., Rows]
    size: Callable[[int], int]
    extra_classes: tuple[str, ...] = ()


def _as_they_are(images: UInt8, labels: NDArray[np.integer], rng: np.random.Generator) -> Rows:
    order = rng.permutation(len(images))
    return images[order], labels[order]


AUGMENTERS: dict[str, Augmenter] = {
    "": Augmenter(_as_they_are, size=lambda n: n),
    "distorted": Augmenter(distorted, size=lambda n: n),
    "renormalised": Augmenter(renormalised, size=lambda n: n),
    "reader": Augmenter(synthesis.reader_epoch, synthesis.epoch_size, (NOT_A_DIGIT,)),
    "pages": Augmenter(targets.detector_epoch, targets.epoch_strips, tuple(MARKS)),
}
"""The empty name stands for the rows as they are, in a new order each epoch."""
