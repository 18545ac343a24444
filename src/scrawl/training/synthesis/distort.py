"""MNIST's digits, each a little otherwise in every epoch; no other picture is made of them."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import Bool, Float32, UInt8
from scrawl.preprocess.normalise import BOX
from scrawl.training.rows import Rows
from scrawl.training.synthesis.warp import FIELDS, smooth_fields

_CHUNK = 500  # pictures whose positions are in memory at a time
_INK = 64  # what counts towards the box; MNIST's digits have sides of 20 by it


def distorted(pictures: UInt8, labels: NDArray[np.integer], rng: np.random.Generator) -> Rows:
    """Every picture once, in a new order: turned, sized, slanted, shifted and bent.

    By up to 15 degrees, a factor of exp(0.15) for each side, a slant of 0.2 and 2 pixels, and by a
    smooth random field (Simard, Steinkraus and Platt, 2003) of about half a pixel; all in one
    interpolation, so that strokes stay sharp.

    Args:
        pictures: Square, ink 255 on 0, shape ``(n, side, side)``.
        labels: Shape ``(n,)``.
        rng: Source of randomness.

    Returns:
        Pictures and labels of the same shapes.
    """
    order = rng.permutation(len(pictures))
    hand = _Hand(len(pictures), pictures.shape[1], rng)
    shifts = rng.uniform(-2, 2, (len(pictures), 2)).astype(np.float32)
    out = np.empty_like(pictures)
    for some in _chunks(len(pictures)):
        out[some] = hand.draw(pictures[order[some]], some, shifts=shifts[some])
    return out, labels[order]


def renormalised(pictures: UInt8, labels: NDArray[np.integer], rng: np.random.Generator) -> Rows:
    """As `distorted`, but every digit has the size and place that MNIST's makers gave theirs.

    A box of 20 pixels, and a barycentre within half a pixel of the middle: what is learnt is how
    people write, not where digits may lie. Cubic interpolation, for MNIST's edges are sharp.

    Args:
        pictures: Normalised digits, ink 255 on 0, shape ``(n, side, side)``.
        labels: Shape ``(n,)``.
        rng: Source of randomness.

    Returns:
        Pictures and labels of the same shapes.
    """
    order = rng.permutation(len(pictures))
    hand = _Hand(len(pictures), pictures.shape[1], rng)
    middle = pictures.shape[1] / 2
    aims = (middle + rng.uniform(-0.5, 0.5, (len(pictures), 2))).astype(np.float32)
    out = np.empty_like(pictures)
    for some in _chunks(len(pictures)):
        given = pictures[order[some]]
        sizes, barycentres = _measured(hand.draw(given, some))
        zooms = np.float32(1 / BOX) * sizes
        shifts = barycentres - zooms[:, None] * aims[some]
        out[some] = hand.draw(given, some, zooms, shifts, cv2.INTER_CUBIC)
    return out, labels[order]


class _Hand:
    """How each of many pictures is turned, sized, slanted and bent.

    Args:
        count: Of pictures.
        side: Of each, in pixels.
        rng: Source of randomness.
    """

    def __init__(self, count: int, side: int, rng: np.random.Generator) -> None:
        self._middle = (side - 1) / 2
        self._pixels = np.indices((side, side), np.float32)[::-1].reshape(2, -1)
        # x and y last, as OpenCV takes them.
        self._fields = np.moveaxis(smooth_fields(side, 5, rng), 1, -1)
        self._matrices = _matrices(count, rng)
        self._picks = rng.integers(0, FIELDS, count)
        self._much = rng.uniform(0, 0.8, (count, 1, 1, 1)).astype(np.float32)

    def draw(
        self,
        pictures: UInt8,
        rows: slice,
        zooms: Float32 | None = None,
        shifts: Float32 | None = None,
        interpolation: int = cv2.INTER_LINEAR,
    ) -> UInt8:
        """Those of ``rows``; pixel ``p`` of a result shows what is at ``zoom * p + shift``."""
        count, side = pictures.shape[:2]
        zooms = np.ones(count, np.float32) if zooms is None else zooms
        shifts = np.zeros((count, 2), np.float32) if shifts is None else shifts
        at = zooms[:, None, None] * self._pixels + shifts[:, :, None]
        turned = self._matrices[rows] @ (at - self._middle) + self._middle
        places = turned.transpose(0, 2, 1).reshape(count, side, side, 2)
        views = np.zeros((count, 2, 3), np.float32)
        views[:, 0, 0] = views[:, 1, 1] = zooms
        views[:, :, 2] = shifts
        bent = self._fields[self._picks[rows]] * self._much[rows]
        out = np.empty_like(pictures)
        view = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        edge = cv2.BORDER_REPLICATE
        for row in range(count):
            bend = cv2.warpAffine(bent[row], views[row], (side, side), flags=view, borderMode=edge)
            cv2.remap(pictures[row], places[row] + bend, None, interpolation, dst=out[row])
        return out


def _chunks(count: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, count, _CHUNK))


def _matrices(count: int, rng: np.random.Generator) -> Float32:
    """Matrices ``(count, 2, 2)`` that turn, size and slant."""
    turn = rng.uniform(-np.pi / 12, np.pi / 12, count)
    slant = rng.uniform(-0.2, 0.2, count)
    sizes = np.exp(rng.uniform(-0.15, 0.15, (count, 1, 2)))
    cos, sin = np.cos(turn), np.sin(turn)
    matrices = np.stack([cos, slant * cos - sin, sin, slant * sin + cos], 1).reshape(-1, 2, 2)
    return np.asarray(matrices * sizes, np.float32)


def _measured(pictures: UInt8) -> tuple[Float32, Float32]:
    """The longer side of each digit's box, ``(n,)``, and its barycentre, ``(n, 2)``, in pixels.

    A picture without ink has a box of ``BOX``.
    """
    count, side = pictures.shape[:2]
    ink = pictures > _INK
    columns, rows = np.asarray(ink.any(axis=1)), np.asarray(ink.any(axis=2))
    sizes = np.maximum(_extent(columns), _extent(rows))
    sizes[~rows.any(axis=1)] = BOX
    weights = pictures.reshape(count, -1).astype(np.float32)
    pixels = np.indices((side, side), np.float32)[::-1].reshape(2, -1)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1)
    return sizes.astype(np.float32), weights @ pixels.T / total


def _extent(marked: Bool) -> NDArray[np.integer]:
    """From the first to the last that is marked of each row of ``(n, side)``, both counted."""
    return marked.shape[1] - marked.argmax(axis=1) - marked[:, ::-1].argmax(axis=1)
