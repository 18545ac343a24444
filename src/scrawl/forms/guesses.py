"""Where a form's page may be on a scan, by each lattice that may be one of its regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.arrays import Float64
from scrawl.forms.form import Form, Region
from scrawl.forms.samples import AT_THE_HORIZON, project
from scrawl.ruling.lattice import Lattice

_MOST = 400  # guesses that are weighed
_FAR = 0.3  # of the page's diagonal: a page is nowhere shifted by more, on average
_MISSING = 0.6  # share of a grid's rows or columns that a scan may lack
_ALIKE = 0.3  # of a box's size, that a lattice's corners may be off the box's shape


def prior(form: Form, size: tuple[int, int], turn: int = 0) -> Float64:
    """The homography that lays the form's page over a whole picture of ``size``."""
    w, h = form.page
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    corners = np.array([[0, 0], [size[0], 0], list(size), [0, size[1]]], np.float32)
    return cv2.getPerspectiveTransform(flat, np.roll(corners, -turn, axis=0))


def shifted(form: Form, matrix: Float64, size: tuple[int, int], turn: int) -> float:
    """How far the page's corners are, on average, from the picture's, of the diagonal."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * form.page
    apart = project(corners, matrix) - project(corners, prior(form, size, turn))
    return float(np.linalg.norm(apart, axis=1).mean() / np.hypot(*size))


def guesses(
    form: Form,
    seeds: Sequence[Region],
    found: Sequence[Lattice],
    size: tuple[int, int],
    turns: Sequence[int],
) -> list[tuple[Float64, int, float]]:
    """Every way in which a lattice may be a region, the least shifted first, at most `_MOST`.

    Args:
        form: The form.
        seeds: The regions to find it by.
        found: The lattices of the scan.
        size: Width and height of the picture that they were found on.
        turns: The quarters by which the page may be turned.

    Returns:
        The homography, the quarters, and how far the page is shifted.
    """
    gridded = [region for region in seeds if region.rows * region.columns > 1]
    boxes = [region for region in seeds if region.rows * region.columns == 1]
    every = _by_grids(form, gridded, found, size, turns, several=len(seeds) > 1)
    every += _by_boxes(form, boxes, found, size, turns)
    return sorted(every, key=lambda item: item[2])[:_MOST]


def _by_grids(
    form: Form,
    regions: Sequence[Region],
    found: Sequence[Lattice],
    size: tuple[int, int],
    turns: Sequence[int],
    several: bool,
) -> list[tuple[Float64, int, float]]:
    """The homographies that bring each region to each run of lines that may be its."""
    page = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * form.page
    out = []
    for turn in turns:
        home = project(page, prior(form, size, turn))
        for region in sorted(regions, key=lambda r: -r.rows * r.columns):
            fits = [fit for lattice in found for fit in _fits(region, lattice, turn)]
            if not fits:
                continue
            ours, theirs = outline(region), np.roll(np.array(fits), -turn, axis=1)
            matrices = _homographies(ours, theirs)
            if several:
                # A small region says where the page is and how large, not how it is slanted.
                matrices = np.concatenate([matrices, _similarities(ours, theirs)])
            apart = np.linalg.norm(_projected(page, matrices) - home, axis=2).mean(axis=1)
            apart /= np.hypot(*size)
            out += [(matrices[i], turn, float(apart[i])) for i in np.flatnonzero(apart <= _FAR)]
    return out


def _homographies(ours: Float64, theirs: Float64) -> Float64:
    """The homographies from four corners to each four of many, shape ``(n, 3, 3)``.

    The eight equations of four points (R. Hartley, A. Zisserman, 2004, 4.1), of all at once. Those
    of corners three of which are on a line are left out.

    Args:
        ours: float64, shape ``(4, 2)``.
        theirs: float64, shape ``(n, 4, 2)``.
    """
    x, y = np.broadcast_to(ours, theirs.shape).transpose(2, 0, 1)
    u, v = theirs.transpose(2, 0, 1)
    one, none = np.ones_like(x), np.zeros_like(x)
    across = np.stack([x, y, one, none, none, none, -u * x, -u * y], -1)
    down = np.stack([none, none, none, x, y, one, -v * x, -v * y], -1)
    left = np.concatenate([across, down], axis=1)
    good = np.linalg.cond(left) < 1 / np.finfo(float).eps
    right = np.concatenate([u, v], axis=1)[good, :, None]
    solved = np.linalg.solve(left[good], right)[..., 0]
    return np.concatenate([solved, np.ones((good.sum(), 1))], axis=1).reshape(-1, 3, 3)


def _similarities(ours: Float64, theirs: Float64) -> Float64:
    """The similarities from corners to each of many, by least squares, shape ``(n, 3, 3)``."""
    scale, shift, _ = _fitted(ours, _complex(theirs))
    return np.array([_similarity(*both) for both in zip(scale, shift, strict=True)])


def _complex(points: Float64) -> npt.NDArray[np.complex128]:
    """Points, shape ``(…, 2)``, as complex numbers."""
    return np.asarray(points @ (1, 1j), np.complex128)


def _fitted(
    ours: Float64, theirs: npt.NDArray[np.complex128]
) -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128], Float64]:
    """Scales and shifts of similarities to corners as complex numbers, and what they are off."""
    own = _complex(ours)
    flat = own - own.mean()
    middle = theirs.mean(axis=1)
    scale = (theirs - middle[:, None]) @ flat.conj() / (abs(flat) ** 2).sum()
    shift = middle - scale * own.mean()
    rest = abs(scale[:, None] * own + shift[:, None] - theirs).mean(axis=1)
    return scale, shift, rest


def _projected(points: Float64, matrices: Float64) -> Float64:
    """Points, shape ``(m, 2)``, through each of many homographies: shape ``(n, m, 2)``."""
    out = points @ matrices[:, :, :2].swapaxes(1, 2) + matrices[:, None, :, 2]
    depth = out[..., 2:]
    depth = np.where(np.abs(depth) < AT_THE_HORIZON, AT_THE_HORIZON, depth)
    return np.asarray(out[..., :2] / depth)


def _fits(region: Region, lattice: Lattice, turn: int) -> Iterator[Float64]:
    """The corners of each run of the lattice's lines that has the region's rows and columns.

    Outer lines may be missing, so that the lattice is some rows or columns short. Its outline is
    tried too: on bent paper lines are missed that are there. So is the outline with each corner
    where the other three say that it is: it may be hidden.
    """
    rows, columns = region.rows, region.columns
    if turn % 2:
        rows, columns = columns, rows
    for y0, y1 in _runs(lattice.ys, rows):
        for x0, x1 in _runs(lattice.xs, columns):
            flat = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            yield project(flat, lattice.to_frame)
    if (lattice.rows, lattice.columns) != (1, 1):
        yield lattice.corners
        for hidden in range(4):
            corners = lattice.corners.copy()
            before, opposite, after = (corners[(hidden + step) % 4] for step in (-1, 2, 1))
            corners[hidden] = before + after - opposite
            yield corners


def _runs(lines: Float64, cells: int) -> Iterator[tuple[float, float]]:
    n = len(lines) - 1
    for start in range(n - cells + 1):
        yield float(lines[start]), float(lines[start + cells])
    if max(1, (1 - _MISSING) * cells) <= n < cells:
        missing = (cells - n) * float(np.median(np.diff(lines)))
        yield float(lines[0]) - missing, float(lines[-1])
        yield float(lines[0]), float(lines[-1]) + missing


def _by_boxes(
    form: Form,
    boxes: Sequence[Region],
    found: Sequence[Lattice],
    size: tuple[int, int],
    turns: Sequence[int],
) -> list[tuple[Float64, int, float]]:
    """The similarities that bring each box to a lattice of its shape, by least squares."""
    if not boxes or not found:
        return []
    corners = np.array([lattice.corners for lattice in found], float)
    page = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * form.page
    out = []
    for turn in turns:
        home = project(page, prior(form, size, turn)) @ (1, 1j)
        theirs = np.roll(corners, -turn, axis=1)
        for box in boxes:
            scale, shift, rest = _fitted(outline(box), _complex(theirs))
            half = np.linalg.norm(outline(box)[2] - outline(box)[0]) / 2
            apart = abs(scale[:, None] * (page @ (1, 1j)) + shift[:, None] - home).mean(axis=1)
            apart /= np.hypot(*size)
            good = (rest < _ALIKE * half * abs(scale)) & (apart <= _FAR)
            out += [
                (_similarity(scale[i], shift[i]), turn, float(apart[i]))
                for i in np.flatnonzero(good)
            ]
        if len(boxes) == 1:  # alone, a box says how the page is slanted as well
            wide = _homographies(outline(boxes[0]), theirs)
            from_one = [(m, turn, shifted(form, m, size, turn)) for m in wide]
            out += [item for item in from_one if item[2] <= _FAR]
    return out


def _similarity(scale: np.complex128, shift: np.complex128) -> Float64:
    return np.array([
        [scale.real, -scale.imag, shift.real], [scale.imag, scale.real, shift.imag], [0, 0, 1]
    ])  # fmt: skip


def outline(region: Region) -> Float64:
    """A region's corners in the form's unit, shape ``(4, 2)``, clockwise from the upper left."""
    x0, y0, x1, y1 = region.box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
