"""The ruled lines of a scan, and the grids and boxes that they make."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float32, Float64, Int32, UInt8
from scrawl.pixels import shrink
from scrawl.preprocess.paper import find_paper

WORKING = 2000
"""Long side, in pixels, at which lines are looked for."""

_THICKEST = 1 / 80  # of the long side: wider than any rule
_LONG = 1 / 75  # and how long a piece of a rule is at least
_FAINT = 5  # pieces that a faint rule among bold ones is long, at least
_FAINTEST = 8.0  # grey levels between a rule and its paper
_STEEPEST = 20.0  # degrees that a page may be tilted by
_COVERED = 0.5  # share of a line's way that is inked, at least
_MOST = 60  # components that are looked at, largest first


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


@dataclass(frozen=True)
class Lattice:
    """Lines that make a grid; a box is one of 1×1.

    Attributes:
        xs: Where the upright lines are, in ``to_frame``'s pixels, from left to right.
        ys: Where the level lines are, from the top.
        to_frame: float64, shape ``(3, 3)``: the homography from there to the pixels of `Rules`.
        corners: float64, shape ``(4, 2)``: what the lines reach to in the pixels of `Rules`,
            clockwise from the upper left.
    """

    xs: Float64
    ys: Float64
    to_frame: Float64
    corners: Float64

    @property
    def rows(self) -> int:
        """Cells below each other."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Cells beside each other."""
        return len(self.xs) - 1


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
    corners = _sheet_corners(small) if sheets else None
    frame = small
    if corners is not None:
        size, back = _unwarp(corners)
        frame, to_scan = _warp(small, size, back), to_scan @ back
    size, back = _untilt(frame)
    if not np.allclose(back, np.eye(3)):
        frame, to_scan = _warp(frame, size, back), to_scan @ back
    across, down = _lines(_dark(frame))
    scan = grey.shape[1], grey.shape[0]
    return Rules(across, down, to_scan, corners is not None, scan)


def lattices(rules: Rules, gaps: bool = False) -> list[Lattice]:
    """The grids and boxes that the lines make, largest first.

    Args:
        rules: The lines.
        gaps: Whether lines belong together that do not touch.
    """
    union = rules.across | rules.down
    reach = _piece(union) if gaps else 3
    union = cv2.dilate(union, np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(union, connectivity=8)
    least = _piece(union) // 2
    wide = (stats[1:, cv2.CC_STAT_WIDTH] >= least) & (stats[1:, cv2.CC_STAT_HEIGHT] >= least)
    order = np.argsort(-stats[1:, 2].astype(np.int64) * stats[1:, 3], kind="stable")
    found = []
    for label in [int(i) + 1 for i in order if wide[i]][:_MOST]:
        lattice = _lattice(rules, labels, stats[label], label)
        if lattice is not None:
            found.append(lattice)
    return found


def _lattice(rules: Rules, labels: Int32, stat: Int32, label: int) -> Lattice | None:
    x, y, w, h = (int(v) for v in stat[:4])
    window = np.s_[y : y + h, x : x + w]
    own = (labels[window] == label).astype(np.uint8)
    outline = np.concatenate(cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0])
    points = outline.reshape(-1, 2)
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    extremes = (total.argmin(), difference.argmax(), total.argmax(), difference.argmin())
    corners = points[list(extremes)].astype(np.float32)
    pad = 8
    size = (w + 2 * pad, h + 2 * pad)
    flat = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], np.float32) + pad
    if cv2.contourArea(corners) < 0.5 * w * h:
        return None  # lines that make no box
    back = cv2.getPerspectiveTransform(flat, corners)
    ruled = [_warp(mask[window] * own, size, back) for mask in (rules.across, rules.down)]
    # A line that is not quite level still fills its row when it is made a little thicker.
    ys = _peaks(cv2.dilate(ruled[0], np.ones((5, 1), np.uint8))[:, pad:-pad].mean(axis=1))
    xs = _peaks(cv2.dilate(ruled[1], np.ones((1, 5), np.uint8))[pad:-pad].mean(axis=0))
    if len(xs) < 2 or len(ys) < 2:
        return None
    shift = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float)
    return Lattice(xs, ys, shift @ back, corners + np.array([x, y], float))


def _peaks(coverage: Float64) -> Float64:
    """The middle of each run of rows that are covered."""
    edges = np.flatnonzero(np.diff(np.pad(coverage >= _COVERED, 1).astype(np.int8)))
    return (edges[::2] + edges[1::2] - 1) / 2


def _piece(image: UInt8) -> int:
    """How long a piece of a rule is at least, in pixels."""
    return max(12, round(max(image.shape) * _LONG))


def _dark(grey: UInt8) -> UInt8:
    """How much darker than what is beside it each thin thing is."""
    size = max(7, round(max(grey.shape) * _THICKEST) | 1)
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8))


def _lines(dark: UInt8) -> tuple[UInt8, UInt8]:
    """Masks of the lines that are nearly level, and of those nearly upright."""
    piece = _piece(dark)
    masks = []
    for along, beside in (((1, piece), (3, 1)), ((piece, 1), (1, 3))):
        thick = cv2.dilate(dark, np.ones(beside, np.uint8))
        strength = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        strong = strength[strength > _FAINTEST]
        level = max(_FAINTEST, 0.35 * float(np.percentile(strong, 75))) if strong.size else 255
        mask = (strength > level).astype(np.uint8) | _long(strength, along)
        gap = np.ones((max(1, along[0] // 2), max(1, along[1] // 2)), np.uint8)
        masks.append(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, gap))
    return masks[0], masks[1]


def _long(strength: UInt8, along: tuple[int, int]) -> UInt8:
    """The faint lines among bold ones: they are longer than what else is as faint."""
    faint = (strength > _FAINTEST).astype(np.uint8)
    piece = max(along)
    faint = cv2.morphologyEx(faint, cv2.MORPH_CLOSE, np.ones(along, np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    side = cv2.CC_STAT_HEIGHT if along[0] > 1 else cv2.CC_STAT_WIDTH
    other = cv2.CC_STAT_WIDTH if along[0] > 1 else cv2.CC_STAT_HEIGHT
    long = (stats[:, side] >= _FAINT * piece) & (stats[:, other] < stats[:, side] / 3)
    long[0] = False
    return long[labels].astype(np.uint8) & (strength > _FAINTEST).astype(np.uint8)


def _sheet_corners(grey: UInt8) -> Float32 | None:
    """The corners of a sheet that lies on something else, clockwise from the upper left."""
    sheet = find_paper(grey)
    if sheet is None:
        return None
    outlines, _ = cv2.findContours(sheet, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(quad) != 4 or cv2.contourArea(quad) < 0.85 * cv2.contourArea(hull):
        return None
    # What `find_paper` keeps from the sheet's edge comes back: 2% on each side.
    quad = quad.mean(axis=0) + 1.04 * (quad - quad.mean(axis=0))
    total, difference = quad.sum(axis=1), quad[:, 0] - quad[:, 1]
    extremes = [total.argmin(), difference.argmax(), total.argmax(), difference.argmin()]
    return quad[extremes].astype(np.float32) if len(set(extremes)) == 4 else None


def _unwarp(corners: Float32) -> tuple[tuple[int, int], Float64]:
    """The size of a sheet, and the homography from there to where it lies."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    w, h = round(float(sides[::2].max())), round(float(sides[1::2].max()))
    flat = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], np.float32)
    return (w, h), cv2.getPerspectiveTransform(flat, corners)


def _untilt(grey: UInt8) -> tuple[tuple[int, int], Float64]:
    """The size of a picture whose lines are level and upright, and the way back from there."""
    level, upright = (np.tan(np.deg2rad(angle)) for angle in _tilts(grey))
    height, width = grey.shape
    if max(abs(level), abs(upright)) < 5e-4:
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
    dark = _dark(shrink(grey, WORKING // 2))
    strong = dark[dark > 2 * _FAINTEST]
    if strong.size < 100:
        return 0.0, 0.0
    inked = (dark > max(_FAINTEST, 0.4 * float(np.percentile(strong, 75)))).astype(np.uint8)
    side = max(dark.shape)
    segments = cv2.HoughLinesP(
        inked, 1, np.pi / 720, side // 20, minLineLength=0.07 * side, maxLineGap=0.004 * side
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
        angles[near], np.arange(-_STEEPEST, _STEEPEST + 0.5, 0.5), weights=weights[near]
    )
    votes = np.convolve(votes, np.ones(3), "same")
    mode = edges[int(votes.argmax())] + 0.25
    close = near & (np.abs(angles - mode) <= 1.5)
    return float(np.average(angles[close], weights=weights[close]))


def _warp(image: UInt8, size: tuple[int, int], back: Float64) -> UInt8:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(image, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
