"""Made photos of a phone's size: pages of digits under uneven light, with a camera's noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = 4000, 3000
"""Width and height of what phones take: 12 megapixels."""

_LINES = 9
_PAPER, _PEN = (214, 226, 232), (96, 52, 40)  # blue, green, red
_FONT = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX


def photo(seed: int = 0, lines: int = _LINES) -> bytes:
    """A JPEG of 12 megapixels: lines of numbers by hand-like strokes on shaded paper.

    Args:
        seed: Chooses numbers, light and noise.
        lines: How many lines are written.
    """
    rng = np.random.default_rng(seed)
    width, height = SIZE
    ink = np.zeros((height, width), np.uint8)
    for line in range(lines):
        text = " ".join(str(rng.integers(10, 99999)) for _ in range(4))
        at = (int(rng.integers(150, 400)), int((line + 0.7) * height / lines))
        cv2.putText(ink, text, at, _FONT, rng.uniform(4, 5), 255, int(rng.integers(9, 15)), 16)
    pixels = _lit(ink, rng)
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


def _lit(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Ink on paper, under light that falls off to a corner."""
    height, width = ink.shape
    across = np.linspace(rng.uniform(0.6, 0.9), 1, width, dtype=np.float32)
    down = np.linspace(1, rng.uniform(0.6, 0.9), height, dtype=np.float32)[:, None]
    share = cv2.GaussianBlur(ink, (0, 0), 2).astype(np.float32)[..., None] / 255
    paper, pen = (np.array(colour, np.float32) for colour in (_PAPER, _PEN))
    pixels = (paper + (pen - paper) * share) * (across * down)[..., None]
    noise = rng.normal(0, 5, (height // 2, width // 2)).astype(np.float32)
    pixels += cv2.resize(noise, (width, height))[..., None]
    return np.clip(pixels, 0, 255).astype(np.uint8)


def blank(width: int, height: int) -> bytes:
    """A PNG of white paper: few bytes, many pixels."""
    return cv2.imencode(".png", np.full((height, width), 255, np.uint8))[1].tobytes()
