"""The network of the bundled reader."""

from __future__ import annotations

from scrawl.training.backend import keras
from scrawl.training.tta import SHIFTS, Augmented, MeanOfAugmented

layers = keras.layers


def reader(
    input_shape: tuple[int, int, int],
    classes: int,
    stem: int,
    filters: tuple[int, ...],
    units: int,
    dropout: float,
    stem_strides: int = 2,
    shortcuts: int = 0,
    tta: int = 1,
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
        shortcuts: 1 adds to what a convolution gives what it was given, where the two have the
            same width (K. He et al., 2015); 0 does not.
        tta: Test-time augmentation, 1 for none, or 5: the answer is the mean over the picture and
            four copies, each moved by a pixel towards a corner, for five times the work where
            nothing is learnt.

    Raises:
        ValueError: Another number of copies.
    """
    if tta not in (1, len(SHIFTS)):
        raise ValueError(f"tta: expected 1 or {len(SHIFTS)}, received {tta}")
    pixels = keras.Input(input_shape, name="pixels")
    x = Augmented()(pixels) if tta > 1 else pixels
    x = _convolution(x, stem, 5, stem_strides, pool=stem_strides == 1)
    before = filters[0]
    for width in filters:
        if width != before:
            x = layers.MaxPooling2D()(x)
        x = _convolution(x, width, 3, shortcut=bool(shortcuts) and x.shape[-1] == width)
        before = width
    x = layers.Dropout(dropout)(layers.MaxPooling2D()(x))
    x = layers.Flatten()(_convolution(x, units, 3, padding="valid"))
    x = layers.Dense(classes, activation="softmax")(layers.Dropout(dropout)(x))
    return keras.Model(pixels, MeanOfAugmented()(x) if tta > 1 else x)


def _convolution(
    x: keras.KerasTensor,
    width: int,
    size: int,
    strides: int = 1,
    padding: str = "same",
    pool: bool = False,
    shortcut: bool = False,
) -> keras.KerasTensor:
    """A convolution, batch normalisation (Ioffe and Szegedy, 2015) and relu.

    Pooled before them, they see a quarter of the values. With a shortcut, what is given is added
    before the relu.
    """
    convolution = layers.Conv2D(
        width, size, strides, padding, use_bias=False, kernel_initializer="he_normal"
    )
    y = convolution(x)
    if pool:
        y = layers.MaxPooling2D()(y)
    y = layers.BatchNormalization()(y)
    return layers.ReLU()(layers.Add()([y, x]) if shortcut else y)
