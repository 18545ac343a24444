"""The convolutional networks of the tutorials."""

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
