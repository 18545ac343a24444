"""The grids and boxes that the lines of a scan make."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float64, Int32
from scrawl.pixels import runs
from scrawl.ruling.scan import Rules, piece_of
from scrawl.ruling.straight import flattening, outermost, warp

_TOUCHING = 3  # pixels in which lines meet that touch
_MOST = 60  # components that are looked at, largest first
_FILLED = 0.5  # of its upright box, that a tilted or slanted lattice fills at least
_PAD = 8  # pixels about a straightened lattice, so that its outer lines are whole
_BENT = 5  # pixels over which a line may stray that is not quite level
_COVERED = 0.5  # share of a line's way that is inked, at least: a broken or a bent one has more
_WHOLE = 0.75  # and of a whole one: digits that stand in a column have less


@dataclass(frozen=True)
class Lattice:
    """Lines that make a grid; a box is one of 1×1.

    Attributes:
        xs: Where the upright lines are, in ``to_frame``'s pixels, from left to right.
        ys: Where the level lines are, from the top.
        to_frame: float64, shape ``(3, 3)``: the homography from there to the pixels of `Rules`.
        corners: float64, shape ``(4, 2)``: what the lines reach to in the pixels of `Rules`,
            clockwise from the upper left.
        whole: The same without what may be digits in a row or a column, where some may.
    """

    xs: Float64
    ys: Float64
    to_frame: Float64
    corners: Float64
    whole: Lattice | None = None

    @property
    def rows(self) -> int:
        """Cells below each other."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Cells beside each other."""
        return len(self.xs) - 1


def lattices(rules: Rules, gaps: bool = False) -> list[Lattice]:
    """The grids and boxes that the lines make, largest first.

    Args:
        rules: The lines.
        gaps: Whether lines belong together that do not touch.
    """
    union = rules.across | rules.down
    reach = piece_of(union) if gaps else _TOUCHING
    union = cv2.dilate(union, np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(union, connectivity=8)
    least = piece_of(union) // 2
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
    corners = outermost(outline.reshape(-1, 2))
    size = (w + 2 * _PAD, h + 2 * _PAD)
    if cv2.contourArea(corners) < _FILLED * w * h:
        return None  # lines that make no box
    back = flattening(corners, w, h, _PAD)
    ruled = [warp(mask[window] * own, size, back) for mask in (rules.across, rules.down)]
    # A line that is not quite level still fills its row when it is made a little thicker.
    down = cv2.dilate(ruled[0], np.ones((_BENT, 1), np.uint8))[:, _PAD:-_PAD].mean(axis=1)
    across = cv2.dilate(ruled[1], np.ones((1, _BENT), np.uint8))[_PAD:-_PAD].mean(axis=0)
    xs, ys = _peaks(across, _COVERED), _peaks(down, _COVERED)
    if len(xs) < 2 or len(ys) < 2:
        return None
    shift = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float)
    to_frame, corners = shift @ back, corners + np.array([x, y], float)
    fewer = _peaks(across, _WHOLE), _peaks(down, _WHOLE)
    whole = None
    if min(map(len, fewer)) > 1 and (len(fewer[0]), len(fewer[1])) != (len(xs), len(ys)):
        whole = Lattice(*fewer, to_frame, corners)
    return Lattice(xs, ys, to_frame, corners, whole)


def _peaks(coverage: Float64, least: float) -> Float64:
    """The middle of each run of rows that are covered."""
    return np.array([(a + b - 1) / 2 for a, b in runs(coverage >= least)])
