"""Finds a form on a scan: the homography from the form's page to the scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scrawl.arrays import Float64
from scrawl.errors import PictureError
from scrawl.forms.crossings import Crossings, follow
from scrawl.forms.form import Form, Region
from scrawl.forms.guesses import guesses, prior
from scrawl.forms.samples import Evidence, project, sample, turned
from scrawl.forms.weigh import Explanation, Weigher, best_of, probabilities
from scrawl.ruling.lattice import Lattice, lattices
from scrawl.ruling.scan import Rules

_SOME = 0.4  # and of each comb's: another grid's lines would do for those of one alone
_FOUND = 0.5  # share of a form's lines that must lie on lines of the scan: the rest may be faint
_WHOLE = 0.8  # and share of a grid's that must be on the picture: a part fits in several places
_CLEAR = 0.3  # by how much more lines lie on the form's than between: clutter lies anywhere
_BEST = 6  # of the guesses are fitted: the best is not always the one that fits best
_SHIFT = 2.0  # what a shift by the picture's diagonal takes from the share of lines that agree
_TURN = 0.05  # what any other turn than the expected one takes from it
_SHAPE = 1.15  # how far the shapes of picture and page may differ, where no line says where it is
_SIDES = 0.8  # short side to long side, from which on a shape does not tell upright from sideways
_QUICK = 600  # samples that all guesses are weighed by, which bounds the time
_APART = 0.22  # of a cell, from which on a line of a grid is none of the form's
_OTHERS = 0.4  # share of such lines of all, from which on the grid is another
_FEWEST = 6  # lines to tell that by
_RIVALS = 2  # other places that a page may be at, as most: the digits there cost a reading each
_LIKELY = 0.02  # probability from which on such a place is one
_WELL = 0.95  # share of the lines that agree, from which on a guess needs no mending


@dataclass(frozen=True, eq=False)
class Place:
    """Where the form's page is.

    Attributes:
        matrix: float64, shape ``(3, 3)``: from the form's unit to the pixels of the rules.
        by: ``"lines"``, ``"reference"`` or ``"page"``.
        confidence: The probability that it is there and not a row or so beside, in [0, 1].
        seen: The share of its ruled lines that are seen, of those on the picture, in [0, 1].
        on: The share of them that is on the picture.
        rivals: Other places that its lines fit nearly as well; what is written there may tell.
    """

    matrix: Float64
    by: str
    confidence: float = 1.0
    seen: float = 1.0
    on: float = 1.0
    rivals: tuple[Place, ...] = ()


def align(form: Form, rules: Rules, turns: Sequence[int] | None = None) -> Place:
    """Finds the form on a scan by its ruled lines.

    Each lattice on the scan that has the rows and columns of one of the form's regions gives a
    guess. The best of those, and what is a row or a column beside them, are fitted to the lines
    and weighed: by the share of the form's lines that are seen, by lines that go on where the form
    has none, and by where the page is on the picture. The best is taken.

    Args:
        form: The form.
        rules: The lines of the scan.
        turns: The quarters by which the page may be turned; None takes those of its shape.

    Raises:
        PictureError: The form has a grid, and the scan does not show it.
    """
    evidence = Evidence(rules)
    turns = _turns(form, evidence.size) if turns is None else turns
    found = lattices(rules)
    place = _by_lines(form, found, evidence, turns)
    if place is None:  # perhaps its lines are broken
        place = _by_lines(form, lattices(rules, gaps=True), evidence, turns)
    return place or Place(_by_page(form, found, evidence.size, turns[0]), "page")


def _by_lines(
    form: Form, found: Sequence[Lattice], evidence: Evidence, turns: Sequence[int]
) -> Place | None:
    """The page by its ruled lines, if the scan shows enough of them."""
    ruled = [region for region in form.regions if region.rows * region.columns > 1]
    seeds = ruled or list(form.regions)
    tried = _tried(form, seeds, found, evidence, turns)
    if not tried:
        return None
    chances = probabilities([one.worth for one in tried])
    best = _place(form, seeds, found, tried[0], float(chances[0]))
    if best is None:
        return None
    # Another place that other lines cross is likely all the same: what is written there tells.
    others = [
        _place(form, seeds, (), one, float(chance))
        for one, chance in zip(tried[1:], chances[1:], strict=True)
        if chance >= _LIKELY
    ]
    rivals = [place for place in others if place is not None]
    return replace(best, rivals=tuple(rivals[:_RIVALS]))


def _place(
    form: Form,
    seeds: Sequence[Region],
    found: Sequence[Lattice],
    one: Explanation,
    confidence: float,
) -> Place | None:
    """The page where an explanation lays it; None if too few lines are seen there."""
    shown = [share for share, seed in zip(one.shares, seeds, strict=True) if seed.grid]
    of_boxes = [
        share for share, seed in zip(one.shares, seeds, strict=True) if seed.rows * seed.columns > 1
    ]
    if min(of_boxes, default=1.0) < _SOME:
        return None
    share = float(one.shares.mean())
    clear = share - one.between
    if _unlike(form, found, one.matrix) or (shown and one.on < _WHOLE):
        return None
    if share >= _FOUND and clear >= _CLEAR and min(shown, default=1.0) >= _FOUND:
        return Place(one.matrix, "lines", confidence, share, one.on)
    return None


def _unlike(form: Form, found: Sequence[Lattice], matrix: Float64) -> bool:
    """Whether lines of grids of the scan lie within the form's grids where these have none.

    Digits in a row look like lines: those of another grid would do for the form's.
    """
    back = np.linalg.inv(matrix).astype(np.float64)
    odd = turned(matrix, form.page) % 2
    apart: list[bool] = []
    for lattice in (item.whole or item for item in found):
        if lattice.rows + lattice.columns < _FEWEST:
            continue
        ys, xs = np.meshgrid(lattice.ys, lattice.xs, indexing="ij")
        crossings: Float64 = np.stack([xs, ys], -1).reshape(-1, 2).astype(np.float64)
        flat = project(crossings, lattice.to_frame)
        places = project(flat, back).reshape(*xs.shape, 2)
        places = places.swapaxes(0, 1) if odd else places
        middle = places.mean(axis=(0, 1))
        for region in (region for region in form.regions if region.grid):
            x0, y0, x1, y1 = region.box
            if not (x0 < middle[0] < x1 and y0 < middle[1] < y1):
                continue
            across, down = places[..., 0].mean(axis=0), places[..., 1].mean(axis=1)
            for lines, edges in ((across, region.xs), (down, region.ys)):
                pitch = float(np.diff(edges).min())
                near = np.abs(lines[:, None] - edges).min(axis=1) / pitch
                inside = (lines > edges[0] - pitch / 2) & (lines < edges[-1] + pitch / 2)
                apart += (near[inside] > _APART).tolist()
    return len(apart) >= _FEWEST and sum(apart) > _OTHERS * len(apart)


def _worth(one: Explanation) -> float:
    return one.worth


def _tried(
    form: Form,
    seeds: Sequence[Region],
    found: Sequence[Lattice],
    evidence: Evidence,
    turns: Sequence[int],
) -> list[Explanation]:
    """The best explanation and its rivals; empty if there is none."""
    whole = [lattice.whole for lattice in found if lattice.whole is not None]
    samples = sample(seeds)
    quick = samples.thinned(_QUICK)
    ranked = sorted(
        (
            float(evidence.hits(quick, guess).mean()) - _SHIFT * shift - _TURN * (turn != turns[0]),
            number,
            guess,
            turn,
        )
        for number, (guess, turn, shift) in enumerate(
            guesses(form, seeds, [*found, *whole], evidence.size, turns)
        )
    )[::-1]
    weigher = Weigher(form, seeds, samples, evidence, turns[0])
    crossings = Crossings.of(found)
    weighed: list[Explanation] = []
    for _, _, guess, turn in ranked:
        one = Explanation(guess, turn, 0.0, np.zeros(len(seeds)))
        if all(weigher.apart(one, other) or other.turn != turn for other in weighed):
            followed = follow(form, crossings, quick, evidence, guess)
            one = weigher.weigh(followed, turn)
            if one.shares.mean() * one.on < _WELL:
                one = max(one, weigher.weigh(weigher.mended(followed), turn), key=_worth)
            weighed.append(one)
        if len(weighed) == _BEST:
            break
    return best_of(weigher, weighed) if weighed else []


def _by_page(form: Form, found: Sequence[Lattice], size: tuple[int, int], turn: int) -> Float64:
    """The page laid over the whole picture, where a form has no grid to be found by."""
    grids = [region for region in form.regions if region.grid]
    if grids:
        raise PictureError(_refusal(grids, found))
    others = [lattice for lattice in found if lattice.rows * lattice.columns > 1]
    if others:
        raise PictureError(
            f"does not show the form (expected its boxes, found {_size(others[0])} boxes "
            "elsewhere; give the form a reference if its own are not ruled)"
        )
    if not _like(form, size):
        raise PictureError(
            "does not show the form (expected a page of the shape "
            f"{form.page[0]:g} × {form.page[1]:g}, received one of {size[0]} × {size[1]})"
        )
    return prior(form, size, turn)


def _like(form: Form, size: tuple[int, int]) -> bool:
    """Whether a picture has the shape of the form's page, upright or on its side."""
    shapes = form.page[0] / form.page[1], size[0] / size[1]
    return max(shapes) / min(shapes) < _SHAPE or 1 / _SHAPE < shapes[0] * shapes[1] < _SHAPE


def _turns(form: Form, size: tuple[int, int]) -> tuple[int, ...]:
    shapes = form.page[0] / form.page[1], size[0] / size[1]
    if any(_SIDES < shape < 1 / _SIDES for shape in shapes):
        return 0, 1, 2, 3
    return (0, 2) if (shapes[0] < 1) == (shapes[1] < 1) else (1, 3)


def _size(cells: Region | Lattice) -> str:
    return f"{cells.rows} × {cells.columns}"


def _refusal(grids: Sequence[Region], found: Sequence[Lattice]) -> str:
    expected = " and ".join(_size(grid) for grid in grids)
    largest = max(found, key=lambda lattice: lattice.rows * lattice.columns, default=None)
    received = "found no ruled grid"
    if largest is not None and largest.rows * largest.columns > 1:
        received = f"found {_size(largest)}"
    return f"does not show the form (expected a ruled grid of {expected} cells, {received})"
