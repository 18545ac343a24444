"""Small pictures, what they look like as files, and how far two are from each other."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

GREY = np.tile(np.arange(0, 240, 10, dtype=np.uint8), (16, 1))  # (16, 24), 0..230
COLOUR = np.stack([GREY, GREY[:, ::-1], np.full_like(GREY, 90)], axis=2)


def encode(image: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def far(a: np.ndarray, b: np.ndarray) -> int:
    assert a.shape == b.shape
    return int(np.abs(a.astype(int) - b.astype(int)).max())
