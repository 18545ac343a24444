"""Makes a scan's lines level and upright: by its sheet's corners, and by the tilt of its lines."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, Float64, Int32, UInt8
from scrawl.pixels import shrink
from scrawl.preprocess.paper import find_paper

FAINTEST = 8.0
"""Grey levels between a rule and its paper, at least."""

USUAL = 75
"""Percentile of what is dark that is usual for rules: below it are their edges and faint print."""

_THICKEST = 1 / 80  # of the long side: wider than any rule
_NARROWEST = 7  # and pixels
_QUAD = 0.03  # of its outline, by which a sheet may stray from straight sides
_FILLED = 0.85  # of its outline's area, that the quadrilateral of a sheet fills at least
_WHOLE = 1.04  # what `find_paper` keeps from the sheet's edge comes back: 2% on each side
_SIDE = 1000  # long side in pixels at which tilts are found: they need no finer lines
_FEWEST = 100  # pixels that are dark enough, or there is no line to go by
_STRONG = 0.4  # of what is usual for dark pixels, from which on one counts
_TURN = np.pi / 360  # radians between the directions that are tried: half a degree, by which a
# line of the shortest that count is half a pixel off; many of them say the tilt more finely
_LONG, _GAP = 0.07, 0.004  # of the long side: length of a piece of a line, and gaps in it
_STEEPEST = 20.0  # degrees that a page may be tilted by
_BIN = 0.5  # degrees that tilts are counted by
_NEAR = 1.5  # degrees from the usual tilt, up to which a line has a say in it
_LEVEL = 5e-4  # slope below which a picture is as it should be: a pixel in 2000


def black_hat(grey: UInt8) -> UInt8:
    """How much darker than what is beside it each thin thing is."""
    size = max(_NARROWEST, round(max(grey.shape) * _THICKEST) | 1)
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8))


def sheet_corners(grey: UInt8) -> Float32 | None:
    """The corners of a sheet that lies on something else, clockwise from the upper left."""
    sheet = find_paper(grey)
    if sheet is None:
        return None
    outlines, _ = cv2.findContours(sheet, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    quad = cv2.approxPolyDP(hull, _QUAD * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(quad) != 4 or cv2.contourArea(quad) < _FILLED * cv2.contourArea(hull):
        return None
    quad = quad.mean(axis=0) + _WHOLE * (quad - quad.mean(axis=0))
    corners = outermost(quad)
    return corners if len(np.unique(corners, axis=0)) == 4 else None


def sheet_frame(corners: Float32) -> tuple[tuple[int, int], Float64]:
    """Width and height of a sheet, and the homography from there to where it lies."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    w, h = round(float(sides[::2].max())), round(float(sides[1::2].max()))
    return (w, h), flattening(corners, w, h)


def outermost(points: Float64 | Int32) -> Float32:
    """Of points, shape ``(n, 2)``, the four farthest to the corners, clockwise from upper left."""
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    extremes = [total.argmin(), difference.argmax(), total.argmax(), difference.argmin()]
    return points[extremes].astype(np.float32)


def flattening(corners: Float32, width: int, height: int, margin: int = 0) -> Float64:
    """The homography from a level rectangle, ``margin`` from its picture's edge, to corners."""
    w, h = width - 1, height - 1
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32) + margin
    return cv2.getPerspectiveTransform(flat, corners)


def level_frame(grey: UInt8) -> tuple[tuple[int, int], Float64]:
    """Width and height of a picture whose lines are level and upright, and the way back."""
    level, upright = (np.tan(np.deg2rad(angle)) for angle in _tilts(grey))
    height, width = grey.shape
    if max(abs(level), abs(upright)) < _LEVEL:
        return (width, height), np.eye(3)
    axes = np.array([[1, -upright], [level, 1]])
    axes = axes / np.linalg.norm(axes, axis=0)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    straight = corners @ np.linalg.inv(axes).T
    low, high = straight.min(axis=0), straight.max(axis=0)
    back = np.eye(3)
    back[:2, :2], back[:2, 2] = axes, axes @ low
    size = np.ceil(high - low).astype(int)
    return (int(size[0]), int(size[1])), back


def _tilts(grey: UInt8) -> tuple[float, float]:
    """By how many degrees level lines fall to the right, and upright ones to the left."""
    dark = black_hat(shrink(grey, _SIDE))
    strong = dark[dark > 2 * FAINTEST]
    if strong.size < _FEWEST:
        return 0.0, 0.0
    inked = (dark > max(FAINTEST, _STRONG * float(np.percentile(strong, USUAL)))).astype(np.uint8)
    side = max(dark.shape)
    segments = cv2.HoughLinesP(
        inked, 1, _TURN, side // 20, minLineLength=_LONG * side, maxLineGap=_GAP * side
    )
    if segments is None:
        return 0.0, 0.0
    run = segments.reshape(-1, 4)[:, 2:].astype(float) - segments.reshape(-1, 4)[:, :2]
    angle = np.rad2deg(np.arctan2(run[:, 1], run[:, 0]))
    length = np.hypot(run[:, 0], run[:, 1])
    level = _usual((angle + 90) % 180 - 90, length)
    upright = _usual(angle % 180 - 90, length)
    # With lines of one direction alone, the other is square to it.
    level = level if level is not None else upright
    upright = upright if upright is not None else level
    return level or 0.0, upright or 0.0


def _usual(angles: Float64, weights: Float64) -> float | None:
    """The weighted mode of the angles that are no steeper than a page may be."""
    near = np.abs(angles) <= _STEEPEST
    if weights[near].sum() < 1:
        return None
    votes, edges = np.histogram(
        angles[near], np.arange(-_STEEPEST, _STEEPEST + _BIN, _BIN), weights=weights[near]
    )
    votes = np.convolve(votes, np.ones(3), "same")
    mode = edges[int(votes.argmax())] + _BIN / 2
    close = near & (np.abs(angles - mode) <= _NEAR)
    return float(np.average(angles[close], weights=weights[close]))


def warp(image: UInt8, size: tuple[int, int], back: Float64) -> UInt8:
    """A picture of ``size``, width and height, of which ``back`` leads to the other's pixels."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(image, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
