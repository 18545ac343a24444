"""Finds a form on a scan: the homography from the form's page to the scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.arrays import Float64
from scrawl.errors import PictureError
from scrawl.forms.form import Form, Region
from scrawl.forms.rules import Lattice, Rules, lattices
from scrawl.forms.samples import Evidence, Samples, project, sample, turned

_FOUND = 0.5  # share of a form's lines that must lie on lines of the scan: the rest may be faint
_MOST = 3000  # guesses that are weighed, which bounds the time that a page full of grids takes
_BEST = 5  # of them are fitted: the best guess is not always the one that fits best
_SHIFT = 2.0  # what a shift by the picture's diagonal takes from the share of lines that agree
_TURN = 0.05  # what any other turn than the expected one takes from it
_FAR = 0.25  # of the picture's diagonal: no page is farther from filling its picture, on average
_SHAPE = 1.15  # how far the shapes of picture and page may differ, where no line says where it is
_SIDES = 0.8  # short side to long side, from which on a shape does not tell upright from sideways
_FOLLOWED = 2  # times that a guess is fitted: the second finds the crossings that the first missed
_OUTLIER = 4.0  # pixels, beyond which a crossing has no part in the fit: a line is about as thick
_NEAR = 0.4  # of a cell's side: a crossing is nearer to its own corner than to the next


def align(form: Form, rules: Rules, turns: Sequence[int] | None = None) -> tuple[Float64, str]:
    """Finds the form on a scan by its ruled lines.

    Each lattice on the scan that has the rows and columns of one of the form's regions gives a
    guess; the guess under which most of the form's lines lie on the scan's is taken.

    Args:
        form: The form.
        rules: The lines of the scan.
        turns: The quarters by which the page may be turned; None takes those of its shape.

    Returns:
        The homography from the form's unit to the pixels of ``rules``, and what it rests on:
        ``"lines"`` or ``"page"``.

    Raises:
        PictureError: The form has a grid, and the scan does not show it.
    """
    found = lattices(rules)
    evidence = Evidence(rules)
    turns = _turns(form, evidence.size) if turns is None else turns
    ruled = [region for region in form.regions if region.rows * region.columns > 1]
    seeds = ruled or list(form.regions)
    samples = sample(seeds)
    best: list[tuple[float, float, Float64]] = []  # worth, cost, guess
    for guess, turn in _guesses(seeds, found, turns):
        shift = _shift(form, guess, evidence.size, turn)
        if shift > _FAR:
            continue
        share = float(evidence.hits(samples, guess).mean())
        cost = _SHIFT * shift + (0.0 if turn == turns[0] else _TURN)
        best.append((share - cost, cost, guess))
        best = sorted(best, key=lambda item: -item[0])[:_BEST]
    crossings = Crossings.of(found)
    followed = [
        (*_follow(form, crossings, samples, evidence, guess), cost) for _, cost, guess in best
    ]
    share, matrix, _ = max(
        followed, key=lambda item: item[0] - item[2], default=(0.0, np.eye(3), 0.0)
    )
    hits = evidence.hits(samples, matrix)
    grids = [region for region in form.regions if region.grid]
    shown = [hits[samples.region == seeds.index(grid)].mean() for grid in grids]
    if share >= _FOUND and min(shown, default=1.0) >= _FOUND:
        return matrix, "lines"
    if grids:
        raise PictureError(_refusal(grids, found))
    others = [lattice for lattice in found if lattice.rows * lattice.columns > 1]
    if others:
        raise PictureError(
            f"does not show the form (expected its boxes, found {_size(others[0])} boxes "
            "elsewhere; give the form a reference if its own are not ruled)"
        )
    if not _like(form, evidence.size):
        raise PictureError(
            "does not show the form (expected a page of the shape "
            f"{form.page[0]:g} × {form.page[1]:g}, received one of "
            f"{evidence.size[0]} × {evidence.size[1]})"
        )
    return prior(form, evidence.size, turns[0]), "page"


def prior(form: Form, size: tuple[int, int], turn: int = 0) -> Float64:
    """The homography that lays the form's page over a whole picture of ``size``."""
    w, h = form.page
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    corners = np.array([[0, 0], [size[0], 0], list(size), [0, size[1]]], np.float32)
    return cv2.getPerspectiveTransform(flat, np.roll(corners, -turn, axis=0))


def _like(form: Form, size: tuple[int, int]) -> bool:
    """Whether a picture has the shape of the form's page, upright or on its side."""
    shapes = form.page[0] / form.page[1], size[0] / size[1]
    return max(shapes) / min(shapes) < _SHAPE or 1 / _SHAPE < shapes[0] * shapes[1] < _SHAPE


def _turns(form: Form, size: tuple[int, int]) -> tuple[int, ...]:
    shapes = form.page[0] / form.page[1], size[0] / size[1]
    if any(_SIDES < shape < 1 / _SIDES for shape in shapes):
        return 0, 1, 2, 3
    return (0, 2) if (shapes[0] < 1) == (shapes[1] < 1) else (1, 3)


def _guesses(
    seeds: Sequence[Region], found: Sequence[Lattice], turns: Sequence[int]
) -> Iterator[tuple[Float64, int]]:
    """Every way in which a lattice may be a region, at most `_MOST`, large regions first."""
    left = _MOST
    for region in sorted(seeds, key=lambda r: -r.rows * r.columns):
        for lattice in found:
            for turn in turns:
                for corners in _fits(region, lattice, turn):
                    for guess in _between(region, corners, turn, len(seeds) > 1):
                        yield guess, turn
                    left -= 1
                    if not left:
                        return


def _fits(region: Region, lattice: Lattice, turn: int) -> Iterator[Float64]:
    """The corners of each run of the lattice's lines that has the region's rows and columns.

    An outer line may be missing, so that the lattice is a row or a column short.
    """
    rows, columns = region.rows, region.columns
    if turn % 2:
        rows, columns = columns, rows
    for y0, y1 in _runs(lattice.ys, rows):
        for x0, x1 in _runs(lattice.xs, columns):
            flat = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            yield project(flat, lattice.to_frame)


def _runs(lines: Float64, cells: int) -> Iterator[tuple[float, float]]:
    n = len(lines) - 1
    for start in range(n - cells + 1):
        yield float(lines[start]), float(lines[start + cells])
    if n == cells - 1 and n > 0:
        pitch = float(lines[-1] - lines[0]) / n
        yield float(lines[0]) - pitch, float(lines[-1])
        yield float(lines[0]), float(lines[-1]) + pitch


def _between(region: Region, corners: Float64, turn: int, several: bool) -> Iterator[Float64]:
    """The homographies that bring a region to corners on the scan."""
    box = outline(region).astype(np.float32)
    corners = np.roll(corners, -turn, axis=0).astype(np.float32)
    if region.rows * region.columns > 1 or not several:
        yield cv2.getPerspectiveTransform(box, corners)
    if several:
        # A small box says where the page is and how large, not how it is slanted.
        affine = cv2.estimateAffinePartial2D(box, corners)[0]
        if affine is not None:
            yield np.vstack([affine, [0, 0, 1]])


def _shift(form: Form, matrix: Float64, size: tuple[int, int], turn: int) -> float:
    """How far the page's corners are, on average, from the picture's, of the diagonal."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * form.page
    apart = project(corners, matrix) - project(corners, prior(form, size, turn))
    return float(np.linalg.norm(apart, axis=1).mean() / np.hypot(*size))


def _follow(
    form: Form, crossings: Crossings, samples: Samples, evidence: Evidence, guess: Float64
) -> tuple[float, Float64]:
    """Fits a guess to the corners of all regions that the lattices show where it expects them."""
    best = float(evidence.hits(samples, guess).mean()), guess
    matrix = guess
    for _ in range(_FOLLOWED):
        ours, theirs = _pairs(form, crossings, matrix)
        fitted = (
            cv2.findHomography(ours, theirs, cv2.RANSAC, _OUTLIER)[0] if len(ours) >= 4 else None
        )
        if fitted is None:
            break
        matrix = fitted
        share = float(evidence.hits(samples, matrix).mean())
        best = max(best, (share, matrix), key=lambda item: item[0])
    return best


@dataclass(frozen=True)
class Crossings:
    """Where the lines of all lattices cross: places, shape ``(n, 2)``, and their addresses."""

    places: Float64
    address: npt.NDArray[np.intp]  # shape (n, 3): lattice, row, column

    @classmethod
    def of(cls, found: Sequence[Lattice]) -> Crossings:
        """The crossings of the lattices."""
        places, address = [np.empty((0, 2))], [np.empty((0, 3), np.intp)]
        for number, lattice in enumerate(found):
            ys, xs = np.indices((lattice.rows + 1, lattice.columns + 1)).reshape(2, -1)
            flat = np.stack([lattice.xs[xs], lattice.ys[ys]], -1)
            places.append(project(flat, lattice.to_frame))
            address.append(np.stack([np.full_like(ys, number), ys, xs], -1))
        return cls(np.concatenate(places), np.concatenate(address))


def _pairs(form: Form, crossings: Crossings, matrix: Float64) -> tuple[Float64, Float64]:
    """Corners of regions and the crossings that they are, each with its other three."""
    ours, theirs = [np.empty((0, 2))], [np.empty((0, 2))]
    odd = turned(matrix, form.page) % 2
    for region in form.regions:
        box = outline(region)
        expected = project(box, matrix)
        apart = np.linalg.norm(crossings.places[None] - expected[:, None], axis=2)
        nearest = apart.argmin(axis=1)
        cells = np.array([region.rows, region.columns])
        pitch = np.linalg.norm(expected[[3, 1]] - expected[0], axis=1) / cells
        at = crossings.address[nearest]
        span = np.ptp(at, axis=0)
        same = span[0] == 0 and (span[1:] == (cells[::-1] if odd else cells)).all()
        if same and (apart[range(4), nearest] < _NEAR * pitch.min()).all():
            ours.append(box)
            theirs.append(crossings.places[nearest])
    return np.concatenate(ours), np.concatenate(theirs)


def outline(region: Region) -> Float64:
    """A region's corners in the form's unit, shape ``(4, 2)``, clockwise from the upper left."""
    x0, y0, x1, y1 = region.box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _size(cells: Region | Lattice) -> str:
    return f"{cells.rows} × {cells.columns}"


def _refusal(grids: Sequence[Region], found: Sequence[Lattice]) -> str:
    expected = " and ".join(_size(grid) for grid in grids)
    largest = max(found, key=lambda lattice: lattice.rows * lattice.columns, default=None)
    received = "found no ruled grid"
    if largest is not None and largest.rows * largest.columns > 1:
        received = f"found {_size(largest)}"
    return f"does not show the form (expected a ruled grid of {expected} cells, {received})"
