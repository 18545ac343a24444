"""A network in whole numbers: 8-bit weights and activations, sums of 32 bits.

Scales are those of B. Jacob et al., "Quantization and training of neural networks for efficient
integer-arithmetic-only inference", 2018: one a filter for weights, one a layer for activations,
which are never below 0 behind a relu. What is computed here, C computes to the bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Int32, Int64, UInt8
from scrawl.bundle import BundleInfo
from scrawl.training.backend import keras
from scrawl.training.microcontroller.stages import Stage, stages

_WEIGHTS = 127
_ACTIVATIONS = 255
_CLIPPED = 0.01
"""Percent of a layer's activations that are cut off, so that the others have finer steps."""
_LARGEST = 2**30
"""What offsets are kept below, so that a sum and its offset fit into 32 bits."""

UNIT = 16
"""A logit of 1, to the base of 2, is ``2**UNIT``."""
SURE = 65535
"""A probability of 1."""
_STEPS = 32
POWERS = tuple(round(SURE * 2 ** (-step / _STEPS)) for step in range(_STEPS + 1))
"""``2**-x`` for ``x`` from 0 to 1; between them lies a straight line."""


@dataclass(frozen=True, eq=False)
class Layer:
    """``((largest sum of a square + bias) * multiplier) / 2**shift``, rounded; see `layer_sums`.

    Attributes:
        shape: Height, width and channels of what it is given.
        out: Those of what it gives.
        weights: int8, shape ``(filters, height, width, channels)``.
        bias: int32, shape ``(filters,)``, in units of a sum.
        multiplier: int32, shape ``(filters,)``.
        shift: Bits, at least 1.
        stride: Pixels from one place of the kernel to the next.
        padding: Rows above and columns to the left that are 0.
        pool: Side of the squares.
    """

    shape: tuple[int, int, int]
    out: tuple[int, int, int]
    weights: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    bias: Int32
    multiplier: Int32
    shift: int
    stride: int
    padding: tuple[int, int]
    pool: int

    @property
    def products(self) -> int:
        """How often a weight is multiplied by an activation for a picture."""
        height, width, _ = self.out
        return height * width * self.pool**2 * self.weights.size

    @property
    def size(self) -> int:
        """Bytes of weights, biases and multipliers."""
        return self.weights.nbytes + self.bias.nbytes + self.multiplier.nbytes


def quantised(model: keras.Model, info: BundleInfo, images: UInt8) -> list[Layer]:
    """A network's layers in whole numbers.

    The last layer's results are logits to the base of 2, in units of ``2**-UNIT``, calibrated.

    Args:
        model: The network.
        info: What its bundle says of it.
        images: uint8 ``(n, H, W)``, training rows: ranges are taken from them.

    Raises:
        InputError: It has a layer that is not written in C.
    """
    entry, chain = stages(model, info.image_shape)
    inner = keras.Model(entry, [stage.tensor for stage in chain])
    x = (images / np.float32(info.pixel_max)).reshape(-1, *model.input_shape[1:])
    given = inner.predict(x, verbose=0, batch_size=256)
    maps = given if isinstance(given, list) else [given]
    tops = [float(np.percentile(one, 100 - _CLIPPED)) for one in maps[: len(chain) - 1]]
    scales = [1 / info.pixel_max, *(max(top, 1e-6) / _ACTIVATIONS for top in tops)]
    odds = np.where(np.arange(len(info.classes)) < len(info.alphabet), 0, math.log(info.odds))
    chain[-1].offset = chain[-1].offset + odds
    last = math.log(2) * info.temperature / 2**UNIT
    found: list[Layer] = []
    shape = (*info.image_shape, 1)
    for stage, before, after in zip(chain, scales, [*scales[1:], last], strict=True):
        found.append(_layer(stage, shape, before, after))
        shape = found[-1].out
    return found


def _layer(stage: Stage, shape: tuple[int, int, int], before: float, after: float) -> Layer:
    """A stage with the scales of what it is given and of what it gives."""
    # A largest value of sums, then a gain below 0, is no largest value of results.
    sign = np.where(stage.pooled_first & (stage.gain < 0), -1, 1)
    kernel = np.moveaxis(stage.kernel * stage.gain * sign, -1, 0)
    steps = np.abs(kernel).max(axis=(1, 2, 3)) / _WEIGHTS
    steps = np.maximum(steps, np.abs(stage.offset) / (before * _LARGEST))
    steps = np.maximum(steps, 1e-12)
    weights = np.rint(kernel / steps[:, None, None, None]).astype(np.int8)
    real = before * steps / after
    shift = min(62, 30 - math.frexp(float(real.max()))[1])
    sizes = [_size(shape[axis], kernel.shape[1 + axis], stage) for axis in (0, 1)]
    height, width = (size for size, _ in sizes)
    return Layer(
        shape,
        (height // stage.pool, width // stage.pool, len(kernel)),
        weights,
        np.rint(sign * stage.offset / (before * steps)).astype(np.int32),
        np.rint(sign * real * 2.0**shift).astype(np.int32),
        shift,
        stage.stride,
        (sizes[0][1], sizes[1][1]),
        stage.pool,
    )


def _size(side: int, kernel: int, stage: Stage) -> tuple[int, int]:
    """How many places the kernel has, and how many zeros stand before the first."""
    if not stage.padding:
        return (side - kernel) // stage.stride + 1, 0
    places = -(-side // stage.stride)
    return places, max(0, (places - 1) * stage.stride + kernel - side) // 2


def logits(network: list[Layer], images: UInt8) -> Int64:
    """What the last layer gives for pictures, int64 ``(n, classes)``, in units of ``2**-UNIT``."""
    x = images[..., None].astype(np.int64)
    for place, layer in enumerate(network):
        x = layer_sums(layer, x) + layer.bias
        x = _halved(x * layer.multiplier, layer.shift)
        if place < len(network) - 1:
            x = np.clip(x, 0, _ACTIVATIONS)
    return x.reshape(len(images), -1)


def layer_sums(layer: Layer, x: Int64) -> Int64:
    """The largest sum of each square, int64 ``(n, height, width, filters)``."""
    weights = layer.weights.astype(np.int64)
    _, rows, columns, _ = weights.shape
    height, width = (side * layer.pool for side in layer.out[:2])
    ends = [
        (places - 1) * layer.stride + kernel - side - before
        for places, kernel, side, before in zip(
            (height, width), (rows, columns), layer.shape[:2], layer.padding, strict=True
        )
    ]
    around = [(before, max(0, end)) for before, end in zip(layer.padding, ends, strict=True)]
    padded = np.pad(x, ((0, 0), *around, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(1, 2))
    windows = windows[:, :: layer.stride, :: layer.stride][:, :height, :width]
    # Products of 8 bits, so few that floats hold their sums without a loss, and are quicker.
    axes = ([3, 4, 5], [3, 1, 2])
    sums = np.tensordot(windows.astype(np.float64), weights.astype(np.float64), axes)
    squares = sums.reshape(len(x), layer.out[0], layer.pool, layer.out[1], layer.pool, -1)
    return squares.max(axis=(2, 4)).astype(np.int64)


def _halved(x: Int64, bits: int) -> Int64:
    """Divided by ``2**bits`` and rounded, halves away from 0."""
    half = np.int64(1) << np.int64(bits - 1)
    return np.sign(x) * ((np.abs(x) + half) >> np.int64(bits))


def answers(network: list[Layer], images: UInt8) -> tuple[Int64, Int64]:
    """The class of each picture, and how probable it is, in units of ``1 / SURE``."""
    found = logits(network, images)
    fall = np.minimum(found.max(axis=1, keepdims=True) - found, (1 << (UNIT + 4)) - 1)
    part = fall & ((1 << UNIT) - 1)
    step, rest = part >> (UNIT - 5), part & ((1 << (UNIT - 5)) - 1)
    powers = np.array(POWERS, np.int64)
    here, there = powers[step], powers[step + 1]
    shares = (here - ((here - there) * rest >> (UNIT - 5))) >> (fall >> UNIT)
    return found.argmax(axis=1), SURE * SURE // shares.sum(axis=1)
