"""The walls and rules of a page: found in its ink, and painted over in its paper."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.pixels import runs
from scrawl.ruling.cells import BAND, EVEN, GROWN, alike, is_box, is_inside, pairs, row_between
from scrawl.ruling.level import DOTS, THICKEST, LevelRule, level_rules

_INK = 45, 90  # of 255: faint walls count too, unless the paper has a texture
_TEXTURE = 0.3  # of a picture, that is ink only where texture is
_ACROSS = 0.7  # of the picture's width, from which on a level run is a rule
_LONG = 160  # pixels that such a run has at least: in a small picture a stroke may go across
_SIDE = 60  # pixels, of a rule that may be a side of boxes
_FEWEST = 3  # walls of an open comb: two may be the strokes of a 4 or a 0
_CERTAIN = 4  # boxes of a row that is no chance
_SLIMMEST = 3  # times as high as wide: slimmer ones are columns of digits that stand close
_HIGHEST = 0.4  # of its rule's length, up to which the walls of an open comb are looked at
_TICK = 0.25, 1.0  # of the distance of the walls of an open comb, how high they are
_MOST_EVEN = 0.7  # share of those distances that are alike: strokes may stand between walls
_ASLANT = 5  # pixels by which a stroke is higher on one side of a wall than on the other
_PART = 60  # of 255: a pixel of half the scale is ink, of which so much is
_DARKEST = 15  # percentile of how light walls are beside paper: the dark end, but for ink on them
_DARKER = 0.12  # of the paper's light, by which such ink is darker than a wall
_CROSSED = 8  # pixels; through walls up to this thickness strokes are followed


@dataclass(frozen=True, eq=False)
class Walls:
    """The walls and rules of a picture.

    Attributes:
        mask: uint8, shape ``(H, W)``, 1 on walls and rules, 0 where a stroke crosses them.
        rows: A row of cells each: float32, shape ``(n, 4, 2)``, the corners of its cells, clockwise
            from the upper left.
    """

    mask: UInt8
    rows: list[Float32] = field(default_factory=list)

    @property
    def has_boxes(self) -> bool:
        """Whether there are more boxes of one size than digits and rules make by chance."""
        sizes = np.array([np.ptp(row[0], 0) for row in self.rows if len(row) == 1])
        alone = max((int(alike(sizes, size).sum()) for size in sizes), default=0)
        in_rows = any(len(row) >= _CERTAIN and _slimness(row) <= _SLIMMEST for row in self.rows)
        return in_rows or alone >= _CERTAIN


def _slimness(cells: Float32) -> float:
    """How many times as high as wide the cells of a row are."""
    wide, high = cells[:, 1, 0] - cells[:, 0, 0], cells[:, 3, 1] - cells[:, 0, 1]
    return float(np.median(high) / max(float(np.median(wide)), 1.0))


def find_walls(ink: UInt8) -> Walls:
    """Finds walls and rules.

    Args:
        ink: uint8, shape ``(H, W)``, 255 for ink, as `scrawl.pages.ink.page_ink` gives it.
    """
    inked = (ink > _INK[0]).astype(np.uint8)
    if inked.mean() > _TEXTURE:
        inked = (ink > _INK[1]).astype(np.uint8)
    if inked.mean() > _TEXTURE:
        return Walls(np.zeros_like(inked))
    walls, rules = _walls(inked, DOTS)
    may_be_boxes = any(rule.right - rule.left > _SIDE for rule in rules) or pairs(rules)
    if walls.has_boxes or not may_be_boxes:
        return walls
    # Digits near to walls look like dots between them, and thick walls like pieces of digits.
    others = _walls(inked, 1)[0], _at_half(inked)
    return next((one for one in others if one.has_boxes), walls)


def _at_half(inked: UInt8) -> Walls:
    """Boxes whose walls are too thick, or their dots too far apart, to be found as they are."""
    size = max(1, inked.shape[1] // 2), max(1, inked.shape[0] // 2)
    small = cv2.resize(inked * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    walls, _ = _walls((small > _PART).astype(np.uint8), DOTS // 2)
    mask = cv2.resize(walls.mask, inked.shape[::-1], interpolation=cv2.INTER_NEAREST)
    scale = (np.array(inked.shape[::-1]) / size).astype(np.float32)
    return Walls(np.asarray(mask, np.uint8), [row * scale for row in walls.rows])


def _walls(inked: UInt8, dots: int) -> tuple[Walls, list[LevelRule]]:
    """The walls and rules of a picture, and all its level rules.

    Args:
        inked: uint8, shape ``(H, W)``, 1 for ink.
        dots: See `scrawl.ruling.level.level_rules`.
    """
    mask = np.zeros_like(inked)
    levels = level_rules(inked, dots)
    found = [row for pair in pairs(levels) if (row := row_between(inked, *pair)) is not None]
    sizes = np.array([row.size for row in found if len(row.cells) == 1])
    rows = [row for row in found if len(row.cells) > 1 or is_box(row, sizes, inked)]
    for row in rows:
        row.draw(mask, inked)
    ruled = {id(rule) for row in rows for rule in row.rules}
    for rule in levels:
        if id(rule) in ruled or is_inside(rule, rows):
            continue
        across = rule.right - rule.left > max(_ACROSS * inked.shape[1], _LONG)
        if _open(inked, rule, mask) or across:
            rule.draw(mask)
    mask = _uncrossed(mask & cv2.dilate(inked, np.ones((3, 3), np.uint8)), inked)
    return Walls(mask, [row.cells for row in rows]), levels


def _open(inked: UInt8, rule: LevelRule, mask: UInt8) -> bool:
    """Draws the walls of a comb that is open at the top, and says whether the rule has any."""
    high = min(round(_HIGHEST * (rule.right - rule.left)), round(rule.y(rule.left)), BAND[1])
    if high < BAND[0] // 2:
        return False
    left = max(rule.left - THICKEST // 2, 0)
    xs = np.arange(left, min(rule.right + THICKEST // 2, inked.shape[1]))
    base = np.rint(rule.slope * xs + rule.at - rule.thick / 2 - 1).astype(int)
    rows = np.clip(base - np.arange(high)[:, None], 0, inked.shape[0] - 1)
    column = cv2.dilate(inked[rows, xs], np.ones((1, 3), np.uint8))
    reach = np.where(column.all(0), high, column.argmin(0))
    tall = reach >= BAND[0] // 2
    ticks = [(a, b) for a, b in runs(tall) if b - a <= THICKEST + GROWN]
    if len(ticks) < _FEWEST:
        return False
    heights = np.array([float(np.median(reach[a:b])) for a, b in ticks])
    usual = float(np.median(heights))
    even = [tick for tick, h in zip(ticks, heights, strict=True) if abs(h - usual) <= EVEN * usual]
    gaps = np.diff([(a + b) / 2 for a, b in even])
    if len(even) < _FEWEST:
        return False
    alike = np.abs(gaps - np.median(gaps)) <= EVEN * np.median(gaps)
    if alike.mean() < _MOST_EVEN:
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

    What is written on a wall in darker ink than the wall's own stays.

    Args:
        channel: uint8, shape ``(H, W)``, dark on light.
        mask: uint8, shape ``(H, W)``, 1 on rules.
    """
    wide = np.ones((2 * THICKEST + 5,) * 2, np.uint8)
    paper = cv2.blur(cv2.morphologyEx(channel, cv2.MORPH_CLOSE, wide), (5, 5))
    painted = np.maximum(paper, channel)
    ruled = mask > 0
    if ruled.any():
        light = channel[ruled] / np.maximum(paper[ruled], np.float32(1))
        ruled[ruled] = light >= np.percentile(light, _DARKEST) - _DARKER
    return np.where(ruled, painted, channel)
