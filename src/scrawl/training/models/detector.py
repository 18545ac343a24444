"""The network that finds digits on pages."""

from __future__ import annotations

from typing import Any

from scrawl.pages.grid import CELL_HEIGHT, CELL_WIDTH, CHANNELS
from scrawl.training.backend import keras

layers = keras.layers

_RARE = -4.6  # the logit of 1%: few cells hold a middle


def detector(
    input_shape: tuple[int, int, int], classes: int, stem: int, filters: tuple[int, int, int]
) -> keras.Model:
    """A small fully convolutional network in the form of a U with one step.

    Digits are told apart at a quarter of the resolution; an eighth gives the surroundings: is this
    a line of digits or a word, a digit or a piece of a larger one.

    Args:
        input_shape: Height, width and channels of the strips that it is trained on; it runs on any
            height and width that are multiples of 8.
        classes: How many classes there are; those of ``scrawl.pages.grid``.
        stem: The width of the first convolution.
        filters: The widths at a half, a quarter and an eighth of the resolution.
    """
    half, quarter, eighth = filters
    pixels = keras.Input((None, None, input_shape[2]), name="pixels")
    x = _convolution(_convolution(pixels, stem, 5, strides=2), half)
    x = layers.MaxPooling2D()(x)
    for _ in range(4):
        x = _convolution(x, quarter)
    around = layers.MaxPooling2D()(x)
    for _ in range(4):
        around = _convolution(around, eighth)
    around = layers.UpSampling2D()(layers.Conv2D(quarter, 1)(around))
    x = _convolution(layers.Add()([x, around]), quarter)
    x = _convolution(x, quarter)
    # A quarter of the resolution has cells of 4 × 4: each output holds two cells side by side.
    beside = CELL_HEIGHT // CELL_WIDTH
    head = layers.Conv2D(
        beside * CHANNELS, 1, dtype="float32", name="cells", bias_initializer=_bias
    )
    return keras.Model(pixels, head(x))


def _convolution(
    x: keras.KerasTensor, width: int, size: int = 3, strides: int = 1
) -> keras.KerasTensor:
    """A convolution, batch normalisation (Ioffe and Szegedy, 2015) and relu."""
    convolution = layers.Conv2D(
        width, size, strides, "same", use_bias=False, kernel_initializer="he_normal"
    )
    return layers.ReLU()(layers.BatchNormalization()(convolution(x)))


@keras.saving.register_keras_serializable("scrawl")  # type: ignore[untyped-decorator]
def _bias(shape: tuple[int, ...], dtype: str | None = None) -> Any:
    """Zero, but for the heat, so that the first steps do not go to unlearning it."""
    rare = keras.ops.arange(shape[0]) % CHANNELS == 0
    return keras.ops.where(rare, _RARE, 0.0)
