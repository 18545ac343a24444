"""Layers around a network that make it look several times: test-time augmentation, in the graph."""

from __future__ import annotations

from typing import Any

from scrawl.training.backend import keras

ops = keras.ops

PLACES = ((0, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
"""Pixels down and to the right by which a picture is moved for each look."""


@keras.saving.register_keras_serializable("scrawl")
class Looks(keras.layers.Layer):  # type: ignore[misc]
    """Where nothing is learnt, every picture at each of ``PLACES``, one below the other.

    Pooling by two gives a picture and the same a pixel further different cells; looking at both
    takes off what hangs on that.

    Pictures have shape ``(n, height, width, channels)``, the result ``(5 n, ...)``; while
    training, the pictures themselves.
    """

    def call(self, pictures: Any, training: bool = False) -> Any:
        """The pictures, moved; what moves in from outside is paper, 0."""
        if training:
            return pictures
        height, width = pictures.shape[1:3]
        wide = ops.pad(pictures, ((0, 0), (1, 1), (1, 1), (0, 0)))
        moved = [wide[:, 1 - y : 1 - y + height, 1 - x : 1 - x + width] for y, x in PLACES]
        return ops.concatenate(moved, axis=0)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The same; how many pictures there are is not known."""
        return shape


@keras.saving.register_keras_serializable("scrawl")
class MeanOfLooks(keras.layers.Layer):  # type: ignore[misc]
    """Where nothing is learnt, the mean probability of what ``Looks`` made: ``(n, classes)``."""

    def call(self, probabilities: Any, training: bool = False) -> Any:
        """The mean of each picture's five."""
        if training:
            return probabilities
        looks = ops.reshape(probabilities, (len(PLACES), -1, probabilities.shape[1]))
        return ops.mean(looks, axis=0)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The same; Keras would find it by a number of rows that five does not divide."""
        return shape
