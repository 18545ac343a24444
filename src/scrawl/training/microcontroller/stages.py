"""A Keras network as a chain of convolutions, each with what follows it folded in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Float64
from scrawl.errors import InputError
from scrawl.training.backend import keras

layers = keras.layers

_SKIPPED = (layers.InputLayer, layers.Dropout, layers.Flatten)
"""Layers that compute nothing once a network has learnt: a map lies in memory as it is flattened.
"""


_CHAIN = "a chain of convolutions, pooling, batch normalisation, relu and dense layers"


@dataclass(eq=False)
class Stage:
    """A convolution, a largest value of each square of ``pool``, a gain and an offset a filter.

    A dense layer is a convolution as large as what it is given.

    Attributes:
        kernel: float64, shape ``(height, width, channels, filters)``.
        gain, offset: float64, shape ``(filters,)``: what is computed from a sum.
        stride: Pixels from one place of the kernel to the next.
        padding: Whether zeros stand around what it is given, so that its size stays.
        pool: Side of the squares of which the largest sum is taken; 1 for none.
        pooled_first: Whether that comes before the gain, which may be below 0.
        relu: Whether results below 0 become 0.
        tensor: What Keras calls its result.
    """

    kernel: Float64
    gain: Float64
    offset: Float64
    stride: int = 1
    padding: bool = False
    pool: int = 1
    pooled_first: bool = False
    relu: bool = False
    tensor: keras.KerasTensor | None = None


def stages(
    model: keras.Model, image_shape: tuple[int, int]
) -> tuple[keras.KerasTensor, list[Stage]]:
    """Takes a network apart.

    Args:
        model: Convolutions, pooling, batch normalisation, relu, dense layers, one after another,
            and a softmax.
        image_shape: Height and width of a picture.

    Returns:
        What Keras calls the input of `Stage.tensor`, and the stages.

    Raises:
        InputError: It has another layer, or they are no chain.
    """
    found: list[Stage] = []
    shape: tuple[int, ...] = (*image_shape, 1)
    entry = x = keras.Input(model.input_shape[1:])
    chain = isinstance(model, keras.Sequential)
    for before, layer in zip([None, *model.layers], model.layers, strict=False):
        if not chain and before is not None and layer.input is not before.output:
            raise _refused(layer, "a layer that takes the one before it alone")
        if isinstance(layer, layers.Conv2D | layers.Dense):
            if found and not found[-1].relu:
                raise _refused(layer, "relu before it")
            found.append(_opened(layer, shape))
        elif not isinstance(layer, _SKIPPED):
            if not found:
                raise _refused(layer, _CHAIN)
            _fold(layer, found[-1])
        if not isinstance(layer, layers.InputLayer):
            x = layer(x)  # a graph of our own: a Sequential's layers may be part of several
        if found:
            found[-1].tensor = x
        if len(x.shape) == 4:  # a flat one is the map before it
            shape = tuple(x.shape[1:])
        elif isinstance(layer, layers.Dense):
            shape = (1, 1, layer.units)
    return entry, found


def _refused(layer: keras.Layer, expected: str) -> InputError:
    kind = type(layer).__name__
    return InputError(f"a C header: expected {expected}, received the layer {layer.name} ({kind})")


def _opened(layer: keras.Layer, shape: tuple[int, ...]) -> Stage:
    weights = [np.asarray(keras.ops.convert_to_numpy(one), np.float64) for one in layer.weights]
    kernel = weights[0]
    filters = kernel.shape[-1]
    if isinstance(layer, layers.Dense) and len(kernel) != math.prod(shape):
        raise _refused(layer, "Flatten before it")
    offset = weights[1] if layer.use_bias else np.zeros(filters)
    stage = Stage(kernel, np.ones(filters), offset)
    if isinstance(layer, layers.Dense):
        stage.kernel = kernel.reshape(*shape, filters)
    else:
        plain = layer.dilation_rate == (1, 1) and layer.groups == 1
        if not plain or layer.strides[0] != layer.strides[1]:
            raise _refused(layer, "a convolution without dilation and groups, of square strides")
        stage.stride, stage.padding = layer.strides[0], layer.padding == "same"
    _activate(layer, stage)
    return stage


def _activate(layer: keras.Layer, stage: Stage) -> None:
    """The activation that a layer has of its own; the last one's softmax is the reader's work."""
    name = layer.activation.__name__
    if name not in ("linear", "relu", "softmax"):
        raise _refused(layer, "relu")
    stage.relu |= name == "relu"


def _fold(layer: keras.Layer, stage: Stage) -> None:
    """Adds to a stage a layer that follows its convolution."""
    if isinstance(layer, layers.BatchNormalization):
        if stage.relu:
            raise _refused(layer, "no relu before it")
        gamma, beta, mean, variance = (
            np.asarray(keras.ops.convert_to_numpy(one), np.float64)
            for one in (layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance)
        )
        gain = gamma / np.sqrt(variance + layer.epsilon)
        stage.gain, stage.offset = stage.gain * gain, (stage.offset - mean) * gain + beta
    elif isinstance(layer, layers.MaxPooling2D):
        side = layer.pool_size[0]
        square = layer.pool_size == layer.strides == (side, side) and layer.padding == "valid"
        if stage.pool > 1 or not square:
            raise _refused(layer, "one pooling by squares after a convolution")
        stage.pool, stage.pooled_first = side, not stage.relu
    elif isinstance(layer, layers.ReLU) and not layer.negative_slope and layer.max_value is None:
        stage.relu = True
    elif isinstance(layer, layers.Softmax):
        pass
    elif isinstance(layer, layers.Activation):
        _activate(layer, stage)
    else:
        raise _refused(layer, _CHAIN)
