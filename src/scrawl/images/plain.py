"""PNGs as browsers' canvases and most programs write them, decoded by OpenCV.

They are the same pixels as Pillow's, in half the time or less. Whatever else a PNG may have, such
as a palette, an animation, an orientation or damage, is left to Pillow, which knows all of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import cv2
import numpy as np

from scrawl.arrays import UInt8

_START = b"\x89PNG\r\n\x1a\n"
_FIRST = len(_START) + 8  # where the fields of the first chunk begin
_TO_RGB = {0: None, 2: cv2.COLOR_BGR2RGB, 6: cv2.COLOR_BGRA2RGBA}
"""Of a PNG's colour types grey, RGB and RGBA: how OpenCV's pixels become these."""

_HARMLESS = frozenset((b"IDAT", b"IEND", b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"tIME"))
"""Chunks besides the first that say nothing of the pixels which Pillow would go by."""


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG that is one picture, by its first bytes; None of all else."""
    if not data.startswith(_START) or data[12:16] != b"IHDR" or len(data) < _FIRST + 13:
        return None
    if data.find(b"acTL", 0, data.find(b"IDAT")) >= 0:  # an animation
        return None
    return int.from_bytes(data[_FIRST : _FIRST + 4]), int.from_bytes(data[_FIRST + 4 : _FIRST + 8])


def decode(data: bytes) -> UInt8 | None:
    """The pixels of a plain PNG that is whole; None of all else.

    Returns:
        uint8, shape ``(H, W)``, ``(H, W, 3)`` RGB or ``(H, W, 4)`` RGBA.
    """
    found = size(data)
    if found is None:
        return None
    depth, colour, *rest = data[_FIRST + 8 : _FIRST + 13]
    if depth != 8 or colour not in _TO_RGB or any(rest):  # the rest: interlaced, or unknown
        return None
    if not all(kind in _HARMLESS and right for kind, right in _chunks(data)):
        return None
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.shape[:2] != found[::-1]:
        return None
    code = _TO_RGB[colour]
    return pixels if code is None else cv2.cvtColor(pixels, code)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """The chunks behind the first, each with whether it is as it was written."""
    at, kind = len(_START), b""
    while kind != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body, end = at + 4, at + 8 + length
        right = zlib.crc32(memoryview(data)[body:end]) == int.from_bytes(data[end : end + 4])
        right = right and end + 4 <= len(data)
        if at > len(_START) or not right:
            yield kind, right
        at = end + 4
