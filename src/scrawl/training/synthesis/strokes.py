"""Drawing with a pen: forms, their curves, and ink on a canvas."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import Float64, UInt8

CANVAS = 56
"""Side in pixels of the sheet on which digits are drawn and worn, twice MNIST's."""

_SPAN = 7  # points drawn between two points of a form


@cache
def stroke_bases(form: str) -> tuple[Float64, list[Float64]]:
    """The points of a form and, for each stroke, the matrix that makes a curve of them.

    The curve is a uniform Catmull-Rom spline (Catmull and Rom, 1974); a corner is a spline's end.

    Args:
        form: Strokes as in `scrawl.training.synthesis.digit_forms`.

    Returns:
        The points, shape ``(k, 2)``, x and y from 0 to 100, and a matrix of shape ``(t, k)`` a
        stroke: ``matrix @ points`` is the curve.
    """
    points: list[tuple[float, float]] = []
    pieces: list[list[list[int]]] = []
    for stroke in form.split("|"):
        runs: list[list[int]] = [[]]
        for word in stroke.split():
            x, y = word.rstrip("!").split(",")
            runs[-1].append(len(points))
            if word.endswith("!") and len(runs[-1]) > 1:
                runs.append([len(points)])
            points.append((float(x), float(y)))
        pieces.append([run for run in runs if len(run) > 1])
    eye = np.eye(len(points))
    bases = [np.concatenate([_catmull_rom(eye[run]) for run in stroke]) for stroke in pieces]
    return np.array(points), bases


def _catmull_rom(points: Float64) -> Float64:
    """A spline through points ``(k, d)``, its ends made by reflection."""
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = np.linspace(0, 1, _SPAN)[:, None]
    spans = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        cubic = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
        spans.append((cubic + (3 * b - a - 3 * c + d) * t**3) / 2)
    return np.concatenate(spans)


def hands(
    count: int,
    rng: np.random.Generator,
    turn: float = 0.08,
    slant: float = 0.25,
    stretch: float = 0.14,
) -> Float64:
    """Random writers' hands: matrices that turn, slant and stretch a form.

    Args:
        count: How many.
        rng: Source of randomness.
        turn: Standard deviation of the rotation, in radians.
        slant: Standard deviation of the horizontal shear.
        stretch: Standard deviation of the logarithm of width, and of height in turn.

    Returns:
        Shape ``(count, 2, 2)``, of determinant near 1.
    """
    angle = rng.normal(0, turn, count)
    cos, sin = np.cos(angle), np.sin(angle)
    wide = np.exp(rng.normal(0, stretch, count))
    shear = rng.normal(0, slant, count)
    rotation = np.stack([cos, -sin, sin, cos], 1).reshape(-1, 2, 2)
    zero = np.zeros(count)
    shape = np.stack([wide, shear, zero, 1 / wide], 1).reshape(-1, 2, 2)
    return np.asarray(rotation @ shape)


def curves(form: str, count: int, rng: np.random.Generator, jitter: float = 4.0) -> list[Float64]:
    """The curves of one form as so many hands would write it.

    Args:
        form: Strokes as in `scrawl.training.synthesis.digit_forms`.
        count: How many.
        rng: Source of randomness.
        jitter: Standard deviation of each point, in hundredths of the form's box.

    Returns:
        For each stroke its points in canvas pixels, shape ``(count, t, 2)``.
    """
    points, bases = stroke_bases(form)
    size = rng.uniform(0.55, 1.0, (count, 1, 1)) * 0.42  # narrow and wide hands
    shape = np.concatenate([0.75 * size + 0.11, np.full((count, 1, 1), 0.4)], 2)
    loose = jitter * rng.gamma(2.0, 0.5, (count, 1, 1))
    written = (points - 50 + loose * rng.standard_normal((count, len(points), 2))) * shape
    written = written @ hands(count, rng)
    shake = np.where(rng.random((count, 1, 1)) < 0.3, rng.uniform(0, 0.9, (count, 1, 1)), 0)
    strokes = []
    for basis in bases:
        line = basis @ written
        strokes.append(line + shake * rng.standard_normal(line.shape) + CANVAS / 2)
    return strokes


def pens(count: int, rng: np.random.Generator) -> NDArray[np.int_]:
    """Random widths of pens in canvas pixels, hairline (1) to felt marker (9), shape ``(n,)``."""
    return np.clip(np.rint(np.exp(rng.normal(1.2, 0.55, count))), 1, 9).astype(int)


def ink(strokes: Sequence[Float64], width: int) -> UInt8:
    """Draw one figure with a round pen.

    Args:
        strokes: Points in canvas pixels, each of shape ``(t, 2)``.
        width: Of the pen, in canvas pixels.

    Returns:
        Ink 255 on 0, shape ``(CANVAS, CANVAS)``.
    """
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    lines = [np.rint(stroke * 16).astype(np.int32) for stroke in strokes]
    cv2.polylines(canvas, lines, False, 255, int(width), cv2.LINE_AA, 4)
    return canvas


def written(forms: Sequence[str], count: int, rng: np.random.Generator) -> UInt8:
    """Pictures of forms, each drawn by a random hand with a random pen.

    Args:
        forms: The forms, taken in turn.
        count: How many pictures.
        rng: Source of randomness.

    Returns:
        Ink 255 on 0, shape ``(count, CANVAS, CANVAS)``.
    """
    pictures = np.empty((count, CANVAS, CANVAS), np.uint8)
    widths = pens(count, rng)
    for first, form in enumerate(forms):
        rows = range(first, count, len(forms))
        if not rows:
            break
        strokes = curves(form, len(rows), rng)
        for place, row in enumerate(rows):
            pictures[row] = ink([stroke[place] for stroke in strokes], widths[row])
    return pictures
