"""Where a form expects its ruled lines, and how well a scan's lines agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.arrays import Bool, Float64
from scrawl.forms.form import Region
from scrawl.ruling.scan import Rules

_PLACES = (0.25, 0.5, 0.75)  # of a cell's side, where its line is looked for: not at its corners,
# where the lines of the other direction are

# How near a line must be to the place where it is expected:
_BESIDE = 0.15  # of the distance to the next line: never so near that line
_BESIDE_LEAST, _BESIDE_MOST = 2, 8  # pixels: a line's own thickness; a bent sheet's usual error

_THICK = 3  # pixels of a line's thickness on either side of its nearest ink
_NO_LINE = 10_000  # pixels, farther than any line is looked for
AT_THE_HORIZON = 1e-9
"""Depth of a point, at least: behind a wild guess's camera it ends far off, not at 1 / 0."""


@dataclass(frozen=True)
class Samples:
    """Points on the lines of regions.

    Attributes:
        points: float64, shape ``(n, 2)``: where, in the form's unit.
        level: bool, shape ``(n,)``: whether the line is level on the form.
        pitch: float64, shape ``(n,)``: from the line to the next of its region.
        region: int, shape ``(n,)``: the place of its region.
        line: int, shape ``(n,)``: the line's number in its region, from the top or the left.
    """

    points: Float64
    level: Bool
    pitch: Float64
    region: npt.NDArray[np.intp]
    line: npt.NDArray[np.intp]

    def thinned(self, most: int) -> Samples:
        """About ``most`` of them, evenly."""
        step = np.s_[:: max(1, len(self.points) // most)]
        return Samples(*(part[step] for part in vars(self).values()))


def sample(regions: Sequence[Region], between: bool = False) -> Samples:
    """Points on every line of the regions, three a cell, in order along each line.

    Args:
        regions: The regions.
        between: Whether to take the middles between the lines instead, where there are none.
    """
    parts = []
    for number, region in enumerate(regions):
        ways = ((True, region.ys, region.xs), (False, region.xs, region.ys))
        for level, where, ends in ways:
            sizes = np.diff(where)
            # From a line to the nearer of the two beside it.
            pitch = np.minimum(np.r_[sizes[0], sizes], np.r_[sizes, sizes[-1]])
            pitch = sizes if between else pitch
            along = (ends[:-1, None] + np.diff(ends)[:, None] * np.array(_PLACES)).ravel()
            if between:
                # Where the other lines are: what is written in a cell seldom reaches there.
                where, along = (where[:-1] + where[1:]) / 2, ends
            a, b = np.meshgrid(where, along, indexing="ij")
            points = np.stack([b, a] if level else [a, b], -1).reshape(-1, 2)
            line = np.repeat(np.arange(len(where)), len(along))
            n = len(points)
            every = np.repeat(pitch, len(along))
            parts.append((points, np.full(n, level), every, np.full(n, number), line))
    return Samples(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def project(points: Float64, matrix: Float64) -> Float64:
    """Points, shape ``(n, 2)``, through a homography."""
    out = points @ matrix[:, :2].T + matrix[:, 2]
    depth = out[:, 2:]
    return out[:, :2] / np.where(np.abs(depth) < AT_THE_HORIZON, AT_THE_HORIZON, depth)


def turned(matrix: Float64, page: tuple[float, float]) -> int:
    """By how many quarter turns, clockwise, a homography turns the page from upright."""
    middle = np.array([[0.5, 0.5], [0.6, 0.5]]) * page
    a, b = project(middle, matrix)
    return round(float(np.arctan2(b[1] - a[1], b[0] - a[0])) / (np.pi / 2)) % 4


class Evidence:
    """The lines of a scan, ready to say how near the next one is."""

    def __init__(self, rules: Rules) -> None:
        masks = rules.across, rules.down
        self.masks = masks
        self.size = masks[0].shape[1], masks[0].shape[0]
        self._to_scan, self._scan = rules.to_scan, rules.scan
        self._distance = [cv2.distanceTransform(1 - mask, cv2.DIST_L2, 3) for mask in masks]

    def inside(self, places: Float64) -> Bool:
        """Which places, shape ``(n, 2)``, the scan shows."""
        on = ((places >= 0) & (places < self.size)).all(axis=1)
        scan = project(places, self._to_scan)
        return np.asarray(on & ((scan >= 0) & (scan < self._scan)).all(axis=1))

    def lined(self, places: Float64, level: Bool, reach: Float64) -> Bool:
        """Which places have a line of their direction within reach.

        Args:
            places: float64, shape ``(n, 2)``, in pixels of the rules.
            level: bool, shape ``(n,)``: whether the line is level there.
            reach: float64, shape ``(n,)``, in pixels.
        """
        return np.asarray(self._at(places, level) <= reach)

    def hits(self, samples: Samples, matrix: Float64) -> Bool:
        """Which samples have a line of their direction beside them.

        Args:
            samples: The points.
            matrix: From the form's unit to the pixels of the rules.
        """
        places = project(samples.points, matrix)
        level = samples.level ^ bool(self._quarters(samples, matrix) % 2)
        scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
        near = np.clip(_BESIDE * samples.pitch * scale, _BESIDE_LEAST, _BESIDE_MOST)
        return self._at(places, level) <= near

    def offsets(self, places: Float64, level: Bool, window: Float64) -> Float64:
        """How far, across itself, the next line is from each place; NaN where there is none.

        Args:
            places: float64, shape ``(n, 2)``, in pixels of the rules.
            level: bool, shape ``(n,)``: whether the line is level there.
            window: float64, shape ``(n,)``: how far to look.
        """
        out = np.full(len(places), np.nan)
        most = int(window.max()) + _THICK
        reach = np.arange(-most, most + 1)
        for mask, chosen in ((self.masks[0], level), (self.masks[1].T, ~level)):
            along, across = places[chosen].T if mask is self.masks[0] else places[chosen].T[::-1]
            start = np.rint(across)
            rows = np.nan_to_num(start).astype(int)[:, None] + reach
            columns = np.rint(np.nan_to_num(along)).astype(int)[:, None]
            inside = (rows >= 0) & (rows < mask.shape[0])
            inside &= (columns >= 0) & (columns < mask.shape[1])
            clipped = rows.clip(0, mask.shape[0] - 1), columns.clip(0, mask.shape[1] - 1)
            inked = (mask[clipped] > 0) & inside
            gap = np.where(inked, np.abs(reach), _NO_LINE)
            nearest = reach[gap.argmin(axis=1)]
            # The middle of the line: of the ink no more than a line's thickness from its edge.
            own = inked & (np.abs(reach - nearest[:, None]) <= _THICK)
            middle = (own * reach).sum(axis=1) / np.maximum(own.sum(axis=1), 1) + start - across
            seen = (gap.min(axis=1) <= window[chosen]) & own.any(axis=1)
            out[chosen] = np.where(seen, middle, np.nan)
        return out

    def _at(self, places: Float64, level: Bool) -> Float64:
        xy = np.rint(np.clip(places, -10, 1e6)).astype(int)
        inside = ((xy >= 0) & (xy < self.size)).all(axis=1)
        x, y = xy[:, 0].clip(0, self.size[0] - 1), xy[:, 1].clip(0, self.size[1] - 1)
        distance = np.where(level, self._distance[0][y, x], self._distance[1][y, x])
        return np.where(inside, distance, np.inf)

    def _quarters(self, samples: Samples, matrix: Float64) -> int:
        high = samples.points.max(axis=0)
        return turned(matrix, (float(high[0]), float(high[1])))
