"""The network of the bundled reader."""

from __future__ import annotations

from itertools import pairwise

from scrawl.training.backend import keras

layers = keras.layers


def reader(
    input_shape: tuple[int, int, int],
    classes: int,
    filters: tuple[int, ...],
    units: int,
    dropout: float,
) -> keras.Model:
    """Convolutions with batch normalisation and relu, small enough for a phone or a web page.

    A 5×5 convolution at full resolution, then, from half of it on, 3×3 ones in stages; the widths
    say where a stage begins: a width larger than the one before it comes after a pooling. A last
    3×3 convolution without padding covers what is left of 28×28 and stands for a dense layer: in
    the export, its batch normalisation folds into its weights, like that of all the others.

    Args:
        input_shape: Height, width and channels of a picture; 28×28 in the recipe.
        classes: How many classes the softmax has.
        filters: The width of each convolution.
        units: The width of the last convolution.
        dropout: The share that is dropped before the last convolution and before the softmax.
    """
    stack = [keras.Input(input_shape, name="pixels"), *_convolution(filters[0], 5)]
    for before, width in pairwise(filters):
        if width > before:
            stack.append(layers.MaxPooling2D())
        stack += _convolution(width, 3)
    return keras.Sequential(
        [
            *stack,
            layers.MaxPooling2D(),
            layers.Dropout(dropout),
            *_convolution(units, 3, padding="valid"),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def _convolution(width: int, size: int, padding: str = "same") -> list[keras.Layer]:
    """A convolution, batch normalisation (Ioffe and Szegedy, 2015) and relu."""
    return [
        layers.Conv2D(width, size, padding=padding, use_bias=False, kernel_initializer="he_normal"),
        layers.BatchNormalization(),
        layers.ReLU(),
    ]
