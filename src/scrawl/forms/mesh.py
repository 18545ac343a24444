"""Where the cells of each region are on a scan, to the pixel, on paper that is not flat too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Bool, Float64
from scrawl.forms.form import Region
from scrawl.forms.samples import Evidence, Samples, project, sample, turned

_WINDOWS = (0.3, 0.15)  # of a cell, in which a line is looked for, one pass after the other
_OWN = 0.12  # of a cell, by which a line may leave the smooth surface of all
_SEEN = 0.5  # share of a line's places where it is seen, at least, to go by it alone
_RUN = 5  # places along a line that are taken together
_FEWEST = 24  # lines' places to fit a surface to


def meshes(
    regions: Sequence[Region], matrix: Float64, page: tuple[float, float], evidence: Evidence
) -> list[Float64]:
    """Follows each ruled line of the regions, and says where they cross.

    A cubic surface is fitted to what the homography leaves of all lines; then each line goes by
    its own residual, where it is seen. A line that is not printed goes by the surface.

    Args:
        regions: The form's regions.
        matrix: The homography from the form's unit to the pixels of the rules.
        page: The form's page.
        evidence: The lines of the scan.

    Returns:
        For each region float64, shape ``(rows + 1, columns + 1, 2)``: its crossings in the pixels
        of the rules.
    """
    samples = sample(regions)
    odd = bool(turned(matrix, page) % 2)
    level = samples.level ^ odd
    pitch = samples.pitch * float(np.sqrt(abs(np.linalg.det(_slope(matrix, page)))))
    surface = _Surface(samples.points)
    for window in _WINDOWS:
        places = project(samples.points, matrix) + surface(samples.points)
        offsets = evidence.offsets(places, level, np.clip(window * pitch, 3, 40))
        surface.fit(samples.points, offsets, level)
    places = project(samples.points, matrix) + surface(samples.points)
    offsets = evidence.offsets(places, level, np.clip(_OWN * pitch, 2, 20))
    return [
        _mesh(region, number, samples, offsets, matrix, surface, odd)
        for number, region in enumerate(regions)
    ]


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
        self._weights = np.zeros((2, 10))

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
            weights = np.zeros(10)
            for _ in range(4):
                # A little ridge, so that a few lines at one side do not throw the other about.
                a = terms[good].T @ terms[good] + 1e-3 * good.sum() * np.diag([0.0] + [1.0] * 9)
                weights = np.linalg.solve(a, terms[good].T @ offsets[good])
                residual = np.abs(offsets - terms @ weights)
                usual = float(np.median(residual[good]))
                good = chosen & (residual <= max(1.0, 3 * usual))
            self._weights[axis] += weights


def _mesh(
    region: Region,
    number: int,
    samples: Samples,
    offsets: Float64,
    matrix: Float64,
    surface: _Surface,
    odd: bool,
) -> Float64:
    x0, y0, x1, y1 = region.box
    flat = np.stack(
        np.meshgrid(np.linspace(x0, x1, region.columns + 1), np.linspace(y0, y1, region.rows + 1)),
        axis=-1,
    )
    points = flat.reshape(-1, 2)
    mesh = (project(points, matrix) + surface(points)).reshape(flat.shape)
    own = samples.region == number
    level = _along(offsets[own & samples.level].reshape(region.rows + 1, -1))
    upright = _along(offsets[own & ~samples.level].reshape(region.columns + 1, -1)).T
    mesh[..., 0 if odd else 1] += level
    mesh[..., 1 if odd else 0] += upright
    return mesh


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
