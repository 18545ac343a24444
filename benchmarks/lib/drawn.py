"""A digit drawn with a pen on a sheet of paper, and the light on it: what `made.py` is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from scrawl.arrays import Float32, Floats, UInt8
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.strokes import CANVAS, curves


@dataclass
class Sheet:
    """Paper with one digit on it, before light falls on it.

    Attributes:
        ink: float32, shape ``(H, W)``, 1 for ink.
        box: Left, top, right, bottom of the digit.
        paper: Grey of the paper, in 0..255.
        pen: Grey of the ink.
        width: Of the pen, in pixels.
    """

    ink: Float32
    box: tuple[int, int, int, int]
    paper: float
    pen: float
    width: int

    def grey(self) -> Float32:
        """The sheet in even light, float32, in 0..255."""
        return np.asarray(self.paper + (self.pen - self.paper) * self.ink, np.float32)


def digit(label: int, height: int, width: int, rng: np.random.Generator) -> Float32:
    """The ink of a digit, cropped: float32, ``height`` high, drawn with a pen of ``width``."""
    forms = DIGIT_FORMS[label]
    form = forms[int(rng.integers(min(len(forms), 4)))]  # the first are the plain ones
    strokes = [stroke[0] for stroke in curves(form, 1, rng, jitter=1.5)]
    ys = np.concatenate(strokes)[:, 1]
    scale = (height - width) / float(np.ptp(ys))
    side = round(scale * CANVAS * 1.5)
    middle = np.array([side / 2, side / 2])
    lines = [np.rint(((s - CANVAS / 2) * scale + middle) * 16).astype(np.int32) for s in strokes]
    canvas = np.zeros((side, side), np.uint8)
    cv2.polylines(canvas, lines, False, 255, width, cv2.LINE_AA, 4)
    x, y, w, h = cv2.boundingRect(canvas)
    return canvas[y : y + h, x : x + w].astype(np.float32) / np.float32(255)


def nib(strokes: Sequence[Floats], broad: float, angle: float) -> Float32:
    """The ink of strokes, cropped, about 220 high: broad and dark one way, thin and pale the other.

    Args:
        strokes: Of one sign, each float, shape ``(n, 2)``: x and y, in any scale.
        broad: Width of the nib, in pixels.
        angle: How it is held, in radians.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 220 / max(float((high - low).max()), 1e-6)
    ink = np.zeros((260, 260), np.float32)
    for stroke in strokes:
        for one, two in pairwise((stroke - (low + high) / 2) * scale + 130):
            across = abs(np.sin(np.arctan2(*(two - one)[::-1]) + angle))
            thick = max(2, round(broad * (0.2 + 0.8 * across)))
            drawn = np.zeros(ink.shape, np.uint8)
            ends = [tuple(np.rint(point).astype(int).tolist()) for point in (one, two)]
            cv2.line(drawn, ends[0], ends[1], 255, thick, cv2.LINE_AA)
            ink = np.maximum(ink, drawn * np.float32((0.3 + 0.7 * across) / 255))
    x, y, w, h = cv2.boundingRect((ink > 0).astype(np.uint8))
    return ink[y : y + h, x : x + w]


def put(ink: Float32, thing: Float32, left: int, top: int) -> None:
    """Draws a thing on ink, cut off where it reaches beyond."""
    height, width = thing.shape
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + height, ink.shape[0]), min(left + width, ink.shape[1])
    if y1 > y0 and x1 > x0:
        part = thing[y0 - top : y1 - top, x0 - left : x1 - left]
        np.maximum(ink[y0:y1, x0:x1], part, out=ink[y0:y1, x0:x1])


def sheet(label: int, rng: np.random.Generator) -> Sheet:
    """A digit in the middle of a sheet, a half to three quarters as high."""
    height, width = int(rng.integers(240, 420)), int(rng.integers(220, 340))
    tall = int(height * rng.uniform(0.4, 0.65))
    pen = max(3, round(tall * rng.uniform(0.035, 0.1)))
    thing = digit(label, tall, pen, rng)
    ink = np.zeros((height, max(width, thing.shape[1] + 40)), np.float32)
    left = (ink.shape[1] - thing.shape[1]) // 2 + int(rng.integers(-12, 13))
    top = (height - tall) // 2 + int(rng.integers(-20, 21))
    put(ink, thing, left, top)
    box = (left, top, left + thing.shape[1], top + thing.shape[0])
    return Sheet(ink, box, rng.uniform(190, 230), rng.uniform(15, 70), pen)


def seen(grey: Float32, rng: np.random.Generator, noise: float = 3.0) -> UInt8:
    """What a camera makes of it: a little soft, a little noise."""
    soft = cv2.GaussianBlur(grey, (0, 0), 0.8) + rng.normal(0, noise, grey.shape)
    return np.clip(soft, 0, 255).astype(np.uint8)


def light(shape: tuple[int, ...], point: tuple[float, float], depth: float, angle: float,
          soft: float) -> Float32:  # fmt: skip
    """Light that falls to ``depth`` beyond a straight edge through a point (x, y)."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    across = (x - point[0]) * np.sin(angle) + (y - point[1]) * np.cos(angle)
    return np.asarray(1 - (1 - depth) / (1 + np.exp(-across / soft)), np.float32)
