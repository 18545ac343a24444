"""Which digit a detection shows, by the detector and by the reader of single digits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Bool, Float32
from scrawl.digit_reader import DigitReader
from scrawl.pages.crop import crop
from scrawl.pages.detections import Detections
from scrawl.pages.levels import Level
from scrawl.preprocess import normalise

SECOND = 0.25
"""The weight of the reader of single digits beside the detector's 1; docs/log.md has others."""

_NEVER = 1e-6, 1e-3  # added to what either network says, so that neither rules a digit out


def by_both(found: Detections, reader: DigitReader, levels: Sequence[Level]) -> Float32:
    """The probability of each digit by both networks.

    Which digit it is: a product of experts (G. Hinton, 2002), the second of weight ``SECOND``.
    Whether it is one at all, the detector says. The reader has a say in that only where the digit
    stands alone: beside others it takes texture and pieces of neighbours for "not a digit".

    Args:
        found: What the detector found, in pixels of the picture.
        reader: Reads what is in each box, of the same alphabet.
        levels: The picture at its scales.

    Returns:
        float32, shape ``(n, alphabet)``; the sum of a row falls short of 1 by the probability that
        it is no digit.
    """
    crops = [crop(box, levels) for box in found.boxes]
    batch = np.array([normalise(ink) for ink, _ in crops], np.uint8).reshape(-1, 28, 28)
    alone = np.array([alone for _, alone in crops], bool)
    return _product(
        found.probabilities[:, : found.letters], reader.letter_probabilities(batch), alone
    )


def _product(detected: Float32, read: Float32, alone: Bool) -> Float32:
    there = detected.sum(1, keepdims=True)
    there = np.where(alone[:, None], there * read.sum(1, keepdims=True), there)
    both = np.exp(np.log(detected + _NEVER[0]) + SECOND * np.log(read + _NEVER[1]))
    return np.asarray(both / both.sum(1, keepdims=True) * there, np.float32)
