"""Parts a picture into what is read on its own: sheets that lie on something, and the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np

from scrawl.arrays import Float32, Float64, UInt8
from scrawl.pages.digit import Digit, Mark
from scrawl.pages.reading import Line, Reading
from scrawl.pages.table import Cell, Table
from scrawl.pixels import grey, shrink

T = TypeVar("T", Digit, Mark, Cell)

_SIDE = 320  # long side in pixels at which sheets are looked for
_STROKE = 13  # pixels there, wider than any stroke of what is written on a sheet
_SPECK = 7  # pixels there: what is thinner and touches a sheet's edge is not the sheet
_SMALLEST, _LARGEST = 0.012, 0.92  # of the picture, the area of a sheet
_FILLED = 0.86  # of its rotated box, that a sheet fills at least
_SLIM = 0.06  # of the long side: a sheet's short side at least
_CUT = 0.4  # of its outline, that may lie on the picture's edge: a shadow's edge cuts it in two
_CONTRAST = 40.0  # grey levels between a sheet and what lies around it, at least
_RING = 5  # pixels about a sheet in which its surroundings are judged
_DEPTH = 25.0  # grey levels that ink differs from its sheet by
_INKED = 0.0008, 0.35  # share of a sheet that is ink: one without any says nothing
_EDGE = 0.006  # of a sheet's sides, kept from its edge, where its own shadow lies
_FINEST = 2400  # long side in pixels of a straightened sheet, at most
_QUAD = 0.03  # of its outline, by which a sheet with four corners may stray from straight sides


@dataclass(frozen=True, eq=False)
class View:
    """A part of a picture as it is read.

    Attributes:
        pixels: uint8, shape ``(h, w)`` or ``(h, w, 3)`` RGB.
        to_picture: float64, shape ``(3, 3)``: the homography from there to the picture's pixels;
            None where the pixels are the picture's own.
        beside: Whether it is what is left beside sheets, where most is no writing.
    """

    pixels: UInt8
    to_picture: Float64 | None = None
    beside: bool = False


def views(image: UInt8) -> list[View]:
    """The parts of a picture: what lies beside its sheets; then each sheet, from the top.

    A sheet is a four-sided patch of one tone, lighter or darker than all around it, with ink on it.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.

    Returns:
        Where there is no sheet, the picture as it is, and nothing more.
    """
    quads = _quads(shrink(grey(image), _SIDE))
    if not quads:
        return [View(image)]
    scale = max(image.shape[:2]) / min(_SIDE, max(image.shape[:2]))
    quads = [(quad + 0.5) * np.float32(scale) - 0.5 for quad in quads]
    sheets = [_straightened(image, quad) for quad in sorted(quads, key=lambda q: q[:, 1].min())]
    return [View(_without(image, quads), None, True), *sheets]


def placed(reading: Reading, view: View) -> Reading:
    """What a part of a picture says, with boxes in the picture's pixels."""
    if view.to_picture is None:
        return reading
    to_picture = view.to_picture

    def move(item: T) -> T:
        x0, y0, x1, y1 = item.box
        corners = np.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], np.float64)
        at = cv2.perspectiveTransform(corners, to_picture)[0]
        left, top = np.maximum(np.floor(at.min(0)), 0).astype(int).tolist()
        right, bottom = np.ceil(at.max(0)).astype(int).tolist()
        return replace(item, box=(left, top, right, bottom))

    lines = tuple(
        Line(tuple(tuple(map(move, group)) for group in line.groups), tuple(map(move, line.marks)))
        for line in reading.lines
    )
    tables = tuple(
        Table(tuple(tuple(map(move, row)) for row in table.rows)) for table in reading.tables
    )
    return replace(reading, lines=lines, tables=tables, turned=_angle(view, reading.size))


def _angle(view: View, size: tuple[int, int]) -> float:
    """By how many degrees the middle of a part is turned clockwise in the picture."""
    x, y = size[0] / 2, size[1] / 2
    ends = np.array([[[x, y], [x + 1, y]]], np.float64)
    a, b = cv2.perspectiveTransform(ends, np.asarray(view.to_picture))[0]
    return float(np.rad2deg(np.arctan2(b[1] - a[1], b[0] - a[0])))


def _quads(small: UInt8) -> list[Float32]:
    """The corners of each sheet, clockwise from the upper left, in pixels of the small picture."""
    found: list[Float32] = []
    taken = np.zeros_like(small)
    for tone in (small, 255 - small):
        closed = cv2.morphologyEx(tone, cv2.MORPH_CLOSE, np.ones((_STROKE, _STROKE), np.uint8))
        _, light = cv2.threshold(closed, 0, 1, cv2.THRESH_OTSU)
        light = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((_SPECK, _SPECK), np.uint8))
        outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in sorted(outlines, key=cv2.contourArea, reverse=True):
            if cv2.contourArea(outline) < _SMALLEST * small.size:
                break
            quad = _corners(outline, small.shape)
            if quad is None:
                continue
            mask = np.zeros_like(small)
            cv2.fillConvexPoly(mask, np.rint(quad).astype(np.int32), 1)
            if not (taken & mask).any() and _is_sheet(tone, closed, mask):
                found.append(quad)
                taken |= mask
    return found


def _corners(outline: UInt8, shape: tuple[int, ...]) -> Float32 | None:
    """The corners of an outline that has four sides, and not most of them the picture's."""
    box = cv2.minAreaRect(outline)
    area = cv2.contourArea(outline)
    if min(box[1]) < _SLIM * max(shape) or area > _LARGEST * shape[0] * shape[1]:
        return None
    if area < _FILLED * box[1][0] * box[1][1]:
        return None
    limits = np.array(shape[1::-1]) - 2
    points = outline.reshape(-1, 2)
    ends = np.roll(points, -1, axis=0)
    at_edge = ((points <= 1) & (ends <= 1)) | ((points >= limits) & (ends >= limits))
    lengths = np.linalg.norm(ends - points, axis=1)
    if lengths[at_edge.any(1)].sum() > _CUT * lengths.sum():
        return None
    hull = cv2.convexHull(outline)
    quad = cv2.approxPolyDP(hull, _QUAD * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(quad) != 4 or cv2.contourArea(quad) < 0.93 * area:
        quad = cv2.boxPoints(box)
    quad = quad.astype(np.float32)
    centre = quad.mean(0)
    order = np.argsort(np.arctan2(*(quad - centre).T[::-1]))
    quad = quad[order]
    # The corner nearest to the picture's upper left comes first: a tilt stays below 45 degrees.
    return np.roll(quad, -int((quad - centre).sum(1).argmin()), axis=0)


def _is_sheet(tone: UInt8, closed: UInt8, mask: UInt8) -> bool:
    """Whether a patch is lighter than what is around it, and has ink on it."""
    around = cv2.dilate(mask, np.ones((2 * _RING + 3,) * 2, np.uint8))
    around &= 1 - cv2.dilate(mask, np.ones((5, 5), np.uint8))
    inside = cv2.erode(mask, np.ones((_RING, _RING), np.uint8)) > 0
    if not around.any() or not inside.any():
        return False
    paper = float(np.median(closed[inside]))
    if paper - float(np.percentile(closed[around > 0], 75)) < _CONTRAST:
        return False
    inked = float((paper - tone[inside] > _DEPTH).mean())
    return _INKED[0] < inked < _INKED[1]


def _straightened(image: UInt8, quad: Float32) -> View:
    """A sheet as if it had been scanned."""
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    wide, high = float(sides[::2].mean()), float(sides[1::2].mean())
    scale = min(1.0, _FINEST / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    inner = _EDGE + unit * (1 - 2 * _EDGE)
    whole = cv2.getPerspectiveTransform(unit.astype(np.float32), quad)
    corners = cv2.perspectiveTransform(inner[None].astype(np.float32), whole)[0]
    flat = (unit * (np.array(size) - 1)).astype(np.float32)
    back = cv2.getPerspectiveTransform(flat, corners)
    source, to_source = image, back
    if scale < 0.75:  # averaged first: a warp alone leaves out pixels
        source = shrink(image, round(scale * max(image.shape[:2])))
        shrunk = source.shape[1] / image.shape[1]
        to_source = np.diag([shrunk, shrunk, 1.0]) @ back
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpPerspective(source, to_source, size, None, flags, cv2.BORDER_REPLICATE)
    return View(np.asarray(pixels, np.uint8), back)


def _without(image: UInt8, quads: list[Float32]) -> UInt8:
    """The picture with its sheets painted over in the tone around them."""
    rest = image.copy()
    for quad in quads:
        centre = quad.mean(0)
        mask, ring = np.zeros(image.shape[:2], np.uint8), np.zeros(image.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, np.rint(centre + 1.04 * (quad - centre)).astype(np.int32), 1)
        cv2.fillConvexPoly(ring, np.rint(centre + 1.12 * (quad - centre)).astype(np.int32), 1)
        around = image[(ring > mask)]
        if len(around):
            rest[mask > 0] = np.median(around, axis=0)
    return rest
