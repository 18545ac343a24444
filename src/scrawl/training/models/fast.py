"""A convolutional network shaped for training on a CPU."""

from __future__ import annotations

from scrawl.training.backend import keras

layers = keras.layers


def fast(input_shape: tuple[int, int, int], classes: int, filters: tuple[int, ...]) -> keras.Model:
    """Convolutions without padding, pooling before batch normalisation and relu.

    What costs time on a CPU is memory as much as arithmetic: pooled first, normalisation and relu
    see a quarter of the values. The first convolution is 5×5, the others 3×3; all but the last are
    pooled.

    Args:
        input_shape: Height, width and channels of a picture; 28×28 in the recipe.
        classes: How many classes the softmax has.
        filters: The width of each convolution, from the input on.
    """
    stack = [keras.Input(input_shape, name="pixels")]
    for place, width in enumerate(filters):
        size = 5 if place == 0 else 3
        stack.append(layers.Conv2D(width, size, use_bias=False, kernel_initializer="he_normal"))
        if place < len(filters) - 1:
            stack.append(layers.MaxPooling2D())
        # One epoch is too short for the default average over a hundred steps.
        stack += [layers.BatchNormalization(momentum=0.9), layers.ReLU()]
    return keras.Sequential([*stack, layers.Flatten(), layers.Dense(classes, activation="softmax")])
