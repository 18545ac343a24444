"""Ink to 28×28 as MNIST was made, and 28×28 to the tensor a network reads."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from scrawl.arrays import Float32, Floats, UInt8

SIZE = 28
BOX = 20
_CELL = 0.99  # an input pixel's width as MNIST's makers had it; its aliasing is in the data
_CENTRE = 15.0
_SMALLEST = 10  # side of the smallest crop
_MIDDLES = np.arange(BOX) + 0.5  # of the pixels of its box


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
    out = np.zeros((SIZE, SIZE), np.uint8)
    x, y, width, height = cv2.boundingRect((ink > 0).view(np.uint8))
    if not width:
        return out
    crop = ink[y : y + height, x : x + width]
    side = max(height, width, _SMALLEST)
    twenty = _resampler(side, height) @ crop @ _resampler(side, width).T
    grey = np.floor(twenty * (255 / min(1.0, twenty.max())) + 0.5).clip(0, 255)
    top, left = (_offset(grey.sum(axis=axis)) for axis in (1, 0))
    canvas = np.zeros((SIZE + BOX, SIZE + BOX), np.uint8)  # ten pixels around the 28×28
    canvas[top : top + BOX, left : left + BOX] = grey
    out[:] = canvas[10 : 10 + SIZE, 10 : 10 + SIZE]
    return out


def to_tensor(images: UInt8, pixel_max: int = 255) -> Float32:
    """Makes normalised digits into what a network reads.

    Args:
        images: uint8, shape ``(n, H, W)``, 0 for paper.
        pixel_max: The value of full ink.

    Returns:
        float32, shape ``(n, H, W, 1)``, in [0, 1].
    """
    return images[..., None].astype(np.float32) / np.float32(pixel_max)


def _offset(profile: Floats) -> int:
    """Where 20 pixels start on the 48 so that their barycentre lands in (14, 15] of the 28."""
    barycentre = float(profile @ _MIDDLES) / float(profile.sum())
    return min(max(10 + int(_CENTRE - barycentre), 0), SIZE)


@lru_cache(maxsize=1024)  # sizes of a form's digits: each twice, 6 KB of 72 pixels
def _resampler(side: int, length: int) -> Float32:
    """Area weights, shape ``(20, length)``, of ``length`` pixels centred on ``side`` of them."""
    repeat = 1
    while side * repeat < BOX:  # a small digit is doubled first
        repeat *= 2
    n = side * repeat
    scale = BOX / n
    left = np.arange(n) * scale
    right = left + _CELL * scale
    first = np.floor(left + 1e-11).astype(int)
    last = np.ceil(right - 1e-11).astype(int) - 1
    split = first != last
    weights = np.zeros((BOX, n))
    weights[first, np.arange(n)] = np.where(split, first + 1 - left, scale)
    weights[last[split], np.arange(n)[split]] = (right - last)[split]
    weights = weights.reshape(BOX, side, repeat).sum(axis=2)
    start = (side - length) // 2
    return np.ascontiguousarray(weights[:, start : start + length], dtype=np.float32)
