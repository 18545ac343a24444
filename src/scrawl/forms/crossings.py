"""Fits a guess of where a form is to the places where a scan's lines cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.arrays import Float64
from scrawl.forms.form import Form
from scrawl.forms.guesses import outline
from scrawl.forms.samples import Evidence, Samples, project, turned
from scrawl.ruling.lattice import Lattice

_FOLLOWED = 2  # times that a guess is fitted: the second finds the crossings that the first missed
_OUTLIER = 4.0  # pixels, beyond which a crossing has no part in the fit: a line is about as thick
_NEAR = 0.4  # of a cell's side: a crossing is nearer to its own corner than to the next
_CORNERS = 30  # regions whose corners a guess is fitted to, which bounds the time


@dataclass(frozen=True)
class Crossings:
    """Where the lines of all lattices cross.

    Attributes:
        places: float64, shape ``(n, 2)``, in the pixels of the rules.
        address: int, shape ``(n, 3)``: which lattice, and which of its level and upright lines.
    """

    places: Float64
    address: npt.NDArray[np.intp]

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


def follow(
    form: Form, crossings: Crossings, samples: Samples, evidence: Evidence, guess: Float64
) -> Float64:
    """Fits a guess to the corners of all regions that the lattices show where it expects them.

    Args:
        form: The form.
        crossings: Those of the scan's lattices.
        samples: What a guess is weighed by: one that was fitted is taken if no worse.
        evidence: The lines of the scan.
        guess: float64, shape ``(3, 3)``: from the form's unit to the pixels of the rules.
    """
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
    return best[1]


def _pairs(form: Form, crossings: Crossings, matrix: Float64) -> tuple[Float64, Float64]:
    """Corners of regions and the crossings that they are, each with its other three."""
    ours, theirs = [np.empty((0, 2))], [np.empty((0, 2))]
    odd = turned(matrix, form.page) % 2
    for region in form.regions[:: max(1, len(form.regions) // _CORNERS)]:
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
