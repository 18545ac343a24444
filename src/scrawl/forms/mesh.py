"""Where the cells of each region are on a scan, to the pixel, on paper that is not flat too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scrawl.arrays import Bool, Float64
from scrawl.forms.form import Region
from scrawl.forms.samples import Evidence, Samples, project, sample, turned

_WINDOWS = (0.3, 0.15)  # of a cell, in which a line is looked for, one pass after the other
_REACH = 3, 40  # and pixels
_OWN = 0.12  # of a cell, by which a line may leave the smooth surface of all
_OWN_REACH = 2, 20  # and pixels
_SEEN = 0.5  # share of a line's places where it is seen, at least, to go by it alone
_RUN = 5  # places along a line that are taken together
_FEWEST = 24  # lines' places to fit a surface to
_TERMS = 10  # of a cubic polynomial in x and y
_ROUNDS = 4  # fits, each without the outliers of the one before
_OUTLIER = 3.0  # usual residuals from which on a place is one, if that is more than a pixel
_RIDGE = 1e-3  # of the places: so that a few lines at one side do not throw the other about


class Fitted:
    """A homography, what paper that is not flat adds to it, and which lines agree with both.

    A cubic surface is fitted to what the homography leaves of all lines.

    Attributes:
        matrix: float64, shape ``(3, 3)``: from the form's unit to the pixels of the rules.
        odd: Whether the page lies on its side.
        offsets: float64, shape ``(n,)``: how far each sample's line is from where the surface has
            it, across itself; NaN where there is none.
        seen: bool, shape ``(n,)``: where there is one.
    """

    def __init__(
        self, samples: Samples, matrix: Float64, page: tuple[float, float], evidence: Evidence
    ) -> None:
        """Fits the surface.

        Args:
            samples: Where the form expects lines.
            matrix: The homography.
            page: The form's page.
            evidence: The lines of the scan.
        """
        self.matrix = matrix
        self.odd = bool(turned(matrix, page) % 2)
        level = samples.level ^ self.odd
        pitch = samples.pitch * float(np.sqrt(abs(np.linalg.det(_slope(matrix, page)))))
        self._surface = _Surface(samples.points)
        for window in _WINDOWS:
            reach = np.clip(window * pitch, *_REACH)
            offsets = evidence.offsets(self.places(samples.points), level, reach)
            self._surface.fit(samples.points, offsets, level)
        reach = np.clip(_OWN * pitch, *_OWN_REACH)
        self.offsets = evidence.offsets(self.places(samples.points), level, reach)
        self.seen = np.isfinite(self.offsets)

    def places(self, points: Float64) -> Float64:
        """Where points of the form, shape ``(n, 2)``, are in the pixels of the rules."""
        return np.asarray(project(points, self.matrix) + self._surface(points))


class Mesh(NamedTuple):
    """Where the lines of a region cross.

    Attributes:
        places: float64, shape ``(rows + 1, columns + 1, 2)``, in the pixels of the rules.
        seen: float64, shape ``(rows, columns)``: the share of each cell's sides that is seen.
    """

    places: Float64
    seen: Float64


def meshes(
    regions: Sequence[Region], matrix: Float64, page: tuple[float, float], evidence: Evidence
) -> list[Mesh]:
    """Follows each ruled line of the regions, and says where they cross.

    Each line goes by its own residual from the surface of all, where it is seen; a line that is
    not printed goes by the surface.

    Args:
        regions: The form's regions.
        matrix: The homography from the form's unit to the pixels of the rules.
        page: The form's page.
        evidence: The lines of the scan.
    """
    samples = sample(regions)
    fitted = Fitted(samples, matrix, page, evidence)
    return [_mesh(region, number, samples, fitted) for number, region in enumerate(regions)]


def _slope(matrix: Float64, page: tuple[float, float]) -> Float64:
    """The homography's slope at the middle of the page."""
    middle = np.array([0.5, 0.5]) * page
    steps = project(middle + np.array([[0, 0], [1, 0], [0, 1]]), matrix)
    return np.stack([steps[1] - steps[0], steps[2] - steps[0]])


class _Surface:
    """What is added to a homography: a cubic polynomial in each direction, 0 until it is fitted.

    It is held at its edge beyond the points it was fitted to.
    """

    def __init__(self, points: Float64) -> None:
        self._low, high = points.min(axis=0), points.max(axis=0)
        self._span = np.maximum(high - self._low, 1e-9)
        self._weights = np.zeros((2, _TERMS))

    def __call__(self, points: Float64) -> Float64:
        return self._terms(points) @ self._weights.T

    def _terms(self, points: Float64) -> Float64:
        x, y = (2 * ((points - self._low) / self._span).clip(0, 1) - 1).T
        one = np.ones_like(x)
        return np.stack([one, x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], axis=-1)

    def fit(self, points: Float64, offsets: Float64, level: Bool) -> None:
        """Adds the robust fit of the offsets across the lines."""
        terms = self._terms(points)
        for axis, chosen in ((1, level), (0, ~level)):
            good = chosen & np.isfinite(offsets)
            if good.sum() < _FEWEST:
                continue
            weights = np.zeros(_TERMS)
            ridge = np.diag([0.0] + [1.0] * (_TERMS - 1))
            for _ in range(_ROUNDS):
                a = terms[good].T @ terms[good] + _RIDGE * good.sum() * ridge
                weights = np.linalg.solve(a, terms[good].T @ offsets[good])
                residual = np.abs(offsets - terms @ weights)
                usual = float(np.median(residual[good]))
                good = chosen & (residual <= max(1.0, _OUTLIER * usual))
            self._weights[axis] += weights


def _mesh(region: Region, number: int, samples: Samples, fitted: Fitted) -> Mesh:
    flat = np.stack(np.meshgrid(region.xs, region.ys), axis=-1)
    mesh = fitted.places(flat.reshape(-1, 2)).reshape(flat.shape)
    own = samples.region == number
    level = fitted.offsets[own & samples.level].reshape(region.rows + 1, -1)
    upright = fitted.offsets[own & ~samples.level].reshape(region.columns + 1, -1)
    mesh[..., 0 if fitted.odd else 1] += _along(level)
    mesh[..., 1 if fitted.odd else 0] += _along(upright).T
    return Mesh(np.asarray(mesh), (_sides(level) + _sides(upright).T) / 2)


def _sides(offsets: Float64) -> Float64:
    """The share of each cell's two sides along lines, shape ``(lines, 3 · cells)``, seen."""
    seen = np.isfinite(offsets).reshape(len(offsets), -1, 3).mean(axis=2)
    return np.asarray((seen[:-1] + seen[1:]) / 2)


def _along(offsets: Float64) -> Float64:
    """The offsets of lines, shape ``(lines, 3 · cells)``, at the ends of their cells."""
    lines, places = offsets.shape
    out = np.zeros((lines, places // 3 + 1))
    for line in range(lines):
        seen = np.isfinite(offsets[line])
        if seen.mean() < _SEEN:
            continue
        known = np.interp(np.arange(places), np.flatnonzero(seen), offsets[line][seen])
        padded = np.pad(known, _RUN // 2, mode="edge")
        runs = np.lib.stride_tricks.sliding_window_view(padded, _RUN)
        smooth = np.median(runs, axis=1)
        out[line] = np.interp(np.arange(places // 3 + 1) * 3 - 0.5, np.arange(places), smooth)
    return out
