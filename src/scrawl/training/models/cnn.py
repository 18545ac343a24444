"""The convolutional network of the first tutorial."""

from __future__ import annotations

from scrawl.training.backend import keras

layers = keras.layers


def cnn(
    input_shape: tuple[int, int, int],
    classes: int,
    filters: tuple[int, ...],
    units: int,
    dropout: float,
    dropout_dense: float,
) -> keras.Model:
    """3×3 convolutions with relu, one pooling, dropout, a dense layer, dropout, softmax.

    Args:
        input_shape: Height, width and channels of a picture.
        classes: How many classes the softmax has.
        filters: The width of each convolution, from the input on.
        units: The width of the dense layer.
        dropout: The share that is dropped after pooling, in [0, 1).
        dropout_dense: The share that is dropped after the dense layer, in [0, 1).
    """
    convolutions = [layers.Conv2D(width, (3, 3), activation="relu") for width in filters]
    return keras.Sequential(
        [
            keras.Input(input_shape, name="pixels"),
            *convolutions,
            layers.MaxPooling2D((2, 2)),
            layers.Dropout(dropout),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dropout(dropout_dense),
            layers.Dense(classes, activation="softmax"),
        ]
    )
