"""A digit on the papers and in the lights that people photograph: what stress.py reads.

`put` lays a digit's ink on a sheet, the others print, light and photograph it. Grey is float32,
shape ``(H, W)``, 0 to 255, until `finished` makes the picture of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]
Picture = NDArray[np.uint8]
Rng = np.random.Generator

SIDE = 200
"""Pixels a side of a sheet, where the kind does not say otherwise."""


@dataclass(frozen=True)
class Sheet:
    """The digit on its sheet.

    Attributes:
        ink: float32, shape ``(H, W)``, 0 for paper to 1 for ink.
        height: Of the digit, in pixels.
        middle: Row and column of the digit's middle.
    """

    ink: Float
    height: int
    middle: tuple[int, int]

    def on(self, paper: float | Float = 235, pen: float | Float = 40) -> Float:
        """The sheet in grey, 0 to 255: its ink with this pen on this paper."""
        return np.asarray(paper + (pen - paper) * self.ink, np.float32)


def put(
    digit: Picture, rng: Rng, share: float = 0.5, shape: tuple[int, int] = (SIDE, SIDE)
) -> Sheet:
    """Puts a digit of 28×28 (255 is ink) on a sheet, ``share`` of the height of it, anywhere."""
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    crop = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32) / 255
    height = max(6, round(share * min(shape)))
    width = max(2, round(height * crop.shape[1] / crop.shape[0]))
    width = min(width, round(0.8 * shape[1]))
    how = cv2.INTER_CUBIC if height > crop.shape[0] else cv2.INTER_AREA
    ink = np.zeros(shape, np.float32)
    room = (shape[0] - height, shape[1] - width)
    top, left = (round(free * rng.uniform(0.3, 0.7)) for free in room)
    ink[top : top + height, left : left + width] = cv2.resize(
        crop, (width, height), None, 0, 0, how
    )
    return Sheet(ink.clip(0, 1), height, (top + height // 2, left + width // 2))


def finished(grey: Float, rng: Rng, noise: float = 3) -> Picture:
    """The picture that a camera makes of it: a little noise, whole numbers."""
    return (grey + rng.normal(0, noise, grey.shape)).round().clip(0, 255).astype(np.uint8)


def compressed(picture: Picture, quality: int) -> Picture:
    """The same through JPEG."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)


def slope(shape: tuple[int, int], rng: Rng, least: float) -> Float:
    """Light that falls from 1 to ``least`` across the sheet, in any direction."""
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    along = (x * np.cos(angle) + y * np.sin(angle)) / (abs(np.cos(angle)) + abs(np.sin(angle)))
    return (1 - (1 - least) * (along + 1) / 2).astype(np.float32)


def shadow(sheet: Sheet, rng: Rng, least: float, softness: float) -> Float:
    """A shadow whose edge, so many pixels wide, goes through the digit."""
    shape, angle = sheet.ink.shape, rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[: shape[0], : shape[1]]
    along = (x - sheet.middle[1]) * np.cos(angle) + (y - sheet.middle[0]) * np.sin(angle)
    return (1 - (1 - least) * (along / softness + 0.5).clip(0, 1)).astype(np.float32)


def vignette(shape: tuple[int, int], least: float) -> Float:
    """Light that falls from the middle to ``least`` in the corners."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return (1 - (1 - least) * (x**2 + y**2) / 2).astype(np.float32)


def texture(shape: tuple[int, int], rng: Rng, coarse: int, strength: float) -> Float:
    """Paper that varies by ``strength`` (standard deviation), in patches of so many pixels."""
    small = (shape[0] // coarse + 2, shape[1] // coarse + 2)
    rough = rng.normal(0, strength, small).astype(np.float32)
    return cv2.resize(rough, shape[::-1], None, 0, 0, cv2.INTER_CUBIC)


def ruled(grey: Float, gap: int, rng: Rng, level: float, both: bool = False) -> Float:
    """The paper with rules across it (and down it), wherever it is lighter than they are."""
    out, first = grey.copy(), int(rng.integers(gap))
    out[first::gap] = np.minimum(out[first::gap], level)
    if both:
        out[:, first::gap] = np.minimum(out[:, first::gap], level)
    return out


def framed(sheet: Sheet, grey: Float, pen: float) -> Float:
    """The digit in a printed box."""
    half, (row, column) = round(0.75 * sheet.height), sheet.middle
    corners = ((column - half, row - half), (column + half, row + half))
    return cv2.rectangle(grey.copy(), *corners, pen, 3)


def underlined(sheet: Sheet, grey: Float, pen: float) -> Float:
    """A rule from edge to edge on which the digit stands."""
    row = sheet.middle[0] + round(0.5 * sheet.height)
    return cv2.line(grey.copy(), (0, row), (grey.shape[1], row - 2), pen, 2)


def on_desk(grey: Float, rng: Rng, desk: float | Float) -> Float:
    """The sheet turned a little, on a desk."""
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-8, 8), 0.8)
    turned = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpAffine(np.ones_like(grey), turn, (width, height))
    return np.asarray(turned + (1 - inside) * desk, np.float32)


def with_neighbours(sheet: Sheet, grey: Float, other: Picture, pen: float) -> Float:
    """Other writing that the edges of the picture cut off, left and right."""
    size = (round(0.7 * sheet.height),) * 2
    ink = cv2.resize(other.astype(np.float32) / 255, size, None, 0, 0, cv2.INTER_AREA)
    half, top, out = size[0] // 2, sheet.middle[0] - size[0] // 2, grey.copy()
    for columns, part in (
        (slice(0, half), ink[:, -half:]),
        (slice(-half, None), ink[:, :half]),
    ):
        region = out[top : top + size[0], columns]
        out[top : top + size[0], columns] = region + (pen - region) * part
    return out


def in_colour(sheet: Sheet, paper: tuple[int, ...], pen: tuple[int, ...]) -> Float:
    """The sheet in RGB, shape ``(H, W, 3)``."""
    colours = np.array(paper, np.float32), np.array(pen, np.float32)
    return np.asarray(colours[0] + (colours[1] - colours[0]) * sheet.ink[..., None], np.float32)
