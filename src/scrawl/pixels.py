"""Makes pixels of any kind uint8, grey, or smaller; runs of them.

Transparency is laid on a ground on which the ink shows.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from scrawl.arrays import UInt8
from scrawl.errors import PictureError

_FEW = 16  # one pixel in so many each way shows that most pictures are coloured


def array_of(image: Image.Image) -> npt.NDArray[Any]:
    """The pixels of a PIL image of any mode: grey, grey and alpha, RGB or RGBA."""
    transparent = image.has_transparency_data
    if image.mode in ("1", "L", "LA", "RGB", "RGBA", "F") and not (
        transparent and image.mode in ("1", "L", "RGB")
    ):
        return np.asarray(image)
    if image.mode == "I" or image.mode.startswith("I;16"):
        return np.asarray(image)
    return np.asarray(image.convert("RGBA" if transparent else "RGB"))


def to_uint8(array: npt.NDArray[Any], name: str) -> UInt8:
    """Scales any dtype to 0..255: floats from 0..1, integers from the bit depth they show."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind not in "iuf":
        raise PictureError(
            f"{name}: cannot be opened as a picture "
            f"(expected bool, integers or floats, received {array.dtype})"
        )
    top = float(array.max())
    if not np.isfinite(top) or not np.isfinite(array.min()):
        raise PictureError(f"{name}: has values that are no numbers (expected 0..1 or 0..255)")
    if array.dtype.kind == "f" and top <= 1:
        scale = 1.0
    else:
        # 10, 12, 14 or 16 bits: the smallest depth that holds the largest value.
        scale = next((d for d in (255.0, 1023.0, 4095.0, 16383.0, 65535.0) if top <= d), top)
    scaled = array.astype(np.float32) * np.float32(255 / scale)
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def composite(colour: UInt8, alpha: UInt8) -> UInt8:
    """Lays a picture with alpha on a ground on which what is drawn shows.

    A drawing on a transparent canvas (opaque in its strokes alone) gets white or black,
    whichever is farther from the strokes. A picture opaque nearly everywhere has its own paper:
    its holes are filled with that paper's colour.
    """
    if alpha.min() == 255:
        return colour
    weight = alpha.astype(np.float32) / 255
    share = float(weight.mean())
    ground: npt.NDArray[Any]
    if share > 0.65:  # more than the strokes of any digit cover
        ground = np.median(colour[alpha > 127], axis=0)
    else:
        mean = float((colour.mean(axis=2) * weight).sum()) / max(share * weight.size, 1e-9)
        ground = np.full(colour.shape[2], 255 if mean < 128 else 0)
    mixed = colour * weight[..., None] + ground * (1 - weight[..., None])
    return np.rint(mixed).astype(np.uint8)


def median(values: npt.NDArray[Any]) -> float:
    """The upper median of one or more values.

    np.median would take longer than all the rest of finding ink on a small picture, and imports
    ``numpy.ma`` besides.
    """
    middle = values.size // 2
    return float(np.partition(values, middle, axis=None)[middle])


def grey(image: UInt8) -> UInt8:
    """How light each pixel is, shape ``(H, W)``, of a picture ``(H, W)`` or ``(H, W, 3)`` RGB."""
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def without_colour(image: UInt8) -> UInt8:
    """A picture ``(H, W, 3)`` whose channels are equal as ``(H, W)``, others as they are."""
    if image.ndim == 2:
        return image
    few = image[::_FEW, ::_FEW]
    if (few[..., 1:] != few[..., :1]).any():
        return image
    single = grey(image)  # of equal channels it is what they are
    equal = cv2.norm(cv2.cvtColor(single, cv2.COLOR_GRAY2RGB), image, cv2.NORM_INF) == 0
    return single if equal else image


def shrink(image: npt.NDArray[Any], side: int) -> npt.NDArray[Any]:
    """Averages a picture down to a long side of ``side``; a smaller one stays as it is."""
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where each run of True begins, and where it has ended: ``flags[a:b]`` is all True."""
    edges = np.flatnonzero(np.diff(np.pad(flags, 1).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
