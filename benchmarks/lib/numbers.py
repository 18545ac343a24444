"""Made pictures of numbers, a function a kind: notes, combs, turned pages, tables, empty forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from lib.papers import compressed
from lib.printed import printed_form

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass
class Made:
    """A picture and what it says.

    Attributes:
        ink: float32, shape ``(H, W)``, 0 to 1: the writing alone.
        digits: Left, top, right, bottom and label of each.
        lines: What each line says; for tables, each row's cells parted by tabs.
        picture: uint8, shape ``(H, W, 3)``, when it is finished.
    """

    ink: Floats
    digits: list[tuple[float, float, float, float, int]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    picture: Pixels | None = None


class Pen:
    """Writes numbers with MNIST's digits."""

    def __init__(self, images: Pixels, labels: NDArray[np.int64], rng: Rng) -> None:
        self._images, self._labels, self._rng = images, labels, rng

    def write(self, made: Made, count: int, left: float, top: float, height: float) -> str:
        """Writes so many digits from a point on, ``height`` high, and says what they are."""
        text, x = "", left
        for row in self._rng.integers(0, len(self._images), count):
            glyph = self._images[row]
            ys, xs = np.flatnonzero(glyph.max(1) > 40), np.flatnonzero(glyph.max(0) > 40)
            crop = glyph[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1].astype(np.float32) / 255
            scale = height / 20
            size = (max(2, round(crop.shape[1] * scale)), max(4, round(crop.shape[0] * scale)))
            ink = cv2.resize(crop, size, None, 0, 0, cv2.INTER_CUBIC).clip(0, 1)
            y = round(top + (height - size[1]) / 2)
            here = made.ink[y : y + size[1], round(x) : round(x) + size[0]]
            np.maximum(here, ink[: here.shape[0], : here.shape[1]], out=here)
            label = int(self._labels[row])
            made.digits.append((round(x), y, round(x) + size[0], y + size[1], label))
            text += str(label)
            x += size[0] + height * self._rng.uniform(0.12, 0.3)
        return text


def sheet(made: Made, rng: Rng, light: tuple[float, float] = (190, 245)) -> Floats:
    """The writing on light paper, with a dark or blue pen: float32, shape ``(H, W, 3)``."""
    paper = rng.uniform(*light) * np.array([1, rng.uniform(0.95, 1), rng.uniform(0.75, 1)])
    pen = rng.uniform(15, 80) * np.array([1, 1, rng.choice([1, 2])])
    return np.asarray(paper + (pen - paper) * made.ink[..., None], np.float32)


def finish(made: Made, colours: Floats, rng: Rng) -> Made:
    """What a camera makes of it: soft, noisy, through JPEG."""
    soft = cv2.GaussianBlur(colours, (0, 0), 0.7)
    noisy = (soft + rng.normal(0, 3, soft.shape)).clip(0, 255).astype(np.uint8)
    made.picture = compressed(noisy, 88)
    return made


def laid(made: Made, colours: Floats, matrix: Floats, ground: Floats) -> Floats:
    """Lays a sheet on a ground; boxes and all move with it."""
    height, width = ground.shape[:2]
    mask = cv2.warpAffine(np.ones(made.ink.shape, np.float32), matrix, (width, height))
    over = cv2.warpAffine(colours, matrix, (width, height), flags=cv2.INTER_AREA)
    moved = []
    for x0, y0, x1, y1, label in made.digits:
        corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ matrix.T
        (left, top), (right, bottom) = corners.min(0), corners.max(0)
        moved.append((left, top, right, bottom, label))
    made.digits = moved
    return np.asarray(over + ground * (1 - mask[..., None]), np.float32)


def lines_of(pen: Pen, rng: Rng, height: float, count: int) -> Made:
    """A sheet with so many lines of one number each."""
    gap = height * rng.uniform(1.6, 2.3)
    most = int(rng.integers(5, 10))
    made = Made(np.zeros((round(gap * (count + 0.6)), round(height * (most + 2))), np.float32))
    for line in range(count):
        top = gap * (line + 0.5)
        made.lines.append(pen.write(made, int(rng.integers(4, most + 1)), height, top, height))
    return made


def note(pen: Pen, rng: Rng) -> Made:
    """A light note on a dark table of one grey, with spots or with a grain."""
    side = int(rng.choice([450, 800, 1600, 3000]))
    made = lines_of(pen, rng, rng.uniform(26, 60), 3)
    wide = round(side * rng.uniform(0.7, 1))
    table = rng.uniform(15, 70)
    ground = np.full((side, wide, 3), table, np.float32)
    kind = rng.integers(3)
    if kind == 1:
        for _ in range(int(rng.integers(10, 50))):
            at = int(rng.integers(0, wide)), int(rng.integers(0, side))
            grey = float(rng.uniform(table, table + 110))
            cv2.circle(ground, at, int(rng.uniform(0.005, 0.03) * side), (grey,) * 3, -1)
    if kind == 2:
        grain = rng.normal(0, 1, (side, max(2, wide // 60))).astype(np.float32)
        grain = cv2.GaussianBlur(cv2.resize(grain, (wide, side)), (0, 0), 1.5)
        ground += (14 / grain.std() * grain)[..., None]
    matrix = cv2.getRotationMatrix2D((0, 0), rng.uniform(-5, 5), 1)
    share = rng.uniform(0.35, 0.8)
    matrix = matrix.astype(np.float32) * share * min(side, wide) / max(made.ink.shape)
    middle = matrix[:, :2] @ np.array(made.ink.shape[::-1]) / 2
    matrix[:, 2] = np.array([wide, side]) * rng.uniform(0.45, 0.55, 2) - middle
    return finish(made, laid(made, sheet(made, rng), matrix, ground.clip(0, 255)), rng)


def comb(pen: Pen, rng: Rng) -> Made:
    """A digit in each of a row of boxes: closed, spaced, open at the top, or dotted."""
    height = rng.uniform(28, 60)
    wide, high = height * rng.uniform(1.0, 1.5), height * rng.uniform(1.1, 1.5)
    count, wall = int(rng.integers(4, 11)), max(1, round(height * rng.uniform(0.02, 0.16)))
    kind = rng.choice(["closed", "spaced", "open", "dotted"])
    gap = wide * rng.uniform(0.1, 0.4) if kind == "spaced" else 0
    edge = round(height)
    long = round(count * (wide + gap) + 2 * edge)
    made = Made(np.zeros((round(high + 2 * edge), long), np.float32))
    walls, text = np.zeros(made.ink.shape, np.uint8), ""
    for cell in range(count):
        left, top = round(edge + cell * (wide + gap)), edge
        right, bottom = round(left + wide), round(top + high)
        if kind == "open":
            cut = round(top + high * 0.6)
            shape = [[left, cut], [left, bottom], [right, bottom], [right, cut]]
            cv2.polylines(walls, [np.array(shape)], False, 255, wall)
        else:
            cv2.rectangle(walls, (left, top), (right, bottom), 255, wall)
        x = left + wall + rng.uniform(0, 1) ** 0.5 * (wide - height * 0.75) * 0.7
        y = top + rng.uniform(0, max(high - height, 1))
        text += pen.write(made, 1, x, y, height * rng.uniform(0.8, 1.0))
    if kind == "dotted":
        down, across = np.indices(walls.shape)
        walls[(down + across) % (2 * wall + 4) < wall + 1] = 0
    made.lines.append(text)
    colours = sheet(made, rng)
    dyes = [(0, 0, 0), (90, 90, 90), (160, 160, 160), (40, 60, 170), (190, 60, 60), (60, 140, 80)]
    dye = np.array(dyes[int(rng.integers(len(dyes)))], np.float32)
    drawn = (walls.astype(np.float32) / 255 * (1 - made.ink))[..., None]
    return finish(made, (colours + (dye - colours) * drawn).astype(np.float32), rng)


def turned(pen: Pen, rng: Rng) -> Made:
    """A page of lines, lying any of four ways, and tilted."""
    made = lines_of(pen, rng, rng.uniform(28, 50), int(rng.integers(3, 7)))
    colours = sheet(made, rng)
    angle = 90.0 * rng.integers(4) + rng.choice([-30, -15, 0, 15, 30])
    matrix = cv2.getRotationMatrix2D((0, 0), angle, 1)
    side = round(1.05 * float(np.hypot(*made.ink.shape)))
    middle = matrix[:, :2] @ np.array(made.ink.shape[::-1]) / 2
    matrix[:, 2] = side / 2 - middle
    ground = np.full((side, side, 3), colours[0, 0], np.float32)
    return finish(made, laid(made, colours, matrix, ground), rng)


def table(pen: Pen, rng: Rng) -> Made:
    """Numbers of one to three digits in rows and columns, half of the tables ruled."""
    rows, columns, height = int(rng.integers(4, 10)), int(rng.integers(3, 7)), rng.uniform(24, 40)
    wide, high = height * rng.uniform(3.4, 4.5), height * rng.uniform(1.5, 2)
    size = (round(rows * high + 2 * height), round(columns * wide + 2 * height))
    made, rules = Made(np.zeros(size, np.float32)), np.zeros(size, np.float32)
    ruled = rng.random() < 0.5
    for row in range(rows):
        cells = []
        for column in range(columns):
            x, y = height + column * wide, height + row * high
            if ruled:
                corner = (round(x + wide), round(y + high))
                cv2.rectangle(rules, (round(x), round(y)), corner, 1, max(1, round(height / 18)))
            empty = rng.random() < 0.05 and column > 0
            x += height * rng.uniform(0.25, 0.6)
            y += (high - height) * rng.uniform(0.2, 0.8)
            cells.append("" if empty else pen.write(made, int(rng.integers(1, 4)), x, y, height))
        made.lines.append("\t".join(cells))
    colours = sheet(made, rng)
    colours -= (colours - rng.uniform(40, 150)) * (rules * (1 - made.ink))[..., None]
    matrix = cv2.getRotationMatrix2D((size[1] / 2, size[0] / 2), rng.uniform(-3, 3), 1)
    ground = np.full((*size, 3), colours[0, 0], np.float32)
    return finish(made, laid(made, colours, matrix, ground), rng)


def form(pen: Pen, rng: Rng) -> Made:
    """A printed form that nobody filled in."""
    del pen
    ink = printed_form(rng)
    made = Made(np.zeros(ink.shape, np.float32))
    paper = rng.uniform(200, 250)
    return finish(made, np.repeat((paper * (1 - ink * 0.85))[..., None], 3, 2), rng)


KINDS: dict[str, Callable[[Pen, Rng], Made]] = {
    "notes": note, "combs": comb, "turned": turned, "tables": table, "forms": form,
}  # fmt: skip
