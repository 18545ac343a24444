"""How well an explanation of a scan's lines holds beside others: its worth, in nats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scrawl.arrays import Bool, Float64
from scrawl.forms.form import Form, Region
from scrawl.forms.guesses import outline, shifted
from scrawl.forms.mesh import Fitted
from scrawl.forms.refine import refined
from scrawl.forms.samples import Evidence, Samples, project, sample

_LINES = 40.0  # what it is worth that all lines are seen; docs/forms.md has where these are from
_CHANCE = 0.35  # share of a line that clutter and digits in its place make seen
_BEYOND = 12.0  # what it costs that a grid's lines go on beyond its outline
_OFF = 15.0  # and that the page is off the picture
_FAR = 2.0  # by how many powers a page gets rarer with its distance from the picture's place
_NEAREST = 0.01  # of the diagonal: scans are laid no better
_TURN = 1.0  # what it costs that the page is turned
_SHAPE = 100.0  # what it costs that a square is none, by the square of its sides' log ratio
_SLANT = 0.3  # log ratio that costs nothing: paper is photographed at a slant
_BESIDE = 0.12  # of a cell, within which a line is at a place
_REACH = 2, 8  # and pixels: a line's own thickness, and what no bent sheet exceeds
_STEP = 0.01  # of the form, by which the picture's shape is looked at: small, as it changes
_IMPOSSIBLE = -50.0  # nats behind the best: so unlikely that less makes no difference
_MOST = 1500  # samples that are looked at
_SAME = 0.35  # of a cell, by which two explanations are off each other at least
_ROUNDS = 4  # steps to a better explanation beside


@dataclass(frozen=True, eq=False)
class Explanation:
    """A place of the page on the scan.

    Attributes:
        matrix: From the form's unit to the pixels of the rules.
        turn: The quarters that the page is turned by.
        worth: The log-likelihood of the scan's lines, in nats, less what all share.
        shares: The share of each region's lines that are seen, of those on the picture.
        on: The share of all lines that is on the picture.
        between: The share of the middles between lines where there is one as well, in [0, 1].
        corners: Where the corners of the regions are by the lines that were followed, shape
            ``(4 · regions, 2)``; None before any were.
    """

    matrix: Float64
    turn: int
    worth: float
    shares: Float64
    on: float = 1.0
    between: float = 0.0
    corners: Float64 | None = None


class Weigher:
    """Weighs explanations of one scan."""

    def __init__(
        self, form: Form, seeds: Sequence[Region], samples: Samples, evidence: Evidence, turn: int
    ) -> None:
        """Takes what all explanations share.

        Args:
            form: The form.
            seeds: The regions that it is found by.
            samples: Where these expect lines.
            evidence: The lines of the scan.
            turn: The quarters that the page is most likely turned by.
        """
        self._form, self._seeds, self._evidence, self._turn = form, seeds, evidence, turn
        self._samples = samples.thinned(_MOST)
        lines = np.stack([self._samples.region, ~self._samples.level, self._samples.line], 1)
        _, self._line, self._lengths = np.unique(
            lines, axis=0, return_inverse=True, return_counts=True
        )
        self._between = sample(seeds, between=True).thinned(_MOST // 2)
        self._beyond = [_beyond(region) for region in seeds if region.grid]
        self._cell = min(min(region.cell) for region in seeds)
        self._corners = np.concatenate([outline(region) for region in seeds])

    def mended(self, matrix: Float64) -> Float64:
        """A guess by the lines that agree with it."""
        return refined(self._samples, matrix, self._form.page, self._evidence)

    def weigh(self, matrix: Float64, turn: int) -> Explanation:
        """Fits a guess to the lines about it, and weighs what it explains."""
        fitted = Fitted(self._samples, matrix, self._form.page, self._evidence)
        on = self._evidence.inside(fitted.places(self._samples.points))
        seen = fitted.seen & on
        shift = shifted(self._form, matrix, self._evidence.size, turn)
        worth = (
            _LINES * self._whole(seen, on)
            - _OFF * float((~on).mean())
            - _BEYOND * self._goes_on(fitted)
        )
        worth -= _FAR * float(np.log(shift + _NEAREST)) + _TURN * (turn != self._turn)
        worth -= _SHAPE * max(0.0, self._stretched(matrix) - _SLANT) ** 2
        between = self._crossed(fitted)
        worth -= _LINES * between
        region = self._samples.region
        n = len(self._seeds)
        counts = np.bincount(region, on, n), np.bincount(region, seen, n)
        shares = counts[1] / np.maximum(counts[0], 1)
        corners = fitted.places(self._corners)
        return Explanation(matrix, turn, worth, shares, float(on.mean()), between, corners)

    def _whole(self, seen: Bool, on: Bool) -> float:
        """The share of the lines that are seen as lines are: digits in a column are not.

        Each line counts for as much as its length on the form.
        """
        n = len(self._lengths)
        there = np.bincount(self._line, on, n)
        share = np.bincount(self._line, seen, n) / np.maximum(there, 1)
        sure = np.clip((share - _CHANCE) / (1 - _CHANCE), 0, 1)
        return float((sure * there).sum() / max(there.sum(), 1))

    def _crossed(self, fitted: Fitted) -> float:
        """The share of the middles between the form's lines where a line is seen."""
        here = self._between
        places = fitted.places(here.points)
        on = self._evidence.inside(places)
        reach = np.clip(_BESIDE * here.pitch * self._scale(fitted), *_REACH)
        lined = self._evidence.lined(places, here.level ^ fitted.odd, reach)
        return float((lined & on).sum() / max(on.sum(), 1))

    def _stretched(self, matrix: Float64) -> float:
        """By how much longer a square of the form is on the picture, as a logarithm."""
        middle = np.mean(self._corners, axis=0)
        step = _STEP * np.ptp(self._corners, axis=0).max()
        at = project(middle + step * np.array([[0, 0], [1, 0], [0, 1]]), matrix)
        across, down = (float(np.linalg.norm(at[i] - at[0])) for i in (1, 2))
        return abs(float(np.log(max(across, 1e-9) / max(down, 1e-9))))

    def _goes_on(self, fitted: Fitted) -> float:
        """The share of the grids' lines that go on beyond their outlines."""
        if not self._beyond:
            return 0.0
        parts = []
        for points, level, pitch in self._beyond:
            places = fitted.places(points)
            reach = np.full(len(points), np.clip(_BESIDE * pitch * self._scale(fitted), *_REACH))
            parts.append(self._evidence.lined(places, level ^ fitted.odd, reach))
        return float(np.concatenate(parts).mean())

    def _scale(self, fitted: Fitted) -> float:
        """Pixels of the rules for one of the form's unit."""
        ours = float(np.linalg.norm(self._corners[2] - self._corners[0]))
        ends = project(self._corners[[0, 2]], fitted.matrix)
        return float(np.linalg.norm(ends[1] - ends[0])) / ours

    def beside(self, one: Explanation) -> list[Explanation]:
        """The same a row or a column off, any way."""
        grids = [region for region in self._seeds if region.rows * region.columns > 1]
        if not grids:
            return []
        largest = max(grids, key=lambda region: region.rows * region.columns)
        width, height = largest.cell
        steps = []
        if largest.columns > 1:
            steps += [(width, 0.0), (-width, 0.0)]
        if largest.rows > 1:
            steps += [(0.0, height), (0.0, -height)]
        moved = [one.matrix @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]]) for x, y in steps]
        return [self.weigh(matrix, one.turn) for matrix in moved]

    def apart(self, one: Explanation, other: Explanation) -> bool:
        """Whether two explanations lay the cells elsewhere; a turn is told by the digits.

        Guesses far apart may be fitted to the same lines: then it is the lines that say where the
        cells are.
        """
        if one.turn != other.turn:
            return False
        a, b = (
            project(self._corners, item.matrix) if item.corners is None else item.corners
            for item in (one, other)
        )
        scale = np.linalg.norm(a[2] - a[0]) / np.linalg.norm(self._corners[2] - self._corners[0])
        return bool(np.linalg.norm(a - b, axis=1).max() > _SAME * self._cell * scale)


def best_of(weigher: Weigher, tried: Sequence[Explanation]) -> list[Explanation]:
    """The best explanation, and behind it those that lay the cells elsewhere, the best first.

    Those a row or a column beside the best are tried as well.
    """
    pool = list(tried)
    best = max(pool, key=lambda item: item.worth)
    for _ in range(_ROUNDS):
        pool += weigher.beside(best)
        better = max(pool, key=lambda item: item.worth)
        if better is best:
            break
        best = better
    return [best, *_distinct(weigher, best, pool)]


def probabilities(worths: Sequence[float]) -> Float64:
    """The probabilities of explanations one of which is right, by their worths in nats."""
    behind = np.maximum(np.array(worths) - max(worths), _IMPOSSIBLE)
    return np.asarray(np.exp(behind) / np.exp(behind).sum())


def _distinct(
    weigher: Weigher, best: Explanation, pool: Sequence[Explanation]
) -> list[Explanation]:
    """Of the explanations that lay the cells elsewhere, the best of each place."""
    kept: list[Explanation] = []
    for item in sorted(pool, key=lambda item: -item.worth):
        if all(weigher.apart(item, other) for other in (best, *kept)) and item.turn == best.turn:
            kept.append(item)
    return kept


def _beyond(region: Region) -> tuple[Float64, Bool, float]:
    """Places half a cell beyond a grid's outline on each of its inner lines, and which are level.

    Its outer lines may be part of a frame around it.
    """
    xs, ys = region.xs, region.ys
    dx, dy = (xs[1] - xs[0]) / 2, (ys[1] - ys[0]) / 2
    inner = ys[1:-1], xs[1:-1]
    level = np.concatenate([np.stack([np.full_like(inner[0], x), inner[0]], 1)
                            for x in (xs[0] - dx, xs[-1] + dx)])  # fmt: skip
    upright = np.concatenate([np.stack([inner[1], np.full_like(inner[1], y)], 1)
                              for y in (ys[0] - dy, ys[-1] + dy)])  # fmt: skip
    flags = np.r_[np.ones(len(level), bool), np.zeros(len(upright), bool)]
    return np.concatenate([level, upright]), flags, float(min(region.cell))
