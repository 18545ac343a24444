"""An autoencoder whose code is classified.

G. Hinton and R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scrawl.arrays import Float32
from scrawl.training.backend import keras

layers = keras.layers
ops = keras.ops


def autoencoder(
    input_shape: tuple[int, int, int], classes: int, units: tuple[int, ...], code: int
) -> keras.Model:
    """Dense layers to a short code and back, and a softmax on the code.

    The code learns from the pictures alone: what the softmax learns from the labels does not reach
    it. So the accuracy says how much of the digit the code keeps.

    Args:
        input_shape: Height, width and channels of a picture.
        classes: How many classes the softmax has.
        units: The width of each layer from the picture to the code; back, they are reversed.
        code: How many numbers stand for a picture.
    """
    pixels = keras.Input((math.prod(input_shape),), name="pixels")
    x = pixels
    for width in units:
        x = layers.Dense(width, activation="relu")(x)
    short = layers.Dense(code, name="code")(x)
    kept = Decoder((*reversed(units), math.prod(input_shape)), name="decoder")([short, pixels])
    return keras.Model(pixels, layers.Dense(classes, activation="softmax")(kept))


def reconstruct(model: keras.Model, x: Float32) -> Float32:
    """What an autoencoder makes of pictures ``(n, pixels)``: the same shape, 0 to 1."""
    code = keras.Model(model.input, model.get_layer("code").output)
    drawn = model.get_layer("decoder").decode(code(x, training=False))
    return np.asarray(ops.convert_to_numpy(ops.cast(drawn, "float32")))


@keras.saving.register_keras_serializable("scrawl")
class Decoder(keras.layers.Layer):  # type: ignore[misc]
    """Draws the picture from its code again, and adds how far off it is to the loss.

    Its output is the code, cut off from what is learnt behind it.
    """

    def __init__(self, units: tuple[int, ...], **options: Any) -> None:
        super().__init__(**options)
        self.units = tuple(units)
        *hidden, pixels = self.units
        self._layers_back = [layers.Dense(width, activation="relu") for width in hidden]
        self._layers_back.append(layers.Dense(pixels, activation="sigmoid"))

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        """Makes the weights."""
        shape = input_shape[0]
        for layer in self._layers_back:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        super().build(input_shape)

    def decode(self, code: Any) -> Any:
        """The pictures of codes ``(n, code)``: shape ``(n, pixels)``, 0 to 1."""
        for layer in self._layers_back:
            code = layer(code)
        return code

    def call(self, inputs: list[Any], training: bool | None = None) -> Any:
        """The code, as it came."""
        code, pixels = inputs
        if training:
            off = keras.losses.binary_crossentropy(pixels, self.decode(code))
            self.add_loss(ops.mean(off))
        return ops.stop_gradient(code)

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> Any:
        """That of the code."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """What the layer is made with."""
        return {**super().get_config(), "units": self.units}
