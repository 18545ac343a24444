"""What may happen to the training rows before an epoch. Adding one is a line in ``AUGMENTERS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import UInt8
from scrawl.bundle import DIGITS, NOT_A_DIGIT
from scrawl.data import DatasetInfo
from scrawl.errors import InputError
from scrawl.pages.grid import MARKS
from scrawl.preprocess.normalise import SIZE
from scrawl.training import synthesis
from scrawl.training.rows import Rows
from scrawl.training.synthesis import lines, targets
from scrawl.training.synthesis.distort import distorted, renormalised

FULL_INK = 255
"""The value of full ink in pictures that can be augmented."""


@dataclass(frozen=True)
class Augmenter:
    """Makes one epoch's rows.

    Attributes:
        epoch: Given images uint8 ``(n, H, W)``, labels ``(n,)`` and a generator, returns images
            and labels.
        size: Given ``n``, how many rows ``epoch`` returns.
        extra_classes: The names of classes that it adds behind those of the data set.
        alphabet: The classes that a data set must have, where it writes some of its own; empty
            where any will do.
        hands: Whether ``epoch`` takes other people's hands as well.
        any_form: Whether images may have any size and depth. Otherwise they must be digits
            normalised as MNIST's are.
    """

    epoch: Callable[..., Rows]
    size: Callable[[int], int]
    extra_classes: tuple[str, ...] = ()
    alphabet: tuple[str, ...] = ()
    hands: bool = False
    any_form: bool = False

    def check(self, info: DatasetInfo) -> None:
        """Whether it can augment the rows of a data set.

        Raises:
            InputError: It cannot.
        """
        form = (*info.image_shape, info.pixel_max)
        if not self.any_form and form != (SIZE, SIZE, FULL_INK):
            raise InputError(
                f"data: expected images of {SIZE}×{SIZE} pixels, 0 to {FULL_INK}, for this "
                f"recipe's augmentation, received {info.name} with "
                f"{form[0]}×{form[1]} pixels, 0 to {form[2]}"
            )
        if self.alphabet and info.classes != self.alphabet:
            raise InputError(
                f"data: expected the classes {' '.join(self.alphabet)}, for this recipe's "
                f"augmentation writes such, received {info.name} with {' '.join(info.classes)}"
            )


def _as_they_are(images: UInt8, labels: NDArray[np.integer], rng: np.random.Generator) -> Rows:
    order = rng.permutation(len(images))
    return images[order], labels[order]


def _as_many(count: int) -> int:
    return count


AUGMENTERS: dict[str, Augmenter] = {
    "": Augmenter(_as_they_are, _as_many, any_form=True),
    "distorted": Augmenter(distorted, _as_many),
    "renormalised": Augmenter(renormalised, _as_many),
    "reader": Augmenter(synthesis.reader_epoch, synthesis.epoch_size, (NOT_A_DIGIT,), DIGITS, True),
    "lines": Augmenter(
        lines.line_epoch, lines.epoch_lines, (*MARKS, NOT_A_DIGIT), DIGITS, hands=True
    ),
    "pages": Augmenter(targets.detector_epoch, targets.epoch_strips, tuple(MARKS), DIGITS),
}
"""The empty name stands for the rows as they are, in a new order each epoch."""
