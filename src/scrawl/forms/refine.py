"""Mends a homography by the lines about it, outward from where they agree with it."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Float64
from scrawl.forms.samples import AT_THE_HORIZON, Evidence, Samples, project, turned

_ROUNDS = 6  # of mending, at most
_WINDOW = 0.3  # of a cell, in which a line is looked for
_REACH = 3, 30  # and pixels
_CLOSE = 0.12  # of a cell, within which a line agrees
_CLOSE_REACH = 2, 12  # and pixels
_BETTER = 1e-3  # share of the lines by which a round has to be better than the one before
_BLOCKS = 4  # into which the lines are parted, each way
_AGREES = 0.7  # share of a block's lines that agree, from which on it is gone by
_FEWEST = 0.12  # share of all lines that is gone by, at least


def refined(
    samples: Samples, matrix: Float64, page: tuple[float, float], evidence: Evidence
) -> Float64:
    """The homography of the lines that agree with a guess, and of those that then do.

    A guess by a corner that a thumb hides or that is off the picture fits at the other corners. A
    direct linear transformation of the blocks that fit, each sample a point on a line (R. Hartley,
    A. Zisserman, 2004, 4.1), makes those beside them fit.

    Args:
        samples: Where the form expects lines.
        matrix: The guess, from the form's unit to the pixels of the rules.
        page: The form's page.
        evidence: The lines of the scan.
    """
    low, high = samples.points.min(axis=0), samples.points.max(axis=0)
    where = ((samples.points - low) / np.maximum(high - low, 1e-9) * _BLOCKS).astype(int)
    block = where.clip(0, _BLOCKS - 1) @ (1, _BLOCKS)
    counts = np.maximum(np.bincount(block, minlength=_BLOCKS**2), 1)
    level = samples.level ^ bool(turned(matrix, page) % 2)
    before = -1.0
    for _ in range(_ROUNDS):
        places = project(samples.points, matrix)
        scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
        pitch = samples.pitch * scale
        offsets = evidence.offsets(places, level, np.clip(_WINDOW * pitch, *_REACH))
        close = np.abs(np.nan_to_num(offsets, nan=np.inf)) <= np.clip(_CLOSE * pitch, *_CLOSE_REACH)
        agree = np.bincount(block, close, _BLOCKS**2) / counts
        used = np.isfinite(offsets) & (agree[block] >= _AGREES)
        share = float(close.mean())
        if used.mean() < _FEWEST or share <= before + _BETTER:
            break
        fitted = _through(samples.points[used], places[used], offsets[used], level[used])
        if fitted is None:
            break
        before, matrix = share, fitted
    return matrix


def _through(
    points: Float64, places: Float64, offsets: Float64, level: np.ndarray
) -> Float64 | None:
    """The homography that brings points onto level and upright lines, by least squares.

    None where lines of one direction alone leave it open.
    """
    ours, theirs = _unit(points), _unit(places)
    p = np.column_stack([points, np.ones(len(points))]) @ ours.T
    axis = np.where(level, 1, 0)
    seen = places[np.arange(len(places)), axis] + offsets
    seen = seen * theirs[0, 0] + theirs[axis, 2]
    rows = np.zeros((len(p), 9))
    rows[level, 3:6] = p[level]
    rows[~level, 0:3] = p[~level]
    rows[:, 6:9] = -seen[:, None] * p
    values, vectors = np.linalg.eigh(rows.T @ rows)
    solved = vectors[:, int(values.argmin())].reshape(3, 3)
    out = np.linalg.inv(theirs) @ solved @ ours
    if abs(out[2, 2]) < AT_THE_HORIZON * float(np.abs(out).max()):
        return None
    return np.asarray(out / out[2, 2])


def _unit(points: Float64) -> Float64:
    """What brings points about 0, at a distance of about 1."""
    middle = points.mean(axis=0)
    scale = 1 / max(float(np.abs(points - middle).mean()), 1e-9)
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
