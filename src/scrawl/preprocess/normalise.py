"""Ink to 28×28 as MNIST was made, and 28×28 to the tensor a network reads.

The arithmetic is written once, over ``xp``: NumPy, or another library with the functions of the
Python array API standard, such as one whose arrays stand for values to come and make a graph of
what is done with them (`scrawl.training.browser.steps`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from scrawl.arrays import Float32, Floats, UInt8

SIZE = 28
BOX = 20
_CELL = 0.99  # an input pixel's width as MNIST's makers had it; its aliasing is in the data
_CENTRE = 15.0
_SMALLEST = 10  # side of the smallest crop; doubled, no smaller than the box
_AROUND = BOX // 2  # pixels about the 28×28, within which the box stays wherever it is placed
_MOMENTS = np.stack([np.arange(BOX) + 0.5, np.ones(BOX)])  # of the pixels of its box


def normalise(ink: Floats) -> UInt8:
    """Normalises the ink of one digit exactly as MNIST's digits were.

    The box of the ink, made square, is resampled by area to 20×20, scaled so that its darkest
    pixel is 255, and placed in 28×28 with its barycentre in (14, 15] on both axes. There is no
    deskewing and no blurring.

    Args:
        ink: Float, shape ``(H, W)``, 0 for paper to 1 for ink; every pixel above 0 counts
            towards the box.

    Returns:
        uint8, shape ``(28, 28)``, 255 for ink; all zero where there is no ink.

    Source:
        C. Yadav, L. Bottou, "Cold Case: The Lost MNIST Digits", 2019, and its
        ``making_qmnist/xnist.lsh``.
    """
    x, y, width, height = cv2.boundingRect((ink > 0).view(np.uint8))
    out = np.zeros((SIZE, SIZE), np.uint8)
    if not width:
        return out
    crop = ink[y : y + height, x : x + width]
    side = max(height, width, _SMALLEST)
    grey, top, left = _grey(np, _resampler(side, height) @ crop @ _resampler(side, width).T)
    canvas = np.zeros((SIZE + 2 * _AROUND,) * 2, np.uint8)
    top, left = int(top) + _AROUND, int(left) + _AROUND
    canvas[top : top + BOX, left : left + BOX] = grey
    out[:] = canvas[_AROUND:-_AROUND, _AROUND:-_AROUND]
    return out


def normalised(xp: Any, ink: Any) -> Any:
    """What `normalise` gives, of another library's sheet, whose values steer no step.

    Args:
        xp: The library, such as ``numpy``.
        ink: As `normalise` takes it.
    """
    inked = ink > 0
    blank = ~xp.any(inked)
    (y, height), (x, width) = (_span(xp, xp.any(inked | blank, axis=axis)) for axis in (1, 0))
    side = xp.maximum(xp.maximum(height, width), _SMALLEST)
    rows, columns = (
        xp.astype(xp.where(side < BOX, _doubled(xp, side, at), _weights(xp, side, at)), ink.dtype)
        for at in (
            xp.arange(ink.shape[0]) - y + (side - height) // 2,
            xp.arange(ink.shape[1]) - x + (side - width) // 2,
        )
    )
    grey, *corner = _grey(xp, rows @ xp.where(blank, 1.0, ink) @ columns.T)
    down, right = (
        xp.astype(xp.arange(SIZE)[:, None] == xp.arange(BOX) + first, grey.dtype)
        for first in corner
    )
    return xp.astype(xp.where(blank, 0.0, down @ grey @ right.T), xp.uint8)


def to_tensor(images: UInt8, pixel_max: int = 255, xp: Any = np) -> Float32:
    """Makes normalised digits into what a network reads.

    Args:
        images: uint8, shape ``(n, H, W)``, 0 for paper.
        pixel_max: The value of full ink.
        xp: The library of the arrays.

    Returns:
        float32, shape ``(n, H, W, 1)``, in [0, 1].
    """
    return images[..., None].astype(xp.float32) / xp.asarray(pixel_max, dtype=xp.float32)


def _span(xp: Any, flags: Any) -> tuple[Any, Any]:
    """Where what is set begins and how long it is, up to the last."""
    first = xp.argmax(xp.astype(flags, xp.uint8))
    last = flags.shape[0] - xp.argmax(xp.astype(xp.flip(flags), xp.uint8))
    return first, last - first


def _grey(xp: Any, twenty: Any) -> tuple[Any, Any, Any]:
    """Grey levels of 20×20 pixels of ink, and where in the 28×28 their top and left go."""
    scale = 255 / xp.minimum(xp.max(twenty), 1)
    grey = xp.minimum(xp.floor(twenty * scale + 0.5), 255)
    moments = xp.asarray(_MOMENTS)
    sums = moments @ grey @ moments.T
    return grey, *(xp.trunc(_CENTRE - sums[at] / sums[1, 1]) for at in ((0, 1), (1, 0)))


@lru_cache(maxsize=1024)  # sizes of a form's digits: each twice, 6 KB of 72 pixels
def _resampler(side: int, length: int) -> Float32:
    """Area weights, shape ``(20, length)``, of ``length`` pixels centred on ``side`` of them."""
    at = np.arange(length) + (side - length) // 2
    weights = _doubled(np, side, at) if side < BOX else _weights(np, side, at)
    return np.ascontiguousarray(weights, np.float32)


def _doubled(xp: Any, side: Any, at: Any) -> Any:
    """`_weights` of pixels each of which is two, as a small digit is doubled first."""
    return _weights(xp, 2 * side, 2 * at) + _weights(xp, 2 * side, 2 * at + 1)


def _weights(xp: Any, side: Any, at: Any) -> Any:
    """Area weights, shape ``(20, n)``, of the pixels ``at`` of ``side`` of them; 0 of others."""
    scale = BOX / side
    left = at * scale
    right = left + _CELL * scale
    first = xp.floor(left + 1e-11)
    last = xp.ceil(right - 1e-11) - 1
    split = first != last
    begun = xp.where(split, first + 1 - left, scale)
    rest = xp.where(split, right - last, 0.0)
    row = xp.arange(BOX)[:, None]
    return xp.where(row == first, begun, xp.where(row == last, rest, 0.0))
