"""What the detector found on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scrawl.arrays import Bool, Float32


@dataclass(frozen=True)
class Detections:
    """Digits and marks that were found, ``n`` of them.

    Attributes:
        boxes: float32, shape ``(n, 4)``: left, top, right, bottom in pixels.
        probabilities: float32, shape ``(n, classes)``: of each class; what the sum lacks to 1 is
            the probability that nothing is there.
        letters: How many classes, from the first, are digits; the others are marks.
    """

    boxes: Float32
    probabilities: Float32
    letters: int

    @classmethod
    def none(cls, classes: int, letters: int) -> Detections:
        """Nothing found."""
        return cls(np.zeros((0, 4), np.float32), np.zeros((0, classes), np.float32), letters)

    @property
    def confidence(self) -> Float32:
        """float32, shape ``(n,)``: the probability of the most probable class."""
        return np.asarray(self.probabilities.max(1, initial=0), np.float32)

    @property
    def are_digits(self) -> Bool:
        """bool, shape ``(n,)``: whether the most probable class is a digit."""
        return np.asarray(self.probabilities.argmax(1) < self.letters)

    def moved(self, scale: float, left: float = 0, top: float = 0) -> Detections:
        """The same, enlarged and then shifted."""
        shift = np.array([left, top, left, top], np.float32)
        boxes = self.boxes * np.float32(scale) + shift
        return Detections(boxes, self.probabilities, self.letters)

    def only(self, rows: Bool | npt.NDArray[np.intp]) -> Detections:
        """Some of them."""
        return Detections(self.boxes[rows], self.probabilities[rows], self.letters)

    @classmethod
    def joined(cls, parts: Sequence[Detections]) -> Detections:
        """All that several hold; at least one, of the same classes."""
        boxes = np.concatenate([part.boxes for part in parts])
        probabilities = np.concatenate([part.probabilities for part in parts])
        return cls(boxes, probabilities, parts[0].letters)
