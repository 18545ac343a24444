"""Pictures that must be refused: letters, scribbles, fragments, textures."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from scrawl.arrays import Float64, Int64, UInt8
from scrawl.training.synthesis.glyphs import printed_letters
from scrawl.training.synthesis.hands import Ink, recorded
from scrawl.training.synthesis.sign_forms import LETTER_FORMS
from scrawl.training.synthesis.strokes import CANVAS, ink, pens, written
from scrawl.training.synthesis.warp import affine, elastic

_TURNS: dict[int, tuple[int, ...]] = {  # digits that, turned or mirrored, are digits no more
    cv2.ROTATE_90_CLOCKWISE: (1, 2, 3, 4, 5, 6, 7, 8, 9),
    cv2.ROTATE_90_COUNTERCLOCKWISE: (1, 2, 3, 4, 5, 6, 7, 8, 9),
    cv2.ROTATE_180: (3, 4, 7),
    -1: (3, 4, 6, 7, 9),  # mirrored
}


def letters(count: int, rng: np.random.Generator) -> UInt8:
    """Letters written by random hands."""
    order = rng.permutation(len(LETTER_FORMS))
    return written([LETTER_FORMS[at] for at in order], count, rng)


def prints(count: int, rng: np.random.Generator) -> UInt8:
    """Printed letters and symbols, bent as if by hand."""
    glyphs = printed_letters()
    return elastic(affine(glyphs[rng.integers(0, len(glyphs), count)], rng, 1.0), rng, 2.0)


def characters(count: int, rng: np.random.Generator) -> UInt8:
    """Characters of no script: strokes of a pen or a brush, apart or run together."""
    pictures = np.zeros((count, CANVAS, CANVAS), np.uint8)
    t = np.linspace(0, 1, 8)
    right, down = 0.0, 0.5 * np.pi
    for picture, width in zip(pictures, pens(count, rng), strict=True):
        lifted = rng.random() < 0.6
        strokes = int(rng.integers(3, 9) if lifted else rng.integers(5, 11))
        loose = rng.uniform(0.2, 1.2)  # from a script of straight strokes to a flowing one
        heading = rng.choice((right, down, 0.3 * np.pi, 0.7 * np.pi), (strokes, 1))
        if not lifted:  # a pen that comes back: one that only goes down would write 2, 5, 7
            heading = rng.uniform(0, 2 * np.pi, (strokes, 1))
        wander = rng.normal(0, 0.25, (strokes, 8)).cumsum(1) + t * rng.normal(0, 0.8, (strokes, 1))
        angles = heading + rng.normal(0, 0.15, (strokes, 1)) + loose * wander
        steps = np.stack([np.cos(angles), np.sin(angles)], 2)
        steps *= rng.uniform(1.0, 4.4, (strokes, 1, 1))
        if lifted:
            lines = steps.cumsum(1) - steps.sum(1, keepdims=True) / 2
            lines += CANVAS / 2 + rng.normal(0, (8, 10), (strokes, 1, 2))
        else:
            lines = steps.reshape(-1, 2).cumsum(0).reshape(steps.shape)
            lines += CANVAS / 2 - lines.mean((0, 1))
        thick = width * rng.uniform(0.5, 1.3, (strokes, 2))
        for line, ends in zip(lines.clip(4, CANVAS - 4), thick, strict=True):
            _brush(picture, line, ends)
    return pictures


def _brush(picture: UInt8, line: Float64, widths: Float64) -> None:
    """Draw a stroke of two widths, one after the other."""
    points = np.rint(line * 16).astype(np.int32)
    for part, width in zip((points[:5], points[4:]), widths, strict=True):
        cv2.polylines(picture, [part], False, 255, max(1, round(width)), cv2.LINE_AA, 4)


def scribbles(count: int, rng: np.random.Generator) -> UInt8:
    """One long stroke that goes nowhere: zigzags, coils, crossings out."""
    pictures = np.empty((count, CANVAS, CANVAS), np.uint8)
    widths = pens(count, rng)
    t = np.linspace(0, 1, 60)
    for row in range(count):
        speed = rng.uniform(8, 60, 2)
        wave = np.stack([np.sin(speed[0] * t + rng.uniform(0, 6)), np.cos(speed[1] * t)], 1)
        drift = rng.normal(0, 1, (60, 2)).cumsum(0) * rng.uniform(0.2, 1.6)
        sweep = (t[:, None] - 0.5) * rng.normal(0, 22, 2)
        line = wave * rng.uniform(4, 16, 2) + drift - drift.mean(0) + sweep
        pictures[row] = ink([(line + CANVAS / 2).clip(3, CANVAS - 3)], max(1, widths[row] - 1))
    return pictures


def textures(count: int, rng: np.random.Generator) -> UInt8:
    """Paper, cloth, shadows, photos of something else, as a threshold leaves them."""
    sizes = rng.integers(2, 20, count)
    pictures = np.empty((count, CANVAS, CANVAS), np.uint8)
    for row, size in enumerate(sizes):
        coarse = rng.standard_normal((size, rng.integers(2, 20))).astype(np.float32)
        way = cv2.INTER_CUBIC if rng.random() < 0.7 else cv2.INTER_NEAREST
        field = cv2.resize(coarse, (CANVAS, CANVAS), interpolation=way)
        field -= np.quantile(field[::4, ::4], rng.uniform(0.1, 0.8))
        picture = np.clip(field * rng.choice([90, 200, 2000]), 0, 255).astype(np.uint8)
        inset = int(rng.integers(4, 12)) if rng.random() < 0.6 else 0
        framed = np.zeros_like(picture)
        inside = slice(inset, CANVAS - inset)
        framed[inside, inside] = picture[inside, inside]
        pictures[row] = framed
    return pictures


def blots(count: int, rng: np.random.Generator) -> UInt8:
    """Dots, blots, bars, dashes, frames, corners, grids."""
    pictures = np.zeros((count, CANVAS, CANVAS), np.uint8)
    for picture in pictures:
        (_dots, _bar, _lines)[rng.choice(3, p=(0.3, 0.2, 0.5))](picture, rng)
    return pictures


def _dots(picture: UInt8, rng: np.random.Generator) -> None:
    for _ in range(int(rng.choice([1, 2, 3, 12, 40]))):
        centre = rng.normal(CANVAS / 2, 9, 2).astype(int).tolist()
        axes = rng.integers(1, 3 + int(9 * rng.random() ** 2), 2)
        axes = np.maximum(axes, (axes[1], 0)).tolist()  # never slim and upright: that is a 1
        cv2.ellipse(picture, centre, axes, float(rng.normal(0, 15)), 0, 360, 255, -1)


def _bar(picture: UInt8, rng: np.random.Generator) -> None:
    half = rng.integers((5, 3), 22)
    half[1] = min(half[1], 1.2 * half[0])
    low, high = (CANVAS // 2 - half).tolist(), (CANVAS // 2 + half).tolist()
    cv2.rectangle(picture, low, high, 255, -1)


def _lines(picture: UInt8, rng: np.random.Generator) -> None:
    width = int(rng.integers(1, 4))
    down = int(rng.integers(0, 5))  # without any, it takes a line across: one down is a 1
    for turn, number in ((False, down), (True, int(rng.integers(1, 5)))):
        for at in rng.integers(6, CANVAS - 6, number).tolist():
            start, stop = int(rng.integers(2, 12)), int(rng.integers(CANVAS - 16, CANVAS - 2))
            ends = np.array([[start, at], [stop, at]])
            first, last = (ends if turn else ends[:, ::-1]).tolist()
            cv2.line(picture, first, last, 255, width)


def turned(digits: UInt8, labels: Int64, rng: np.random.Generator) -> UInt8:
    """Digits turned or mirrored where that makes no other digit."""
    pictures = []
    for turn, fit in _TURNS.items():
        rows = np.flatnonzero(np.isin(labels, fit))
        for row in rng.permutation(rows)[: len(digits) // len(_TURNS)]:
            one = digits[row]
            pictures.append(cv2.flip(one, 1) if turn < 0 else cv2.rotate(one, turn))
    return np.stack(pictures) if pictures else digits[:0]


def several(digits: UInt8, rng: np.random.Generator) -> UInt8:
    """Two or three digits in one box: side by side, one above the other, or written over."""
    count = len(digits)
    firsts, seconds = rng.permutation(count), rng.permutation(count)
    pictures = np.zeros_like(digits)
    for picture, one, two, three in zip(
        pictures, digits, digits[firsts], digits[seconds], strict=True
    ):
        if rng.random() < 0.12:
            shift = rng.uniform(-9, 9, 2)
            move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
            picture[:] = np.maximum(one, cv2.warpAffine(two, move, (CANVAS, CANVAS)))
            continue
        group = [one, two, three][: 3 if rng.random() < 0.2 else 2]
        row = _line([_cropped(digit) for digit in group], rng)
        if rng.random() < 0.12:
            row = _line([_cropped(digit).T for digit in group], rng).T
        size = CANVAS - int(rng.integers(4, 14))
        scale = size / max(row.shape)
        wide, high = (max(1, round(scale * side)) for side in row.shape[::-1])
        if rng.random() < 0.2:
            high = size  # as if the box had been square
        small = cv2.resize(row, (wide, high), interpolation=cv2.INTER_AREA)
        top, left = (CANVAS - high) // 2, (CANVAS - wide) // 2
        picture[top : top + high, left : left + wide] = small
    return pictures


def _cropped(digit: UInt8) -> UInt8:
    """The box of the ink; all of the sheet where there is none."""
    x, y, w, h = cv2.boundingRect((digit > 40).astype(np.uint8))
    return digit[y : y + h, x : x + w] if w else digit


def _line(digits: list[UInt8], rng: np.random.Generator) -> UInt8:
    """Digits side by side, as far apart as writers put them: some touch."""
    height = max(digit.shape[0] for digit in digits)
    sheet = np.zeros((height, sum(digit.shape[1] for digit in digits) + 4 * height), np.uint8)
    right = 0
    for digit in digits:
        h, w = digit.shape
        left = max(0, right + round(height * rng.uniform(-0.06, 0.5))) if right else 0
        top = int(rng.integers(0, height - h + 1))
        here = sheet[top : top + h, left : left + w]
        np.maximum(here, digit, out=here)
        right = left + w
    return sheet[:, :right]


_KINDS: tuple[tuple[Callable[[int, np.random.Generator], UInt8], float], ...] = (
    (prints, 0.12),
    (characters, 0.14),
    (scribbles, 0.06),
    (textures, 0.06),
    (blots, 0.06),
)
_TURNED, _SEVERAL, _SIGNS = 0.08, 0.13, 0.2  # the rest are letters


def not_digits(
    digits: UInt8,
    labels: Int64,
    count: int,
    rng: np.random.Generator,
    signs: Ink | None = None,
) -> UInt8:
    """Pictures of anything but a digit.

    Args:
        digits: Digits to spoil, ink 255 on 0, shape ``(n, CANVAS, CANVAS)``; a quarter of
            ``count`` is enough.
        labels: What they are, shape ``(n,)``.
        count: How many pictures to make.
        rng: Source of randomness.
        signs: Recorded letters and signs; drawn ones take their part where there are none.

    Returns:
        Ink 255 on 0, shape ``(count, CANVAS, CANVAS)``.
    """
    pictures = [make(int(share * count), rng) for make, share in _KINDS]
    first, second = int(_TURNED * count), int(_SEVERAL * count)
    pictures.append(turned(digits[:first], labels[:first], rng))
    pictures.append(several(digits[first : first + second], rng))
    if signs is not None and len(signs):
        pictures.append(recorded(signs, int(_SIGNS * count), rng)[0])
    pictures.append(letters(count - sum(map(len, pictures)), rng))
    return np.concatenate(pictures)
