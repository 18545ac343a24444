"""The ruled lines of a scan or a photo of a form, faint ones and broken ones too."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float64, UInt8
from scrawl.pixels import shrink
from scrawl.ruling.straight import (
    FAINTEST,
    USUAL,
    black_hat,
    level_frame,
    sheet_corners,
    sheet_frame,
    warp,
)

WORKING = 2000
"""Long side, in pixels, at which lines are looked for."""

_LONG = 1 / 75  # of the long side, that a piece of a rule is long at least
_SHORTEST = 12  # and pixels
_STRONG = 0.35  # of what is usual for the pieces of rules, how dark one is at least
_FAINT = 5  # pieces that a faint rule among bold ones is long, at least
_SLIM = 3  # times as long as it is thick, such a rule at least


@dataclass(frozen=True)
class Rules:
    """The ruled lines of a scan, straightened so that they are nearly level and upright.

    Attributes:
        across: uint8, shape ``(H, W)``, 1 on lines that are nearly level.
        down: The same for those nearly upright.
        to_scan: float64, shape ``(3, 3)``: the homography from these pixels to the scan's.
        sheet: Whether a sheet was found on something else; these pixels then show it alone.
        scan: Width and height of the scan.
    """

    across: UInt8
    down: UInt8
    to_scan: Float64
    sheet: bool
    scan: tuple[int, int]


def find_rules(grey: UInt8, sheets: bool = True) -> Rules:
    """Finds the ruled lines of a scan or a photo.

    The picture is straightened by the sheet's corners, where it lies on something else, and by
    the tilt of its lines (probabilistic Hough transform); what is left of a black top-hat after
    an opening along each direction is ruled.

    Args:
        grey: uint8, shape ``(H, W)``.
        sheets: Whether to look for a sheet that lies on something else.
    """
    small = shrink(grey, WORKING)
    sx, sy = grey.shape[1] / small.shape[1], grey.shape[0] / small.shape[0]
    # Pixel centres: the first of the small picture lies in the middle of those it averages.
    to_scan = np.array([[sx, 0, (sx - 1) / 2], [0, sy, (sy - 1) / 2], [0, 0, 1]])
    corners = sheet_corners(small) if sheets else None
    frame = small
    if corners is not None:
        size, back = sheet_frame(corners)
        frame, to_scan = warp(small, size, back), to_scan @ back
    size, back = level_frame(frame)
    if not np.allclose(back, np.eye(3)):
        frame, to_scan = warp(frame, size, back), to_scan @ back
    across, down = _lines(black_hat(frame))
    scan = grey.shape[1], grey.shape[0]
    return Rules(across, down, to_scan, corners is not None, scan)


def piece_of(image: UInt8) -> int:
    """How long a piece of a rule is at least, in pixels."""
    return max(_SHORTEST, round(max(image.shape) * _LONG))


def _lines(dark: UInt8) -> tuple[UInt8, UInt8]:
    """Masks of the lines that are nearly level, and of those nearly upright."""
    piece = piece_of(dark)
    masks = []
    for along, beside in (((1, piece), (3, 1)), ((piece, 1), (1, 3))):
        thick = cv2.dilate(dark, np.ones(beside, np.uint8))
        strength = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        strong = strength[strength > FAINTEST]
        level = max(FAINTEST, _STRONG * float(np.percentile(strong, USUAL))) if strong.size else 255
        mask = (strength > level).astype(np.uint8) | _long(strength, along)
        gap = np.ones((max(1, along[0] // 2), max(1, along[1] // 2)), np.uint8)
        masks.append(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, gap))
    return masks[0], masks[1]


def _long(strength: UInt8, along: tuple[int, int]) -> UInt8:
    """The faint lines among bold ones: they are longer than what else is as faint."""
    faint = (strength > FAINTEST).astype(np.uint8)
    piece = max(along)
    faint = cv2.morphologyEx(faint, cv2.MORPH_CLOSE, np.ones(along, np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    side = cv2.CC_STAT_HEIGHT if along[0] > 1 else cv2.CC_STAT_WIDTH
    other = cv2.CC_STAT_WIDTH if along[0] > 1 else cv2.CC_STAT_HEIGHT
    long = (stats[:, side] >= _FAINT * piece) & (stats[:, other] < stats[:, side] / _SLIM)
    long[0] = False
    return long[labels].astype(np.uint8) & (strength > FAINTEST).astype(np.uint8)
