"""Writing MNIST's digits again with another pen: their skeletons, and the ink about these."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from scrawl.arrays import UInt8
from scrawl.training.synthesis.strokes import CANVAS, pens

# The neighbours p2..p9 of Zhang and Suen, clockwise from north, as the bits of a byte.
_BITS = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.float32)


@cache
def _keep() -> tuple[UInt8, UInt8]:
    """For each neighbourhood, 0 where its middle goes; a table for each half of a step."""
    tables = np.ones((2, 256), np.uint8)
    for code in range(256):
        p = [code >> bit & 1 for bit in range(8)]
        turns = sum(a == 0 and b == 1 for a, b in zip(p, p[1:] + p[:1], strict=True))
        if not (2 <= sum(p) <= 6 and turns == 1):
            continue
        north, east, south, west = p[0::2]
        tables[0, code] = bool(north and east and south) or bool(east and south and west)
        tables[1, code] = bool(north and east and west) or bool(north and south and west)
    return tables[0], tables[1]


def skeletons(pictures: UInt8, steps: int = 6) -> UInt8:
    """Thin strokes to lines of one pixel (Zhang and Suen, 1984), all pictures at once.

    Args:
        pictures: Ink 255 on 0 with an empty border, shape ``(n, h, w)``.
        steps: Pixels taken at most from either side of a stroke.

    Returns:
        1 on the skeleton and 0 elsewhere, the shape of ``pictures``.
    """
    sheet = (pictures > 110).astype(np.uint8).reshape(-1, pictures.shape[2])
    for _ in range(steps):
        for table in _keep():
            codes = cv2.filter2D(sheet, -1, _BITS, borderType=cv2.BORDER_CONSTANT)
            sheet *= np.asarray(cv2.LUT(codes, table), np.uint8)
    return sheet.reshape(pictures.shape)


def rewritten(pictures: UInt8, rng: np.random.Generator) -> UInt8:
    """The same digits written with a pen of random width, hairline to felt marker.

    Args:
        pictures: Ink 255 on 0, shape ``(n, CANVAS, CANVAS)``, with an empty border.
        rng: Source of randomness.

    Returns:
        The shape of ``pictures``.
    """
    if not len(pictures):
        return pictures
    blank = 1 - skeletons(pictures)
    away = cv2.distanceTransform(blank.reshape(-1, CANVAS), cv2.DIST_L2, 3).reshape(blank.shape)
    radii = pens(len(pictures), rng).astype(np.float32)[:, None, None] / 2
    return np.asarray(np.clip(radii + 0.5 - away, 0, 1) * 255, np.uint8)
