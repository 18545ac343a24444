"""Level rules: long straight runs of ink, dotted ones too."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float64, Int32, Int64, UInt8
from scrawl.pixels import median

THICKEST = 11
"""Pixels; what is thicker is no wall at a scale where digits are readable."""

DOTS = 12
"""Pixels between the dots of a rule or wall, at most."""

GAPS = 5
"""The fewest gaps of a dotted rule: fewer part the strokes of neighbours."""

_RUN = 20  # pixels that a level rule has at least
_JOINED = 3  # rows of pixels taken as one, so that a run may fall by two of them
_SOLID = 0.9  # of a rule's length that is inked, or it is dotted
_REGULAR = 0.35  # of the distance of the dots of a rule, by which it varies at most
_PART = 48  # pixels by which a stroke that touches a rule may part it
_COVERED = 0.6  # of what is between two pieces of one rule, that is inked where more parts it
_ONE_COURSE = 3  # pixels between the courses of two pieces of one rule, less than
_STRAIGHT = 1.5  # pixels that a rule may stray from its course
_ASTRAY = 0.1  # of its columns, that may stray further: strokes
_STEEP = 0.1  # slope that a rule may have


@dataclass(frozen=True)
class LevelRule:
    """A level rule: where it begins and ends, its course ``y = slope * x + at``, its thickness."""

    left: int
    right: int
    slope: float
    at: float
    thick: float

    def y(self, x: float) -> float:
        """Where its middle is in a column."""
        return self.slope * x + self.at

    def draw(self, mask: UInt8) -> None:
        """Draws it as 1, a pixel wider than it is on either side."""
        ends = [(x, round(self.y(x))) for x in (self.left, self.right)]
        cv2.line(mask, ends[0], ends[1], 1, round(self.thick) + 2)


def level_rules(inked: UInt8, dots: int = DOTS) -> list[LevelRule]:
    """Level runs of ink that are straight, long and thin, dotted ones too, from the top.

    Args:
        inked: uint8, shape ``(H, W)``, 1 for ink.
        dots: Pixels between the dots of a rule, at most; 1 for solid rules alone.
    """
    # Rows above and below are joined, so that a run may fall by two pixels.
    joined = cv2.dilate(inked, np.ones((_JOINED, 1), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((1, dots), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _RUN), np.uint8))
    runs &= 1 - cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((THICKEST + _JOINED, 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs)
    found = []
    for label in np.flatnonzero(stats[1:count, cv2.CC_STAT_WIDTH] >= _RUN) + 1:
        rule = _fit(labels, stats[label], int(label), inked)
        if rule is not None:
            found.append(rule)
    return sorted(_joined(found, inked), key=lambda rule: rule.y((rule.left + rule.right) / 2))


def _joined(rules: list[LevelRule], inked: UInt8) -> list[LevelRule]:
    """Pieces of one rule made one: strokes that touch it part it."""
    whole: list[LevelRule] = []
    for piece in sorted(rules, key=lambda rule: rule.left):
        for index, rule in enumerate(whole):
            middle = (rule.right + piece.left) / 2
            apart = piece.left - rule.right
            in_course = apart >= 0 and abs(rule.y(middle) - piece.y(middle)) < _ONE_COURSE
            if in_course and (apart <= _PART or _goes_on(rule, piece, inked)):
                ends = (rule.left, rule.y(rule.left)), (piece.right, piece.y(piece.right))
                slope = (ends[1][1] - ends[0][1]) / (ends[1][0] - ends[0][0])
                at = ends[0][1] - slope * ends[0][0]
                thick = min(rule.thick, piece.thick)
                whole[index] = LevelRule(rule.left, piece.right, slope, at, thick)
                break
        else:
            whole.append(piece)
    return whole


def _goes_on(rule: LevelRule, other: LevelRule, inked: UInt8) -> bool:
    """Whether there is ink most of the way to a piece beside that is no further than it is long."""
    xs = np.arange(rule.right, other.left + 1)
    if len(xs) > max(rule.right - rule.left, other.right - other.left):
        return False
    ys = np.rint(rule.slope * xs + rule.at).astype(int)
    return bool(inked[ys, xs].mean() >= _COVERED)


def _fit(labels: Int32, stat: Int32, label: int, inked: UInt8) -> LevelRule | None:
    """The rule that a component is, if it is straight."""
    x, y, w, h = (int(value) for value in stat[:4])
    own = labels[y : y + h, x : x + w] == label
    thick = own.sum(0)
    usual = median(thick)
    # Where strokes touch it is thicker, and says nothing of the rule's course.
    columns = np.flatnonzero((thick > 0) & (thick <= usual + 1))
    middles = (own[:, columns] * np.arange(h)[:, None]).sum(0) / thick[columns]
    slope, at = _course(columns, middles) if len(columns) > 2 else (0.0, h / 2)
    off = np.abs(middles - slope * columns - at)
    if abs(slope) > _STEEP or np.count_nonzero(off > _STRAIGHT) > _ASTRAY * len(off):
        return None
    start = float(at + y - slope * x)
    rule = LevelRule(x, x + w - 1, float(slope), start, max(usual - (_JOINED - 1), 1))
    return rule if _is_whole(rule, inked) else None


def _course(x: Int64, y: Float64) -> tuple[float, float]:
    """Slope and height at 0 of the line of least squares; np.polyfit takes five times as long."""
    off = x - x.mean()
    slope = float(off @ y) / float(off @ off)
    return slope, float(y.mean()) - slope * float(x.mean())


def _is_whole(rule: LevelRule, inked: UInt8) -> bool:
    """Whether a rule is solid, or dotted all along, and not the tops of digits side by side."""
    xs = np.arange(rule.left, rule.right + 1)
    ys = np.rint(rule.slope * xs + rule.at).astype(int) + np.arange(-1, 2)[:, None]
    along = inked[np.clip(ys, 0, inked.shape[0] - 1), xs].any(0)
    if along.mean() >= _SOLID:
        return True
    starts = np.flatnonzero(np.diff(along.astype(np.int8)) > 0)
    if len(starts) < GAPS:
        return False
    apart = np.diff(starts)
    return bool(apart.max() <= 2 * DOTS and apart.std() <= _REGULAR * apart.mean())
