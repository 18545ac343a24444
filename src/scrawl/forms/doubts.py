"""Why a form that was laid on a scan may lie elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scrawl.arrays import Bool, Float64
from scrawl.errors import PictureError
from scrawl.forms.align import Place
from scrawl.forms.form import Region

_SEEN = 0.62  # share of its lines that are seen, at least, to be sure
_EVEN = 0.05  # of a cell, that a line of a grid whose cells are alike may be off the middle of its
# neighbours: at most 0.024 of 31 made photos of grids laid rightly, 0.088 and 0.158 of two wrongly
_UNEVEN = 0.35  # and one of any other
_PARTS = 3  # of a line, each of which is looked at by itself
_FINE = 1.0  # pixels that a line may be off besides
_STRETCHED = 1.35  # times as high for its width as on the form, up to which a slant explains it: a
# page held at 42 degrees. A grid cut off at six and a half columns lay over nine by 1.48
_OTHER = 2.2  # and from which on it is another grid
_UNSEEN = 0.2  # share of the cells on the picture whose sides are not seen, at most, to be sure

LAID = 0.9
"""Probability that the form lies where it is read, at least, to be sure."""

SIDES = 0.34
"""Share of a cell's sides that is seen, at least, for the cell to count as seen."""

_PARTLY = 0.8  # and for one beside a cell that is not: what hides that may hide a part of it


def doubt(
    place: Place,
    regions: Sequence[Region],
    meshes: Sequence[Float64],
    seen_of: Sequence[Float64],
    size: tuple[int, ...],
) -> str | None:
    """Why a form that was found by its lines may lie elsewhere, in words; or None.

    Args:
        place: Where its page is.
        regions: Its regions.
        meshes: Where the lines of each cross, in pixels of the scan.
        seen_of: The share of each cell's sides that is seen, shape ``(rows, columns)`` a region.
        size: Height and width of the scan.

    Raises:
        PictureError: Its grid is too unlike the form's.
    """
    stretched = [*map(_stretched, regions, meshes)]
    tall = max(stretched)
    if tall > _OTHER:
        grid = regions[stretched.index(tall)]
        raise PictureError(
            f"does not show the form (expected a ruled grid of {grid.rows} × {grid.columns} cells, "
            f"found cells {tall:.1f} times as high or as wide as its own)"
        )
    if place.confidence < LAID:
        return (
            f"its lines fit nearly as well elsewhere, such as a row beside "
            f"({place.confidence:.0%} sure)"
        )
    if place.seen < _SEEN:
        return f"only {place.seen:.0%} of its ruled lines are seen"
    worst, most = max(map(_uneven, regions, meshes), key=lambda pair: pair[0] / pair[1])
    if worst > most:
        return f"its lines are not spaced as the form's are (by {worst:.0%} of a cell)"
    if tall > _STRETCHED:
        return f"its cells are {tall:.1f} times as high or as wide as the form's"
    unseen = np.concatenate([
        seen.ravel()[on_scan(size, mesh)] < SIDES
        for region, mesh, seen in zip(regions, meshes, seen_of, strict=True)
        if region.grid
    ] or [np.zeros(1, bool)])  # fmt: skip
    if unseen.size and unseen.mean() > _UNSEEN:
        return f"the lines of {unseen.sum()} of {unseen.size} cells are not seen"
    return None


def _uneven(region: Region, mesh: Float64) -> tuple[float, float]:
    """By how much of a cell a line is off from where its neighbours say, and may be at most."""
    worst = 0.0, _UNEVEN
    for axis, edges, sizes_of in ((1, region.xs, region.widths), (0, region.ys, region.heights)):
        if len(edges) < 3:
            continue
        lines = np.moveaxis(mesh, axis, 0)
        sizes = np.diff(edges)
        share = sizes[:-1] / (sizes[:-1] + sizes[1:])
        expected = lines[:-2] + share[:, None, None] * (lines[2:] - lines[:-2])
        off = np.linalg.norm(lines[1:-1] - expected, axis=2)
        cell = np.linalg.norm(lines[2:] - lines[:-2], axis=2) / 2
        share = np.maximum(off - _FINE, 0) / np.maximum(cell, 1)
        most = _EVEN if region.grid and not len(sizes_of) else _UNEVEN
        # A line may be askew, off at one of its ends alone.
        parts = np.array_split(share, min(_PARTS, share.shape[1]), axis=1)
        here = max(float(np.median(part, axis=1).max()) for part in parts), most
        worst = max(worst, here, key=lambda pair: pair[0] / pair[1])
    return worst


def _stretched(region: Region, mesh: Float64) -> float:
    """How many times as high, or as wide, a region is for its other side as on the form."""
    across = np.linalg.norm(mesh[:, -1] - mesh[:, 0], axis=1).mean()
    down = np.linalg.norm(mesh[-1] - mesh[0], axis=1).mean()
    x0, y0, x1, y1 = region.box
    ratio = float(across / max(down, 1)) * (y1 - y0) / (x1 - x0)
    return max(ratio, 1 / max(ratio, 1e-9)) if region.grid else 1.0


def hidden(seen: Float64) -> Bool:
    """Which cells of a region may be hidden, as by a thumb, at least in part.

    Args:
        seen: The share of each cell's sides that is seen, shape ``(rows, columns)``.
    """
    away = (seen < SIDES).astype(np.uint8)
    near = cv2.dilate(away, np.ones((3, 3), np.uint8)) > 0
    return np.asarray((away > 0) | (near & (seen < _PARTLY)))


def on_scan(size: tuple[int, ...], mesh: Float64) -> Bool:
    """Which cells of a region are on the scan, by their middles; shape ``(cells,)``."""
    middles = quads(mesh).mean(axis=1)
    return np.asarray(((middles >= 0) & (middles < size[1::-1])).all(axis=1))


def quads(mesh: Float64) -> Float64:
    """The corners of each cell, shape ``(cells, 4, 2)``, clockwise from the upper left."""
    quads = np.stack([mesh[:-1, :-1], mesh[:-1, 1:], mesh[1:, 1:], mesh[1:, :-1]], axis=2)
    return quads.reshape(-1, 4, 2)
