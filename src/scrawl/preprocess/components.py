"""Which components of an ink map belong to the one digit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, Float64, Int32, UInt8
from scrawl.preprocess.clutter import frames_of, full_stops
from scrawl.preprocess.pieces import Piece, cut_out, side_by_side

_INKED = 0.25  # ink above which a pixel belongs to a component
_PALER = 0.15  # the same, where that completes a digit
_SAME = 0.9  # share of the main component that is in that of paler ink, too
_GROWN = 1.15  # times the height or width, from which on paler ink makes more of a digit
_FAINT = 0.05  # ink above which a pixel that hangs together with the digit is its own
_RIM = 0.1  # of its size, that such faint ink reaches beyond the digit at most
_CLUTTER = 0.03  # weight of a component that an edge cut off, where others have 1
_CROWDED = 0.5  # share of the ink below which the rest is looked at, too
_BROAD = 2.0  # so many times as wide as the digit's strokes: no stroke, but a table or a shadow
_EDGE = 0.5  # weight of one that touches an edge and reaches across the middle
_LARGE = 0.4  # of the picture's long side, at least, has such a one
_ABOVE = 0.5  # of the narrower one's width: so much of it is above or below the other
_LINKS = 2  # parts, over which a part hangs together with the main one
_FLAT = 3.0  # so many times as wide as high: a rule, a shadow's edge, and no digit
_NEAR = 0.3  # of the main part's size: the widest gap between the parts of a digit
_SPECK = 0.2  # of the largest component's size: what is smaller is no digit
_SLACK = 100  # the part of the picture's side that is its edge, as 1 of so many
_PART = 0.01  # of the main part's area: what is smaller is a speck
_PALE = 0.5  # of the main part's ink a pixel: what is paler is no part
_FIGURE = 0.05  # of the main part's area: a figure beside it is no smaller


@dataclass(frozen=True)
class Choice:
    """The components that make the digit.

    Attributes:
        mask: uint8, shape ``(H, W)``, 1 on the digit.
        main: uint8, shape ``(H, W)``, 1 on the heaviest component of the digit.
        clutter: Whether that component looks like no digit: it touches an edge of the picture,
            or frames it, or is a speck, or flat.
        share: The digit's part of the ink of all strokes, in (0, 1].
        pieces: Figures side by side, where there are several.
    """

    mask: UInt8
    main: UInt8
    clutter: bool
    share: float
    pieces: tuple[Piece, ...]

    def own(self, ink: Float32) -> Float32:
        """The digit's ink alone, with what is faint and hangs together with it, and its rim."""
        rim = cv2.dilate(self.mask, np.ones((3, 3), np.uint8))
        own = np.asarray(ink * rim, np.float32)
        if cv2.countNonZero(own) == cv2.countNonZero(ink):
            return own  # there is no other ink
        mask = self.mask | _faint_sides(ink, self.mask, rim)
        return np.asarray(ink * cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.float32)


def choose(ink: Float32, whole: tuple[int, ...] | None = None) -> Choice | None:
    """Chooses the heaviest component that is no clutter, and the parts near it.

    Args:
        ink: float32, shape ``(H, W)``, in [0, 1].
        whole: Height and width of the picture, where that is larger and this its only ink.

    Returns:
        The choice, or None if there is no ink.
    """
    found = _chosen(ink, _INKED, whole)
    if found is None or whole is not None:  # what is flat has no pale strokes
        return found
    paler = _chosen(ink, _PALER, None)
    return paler if paler is not None and _completes(paler, found) else found


def _completes(paler: Choice, found: Choice) -> bool:
    """Whether paler strokes make more of the digit that was found, as those of a nib do.

    What then reaches an edge of the picture is a rule, a shadow, a neighbour.
    """
    if paler.clutter or found.main[paler.main > 0].sum() < _SAME * found.main.sum():
        return False
    _, _, *before = cv2.boundingRect(found.mask)
    _, _, *after = cv2.boundingRect(paler.mask)
    return max(after) >= _GROWN * max(before) or min(after) >= _GROWN * min(before)


def _chosen(ink: Float32, level: float, whole: tuple[int, ...] | None) -> Choice | None:
    """The choice among components of more than ``level`` ink."""
    inked = (ink > level).view(np.uint8)
    if cv2.connectedComponents(inked, connectivity=8)[0] == 2:  # their boxes take thrice as long
        return _only(inked, whole)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    if count < 2:
        return None
    stats = stats[1:]
    mass = np.asarray(np.bincount(labels.ravel(), ink.ravel(), count)[1:], np.float64)
    frames = frames_of(labels, stats, max(whole or ink.shape))
    edge, cut = _at_edges(stats, ink.shape, _slack(ink.shape, whole))
    _, _, w, h, area = stats.T
    size = np.maximum(w, h)
    clutter = cut | frames | (w > _FLAT * h)
    clutter |= size < _SPECK * size[~clutter].max(initial=0)
    main = int((mass * np.where(clutter, _CLUTTER, np.where(edge, _EDGE, 1))).argmax())
    part = _may_be_parts(stats, mass, edge, main) & ~frames & ~full_stops(stats, labels, main)
    keep = _hang_together(ink, labels, stats, main) & part
    keep |= np.arange(len(size)) == main
    keep = _with_near(stats, keep, part, main)
    mask = np.append(False, keep).astype(np.uint8)[labels]
    own = float(mass[keep].sum())
    share = own / float(mass[~frames | keep].sum())
    if share < _CROWDED:
        strokes = keep | (
            ~frames & (_widths(inked, labels, count) <= _BROAD * _width(inked * mask))
        )
        share = own / float(mass[strokes].sum())
    other = part | (~cut & ~frames & (area >= _FIGURE * area[main]))
    figures = side_by_side(stats, main, other | keep)
    return Choice(
        mask,
        (labels == main + 1).astype(np.uint8),
        bool(clutter[main] | edge[main]),
        share,
        cut_out(ink, labels, figures, keep),
    )


def _only(inked: UInt8, whole: tuple[int, ...] | None) -> Choice:
    """The choice where there is one component, 1 in ``inked``: as most digits are."""
    box = cv2.boundingRect(inked)
    stats = np.array([[*box, cv2.countNonZero(inked)]], np.int32)
    edge, _ = _at_edges(stats, inked.shape, _slack(inked.shape, whole))
    frames = frames_of(inked, stats, max(whole or inked.shape))  # its one label is 1
    clutter = bool(edge[0] or frames[0]) or box[2] > _FLAT * box[3]
    return Choice(inked, inked, clutter, 1.0, ())


def _slack(shape: tuple[int, ...], whole: tuple[int, ...] | None) -> int:
    """How many pixels wide the edge of a picture is; a part of a picture has none."""
    return max(shape) // _SLACK if whole is None else -1


def _at_edges(stats: Int32, shape: tuple[int, ...], slack: int) -> tuple[Bool, Bool]:
    """Which components touch an edge of the picture, and which of these it cut off.

    What reaches across the middle may touch an edge; what was cut off by it lies beside.
    """
    height, width = shape
    x, y, w, h, _ = stats.T
    edge = (np.minimum(x, y) <= slack) | (x + w >= width - slack) | (y + h >= height - slack)
    middle = (np.abs(2 * x + w - width) < w) & (np.abs(2 * y + h - height) < h)
    large = np.maximum(w, h) >= _LARGE * max(shape)
    return np.asarray(edge), np.asarray(edge & ~(middle & large))


def _may_be_parts(stats: Int32, mass: Float64, edge: Bool, main: int) -> Bool:
    """Which components may be parts of the main one.

    A part is no speck, no paler than the rest, and no neighbour that was cut off.
    """
    x, _, w, _, area = stats.T
    aside = (x > x[main] + w[main]) | (x + w < x[main])
    part = (area >= _PART * area[main]) & (mass / area >= _PALE * mass[main] / area[main])
    return np.asarray(part & ~(edge & (aside | ~edge[main])))


def _with_near(stats: Int32, keep: Bool, part: Bool, main: int) -> Bool:
    """What is kept, with parts that are near to it; a part may be near another part."""
    x, y, w, h, _ = stats.T
    right, bottom = x + w, y + h
    widest = _NEAR * max(w[main], h[main])
    for _ in range(_LINKS):
        for i in np.flatnonzero(keep):
            gap_x = np.maximum(x - right[i], x[i] - right)
            gap_y = np.maximum(y - bottom[i], y[i] - bottom)
            keep = keep | (part & (np.maximum(gap_x, gap_y) <= widest))
    return keep


def _faint_sides(ink: Float32, mask: UInt8, rim: UInt8) -> UInt8:
    """Where faint ink touches the digit, as the thin side of a pen's stroke is fainter.

    ``mask`` is the digit, ``rim`` that and the pixels about it. What reaches beyond the digit's
    box is a rule, a texture, a shadow: then none of it is ink.
    """
    soft = (ink > _FAINT).view(np.uint8)
    faint = soft & (ink <= _INKED).view(np.uint8)
    x, y, w, h = cv2.boundingRect(mask)
    room = max(2, int(_RIM * max(w, h)))
    if cv2.countNonZero(faint) + cv2.countNonZero(mask) == cv2.countNonZero(soft):
        left, top, wide, high = cv2.boundingRect(soft)
        near = min(left - x, top - y, x + w - left - wide, y + h - top - high) >= -room
        if near and cv2.connectedComponents(soft, connectivity=8)[0] == 2:
            return faint  # all ink is one soft digit: which of it touches needs no look
    count, labels, stats, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    around = labels[rim > 0]
    # Not np.unique: it loads numpy.ma, a part of a cold start.
    touching = 1 + np.flatnonzero(np.bincount(around, minlength=count)[1:])
    if not touching.size:
        return np.zeros_like(mask)
    left, top, wide, high, _ = stats[touching].T
    within = (left >= x - room) & (left + wide <= x + w + room)
    within &= (top >= y - room) & (top + high <= y + h + room)
    if not within.all():
        return np.zeros_like(mask)
    own = np.zeros(count, np.uint8)
    own[touching] = 1
    return np.asarray(own[labels], np.uint8)


def _hang_together(ink: Float32, labels: Int32, stats: Int32, main: int) -> Bool:
    """Components that faint ink joins to the main one, above or below it.

    What stands beside it may be another digit, whose stroke runs on to it; what reaches an edge of
    the picture is a rule or a shadow that joins everything.
    """
    joined = cv2.connectedComponents((ink > _FAINT).astype(np.uint8), connectivity=8)[1]
    groups = np.zeros(len(stats) + 1, np.int32)
    groups[labels.ravel()] = joined.ravel()  # each component lies within one group
    own = groups[main + 1]
    if any((side == own).any() for side in (joined[0], joined[-1], joined[:, 0], joined[:, -1])):
        return np.zeros(len(stats), bool)
    x, _, w, _, _ = stats.T
    shared = np.minimum(x + w, x[main] + w[main]) - np.maximum(x, x[main])
    return np.asarray((groups[1:] == own) & (shared > _ABOVE * np.minimum(w, w[main])))


def _width(mask: UInt8) -> float:
    """Half the width of the widest stroke, in pixels."""
    return float(cv2.distanceTransform(mask, cv2.DIST_L2, 3).max())


def _widths(inked: UInt8, labels: Int32, count: int) -> Float32:
    """Half the width of the widest stroke of each component, in pixels."""
    widths = np.zeros(count, np.float32)
    distance = cv2.distanceTransform(inked, cv2.DIST_L2, 3)
    np.maximum.at(widths, labels[inked > 0], distance[inked > 0])
    return widths[1:]
