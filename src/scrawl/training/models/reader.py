"""The network of the bundled reader."""

from __future__ import annotations

from itertools import pairwise

from scrawl.training.backend import keras

layers = keras.layers


def reader(
    input_shape: tuple[int, int, int],
    classes: int,
    stem: int,
    filters: tuple[int, ...],
    units: int,
    dropout: float,
    stem_strides: int = 2,
) -> keras.Model:
    """Convolutions with batch normalisation and relu, small enough for a phone or a web page.

    A 5×5 convolution of stride 2, for at full resolution most of the time would go to little of
    the work; where so few weights are allowed that time matters less, of stride 1 and pooled.
    Then 3×3 ones, with a pooling wherever the width changes. A last 3×3 convolution
    without padding covers the 3×3 that are left of 28×28 and stands for a dense layer: in the
    export, its batch normalisation folds into its weights, as do those of all the others.

    Args:
        input_shape: Height, width and channels of a picture; 28×28 in the recipe.
        classes: How many classes the softmax has.
        stem: The width of the first convolution.
        filters: The widths of the 3×3 convolutions.
        units: The width of the last convolution.
        dropout: The share that is dropped before the last convolution and before the softmax.
        stem_strides: Of the first convolution: 2, or 1, which pools what it gives.
    """
    stack = [keras.Input(input_shape, name="pixels"), *_convolution(stem, 5, stem_strides)]
    if stem_strides == 1:
        # Pooled first, normalisation and relu see a quarter of the values.
        stack.insert(2, layers.MaxPooling2D())
    for before, width in pairwise((filters[0], *filters)):
        if width != before:
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


def _convolution(
    width: int, size: int, strides: int = 1, padding: str = "same"
) -> list[keras.Layer]:
    """A convolution, batch normalisation (Ioffe and Szegedy, 2015) and relu."""
    convolution = layers.Conv2D(
        width, size, strides, padding, use_bias=False, kernel_initializer="he_normal"
    )
    return [convolution, layers.BatchNormalization(), layers.ReLU()]
