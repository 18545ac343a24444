"""Made pictures of digits, a function a kind of trouble: shadows, frames, neighbours, two digits.

    python benchmarks/made.py OUT.png [--kind NAME]

The digits are drawn from scrawl's own forms with a pen, so that the hand is no riddle and what is
measured is whether the ink is found. `benchmarks/lone.py` reads them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from lib.drawn import Sheet, digit, light, nib, put, seen, sheet
from scrawl.arrays import UInt8
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.strokes import curves

DEPTHS = (0.85, 0.7, 0.55, 0.4, 0.25)
"""What a shadow leaves of the light."""

COUNT = 27
"""Pictures of a kind: 1 to 9 three times, each in another form."""


def shadow(label: int, rng: np.random.Generator, depth: float, across: bool) -> UInt8:
    """A hard shadow whose edge crosses the digit, or passes beside it."""
    page = sheet(label, rng)
    x0, y0, x1, y1 = page.box
    angle = float(rng.choice([0, np.pi / 2, np.pi, -np.pi / 2]))
    angle += rng.normal(0, 0.25) * rng.integers(2)  # half of them are straight
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    normal = np.array([np.sin(angle), np.cos(angle)])
    reach = float(np.abs(normal) @ np.array([x1 - x0, y1 - y0])) / 2
    beside = float(rng.choice([-1, 1])) * (reach + rng.uniform(8, 40))
    gap = rng.uniform(-0.5, 0.5) * reach if across else beside
    point = middle + gap * normal
    soft = float(np.exp(rng.uniform(np.log(0.5), np.log(5))))
    fallen = light(page.ink.shape, (point[0], point[1]), depth, angle, soft)
    if rng.random() < 0.35:  # a phone's own: two edges at right angles
        aside = point + rng.choice([-1, 1]) * np.array([normal[1], -normal[0]]) * reach
        other = light(page.ink.shape, (aside[0], aside[1]), depth, angle + np.pi / 2, soft)
        fallen = np.maximum(fallen, other)
    return seen(page.grey() * fallen, rng)


def frame(label: int, rng: np.random.Generator) -> UInt8:
    """A box drawn about the digit, perhaps not quite straight, as on a form."""
    page = sheet(label, rng)
    height, width = page.ink.shape
    x0, y0, x1, y1 = page.box
    gap = int(rng.integers(8, 22)) + page.width
    corners = np.array([[x0 - gap, y0 - gap], [x1 + gap, y0 - gap], [x1 + gap, y1 + gap],
                        [x0 - gap, y1 + gap]], np.float32)  # fmt: skip
    corners += rng.normal(0, 2, corners.shape)
    corners = np.clip(corners, 3, [width - 4, height - 4])
    mask = np.zeros(page.ink.shape, np.uint8)
    thick = int(rng.integers(2, page.width + 2))
    cv2.polylines(mask, [np.rint(corners).astype(np.int32)], True, 255, thick, cv2.LINE_AA)
    page.ink = np.maximum(page.ink, rng.uniform(0.5, 1) * mask.astype(np.float32) / 255)
    return seen(page.grey(), rng)


def border(label: int, rng: np.random.Generator) -> UInt8:
    """Dark bars along one to four edges of the picture, as scanners leave them."""
    page = sheet(label, rng)
    grey = page.grey()
    x0, y0, x1, y1 = page.box
    dark, room = rng.uniform(0, 60), [y0, page.ink.shape[0] - y1, x0, page.ink.shape[1] - x1]
    for side in rng.permutation(4)[: rng.integers(1, 5)]:
        thick = int(rng.uniform(0.15, 0.7) * max(room[side] - 6, 6))
        view = grey if side < 2 else grey.T
        (view[:thick] if side % 2 == 0 else view[-thick:])[:] = dark
    return seen(grey, rng)


def card(label: int, rng: np.random.Generator) -> UInt8:
    """A card on a table, the table light or dark, the card turned a little."""
    page = sheet(label, rng)
    grey = page.grey()
    height, width = grey.shape
    wide, high = int(width * rng.uniform(1.2, 2.2)), int(height * rng.uniform(1.2, 2))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-12, 12), 1)
    matrix[:, 2] += [
        (wide - width) * rng.uniform(0.2, 0.8),
        (high - height) * rng.uniform(0.2, 0.8),
    ]
    table = float(rng.choice([rng.uniform(20, 110), page.paper - 60, 250]))
    texture = cv2.GaussianBlur(rng.normal(0, 1, (high, wide)).astype(np.float32), (0, 0), 6)
    ground = table + 6 * texture / float(texture.std())
    mask = cv2.warpAffine(np.ones_like(grey), matrix, (wide, high))
    laid = cv2.warpAffine(grey, matrix, (wide, high))
    return seen(ground * (1 - mask) + laid, rng)


def neighbour(label: int, rng: np.random.Generator) -> UInt8:
    """A crop with pieces of neighbours, cut off by one or two edges."""
    page = sheet(label, rng)
    x0, y0, x1, y1 = page.box
    gap = max(4, int((y1 - y0) * rng.uniform(0.08, 0.25)))
    cut = page.ink[max(y0 - 12, 0) : y1 + 12, max(x0 - gap - 40, 0) : x1 + gap + 40]
    ink = np.zeros((cut.shape[0], x1 - x0 + 2 * gap + 2 * 30), np.float32)
    put(ink, page.ink[y0:y1, x0:x1], gap + 30, min(y0, 12))
    sides = [(-1,), (1,), (-1, 1)][int(rng.integers(3))]
    for side in sides:
        other = digit(int(rng.integers(10)), y1 - y0, page.width, rng)
        shown = int(rng.uniform(0.15, 0.5) * other.shape[1])
        shown = min(max(shown, page.width), 30)
        left = shown - other.shape[1] if side < 0 else ink.shape[1] - shown
        put(ink, other, left, 12 + int(rng.integers(-8, 9)))
    page.ink = ink
    return seen(page.grey(), rng)


def stop(label: int, rng: np.random.Generator) -> UInt8:
    """A full stop or a comma at the digit's foot."""
    page = sheet(label, rng)
    x0, y0, x1, y1 = page.box
    end = x1
    if rng.random() < 0.5:  # beneath the digit's head, if that hangs over its foot
        foot = page.ink[y1 - max((y1 - y0) // 4, page.width) : y1].any(axis=0)
        end = int(np.flatnonzero(foot)[-1])
    at = (end + int(rng.uniform(1.2, 3) * page.width), y1 - page.width // 2)
    dot = np.zeros(page.ink.shape, np.uint8)
    size = max(2, int(page.width * rng.uniform(0.5, 1)))
    cv2.circle(dot, at, size, 255, -1, cv2.LINE_AA)
    if rng.random() < 0.5:
        tail = (at[0] - size, at[1] + int(2.5 * page.width))
        cv2.line(dot, at, tail, 255, max(2, page.width // 2), cv2.LINE_AA)
    page.ink = np.maximum(page.ink, dot.astype(np.float32) / 255)
    x1 = max(x1, at[0] + size)
    margin = int(rng.uniform(0.5, 3) * page.width)
    page.ink = page.ink[max(y0 - 20, 0) : y1 + 20 + 2 * page.width, max(x0 - 20, 0) : x1 + margin]
    return seen(page.grey(), rng)


def quill(label: int, rng: np.random.Generator) -> UInt8:
    """A small crop of an old book: a nib broad and dark one way, thin and pale the other."""
    form = DIGIT_FORMS[label][int(rng.integers(min(len(DIGIT_FORMS[label]), 4)))]
    strokes = [stroke[0] for stroke in curves(form, 1, rng, jitter=1.5)]
    broad, angle = float(rng.uniform(14, 24)), rng.uniform(0.2, 1.2)
    ink = np.pad(nib(strokes, broad, angle), int(rng.integers(15, 50)))
    high = int(rng.integers(40, 80))
    wide = max(8, round(high * ink.shape[1] / ink.shape[0]))
    small = cv2.resize(ink, (wide, high), interpolation=cv2.INTER_AREA)
    page = Sheet(small, (0, 0, wide, high), rng.uniform(170, 220), rng.uniform(60, 100), 2)
    return seen(page.grey(), rng)


def ruled(label: int, rng: np.random.Generator) -> UInt8:
    """Ruled paper: one line, or many, beneath the digit or across it."""
    page = sheet(label, rng)
    _, y0, _, y1 = page.box
    height, width = page.ink.shape
    mask = np.zeros(page.ink.shape, np.uint8)
    first = y1 - int(rng.uniform(0, 0.9) * (y1 - y0))
    space = int(rng.uniform(0.4, 1.1) * (y1 - y0)) if rng.random() < 0.6 else height
    rise = rng.normal(0, 0.02) * width
    thick = max(1, int(page.width * rng.uniform(0.15, 0.5)))
    for y in range(first - space * (first // space), height, space):
        cv2.line(mask, (0, y), (width, int(y + rise)), 255, thick, cv2.LINE_AA)
    page.ink = np.maximum(page.ink, rng.uniform(0.3, 0.9) * mask.astype(np.float32) / 255)
    return seen(page.grey(), rng)


def tight(label: int, rng: np.random.Generator) -> UInt8:
    """A crop that ends where the ink ends, or a hair farther."""
    page = sheet(label, rng)
    x0, y0, x1, y1 = page.box
    left, top, right, bottom = rng.integers(0, 6, 4).tolist()
    page.ink = page.ink[max(y0 - top, 0) : y1 + bottom, max(x0 - left, 0) : x1 + right]
    return seen(page.grey(), rng)


def troubles(label: int, rng: np.random.Generator) -> UInt8:
    """A shadow across, a box around and a neighbour cut off, all at once."""
    page = sheet(label, rng)
    x0, y0, x1, y1 = page.box
    other = digit(int(rng.integers(10)), y1 - y0, page.width, rng)
    put(page.ink, other, int(rng.uniform(0.1, 0.4) * other.shape[1]) - other.shape[1], y0)
    gap = 8 + page.width
    mask = np.zeros(page.ink.shape, np.uint8)
    cv2.rectangle(mask, (x0 - gap, y0 - gap), (x1 + gap, y1 + gap), 255, max(2, page.width // 2))
    page.ink = np.maximum(page.ink, mask.astype(np.float32) / 255)
    middle = ((x0 + x1) / 2, y0 + rng.uniform(0.2, 0.8) * (y1 - y0))
    fallen = light(page.ink.shape, middle, 0.6, rng.normal(0, 0.3), 2)
    return seen(page.grey() * fallen, rng)


def pair(labels: tuple[int, int], rng: np.random.Generator, drawn: bool) -> UInt8:
    """Two digits side by side: drawn white on black, 280×280, or written on paper."""
    tall = int(rng.integers(110, 170))
    pen = int(rng.integers(12, 22)) if drawn else max(4, round(tall * rng.uniform(0.05, 0.1)))
    first, second = (digit(label, tall - int(rng.integers(0, 25)), pen, rng) for label in labels)
    gap = int(tall * rng.uniform(0.08, 0.35))
    wide = first.shape[1] + second.shape[1] + gap
    side = max(280, wide + 2 * pen)
    ink = np.zeros((side, side), np.float32)
    left, top = (side - wide) // 2, (side - tall) // 2
    put(ink, first, left, top + int(rng.integers(-12, 13)))
    put(ink, second, left + first.shape[1] + gap, top + int(rng.integers(-12, 13)))
    if not drawn:
        paper = Sheet(ink, (0, 0, 0, 0), rng.uniform(190, 230), rng.uniform(15, 70), pen)
        return seen(paper.grey(), rng)
    return (255 * cv2.resize(ink, (280, 280), interpolation=cv2.INTER_AREA)).astype(np.uint8)


def pairs(drawn: bool, count: int = 30) -> list[tuple[UInt8, str]]:
    """Pictures of two digits, among them the pairs that are all straight strokes."""
    rng = np.random.default_rng(5 + drawn)
    labels = [(1, 0), (1, 1), (7, 1), (1, 7), (4, 1), (0, 1)]
    labels += [(int(a), int(b)) for a, b in rng.integers(0, 10, (count - len(labels), 2))]
    return [(pair(both, rng, drawn), f"{both[0]}{both[1]}") for both in labels]


def stroke(rng: np.random.Generator, drawn: bool) -> UInt8:
    """A 1 that is a straight stroke and nothing else, upright or leaning: drawn, or on paper."""
    tall = float(rng.integers(90, 230))
    pen = int(rng.integers(10, 26)) if drawn else max(3, round(tall * rng.uniform(0.03, 0.1)))
    lean = tall * np.tan(np.radians(rng.normal(8, 9)))
    half = np.array([lean, -tall]) / 2
    middle = np.array([140, 140]) + rng.integers(-20, 21, 2)
    ends = [tuple(np.rint(16 * (middle + side * half)).astype(int).tolist()) for side in (-1, 1)]
    ink = np.zeros((280, 280), np.uint8)
    cv2.line(ink, ends[0], ends[1], 255, pen, cv2.LINE_AA, 4)
    if drawn:
        return ink
    grey = rng.uniform(190, 230), rng.uniform(15, 70)
    return seen(
        Sheet(ink.astype(np.float32) / np.float32(255), (0, 0, 0, 0), *grey, pen).grey(), rng
    )


def strokes(drawn: bool, count: int = 60) -> list[tuple[UInt8, str]]:
    """Pictures of one straight stroke each, which are 1s."""
    rng = np.random.default_rng(9 + drawn)
    return [(stroke(rng, drawn), "1") for _ in range(count)]


KINDS: dict[str, Callable[[int, np.random.Generator], UInt8]] = {
    kind.__name__: kind
    for kind in (frame, border, card, neighbour, stop, quill, ruled, tight, troubles)
}


def made(
    kind: Callable[[int, np.random.Generator], UInt8], seed: int = 0
) -> list[tuple[UInt8, str]]:
    """`COUNT` pictures of a kind, each with its digit as text."""
    rng = np.random.default_rng(seed)
    return [(kind(1 + i % 9, rng), str(1 + i % 9)) for i in range(COUNT)]


def all_kinds(seed: int = 0) -> dict[str, list[tuple[UInt8, str]]]:
    """Every kind of one digit by name."""
    kinds = {
        f"shadow {'across' if across else 'beside'}, {depth:.2f} of the light": made(
            partial(shadow, depth=depth, across=across), seed
        )
        for across in (True, False)
        for depth in DEPTHS
    }
    return kinds | {name: made(kind, seed) for name, kind in KINDS.items()}


def main() -> None:
    """Draws a sheet of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--kind", help="one kind alone, by the beginning of its name")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    from scrawl.report import plots

    kinds = all_kinds(arguments.seed) | {"pairs drawn": pairs(True), "pairs": pairs(False)}
    wanted = {name: rows for name, rows in kinds.items() if name.startswith(arguments.kind or "")}
    few = 30 if len(wanted) == 1 else 6
    shown = [
        (f"{name}\n{text}", image) for name, rows in wanted.items() for image, text in rows[:few]
    ]
    side = 160
    images = []
    for _, image in shown:
        scale = side / max(image.shape)
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        images.append(np.pad(small, [(0, side - small.shape[0]), (0, side - small.shape[1])]))
    plots.save(plots.grid(np.array(images), [title for title, _ in shown], 255), arguments.out)


if __name__ == "__main__":
    main()
