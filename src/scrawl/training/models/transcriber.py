"""The network that reads lines."""

from __future__ import annotations

from scrawl.pages.strip import SIDE, STEP
from scrawl.training.backend import keras

layers = keras.layers


def transcriber(
    input_shape: tuple[int, int, int],
    classes: int,
    stem: int,
    filters: tuple[int, int],
    width: int,
    blocks: int,
    reach: int,
    dropout: float,
) -> keras.Model:
    """A fully convolutional network: pictures to columns, columns to what stands in them.

    Convolutions shrink the strip until a column is left of its height; residual convolutions along
    the line then give each column its surroundings, that is the hand. What a column of 4 pixels
    says, it says of its two halves, so that two 1s side by side have room for a blank between them.

    Args:
        input_shape: Height, width and channels of the strips that it is trained on; it runs on any
            width that is a multiple of ``scrawl.pages.strip.SIDE``.
        classes: How many classes there are; the blank of CTC comes before them.
        stem: The width of the convolution at half the resolution.
        filters: The widths at a quarter of the height, and at an eighth.
        width: Numbers that describe a column.
        blocks: Residual convolutions along the line.
        reach: Columns that each of them sees.
        dropout: The share of a column that is dropped before it says what it shows.
    """
    height, _, channels = input_shape
    quarter, eighth = filters
    pixels = keras.Input((height, None, channels), name="pixels")
    x = _convolution(pixels, stem, (5, 5), (2, 2))
    x = _convolution(x, quarter, strides=(2, 2))
    for _ in range(2):
        x = _convolution(x, quarter)
    x = _convolution(x, eighth, strides=(2, 1))
    for _ in range(2):
        x = _convolution(x, eighth)
    x = layers.ZeroPadding2D((0, 1))(x)
    x = _convolution(x, width, (height // 8, 3), padding="valid")
    for _ in range(blocks):
        x = layers.Add()([x, _convolution(x, width, (1, reach))])
    x = layers.Dropout(dropout)(x)
    said = 1 + classes
    head = layers.Conv2D(SIDE // STEP * said, 1, dtype="float32", name="columns")
    steps = layers.Reshape((-1, said), dtype="float32", name="steps")
    return keras.Model(pixels, steps(head(x)))


def _convolution(
    x: keras.KerasTensor,
    width: int,
    size: tuple[int, int] = (3, 3),
    strides: tuple[int, int] = (1, 1),
    padding: str = "same",
) -> keras.KerasTensor:
    """A convolution, batch normalisation (Ioffe and Szegedy, 2015) and relu."""
    convolution = layers.Conv2D(
        width, size, strides, padding, use_bias=False, kernel_initializer="he_normal"
    )
    return layers.ReLU()(layers.BatchNormalization()(convolution(x)))
