"""Bending pictures: affine and elastic, from one sheet to another."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl.training.synthesis.strokes import CANVAS, hands

_FIELDS = 256
_HERE = np.indices((CANVAS, CANVAS), np.float32)[::-1]  # x and y of every pixel


def affine(
    pictures: NDArray[np.uint8], rng: np.random.Generator, scale: float = 2.0, side: int = CANVAS
) -> NDArray[np.uint8]:
    """Turn, slant, stretch and shift pictures a little, each about its centre.

    Args:
        pictures: Ink 255 on 0, shape ``(n, h, w)``.
        rng: Source of chance.
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


def bent(pictures: NDArray[np.uint8], rng: np.random.Generator, share: float) -> NDArray[np.uint8]:
    """A share of the pictures bent by `elastic`, the rest as they are; the same shape."""
    some = rng.random(len(pictures)) < share
    out = pictures.copy()
    out[some] = elastic(pictures[some], rng)
    return out


def elastic(
    pictures: NDArray[np.uint8], rng: np.random.Generator, strength: float = 1.3
) -> NDArray[np.uint8]:
    """Bend pictures by smooth random fields (Simard, Steinkraus and Platt, 2003).

    Args:
        pictures: Ink 255 on 0, shape ``(n, CANVAS, CANVAS)``.
        rng: Source of chance.
        strength: Standard deviation of the displacement, about, in pixels.

    Returns:
        The shape of ``pictures``.
    """
    fields = _fields(CANVAS, 6, rng)
    picks = rng.integers(0, _FIELDS, len(pictures))
    much = (strength * rng.uniform(0.3, 1.6, len(pictures))).astype(np.float32)
    bent = np.empty_like(pictures)
    for row, pick in enumerate(picks):
        x, y = _HERE + much[row] * fields[pick]
        cv2.remap(pictures[row], x, y, cv2.INTER_LINEAR, dst=bent[row])
    return bent


def distorted(
    pictures: NDArray[np.uint8], labels: NDArray[np.integer], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.integer]]:
    """Every picture once, in a new order: turned, sized, slanted, shifted and bent.

    By up to 15 degrees, a factor of exp(0.15) for each side, a slant of 0.2 and 2 pixels, and as
    `elastic` by about half a pixel; all in one interpolation, so that strokes stay sharp.

    Args:
        pictures: Square, ink 255 on 0, shape ``(n, side, side)``.
        labels: Shape ``(n,)``.
        rng: Source of chance.

    Returns:
        Pictures and labels of the same shapes.
    """
    count, side = len(pictures), pictures.shape[1]
    order = rng.permutation(count)
    centre = (side - 1) / 2
    here = (np.indices((side, side))[::-1] - centre).astype(np.float32)
    fields = _fields(side, 5, rng)
    matrices = _moves(count, rng)
    shifts = (rng.uniform(-2, 2, (count, 2)) + centre).astype(np.float32)
    picks = rng.integers(0, _FIELDS, (count,))
    much = rng.uniform(0, 0.8, (count,)).astype(np.float32)
    out = np.empty_like(pictures)
    for row, pick in enumerate(picks):
        x, y = np.tensordot(matrices[row], here, 1) + shifts[row, :, None, None]
        bend_x, bend_y = much[row] * fields[pick]
        cv2.remap(pictures[order[row]], x + bend_x, y + bend_y, cv2.INTER_LINEAR, dst=out[row])
    return out, labels[order]


def _moves(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Matrices ``(count, 2, 2)`` that turn, size and slant."""
    turn = rng.uniform(-np.pi / 12, np.pi / 12, count)
    slant = rng.uniform(-0.2, 0.2, count)
    sizes = np.exp(rng.uniform(-0.15, 0.15, (count, 1, 2)))
    cos, sin = np.cos(turn), np.sin(turn)
    matrices = np.stack([cos, slant * cos - sin, sin, slant * sin + cos], 1).reshape(-1, 2, 2)
    return np.asarray(matrices * sizes, np.float32)


def _fields(side: int, knots: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Smooth random displacements through ``knots`` a side, ``(_FIELDS, 2, side, side)``."""
    coarse = rng.standard_normal((_FIELDS, 2, knots, knots)).astype(np.float32)
    size = (side, side)
    return np.array(
        [[cv2.resize(axis, size, interpolation=cv2.INTER_CUBIC) for axis in f] for f in coarse]
    )
