"""Rows of cells between two level rules, and the walls that part them.

Digits may be as high as the walls of their boxes, so length tells no wall from a 1. What tells them
is that a wall goes all the way from one level rule to the next.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import Bool, Float32, Float64, UInt8
from scrawl.pixels import runs
from scrawl.ruling.level import DOTS, GAPS, THICKEST, LevelRule

BAND = 14, 400
"""Pixels between the two rules of a row of cells: lower ones hold no digit that can be read,
higher ones are found where the picture is coarser."""

EVEN = 0.15
"""By which the sizes of boxes that belong together may differ, of the size."""

GROWN = 4
"""Pixels by which a wall looks thicker than it is: ink is grown by one, and it may lean."""

_END = 6  # pixels from the end of a rule to the last wall, at most
_SHARED = 0.75  # of the longer of two rules, that lies above or below the other
_WALL = 0.93  # of the way from rule to rule, that a wall is inked
_RAGGED = 0.4  # of a column beside a wall that is inked, where it is still the wall
_TWO = 2.6  # times as thick as the first and the last wall may be two walls side by side
_INNER = 0.15  # of a box, what its digit keeps from its walls at least
_COMPANY = 3  # so many boxes of one size are boxes, whatever is in them
_NARROW = 0.6  # of the usual width of its row: a cell so narrow has a 1 for a wall
_MOST = 26  # walls among which 1s are looked for, those of 12 boxes: of texture there are hundreds
_ONES = 2  # so many 1s that reach from rule to rule are looked for among the walls of boxes
_FINER = 0.6  # of the thickness of the first and the last wall, below which others may be strokes
_USUAL = 75  # percentile of a row's widths that is usual: narrow ones are what is in question


def pairs(levels: list[LevelRule]) -> list[tuple[LevelRule, LevelRule]]:
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
            if apart >= BAND[0]:
                if apart <= BAND[1]:
                    found.append((top, bottom))
                break
    return found


@dataclass(frozen=True, eq=False)
class CellRow:
    """Cells between two rules, and the walls beside them: their ends, and their thickness."""

    rules: tuple[LevelRule, LevelRule]
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


def row_between(inked: UInt8, top: LevelRule, bottom: LevelRule) -> CellRow | None:
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
    return CellRow((top, bottom), cells, list(zip(start, end, thick, strict=True)))


def _reach_ends(
    walls: list[tuple[int, int]], rules: tuple[LevelRule, LevelRule], left: int, width: int
) -> bool:
    """Whether rules end at the first and last wall, or at the picture's edge."""
    first, last = left + walls[0][0], left + walls[-1][1]
    near = _END + max(rule.thick for rule in rules)
    start, end = min(rule.left for rule in rules), max(rule.right for rule in rules)
    begins = start <= _END or any(abs(rule.left - first) <= near for rule in rules)
    ends = end >= width - _END or any(abs(rule.right - last) <= near for rule in rules)
    return begins and ends


def alike(sizes: Float64, size: Float64) -> Bool:
    """Which boxes ``(n, 2)`` are as wide and as high as one."""
    return np.asarray(np.abs(sizes / size - 1).max(1) < EVEN)


def is_box(row: CellRow, sizes: Float64, inked: UInt8) -> bool:
    """Whether a lone cell is a box, and no 0: something stands in it, or there are others."""
    wide, high = row.size
    if alike(sizes, np.array(row.size)).sum() >= _COMPANY:
        return True
    (x0, y0), (x1, y1) = row.cells[0].min(0), row.cells[0].max(0)
    dx, dy = _INNER * wide, _INNER * high
    inner = inked[round(float(y0 + dy)) : round(float(y1 - dy)),
                  round(float(x0 + dx)) : round(float(x1 - dx))]  # fmt: skip
    return bool(inner.any())


def is_inside(rule: LevelRule, rows: list[CellRow]) -> bool:
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
    dots = np.ones((min(DOTS, max(3, band.shape[0] // 3)), 1), np.uint8)
    raw = cv2.dilate(band, np.ones((1, 3), np.uint8))
    dotted = (np.diff(raw.astype(np.int8), axis=0) < 0).sum(0) >= GAPS - 1
    dotted &= cv2.morphologyEx(raw, cv2.MORPH_CLOSE, dots).mean(0) >= _WALL
    full = (raw.mean(0) >= _WALL) | dotted
    spans = runs(full)
    outer = min((b - a for a, b in [*spans[:1], *spans[-1:]]), default=0)
    most = float(THICKEST + GROWN)
    if outer <= most:
        most = max(most, _TWO * outer)  # walls of two boxes that nearly touch are one
    walls = [(a, b) for a, b in spans if b - a <= most]
    ragged = raw.mean(0) >= _RAGGED
    if len(walls) > _COMPANY:
        walls = [_grown(a, b, ragged) if dotted[a:b].all() else (a, b) for a, b in walls]
    kept = _parting(_thick(walls))
    if not _are_even(kept):
        kept = _parting(walls)
    gaps = _widths(kept)
    return kept if (gaps >= BAND[0] // 2).all() or _are_boxes(gaps) else []


def _thick(walls: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The walls that are about as thick as the outer ones: strokes of digits are finer, often."""
    thick = [b - a - 2 for a, b in walls]  # ink was grown by one on either side
    least = _FINER * min(thick[0], thick[-1]) if walls else 0.0
    return [wall for wall, size in zip(walls, thick, strict=True) if size >= least]


def _parting(walls: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The walls without the 1s that reach from rule to rule."""
    walls = _without_ones(list(walls))
    while len(walls) > 3:
        widths = _widths(walls)
        narrow = int(widths.argmin())
        if widths[narrow] >= _NARROW * float(np.percentile(widths, _USUAL)) or _are_boxes(widths):
            break
        # Of the two walls about what is too narrow, the one with the narrower other side.
        before = widths[narrow - 1] if narrow else np.inf
        after = widths[narrow + 1] if narrow + 1 < len(widths) else np.inf
        del walls[narrow if before < after else narrow + 1]
    return walls


def _are_even(walls: Sequence[tuple[int, int]]) -> bool:
    """Whether they part cells of one width, or boxes that stand apart."""
    widths = _widths(walls)
    if len(walls) <= _COMPANY:
        return False
    return bool(np.ptp(widths) <= 2 * EVEN * float(widths.mean())) or _are_boxes(widths)


def _widths(walls: Sequence[tuple[int, int]]) -> NDArray[np.integer]:
    """What is between each wall and the next."""
    return np.array([b[0] - a[1] for a, b in itertools.pairwise(walls)], np.int64)


def _without_ones(walls: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The walls of boxes that stand apart, where with a 1 or two among them they look like none."""
    if len(walls) > _MOST or _are_even(walls):
        return walls
    for ones in range(min(_ONES, len(walls) - 2 * _COMPANY) + 1):
        for these in itertools.combinations(walls[1:-1], ones):
            rest = [wall for wall in walls if wall not in these]
            if _are_boxes(_widths(rest)):
                return rest
    return walls


def _grown(first: int, last: int, inked: Bool) -> tuple[int, int]:
    """The columns of a wall with those beside it that are inked too: dots have ragged edges."""
    fewest, most = max(first - GROWN, 0), min(last + GROWN, len(inked))
    while first > fewest and inked[first - 1]:
        first -= 1
    while last < most and inked[last]:
        last += 1
    return first, last


def _are_boxes(widths: NDArray[np.integer]) -> bool:
    """Whether what walls part are boxes of one width, and gaps of one width between them."""
    boxes, gaps = widths[::2], widths[1::2]
    if len(gaps) != len(boxes) - 1 or len(boxes) < _COMPANY or gaps.max() > boxes.min():
        return False
    even = max(np.ptp(boxes), np.ptp(gaps)) <= 2 * EVEN * float(boxes.mean())
    return bool(even)
