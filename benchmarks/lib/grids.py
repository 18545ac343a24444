"""Made photos of 9×9 grids with print and hand, of the kinds that phones take of newspapers."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lib import camera
from lib.camera import Float, Picture, Points, Rng
from lib.hand import FONTS, Hand, print_text
from scrawl.forms import Form, Region

FORM = Form("grid", (1000, 1000), "pixels", (Region("s", (50, 50, 950, 950), 9, 9, grid=True),))

KINDS = (
    "plain", "curl", "shadow", "second", "faint", "broken", "thumb", "cut", "close", "column",
)  # fmt: skip

_PAGE = (1200, 1600)


@dataclass(frozen=True)
class Photo:
    """A photo with its truth.

    Attributes:
        kind: One of `KINDS`.
        picture: uint8, grey.
        texts: What is in each cell, row by row; empty for nothing.
        places: float64, shape ``(n, 2)``: the middle of each cell on the photo.
        pitch: Pixels of a cell's side on the photo.
        printed: Which cells hold print.
        face: What it is printed with.
    """

    kind: str
    picture: Picture
    texts: tuple[str, ...]
    places: Points
    pitch: float
    printed: tuple[bool, ...]
    face: str | None


def photo(kind: str, hand: Hand, rng: Rng) -> Photo:
    """A photo of a kind."""
    page = np.full(_PAGE[::-1], rng.uniform(205, 245), np.float32)
    cell = rng.uniform(62, 92)
    side = 9 * cell
    left = rng.uniform(60, _PAGE[0] - side - 60)
    top = rng.uniform(180, _PAGE[1] - side - 180)
    _texts(page, (left, top, left + side, top + side), rng)
    [apart] = rng.spawn(1)  # chance of its own: all else of a photo is what it was with one font
    face = FONTS[int(apart.integers(len(FONTS)))]
    texts, printed = _grid(page, (left, top), cell, kind, hand, rng, face)
    if kind == "second" or rng.random() < 0.3:
        above = rng.random() < 0.5
        other = top - side - rng.uniform(30, 140) if above else top + side + rng.uniform(30, 140)
        _grid(page, (left + rng.uniform(-15, 15), other), cell, "plain", hand, rng, face)
    if kind == "column":  # a rule of the newspaper beside the grid, about as far as a column
        at = (
            left - cell * rng.uniform(0.6, 1.3)
            if rng.random() < 0.5
            else left + side + cell * (rng.uniform(0.6, 1.3))
        )
        ends = (round(at), round(top - 150)), (round(at), round(top + side + 150))
        cv2.line(page, *ends, rng.uniform(30, 120), int(rng.integers(2, 6)))
    window = _window(kind, (left, top), side, rng)
    size = (960, 1280)
    slant = 0.07 if kind in ("plain", "shadow", "second") else 0.04
    seen = camera.aim(_PAGE, size, rng, slant, 7, window, curl=0.05 if kind == "curl" else 0.008)
    shot = camera.light(seen.photograph(page, rng.uniform(40, 150)), rng, kind == "shadow")
    if kind == "thumb":
        shot = camera.thumb(shot, rng)
    middles = (np.stack(np.meshgrid(np.arange(9), np.arange(9)), -1).reshape(-1, 2) + 0.5) * cell
    places = seen.to_photo(np.asarray(middles + np.array([left, top]), np.float64))
    pitch = float(np.linalg.norm(places[1] - places[0]))
    return Photo(kind, camera.developed(shot, rng), texts, places, pitch, printed, face)


def _window(
    kind: str, corner: tuple[float, float], side: float, rng: Rng
) -> tuple[float, float, float, float]:
    """The part of the page that the photo shows."""
    room = side * (rng.uniform(0.03, 0.08) if kind == "close" else rng.uniform(0.1, 0.35))
    width = side + 2 * room
    x0 = corner[0] - room + rng.uniform(-0.5, 0.5) * room
    height = width * 4 / 3
    y0 = corner[1] - (height - side) * rng.uniform(0.3, 0.7)
    if kind == "cut":  # a part of the grid is off the photo
        gone = side * rng.uniform(0.12, 0.35) + room
        way = rng.integers(3)
        x0 += (gone, -gone, 0)[way]
        y0 += (0, 0, (height - side) / 2 + gone)[way]
    return x0, y0, x0 + width, y0 + height


def _grid(
    page: Float,
    corner: tuple[float, float],
    cell: float,
    kind: str,
    hand: Hand,
    rng: Rng,
    face: str | None,
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Draws and fills a grid; what its cells hold, and which of them print."""
    thin, thick = int(rng.integers(1, 3)), int(rng.integers(3, 7))
    paper = float(np.median(page))
    pale = paper - rng.uniform(22, 45) if kind == "faint" else rng.uniform(20, 130)
    for i in range(10):
        bold = i % 3 == 0
        grey = rng.uniform(15, 60) if bold else pale
        for flip in (False, True):
            _line(page, corner, cell, i, flip, grey, thick if bold else thin, kind, rng)
    writer, texts, print_in = hand.writer(rng), [], []
    printed, filled = rng.uniform(0.25, 0.5), rng.uniform(0.5, 1.0)
    pen = rng.uniform(25, 110)
    for row in range(9):
        for column in range(9):
            x, y = corner[0] + column * cell, corner[1] + row * cell
            digit = str(rng.integers(1, 10))
            print_in.append(rng.random() < printed)
            if print_in[-1]:
                at = x + 0.31 * cell, y + 0.5 * cell
                print_text(page, digit, at, 0.72 * cell, face=face)
            elif rng.random() < filled:
                box = x + 0.12 * cell, y + 0.1 * cell, x + 0.88 * cell, y + 0.9 * cell
                if 0 < y < page.shape[0] - cell:
                    hand.write(page, digit, box, writer, rng, pen, rng.uniform(0.5, 0.85))
            else:
                digit = ""
            texts.append(digit)
    return tuple(texts), tuple(print_in)


def _line(
    page: Float,
    corner: tuple[float, float],
    cell: float,
    i: int,
    flip: bool,
    grey: float,
    thick: int,
    kind: str,
    rng: Rng,
) -> None:
    """One line of a grid, whole or in pieces."""
    pieces = [(0.0, 9.0)]
    if kind == "broken":
        cuts = np.sort(rng.uniform(0, 9, 6))
        gaps = rng.uniform(0.05, 0.5, 6)
        starts = np.concatenate([[0.0], cuts + gaps])
        pieces = list(zip(starts, np.concatenate([cuts, [9.0]]), strict=True))
    for first, last in pieces:
        if last <= first:
            continue
        a, b = (first * cell, i * cell), (last * cell, i * cell)
        (x0, y0), (x1, y1) = (pair[::-1] if flip else pair for pair in (a, b))
        start = round(corner[0] + x0), round(corner[1] + y0)
        cv2.line(page, start, (round(corner[0] + x1), round(corner[1] + y1)), grey, thick)


def _texts(page: NDArray[np.float32], around: tuple[float, ...], rng: Rng) -> None:
    """Printed lines of a newspaper, above and below the grid."""
    x0, y0, _, y1 = around
    words = "Zug Wetter 2026 Preis Rat 15 Seite Bild Tag 30 Haus Markt 7 Brief".split()  # noqa: SIM905
    for y in (*np.arange(40, y0 - 30, 34), *np.arange(y1 + 40, page.shape[0] - 30, 34)):
        text = " ".join(rng.choice(words, 12))
        print_text(page, text, (x0 + rng.uniform(-20, 20), float(y)), 20, rng.uniform(40, 140))
