"""Multilayer perceptrons: dense layers over the flattened picture."""

from __future__ import annotations

import math

from scrawl.training.backend import keras

layers = keras.layers


def mlp(input_shape: tuple[int, int, int], classes: int, units: tuple[int, ...]) -> keras.Model:
    """Dense layers with relu, then softmax.

    Args:
        input_shape: Height, width and channels of a picture.
        classes: How many classes the softmax has.
        units: The width of each hidden layer, from the input on.
    """
    hidden = [layers.Dense(width, activation="relu") for width in units]
    return keras.Sequential(
        [
            keras.Input((math.prod(input_shape),), name="pixels"),
            *hidden,
            layers.Dense(classes, activation="softmax"),
        ]
    )
