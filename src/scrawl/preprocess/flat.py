"""Pictures of nothing but flat paper and ink, such as drawings: their ink at a glance."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float32, Int64, UInt8
from scrawl.preprocess.ink import FAINTEST, has_shade, has_soft

_PAPER = 0.5  # share of the picture that is one grey, at least
_EVEN = 3  # grey levels by which flat paper may differ from it
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
    counts = np.bincount(image.ravel(), minlength=256)
    paper = int(counts.argmax())
    below = float(counts[: max(paper - _EVEN, 0)].sum())
    above = float(counts[paper + _EVEN + 1 :].sum())
    light = above > 0
    if (below > 0) == light or image.size - below - above < _PAPER * image.size:
        return None
    grey = np.uint8(paper)
    depth = np.maximum(image, grey) - grey if light else grey - np.minimum(image, grey)
    left, top, width, height = cv2.boundingRect(cv2.compare(depth, _EVEN, cv2.CMP_GT))
    left, top = left - _MARGIN, top - _MARGIN
    right, bottom = left + width + 2 * _MARGIN, top + height + 2 * _MARGIN
    if min(left, top) < 0 or right > image.shape[1] or bottom > image.shape[0]:
        return None
    depth = depth[top:bottom, left:right]
    contrast = _contrast(counts[paper:] if light else counts[paper::-1])
    ink = np.minimum(depth * np.float32(1 / contrast), 1)
    if contrast < FAINTEST or has_soft(ink) or has_shade(ink):
        return None
    return FlatInk(ink, left, top, light)


def _contrast(counts: Int64) -> float:
    """The depth of the darkest strokes: that which a twentieth of the dark pixels exceed."""
    deepest = int(np.flatnonzero(counts)[-1])
    dark = counts[: deepest + 1].copy()
    dark[: max(int(_DARK * deepest), 1)] = 0
    return float(np.searchsorted(np.cumsum(dark), _FULL_INK * float(dark.sum())))
