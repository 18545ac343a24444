"""The smaller convolutional network of the tutorials."""

from __future__ import annotations

from scrawl.training.backend import keras

layers = keras.layers


def cnn_small(
    input_shape: tuple[int, int, int], classes: int, filters: int, units: int
) -> keras.Model:
    """One 3×3 convolution, pooling, relu, a dense layer, softmax.

    Args:
        input_shape: Height, width and channels of a picture.
        classes: How many classes the softmax has.
        filters: The width of the convolution.
        units: The width of the dense layer.
    """
    return keras.Sequential(
        [
            keras.Input(input_shape, name="pixels"),
            layers.Conv2D(filters, (3, 3)),
            layers.MaxPooling2D((2, 2)),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )
