"""By how much a page is turned, from the courses of its lines and from what reads best."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from scrawl.arrays import Float64, UInt8
from scrawl.pages.detector import Detector
from scrawl.pages.levels import Level
from scrawl.pages.reading import Reading
from scrawl.pages.sheets import View
from scrawl.pages.suppression import company, non_maximum_suppression
from scrawl.pages.tilt import sharpness

_SIZES = 12, 60  # pixels, the longer side of what may be a digit
_FEWEST = 3  # such things, that a page has at least to be turned
_STEP = 2.0  # degrees between the tilts that are tried
_LEAST = 8.0  # degrees; a smaller tilt is read as it is
_SHARPER = 1.15  # times as sharp as as it lies are the lines of a page that is tilted
_WINDOW = 192  # side in pixels of what is tried in four ways
_BETTER = 1.3  # times as well as upright is read what is turned
_WELL = 0.9  # mean confidence of a page that lies as it should
GAIN = 1.2
"""So many sure digits more than as it lies has what is read turned; a page that lies as it should,
upside down, seldom seems to have one more: 250000 and 000058, 16346 and 94E91."""

_READ = 0.5  # of the things that may be digits, how many are read on such a page


def is_doubtful(reading: Reading, levels: Sequence[Level]) -> bool:
    """Whether a page may be turned: its digits are few or not sure, or its lines run aslant."""
    confidence = [digit.confidence for digit in reading.digits]
    things = _things(_readable(levels))
    if max(len(things), len(confidence)) - sureness(reading) < GAIN:
        return False  # no more is to be gained
    if not confidence or float(np.mean(confidence)) < _WELL:
        return True
    return len(confidence) < _READ * len(things) or abs(_tilt(things)) >= _LEAST


def sureness(reading: Reading) -> float:
    """How much of a page reads surely: by that two ways to read it are compared."""
    return float(sum(digit.confidence**2 for digit in reading.digits))


def best_turn(detector: Detector, levels: Sequence[Level], check: Callable[[], None]) -> float:
    """The degrees by which a page is turned clockwise, as far as its best window shows.

    Args:
        detector: Reads the window in each way that it may lie.
        levels: The page at its scales.
        check: Is called before each window.

    Returns:
        In (-180, 180]; 0 where nothing reads clearly better than as it is.
    """
    level = _readable(levels)
    things = _things(level)
    if len(things) < _FEWEST:
        return 0.0
    tilt = _tilt(things)
    tilt = tilt if abs(tilt) >= _LEAST else 0.0
    middle, half = _densest(things)
    scores = {}
    for way in {0.0, *(tilt + quarter for quarter in _quarters(things, tilt))}:
        check()
        found = non_maximum_suppression(detector.find(_window(level.ink, middle, half, way)))
        worth = found.confidence**2 * company(found) * found.are_digits
        scores[way] = float(worth.sum())
    best = max(scores, key=lambda way: scores[way])
    if scores[best] < _BETTER * scores[0.0]:
        return 0.0
    return (best + 180) % 360 - 180


def _quarters(things: Float64, tilt: float) -> tuple[float, ...]:
    """The ways that a page may lie whose lines run level, upright, or one cannot say how."""
    if tilt:
        return 0.0, 90.0, 180.0, -90.0
    size = float(np.median(things[:, 2]))
    level, upright = sharpness(things[:, [1, 0]].T, size)
    if level > _SHARPER * upright:
        return 0.0, 180.0
    if upright > _SHARPER * level:
        return 0.0, 90.0, -90.0
    return 0.0, 90.0, 180.0, -90.0


def turned(view: View, degrees: float) -> View:
    """A part of a picture, turned back by so many degrees, nothing of it cut off."""
    height, width = view.pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    across, down = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(height * down + width * across), round(height * across + width * down)
    matrix[:, 2] += (np.array(size) - (width, height)) / 2
    pixels = cv2.warpAffine(
        view.pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    to_picture = back if view.to_picture is None else view.to_picture @ back
    return View(np.asarray(pixels, np.uint8), to_picture, view.beside)


def _readable(levels: Sequence[Level]) -> Level:
    """The scale at which most things are as large as digits are read."""
    return max(levels, key=lambda level: len(_things(level)))


def _things(level: Level) -> Float64:
    """Middle and size of what may be a digit, shape ``(n, 3)``."""
    stats, middles = level.things
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1)
    wanted = (sizes >= _SIZES[0]) & (sizes <= _SIZES[1])
    return np.column_stack([middles, sizes])[wanted]


def _tilt(things: Float64) -> float:
    """By how many degrees lines fall to the right, in [-45, 45]; 0 where that is not clear."""
    if len(things) < _FEWEST:
        return 0.0
    size = float(np.median(things[:, 2]))
    angles = np.arange(-44, 45, _STEP)
    sharp = _sharpest(things, angles, size)
    best = int(sharp.argmax())
    upright = sharp[np.abs(angles) < _STEP].max()
    return float(angles[best]) if sharp[best] > _SHARPER * upright else 0.0


def _sharpest(things: Float64, angles: Float64, size: float) -> Float64:
    """How sharp lines of each tilt are, or lines across it on a page that lies on its side."""
    turns = np.deg2rad(angles)[:, None]
    sine, cosine = np.sin(turns), np.cos(turns)
    x, y = things[:, 0], things[:, 1]
    along, across = (sharpness(at, size) for at in (y * cosine - x * sine, x * cosine + y * sine))
    return np.maximum(along, across)


def _densest(things: Float64) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middle of the window that holds most things, and how far they reach from it."""
    cells = np.floor(things[:, :2] / _WINDOW)
    _, which, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    here = things[which.ravel() == counts.argmax()]
    low, high = here[:, :2].min(0), here[:, :2].max(0)
    around = float(np.median(here[:, 2]))  # half of it is the thing, half is paper
    half = np.minimum((high - low) / 2 + around, _WINDOW / 2)
    (x, y), (across, down) = ((low + high) / 2).tolist(), half.tolist()
    return (x, y), (across, down)


def _window(
    ink: UInt8, middle: tuple[float, float], half: tuple[float, float], degrees: float
) -> UInt8:
    """The ink about a place, turned back by so many degrees; a square unless by quarters."""
    across, down = half
    if degrees % 90:
        across = down = max(half)
    elif degrees % 180:
        across, down = down, across
    matrix = cv2.getRotationMatrix2D(middle, degrees, 1)
    matrix[:, 2] += np.array([across, down]) - np.array(middle)
    size = (round(2 * across), round(2 * down))
    return np.asarray(cv2.warpAffine(ink, matrix, size), np.uint8)
