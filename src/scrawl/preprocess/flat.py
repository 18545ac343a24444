"""Pictures of nothing but flat paper and ink, such as drawings: their ink at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.preprocess.ink import FAINTEST, has_shade, has_soft

_PAPER = 0.5  # share of the picture that is one grey, at least
_EVEN = 3  # grey levels by which flat paper may differ from it
_GREYS = np.arange(256)
_MARGIN = 2  # pixels of paper about the ink
_DARK = 0.5  # of the deepest grey, from which on it is that of strokes
_FULL_INK = 0.95  # share of the strokes' pixels that are no darker than full ink


@dataclass(frozen=True)
class FlatInk:
    """The ink of a flat picture.

    Attributes:
        ink: float32, shape ``(h, w)``, 0 for paper to 1 for ink: of the window that holds it all.
        left: Where the window begins, in pixels of the picture.
        top: Likewise.
        light: Whether the ink is lighter than its paper.
    """

    ink: Float32
    left: int
    top: int
    light: bool


def flat_ink(image: UInt8) -> FlatInk | None:
    """The ink of a picture whose paper is one grey, and whose ink touches no edge.

    Args:
        image: uint8, shape ``(H, W)``.

    Returns:
        The ink, or None where there is more to the picture and `scrawl.preprocess.ink` has to look.
    """
    paper = _paper(image)
    lowest, highest, _, _ = cv2.minMaxLoc(image)
    light = highest > paper + _EVEN
    if (lowest < paper - _EVEN) == light:
        return None
    depths = np.clip((_GREYS - paper) * (1 if light else -1), 0, 255).astype(np.uint8)
    inked = (
        cv2.threshold(image, paper + _EVEN, 1, cv2.THRESH_BINARY)[1]
        if light
        else cv2.threshold(image, paper - _EVEN - 1, 1, cv2.THRESH_BINARY_INV)[1]
    )
    if cv2.countNonZero(inked) > (1 - _PAPER) * image.size:
        return None
    left, top, width, height = cv2.boundingRect(inked)
    left, top = left - _MARGIN, top - _MARGIN
    right, bottom = left + width + 2 * _MARGIN, top + height + 2 * _MARGIN
    if min(left, top) < 0 or right > image.shape[1] or bottom > image.shape[0]:
        return None
    depth = cv2.LUT(image[top:bottom, left:right], depths)
    contrast = _contrast(depth, int(highest - paper if light else paper - lowest))
    ink = cv2.LUT(depth, np.minimum(_GREYS * np.float32(1 / contrast), 1).astype(np.float32))
    if contrast < FAINTEST or has_soft(ink) or has_shade(ink):
        return None
    return FlatInk(ink, left, top, light)


def _paper(image: UInt8) -> int:
    """The most frequent grey; what more than half of the pixels are is quickly found."""
    corner = int(image[0, 0])
    if 2 * cv2.countNonZero(cv2.compare(image, corner, cv2.CMP_EQ)) > image.size:
        return corner
    return int(np.bincount(image.ravel(), minlength=256).argmax())


def _contrast(depth: UInt8, deepest: int) -> float:
    """The depth of the darkest strokes: that which a twentieth of the dark pixels exceed."""
    dark = depth[depth >= max(int(_DARK * deepest), _EVEN + 1)]
    full = ceil(_FULL_INK * dark.size) - 1
    return float(np.partition(dark, full)[full])
