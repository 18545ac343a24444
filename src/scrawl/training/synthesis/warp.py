"""Bending pictures: affine and elastic, from one sheet to another."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.training.synthesis.strokes import CANVAS, hands

FIELDS = 256
_HERE = np.indices((CANVAS, CANVAS), np.float32)[::-1]  # x and y of every pixel


def affine(
    pictures: UInt8, rng: np.random.Generator, scale: float = 2.0, side: int = CANVAS
) -> UInt8:
    """Turn, slant, stretch and shift pictures a little, each about its centre.

    Args:
        pictures: Ink 255 on 0, shape ``(n, h, w)``.
        rng: Source of randomness.
        scale: Pixels of the result for one of the original.
        side: Of the results, in pixels.

    Returns:
        Shape ``(n, side, side)``.
    """
    count, height, width = pictures.shape
    size = scale * np.exp(rng.normal(0, 0.06, (count, 1, 1)))
    matrix = hands(count, rng, 0.08, 0.11, 0.09) * size
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    shift = (side - 1) / 2 + rng.normal(0, 0.4 * scale, (count, 2)) - matrix @ centre
    moves = np.concatenate([matrix, shift[:, :, None]], 2)
    bent = np.empty((count, side, side), np.uint8)
    for picture, move, out in zip(pictures, moves, bent, strict=True):
        cv2.warpAffine(picture, move, (side, side), dst=out)
    return bent


def bent(pictures: UInt8, rng: np.random.Generator, share: float) -> UInt8:
    """A share of the pictures bent by `elastic`, the rest as they are; the same shape."""
    some = rng.random(len(pictures)) < share
    out = pictures.copy()
    out[some] = elastic(pictures[some], rng)
    return out


def elastic(pictures: UInt8, rng: np.random.Generator, strength: float = 1.3) -> UInt8:
    """Bend pictures by smooth random fields (Simard, Steinkraus and Platt, 2003).

    Args:
        pictures: Ink 255 on 0, shape ``(n, CANVAS, CANVAS)``.
        rng: Source of randomness.
        strength: Standard deviation of the displacement, about, in pixels.

    Returns:
        The shape of ``pictures``.
    """
    fields = smooth_fields(CANVAS, 6, rng)
    picks = rng.integers(0, FIELDS, len(pictures))
    much = (strength * rng.uniform(0.3, 1.6, len(pictures))).astype(np.float32)
    bent = np.empty_like(pictures)
    for row, pick in enumerate(picks):
        x, y = _HERE + much[row] * fields[pick]
        cv2.remap(pictures[row], x, y, cv2.INTER_LINEAR, dst=bent[row])
    return bent


def smooth_fields(side: int, knots: int, rng: np.random.Generator) -> Float32:
    """Smooth random displacements through ``knots`` a side, ``(FIELDS, 2, side, side)``."""
    coarse = rng.standard_normal((FIELDS, 2, knots, knots)).astype(np.float32)
    size = (side, side)
    return np.array(
        [[cv2.resize(axis, size, interpolation=cv2.INTER_CUBIC) for axis in f] for f in coarse]
    )
