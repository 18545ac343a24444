"""Boxes, combs and tables: their walls are taken out of a picture, and their cells are kept.

Digits may be as high as the walls of their boxes, so length tells no wall from a 1. What tells them
is that a wall goes all the way from one level rule to the next.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import cv2
import numpy as np

from scrawl.arrays import Float32, Float64, Int32, UInt8

_INK = 45, 90  # of 255: faint walls count too, unless the paper has a texture
_TEXTURE = 0.3  # of a picture, that is ink only where texture is
_END = 6  # pixels from the end of a rule to the last wall, at most
_RUN = 20  # pixels that a level rule has at least
_THICK = 11  # pixels; what is thicker is no wall at this scale
_DOTS = 12  # pixels between the dots of a wall, at most
_SOLID = 0.9  # of a rule's length that is inked, or it is dotted
_GAPS = 5  # the fewest gaps of a dotted rule: fewer part the strokes of neighbours
_BAND = 14, 400  # pixels between the two rules of a row of cells
_SHARED = 0.75  # of the longer of two rules, that lies above or below the other
_WALL = 0.93  # of the way from rule to rule, that a wall is inked
_INNER = 0.15  # of a box, what its digit keeps from its walls at least
_COMPANY = 3  # so many boxes of one size are boxes, whatever is in them
_NARROW = 0.6  # of the usual width of its row: a cell so narrow has a 1 for a wall
_REGULAR = 0.35  # of the distance of the dots of a rule, by which it varies at most
_PART = 48  # pixels by which a stroke that touches a rule may part it
_STRAIGHT = 1.5  # pixels that a rule may stray from its course
_STEEP = 0.1  # slope that a rule may have
_TICK = 0.25, 1.0  # of the distance of the walls of an open comb, how high they are
_EVEN = 0.15  # by which the heights, or the distances, of such walls may differ
_ACROSS = 0.7  # of the picture's width, from which on a level run is a rule
_ASLANT = 5  # pixels by which a stroke is higher on one side of a wall than on the other
_CROSSED = 8  # pixels; through walls up to this thickness strokes are followed


@dataclass(frozen=True, eq=False)
class Rules:
    """The walls and rules of a picture.

    Attributes:
        mask: uint8, shape ``(H, W)``, 1 on walls and rules, 0 where a stroke crosses them.
        rows: A row of cells each: float32, shape ``(n, 4, 2)``, the corners of its cells, clockwise
            from the upper left.
    """

    mask: UInt8
    rows: list[Float32] = field(default_factory=list)


@dataclass(frozen=True)
class _Level:
    """A level rule: where it begins and ends, its course ``y = slope * x + at``, its thickness."""

    left: int
    right: int
    slope: float
    at: float
    thick: float

    def y(self, x: float) -> float:
        return self.slope * x + self.at

    def draw(self, mask: UInt8) -> None:
        ends = [(x, round(self.y(x))) for x in (self.left, self.right)]
        cv2.line(mask, ends[0], ends[1], 1, round(self.thick) + 2)


def find_rules(ink: UInt8) -> Rules:
    """Finds walls and rules.

    Args:
        ink: uint8, shape ``(H, W)``, 255 for ink, as `scrawl.pages.ink.page_ink` gives it.
    """
    inked = (ink > _INK[0]).astype(np.uint8)
    if inked.mean() > _TEXTURE:
        inked = (ink > _INK[1]).astype(np.uint8)
    mask = np.zeros_like(inked)
    if inked.mean() > _TEXTURE:
        return Rules(mask)
    levels = _levels(inked)
    found = [row for pair in _pairs(levels) if (row := _row(inked, *pair)) is not None]
    sizes = np.array([row.size for row in found if len(row.cells) == 1])
    rows = [row for row in found if len(row.cells) > 1 or _is_box(row, sizes, inked)]
    for row in rows:
        row.draw(mask, inked)
    ruled = {id(rule) for row in rows for rule in row.rules}
    for rule in levels:
        if id(rule) in ruled or _is_inside(rule, rows):
            continue
        across = rule.right - rule.left > max(_ACROSS * ink.shape[1], 8 * _RUN)
        if _open(inked, rule, mask) or across:
            rule.draw(mask)
    mask = _uncrossed(mask & cv2.dilate(inked, np.ones((3, 3), np.uint8)), inked)
    return Rules(mask, [row.cells for row in rows])


def _levels(inked: UInt8) -> list[_Level]:
    """Level runs of ink that are straight, long and thin, dotted ones too, from the top."""
    # Rows above and below are joined, so that a run may fall by two pixels.
    joined = cv2.dilate(inked, np.ones((3, 1), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((1, _DOTS), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _RUN), np.uint8))
    runs &= 1 - cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((_THICK + 3, 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs)
    found = []
    for label in np.flatnonzero(stats[1:count, cv2.CC_STAT_WIDTH] >= _RUN) + 1:
        rule = _fit(labels, stats[label], int(label), inked)
        if rule is not None:
            found.append(rule)
    return sorted(_joined(found), key=lambda rule: rule.y((rule.left + rule.right) / 2))


def _joined(rules: list[_Level]) -> list[_Level]:
    """Pieces of one rule made one: strokes that touch it part it."""
    whole: list[_Level] = []
    for piece in sorted(rules, key=lambda rule: rule.left):
        for index, rule in enumerate(whole):
            middle = (rule.right + piece.left) / 2
            if 0 <= piece.left - rule.right <= _PART and abs(rule.y(middle) - piece.y(middle)) < 3:
                ends = (rule.left, rule.y(rule.left)), (piece.right, piece.y(piece.right))
                slope = (ends[1][1] - ends[0][1]) / (ends[1][0] - ends[0][0])
                at = ends[0][1] - slope * ends[0][0]
                thick = min(rule.thick, piece.thick)
                whole[index] = _Level(rule.left, piece.right, slope, at, thick)
                break
        else:
            whole.append(piece)
    return whole


def _fit(labels: Int32, stat: Int32, label: int, inked: UInt8) -> _Level | None:
    """The rule that a component is, if it is straight."""
    x, y, w, h = (int(value) for value in stat[:4])
    own = labels[y : y + h, x : x + w] == label
    thick = own.sum(0)
    usual = float(np.median(thick))
    # Where strokes touch it is thicker, and says nothing of the rule's course.
    columns = np.flatnonzero((thick > 0) & (thick <= usual + 1))
    middles = (own[:, columns] * np.arange(h)[:, None]).sum(0) / thick[columns]
    slope, at = np.polyfit(columns, middles, 1) if len(columns) > 2 else (0.0, h / 2)
    off = np.abs(middles - slope * columns - at)
    if abs(slope) > _STEEP or float(np.percentile(off, 90)) > _STRAIGHT:
        return None
    rule = _Level(x, x + w - 1, float(slope), float(at + y - slope * x), max(usual - 2, 1))
    return rule if _is_whole(rule, inked) else None


def _is_whole(rule: _Level, inked: UInt8) -> bool:
    """Whether a rule is solid, or dotted all along, and not the tops of digits side by side."""
    xs = np.arange(rule.left, rule.right + 1)
    ys = np.rint(rule.slope * xs + rule.at).astype(int) + np.arange(-1, 2)[:, None]
    along = inked[np.clip(ys, 0, inked.shape[0] - 1), xs].any(0)
    if along.mean() >= _SOLID:
        return True
    starts = np.flatnonzero(np.diff(along.astype(np.int8)) > 0)
    if len(starts) < _GAPS:
        return False
    apart = np.diff(starts)
    return bool(apart.max() <= 2 * _DOTS and apart.std() <= _REGULAR * apart.mean())


def _pairs(levels: list[_Level]) -> list[tuple[_Level, _Level]]:
    """Each rule and the next below it of about the same length."""
    found = []
    for index, top in enumerate(levels):
        for bottom in levels[index + 1 :]:
            left, right = max(top.left, bottom.left), min(top.right, bottom.right)
            longer = max(top.right - top.left, bottom.right - bottom.left)
            if right - left < _SHARED * longer:
                continue
            apart = bottom.y((left + right) / 2) - top.y((left + right) / 2)
            apart -= (top.thick + bottom.thick) / 2
            if apart >= _BAND[0]:
                if apart <= _BAND[1]:
                    found.append((top, bottom))
                break
    return found


@dataclass(frozen=True, eq=False)
class _Row:
    """Cells between two rules, and the walls beside them: their ends, and their thickness."""

    rules: tuple[_Level, _Level]
    cells: Float32
    walls: list[tuple[Float32, Float32, int]]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the first cell."""
        first = self.cells[0]
        return float(first[1, 0] - first[0, 0]), float(first[3, 1] - first[0, 1])

    def draw(self, mask: UInt8, inked: UInt8) -> None:
        """Draws rules and walls, as far as these go beyond the rules."""
        for rule in self.rules:
            rule.draw(mask)
        for start, end, thick in self.walls:
            ends = [_followed(inked, end, start), _followed(inked, start, end)]
            cv2.line(mask, ends[0], ends[1], 1, thick + 2)


def _followed(inked: UInt8, start: Float32, end: Float32) -> tuple[int, int]:
    """Where a wall that goes from one point to another ends, the ink behind it included."""
    way = end - start
    steps = np.arange(0, float(np.linalg.norm(way)))[:, None] / max(float(np.linalg.norm(way)), 1)
    points = np.rint(end + steps * way).astype(int)
    inside = ((points >= 0) & (points < inked.shape[::-1])).all(1)
    points = points[: int(inside.argmin()) if not inside.all() else len(points)]
    on = inked[points[:, 1], points[:, 0]] > 0
    reached = points[: int(on.argmin()) if not on.all() else len(on)]
    x, y = (reached[-1] if len(reached) else np.rint(end).astype(int)).tolist()
    return x, y


def _row(inked: UInt8, top: _Level, bottom: _Level) -> _Row | None:
    """The cells between two rules, if there are walls from one to the other."""
    left = max(min(top.left, bottom.left) - 3, 0)
    right = min(max(top.right, bottom.right) + 4, inked.shape[1])
    upper, lower = top.thick / 2 + 1, -bottom.thick / 2 - 1
    # Walls are square to the rules: on a tilted page they lean.
    high = bottom.y(left) + lower - top.y(left) - upper
    lean = -high * (top.slope + bottom.slope) / 2
    quad = np.array(
        [
            [left, top.y(left) + upper],
            [right, top.y(right) + upper],
            [right + lean, bottom.y(right + lean) + lower],
            [left + lean, bottom.y(left + lean) + lower],
        ],
        np.float32,
    )
    size = right - left, max(2, round(float(quad[3, 1] - quad[0, 1])))
    flat = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    back = cv2.getPerspectiveTransform(flat, quad)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    walls = _upright_walls(cv2.warpPerspective(inked, back, size, None, flags))
    if len(walls) < 2 or not _reach_ends(walls, (top, bottom), left, inked.shape[1]):
        return None
    ends = [[((a + b - 1) / 2, y) for a, b in walls] for y in (0, size[1])]
    start, end = cv2.perspectiveTransform(np.array(ends, np.float32), back)
    cells = np.stack([start[:-1], start[1:], end[1:], end[:-1]], 1).astype(np.float32)
    thick = [b - a - 2 for a, b in walls]
    return _Row((top, bottom), cells, list(zip(start, end, thick, strict=True)))


def _reach_ends(
    walls: list[tuple[int, int]], rules: tuple[_Level, _Level], left: int, width: int
) -> bool:
    """Whether rules end at the first and last wall, or at the picture's edge."""
    first, last = left + walls[0][0], left + walls[-1][1]
    near = _END + max(rule.thick for rule in rules)
    start, end = min(rule.left for rule in rules), max(rule.right for rule in rules)
    begins = start <= _END or any(abs(rule.left - first) <= near for rule in rules)
    ends = end >= width - _END or any(abs(rule.right - last) <= near for rule in rules)
    return begins and ends


def _is_box(row: _Row, sizes: Float64, inked: UInt8) -> bool:
    """Whether a lone cell is a box, and no 0: something stands in it, or there are others."""
    wide, high = row.size
    alike = np.abs(sizes / np.array(row.size) - 1).max(1) < _EVEN
    if alike.sum() >= _COMPANY:
        return True
    (x0, y0), (x1, y1) = row.cells[0].min(0), row.cells[0].max(0)
    dx, dy = _INNER * wide, _INNER * high
    inner = inked[round(float(y0 + dy)) : round(float(y1 - dy)),
                  round(float(x0 + dx)) : round(float(x1 - dx))]  # fmt: skip
    return bool(inner.any())


def _is_inside(rule: _Level, rows: list[_Row]) -> bool:
    """Whether a rule lies in one of the rows of cells: the tops of digits, and no rule."""
    x = (rule.left + rule.right) / 2
    at = rule.y(x)
    return any(
        row.cells[0, 0, 0] < x < row.cells[-1, 1, 0]
        and row.rules[0].y(x) + 2 < at < row.rules[1].y(x) - 2
        for row in rows
    )


def _upright_walls(band: UInt8) -> list[tuple[int, int]]:
    """The first and last column of each wall that goes from the top of a band to its bottom."""
    dots = np.ones((min(_DOTS, max(3, band.shape[0] // 3)), 1), np.uint8)
    raw = cv2.dilate(band, np.ones((1, 3), np.uint8))
    dotted = (np.diff(raw.astype(np.int8), axis=0) < 0).sum(0) >= _GAPS - 1
    dotted &= cv2.morphologyEx(raw, cv2.MORPH_CLOSE, dots).mean(0) >= _WALL
    full = np.pad((raw.mean(0) >= _WALL) | dotted, 1).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(full) > 0), np.flatnonzero(np.diff(full) < 0)
    walls = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a <= _THICK + 4]
    while len(walls) > 3:
        widths = np.array([b[0] - a[1] for a, b in itertools.pairwise(walls)])
        narrow = int(widths.argmin())
        if widths[narrow] >= _NARROW * float(np.percentile(widths, 75)):
            break
        # A 1 that reaches from rule to rule: of the two walls the one with the narrower other side.
        before = widths[narrow - 1] if narrow else np.inf
        after = widths[narrow + 1] if narrow + 1 < len(widths) else np.inf
        del walls[narrow if before < after else narrow + 1]
    return walls if all(b[0] - a[1] >= _BAND[0] // 2 for a, b in itertools.pairwise(walls)) else []


def _open(inked: UInt8, rule: _Level, mask: UInt8) -> bool:
    """Draws the walls of a comb that is open at the top, and says whether the rule has any."""
    high = min(round(0.4 * (rule.right - rule.left)), round(rule.y(rule.left)), _BAND[1])
    if high < _BAND[0] // 2:
        return False
    left = max(rule.left - _THICK // 2, 0)
    xs = np.arange(left, min(rule.right + _THICK // 2, inked.shape[1]))
    base = np.rint(rule.slope * xs + rule.at - rule.thick / 2 - 1).astype(int)
    rows = np.clip(base - np.arange(high)[:, None], 0, inked.shape[0] - 1)
    column = cv2.dilate(inked[rows, xs], np.ones((1, 3), np.uint8))
    reach = np.where(column.all(0), high, column.argmin(0))
    tall = np.pad(reach >= _BAND[0] // 2, 1).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(tall) > 0), np.flatnonzero(np.diff(tall) < 0)
    ticks = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a <= _THICK + 4]
    if len(ticks) < 3:
        return False
    heights = np.array([float(np.median(reach[a:b])) for a, b in ticks])
    usual = float(np.median(heights))
    even = [tick for tick, h in zip(ticks, heights, strict=True) if abs(h - usual) <= _EVEN * usual]
    gaps = np.diff([(a + b) / 2 for a, b in even])
    if len(even) < 3 or (np.abs(gaps - np.median(gaps)) <= _EVEN * np.median(gaps)).mean() < 0.7:
        return False
    if not _TICK[0] <= usual / float(np.median(gaps)) <= _TICK[1]:
        return False
    for a, b in even:
        x = left + (a + b) // 2
        foot = round(rule.y(x))
        cv2.line(mask, (x, foot), (x, round(foot - usual - rule.thick)), 1, b - a + 1)
    return True


def _uncrossed(mask: UInt8, inked: UInt8) -> UInt8:
    """The mask without the places where ink shows on both sides of it."""
    if not mask.any():
        return mask
    thin = mask & (1 - cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((_CROSSED,) * 2, np.uint8)))
    if not thin.any():
        return mask
    rest = inked & (1 - mask)
    # So many pixels from one side of a wall to the other; strokes touch it on both.
    across = 2 * round(float(cv2.distanceTransform(thin, cv2.DIST_L1, 3).max())) + 1
    crossing = np.zeros_like(mask)
    for along, beside in (((1, across), (_ASLANT, 1)), ((across, 1), (1, _ASLANT))):
        strokes = cv2.dilate(rest, np.ones(beside, np.uint8))
        crossing |= cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones(along, np.uint8))
    return np.asarray(mask & (1 - (crossing & thin)), np.uint8)


def without(channel: UInt8, mask: UInt8) -> UInt8:
    """The picture with rules painted over in the paper around them.

    Args:
        channel: uint8, shape ``(H, W)``, dark on light.
        mask: uint8, shape ``(H, W)``, 1 on rules.
    """
    wide = np.ones((2 * _THICK + 5,) * 2, np.uint8)
    paper = cv2.blur(cv2.morphologyEx(channel, cv2.MORPH_CLOSE, wide), (5, 5))
    return np.where(mask > 0, np.maximum(paper, channel), channel)
