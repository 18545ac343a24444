"""Pens and print for made sheets: recorded hands that no network learnt from, and a font."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from scrawl import data
from scrawl.data import StrokeDataset, StrokeSample
from scrawl.training.synthesis.hands import HELD_OUT

Float = NDArray[np.float32]
Rng = np.random.Generator

FINE = 4  # bits of a pixel's fraction that OpenCV draws with


class Hand:
    """Digits of six people of ``pendigits`` that no network learns from."""

    def __init__(self, data_dir: Path | None) -> None:
        loaded = data.load("pendigits", data_dir)
        assert isinstance(loaded, StrokeDataset)
        self._samples: dict[str, dict[str, list[StrokeSample]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for sample in loaded.strokes("train"):
            if sample.writer in HELD_OUT:
                self._samples[sample.writer][sample.label].append(sample)

    def writer(self, rng: Rng) -> str:
        """One of the people."""
        return str(rng.choice(sorted(self._samples)))

    def write(
        self,
        page: Float,
        text: str,
        box: tuple[float, float, float, float],
        writer: str,
        rng: Rng,
        pen: float = 40,
        size: float = 0.68,
    ) -> None:
        """Writes digits side by side into a box of the page: left, top, right, bottom."""
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        tall = size * height * rng.uniform(0.85, 1.1)
        step = min(0.78 * tall, 0.9 * width / max(len(text), 1))
        tall = min(tall, step * 1.6)
        left = x0 + (width - step * len(text)) * rng.uniform(0.25, 0.75)
        base = y0 + (height - tall) / 2 + rng.uniform(-0.06, 0.06) * height
        thick = max(1, round(tall * rng.uniform(0.06, 0.1)))
        for i, digit in enumerate(text):
            if digit == " ":
                continue
            choices = self._samples[writer][digit]
            sample = choices[int(rng.integers(len(choices)))]
            points = np.concatenate(sample.strokes)
            low, high = points.min(axis=0), points.max(axis=0)
            scale = min(
                tall / max(float(high[1] - low[1]), 1), 1.05 * step / max(high[0] - low[0], 1)
            )
            middle = np.array([left + (i + 0.5) * step, base + tall / 2])
            middle += rng.uniform(-0.04, 0.04, 2) * tall
            shift = middle - scale * (low + high) / 2
            lines = [
                np.rint((scale * line + shift) * 2**FINE).astype(np.int32)
                for line in sample.strokes
            ]
            lines = [np.repeat(line, 2, axis=0) if len(line) == 1 else line for line in lines]
            (y0, y1), (x0, x1) = (_range(lines, axis, page) for axis in (1, 0))
            ink = np.zeros((max(y1 - y0, 0), max(x1 - x0, 0)), np.uint8)
            if not ink.size:
                continue
            lines = [line - np.array([x0, y0], np.int32) * 2**FINE for line in lines]
            cv2.polylines(ink, lines, False, 255, thick, cv2.LINE_AA, FINE)
            y, x = slice(y0, y1), slice(x0, x1)
            part = ink.astype(np.float32) / 255
            page[y, x] = np.minimum(page[y, x], page[y, x] * (1 - part) + pen * part)


@lru_cache(maxsize=256)
def _font(face: str | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if face is None:
        return ImageFont.load_default(size)
    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{face}.ttf"), size)


def _range(lines: list[NDArray[np.int32]], axis: int, page: Float) -> tuple[int, int]:
    values = np.concatenate(lines)[:, axis] / 2**FINE
    return max(0, int(values.min()) - 12), min(page.shape[1 - axis], int(values.max()) + 13)


FONTS = (
    None, "DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSansMono",
    "STIXGeneral", "STIXGeneralBol", "cmr10", "cmss10",
)  # fmt: skip
"""Faces to print with: Pillow's own, and those that matplotlib brings."""


def print_text(
    page: Float,
    text: str,
    at: tuple[float, float],
    size: float,
    grey: float = 30,
    face: str | None = None,
) -> None:
    """Prints text with its left, middle at a place of the page, in one of `FONTS`."""
    font = _font(face, max(6, round(size)))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4), 0)
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
    ink = np.asarray(image, np.float32) / 255
    x, y = round(at[0]), round(at[1] - ink.shape[0] / 2)
    x0, y0 = max(x, 0), max(y, 0)
    window = page[y0 : y + ink.shape[0], x0 : x + ink.shape[1]]
    ink = ink[y0 - y :, x0 - x :][: window.shape[0], : window.shape[1]]
    if ink.size:
        window[:] = np.minimum(window, window * (1 - ink) + grey * ink)
