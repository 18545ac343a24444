"""The sheet or canvas on a picture, when the picture shows more than it."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import UInt8
from scrawl.pixels import grey, median, shrink

_SIDE = 96  # long side at which the sheet is looked for
_CONTRAST = 40  # grey levels between a sheet and what it lies on, at least
_THICK = 0.07  # of the long side: half as wide as the widest stroke
_RECTANGULAR = 0.85  # share of its rotated box that a sheet fills, at least
_STROKES = 15  # pixels there: a square that no stroke is as wide as
_SHARE = 0.08  # of the picture that is a sheet, and that is not, at least
_EDGE = 0.25  # of the contrast, on either side of its middle: what lies there is an edge
_SHARP = 0.1  # share of the picture that may lie there; more is a fall-off of light
_INSIDE = 5  # pixels there, by which what is seen of a sheet begins inside its edge


def find_paper(image: UInt8) -> UInt8 | None:
    """Finds a sheet on a table, or a canvas on a screen.

    Returns:
        uint8, shape ``(H, W)``, 1 inside the sheet and a little from its edge; None if the
        picture shows nothing but paper.
    """
    small = shrink(grey(image), _SIDE)
    if max(small.shape) < _SIDE:
        return None
    for tone in (small, 255 - small):
        sheet = _sheet(tone)
        if sheet is not None:
            return cv2.resize(sheet, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return None


def _sheet(grey: UInt8) -> UInt8 | None:
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_STROKES, _STROKES), np.uint8))
    level, light = cv2.threshold(closed, 0, 1, cv2.THRESH_OTSU)
    if not _SHARE < light.mean() < 1 - _SHARE:
        return None
    high, low = median(closed[light > 0]), median(closed[light == 0])
    between = np.abs(closed - (high + low) / 2) < _EDGE * (high - low)
    if high - low < _CONTRAST or between.mean() > _SHARP:  # a gradient has no edge
        return None
    bare = (grey > level).astype(np.uint8)  # strokes left out: a digit has nothing this thick
    thick = cv2.distanceTransform(bare, cv2.DIST_L2, 3) > _THICK * max(grey.shape)
    rim = cv2.copyMakeBorder(1 - light, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    table = cv2.distanceTransform(rim, cv2.DIST_L2, 3)  # nor is a table a stroke
    if table.max() < _THICK * max(grey.shape):
        return None
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    (_, (w, h), _) = cv2.minAreaRect(outline)
    if cv2.contourArea(outline) < _RECTANGULAR * max(w * h, 1):
        return None
    sheet = np.zeros_like(grey)
    cv2.drawContours(sheet, [outline], 0, 1, cv2.FILLED)
    if not (sheet & thick).any() or not _SHARE < sheet.mean() < 1 - _SHARE:
        return None
    return cv2.erode(sheet, np.ones((_INSIDE, _INSIDE), np.uint8), borderValue=1)
