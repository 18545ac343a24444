"""What happens to ink between the pen and the reader: faults of pens, paper, cameras, programs."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from scrawl.arrays import UInt8
from scrawl.training.synthesis import camera
from scrawl.training.synthesis.strokes import CANVAS

_KERNELS = [cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, k)) for k in (2, 3, 4, 5)]


def thin(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Thinner strokes, where they stay whole."""
    worn = cv2.erode(picture, _KERNELS[rng.integers(0, 3)])
    # An erosion that eats most of the ink has destroyed the digit, not thinned it.
    return np.asarray(worn if int(worn.sum()) * 4 > int(picture.sum()) else picture, np.uint8)


def thicken(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Thicker strokes."""
    return np.asarray(cv2.dilate(picture, _KERNELS[rng.integers(0, 4)]), np.uint8)


def blur(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Out of focus, or shaken along one direction."""
    if rng.random() < 0.3:
        length = int(rng.integers(3, 8))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        reach = np.array([np.cos(angle), np.sin(angle)]) * (length - 1) / 2
        middle = (length - 1) / 2
        ends = np.rint([middle - reach, middle + reach]).astype(int)
        cv2.line(kernel, ends[0].tolist(), ends[1].tolist(), 1.0)
        return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 2.6)), np.uint8)


def pixelate(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """A small original: few pixels, of two values or many, enlarged in one way or another."""
    side = round(11 + 25 * rng.random() ** 1.5)  # of the sheet; the digit takes about 0.7 of it
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    if side > 16 and rng.random() < 0.5:
        small = ((small > rng.integers(40, 130)) * 255).astype(np.uint8)
    elif rng.random() < 0.3:
        small = (np.asarray(small, np.uint8) >> 5) * np.uint8(36)
    ways = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    way = ways[rng.choice(3, p=(0.4, 0.3, 0.3))]
    return np.asarray(cv2.resize(small, (CANVAS, CANVAS), interpolation=way), np.uint8)


def harden(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Black or white, as a drawing program or a scanner's text mode has it."""
    return np.asarray((picture > rng.integers(60, 150)) * np.uint8(255), np.uint8)


def fade(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Pale ink, or ink that is uneven along the strokes: pencil, a dying pen."""
    level = rng.uniform(0.3, 0.9)
    if rng.random() < 0.5:
        return np.asarray(cv2.convertScaleAbs(picture, alpha=level), np.uint8)
    coarse = rng.uniform(0.8 * level, 1.4, (int(rng.integers(2, 9)),) * 2).astype(np.float32)
    field = cv2.resize(coarse, (CANVAS, CANVAS), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(picture * field, 0, 255), np.uint8)


def snap(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Strokes that break: one to three thin gaps through the ink."""
    broken = picture.copy()
    rows, columns = np.nonzero(picture > 128)
    if not len(rows):
        return broken
    for at in rng.integers(0, len(rows), rng.integers(1, 4)):
        reach = rng.integers(-7, 8, 2)
        here = np.array([columns[at], rows[at]])
        ends = (here - reach).tolist(), (here + reach).tolist()
        cv2.line(broken, *ends, 0, int(rng.integers(1, 4)), cv2.LINE_AA)
    return broken


def speckle(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Dots of dirt near the ink."""
    dirty = picture.copy()
    for _ in range(rng.integers(1, 7)):
        x, y = rng.integers(9, CANVAS - 9, 2).tolist()
        level = int(rng.integers(60, 256))
        cv2.circle(dirty, (x, y), int(rng.integers(0, 3)), level, -1, cv2.LINE_AA)
    return dirty


def rule(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """What is left of a ruled line or of a box's border, by the digit or through it."""
    ruled = picture.copy()
    near = CANVAS / 2 + rng.choice([-1, 1]) * rng.uniform(12, 23)
    at = near if rng.random() < 0.8 else rng.uniform(14, CANVAS - 14)
    start, stop = np.sort(rng.uniform(6, CANVAS - 6, 2))
    tilt = rng.normal(0, 1.0)
    ends = np.rint([[start, at - tilt], [stop, at + tilt]]).astype(int)
    if rng.random() < 0.35:
        ends = ends[:, ::-1]
    level = int(rng.integers(50, 256))
    cv2.line(ruled, ends[0].tolist(), ends[1].tolist(), level, int(rng.integers(1, 3)), cv2.LINE_AA)
    return ruled


def grain(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """A sensor's noise, on the ink and about it."""
    noise = rng.normal(0, rng.uniform(8, 50), (CANVAS, CANVAS))
    around = cv2.dilate(picture, _KERNELS[3]) if rng.random() < 0.7 else np.uint8(255)
    return np.asarray(np.clip(picture + noise * (around > 40), 0, 255), np.uint8)


def crowd(picture: UInt8, other: UInt8, rng: np.random.Generator) -> UInt8:
    """A piece of the next digit at one side."""
    side = int(rng.choice([-1, 1]))
    reach = int(rng.integers(2, 7))  # columns of the neighbour that are seen
    columns = np.flatnonzero(picture.max(0) > 60)
    strangers = np.flatnonzero(other.max(0) > 60)
    if not (len(columns) and len(strangers)):
        return picture
    crowded = picture.copy()
    gap = int(rng.integers(1, 5))
    if side > 0:
        to, source = columns[-1] + gap, strangers[0]
    else:
        to, source = columns[0] - gap - reach, strangers[-1] + 1 - reach
    to, source = int(np.clip(to, 0, CANVAS - reach)), max(int(source), 0)
    patch = other[:, source : source + reach]
    np.maximum(crowded[:, to : to + reach], patch, out=crowded[:, to : to + reach])
    return crowded


# Each with the share of pictures that it befalls, in the order in which it would happen.
_FAULTS: tuple[tuple[Callable[[UInt8, np.random.Generator], UInt8], float], ...] = (
    (camera.aslant, 0.05),
    (thin, 0.13),
    (thicken, 0.12),
    (snap, 0.05),
    (camera.outlined, 0.025),
    (fade, 0.1),
    (camera.crossed, 0.055),
    (camera.bands, 0.055),
    (pixelate, 0.17),
    (camera.impulses, 0.055),
    (camera.shots, 0.015),
    (camera.frosted, 0.02),
    (blur, 0.1),
    (camera.dragged, 0.02),
    (camera.bleached, 0.02),
    (camera.spattered, 0.015),
    (harden, 0.09),
    (rule, 0.04),
    (speckle, 0.05),
    (grain, 0.05),
    (camera.compressed, 0.03),
)
_CROWDED = 0.05


def worn(pictures: UInt8, rng: np.random.Generator, much: float = 1.0) -> UInt8:
    """Let pictures suffer what ink suffers; most have one fault or none.

    Args:
        pictures: Ink 255 on 0, shape ``(n, CANVAS, CANVAS)``.
        rng: Source of randomness.
        much: Factor on the share of pictures that each fault befalls.

    Returns:
        The shape of ``pictures``.
    """
    after = pictures.copy()
    for fault, share in _FAULTS:
        for row in np.flatnonzero(rng.random(len(after)) < share * much):
            after[row] = fault(after[row], rng)
    for row in np.flatnonzero(rng.random(len(after)) < _CROWDED * much):
        after[row] = crowd(after[row], pictures[rng.integers(0, len(pictures))], rng)
    return after
