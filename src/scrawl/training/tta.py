"""Test-time augmentation within a network's graph: layers around it that answer by a mean."""

from __future__ import annotations

from typing import Any

from scrawl.training.backend import keras

ops = keras.ops

SHIFTS = ((0, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
"""Pixels down and to the right by which a picture is moved for each of its copies."""


# The names that both were first saved by: old checkpoints open.
@keras.saving.register_keras_serializable("scrawl", "Looks")
class Augmented(keras.layers.Layer):  # type: ignore[misc]
    """Where nothing is learnt, every picture moved by each of ``SHIFTS``, one copy below the other.

    Pooling by two parts the pixels of a picture otherwise when it is moved by one; what an answer
    owes to that goes away in the mean over the copies.

    Pictures have shape ``(n, height, width, channels)``, the result ``(5 n, ...)``; while
    training, the pictures themselves.
    """

    def call(self, pictures: Any, training: bool = False) -> Any:
        """The pictures, moved; what moves in from outside is paper, 0."""
        if training:
            return pictures
        height, width = pictures.shape[1:3]
        wide = ops.pad(pictures, ((0, 0), (1, 1), (1, 1), (0, 0)))
        moved = [wide[:, 1 - y : 1 - y + height, 1 - x : 1 - x + width] for y, x in SHIFTS]
        return ops.concatenate(moved, axis=0)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The same shape, with any number of pictures."""
        return shape


@keras.saving.register_keras_serializable("scrawl", "MeanOfLooks")
class MeanOfAugmented(keras.layers.Layer):  # type: ignore[misc]
    """Where nothing is learnt, the mean over the copies of ``Augmented``: ``(n, classes)``."""

    def call(self, probabilities: Any, training: bool = False) -> Any:
        """The mean of each picture's five."""
        if training:
            return probabilities
        copies = ops.reshape(probabilities, (len(SHIFTS), -1, probabilities.shape[1]))
        return ops.mean(copies, axis=0)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The same shape; Keras would try it with a number of rows that five does not divide."""
        return shape
