"""Paper, print and camera: what becomes of ink on a page before the product sees it."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8

# Shares of pages; ranges stand where they are drawn from.
_TEXTURED = 0.45  # on paper with a pattern or fibres
_UNEVEN = 0.3  # whose ink is darker in some places than in others
_SHADED = 0.35
_JPEG, _TWO_VALUES = 0.2, 0.12  # the second, of the rest, as a scanner's text mode has it
_RULED, _GRIDDED, _BOXED, _LETTERED = 0.22, 0.32, 0.4, 0.46  # up to these; beyond, nothing
_FEW_RULES = 0.35  # of the ruled ones: one rule, or two close by, as on a cheque
_DOTTED = 0.2  # of them
_COMB = 0.4  # of the boxes
_FALLING = 0.6  # of the shaded ones: light that falls off; the rest have the edge of a shadow
_COARSE, _BLURRED, _NOISY = 0.3, 0.4, 0.6  # the second of the rest

_PALEST = 0.22  # of its paper's light, that ink takes away at least: a person sees it
_FAINTEST = 0.45  # of it, that a paper's pattern takes at most: ink shows on it
_READABLE = 11  # pixels of a digit's height, that a coarse picture leaves of it


def photographed(ink: Float32, print_: Float32, rng: np.random.Generator, height: float) -> UInt8:
    """A page as a scanner or a camera sees it.

    Args:
        ink: What was written, 0 to 1, shape ``(h, w)``.
        print_: What is printed on the paper, likewise.
        rng: Source of randomness.
        height: Of the smallest digits, in pixels: nothing that is done makes them unreadable.

    Returns:
        Grey levels, dark on light, uint8, shape ``(h, w)``.
    """
    shape = ink.shape
    page = np.full(shape, rng.uniform(0.45, 1.0) ** 0.5, np.float32)
    if rng.random() < _TEXTURED:
        page *= 1 - _texture(shape, rng)
    page *= 1 - print_ * np.float32(rng.uniform(0.1, 0.95))
    dark = np.full(shape, 1 - np.exp(-rng.gamma(3.0, 0.6)), np.float32)  # of pencil, pen, marker
    if rng.random() < _UNEVEN:
        dark *= _clouds(shape, rng, 0.5, 1.1)
    page *= 1 - np.minimum(ink * np.maximum(dark, np.float32(_PALEST)), 1)
    if rng.random() < _SHADED:
        page *= _light(shape, rng)
    page = _seen(page * 255, rng, height)
    grey = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < _JPEG:
        quality = int(rng.integers(25, 90))
        _, code = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
        grey = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), np.uint8)
    elif rng.random() < _TWO_VALUES:
        low = float(np.median(grey)) * rng.uniform(0.7, 0.93)
        grey = np.where(grey < low, np.uint8(0), np.uint8(255))
    return grey


def printed(shape: tuple[int, int], rng: np.random.Generator, height: float) -> Float32:
    """Rules, boxes, combs, grids and small print on the paper, 0 to 1, perhaps none of them.

    Args:
        shape: Height and width in pixels.
        rng: Source of randomness.
        height: Of the digits, in pixels.
    """
    sheet = np.zeros(shape, np.uint8)
    kind = rng.random()
    if kind < _RULED:
        _rules(sheet, rng, height)
    elif kind < _GRIDDED:
        _grid(sheet, rng, height * rng.uniform(0.25, 0.7), height * rng.uniform(0.25, 0.7))
    elif kind < _BOXED:
        _box(sheet, rng, height)
    elif kind < _LETTERED:
        _small_print(sheet, rng, height)
    return sheet.astype(np.float32) / np.float32(255)


def cells(shape: tuple[int, int], rng: np.random.Generator, wide: float, high: float) -> Float32:
    """A printed grid of cells of a width and a height, and where it starts is chance."""
    sheet = np.zeros(shape, np.uint8)
    _grid(sheet, rng, wide, high)
    return sheet.astype(np.float32) / np.float32(255)


def _pen(rng: np.random.Generator) -> tuple[int, int]:
    """Level and width of a printed line."""
    return int(rng.integers(80, 256)), int(rng.choice([1, 1, 1, 2, 2, 3]))


def _line(
    sheet: UInt8, a: tuple[float, float], b: tuple[float, float], pen: tuple[int, int]
) -> None:
    start, stop = ((round(x * 16), round(y * 16)) for x, y in (a, b))
    cv2.line(sheet, start, stop, pen[0], pen[1], cv2.LINE_AA, 4)


def _rules(sheet: UInt8, rng: np.random.Generator, height: float) -> None:
    rows, columns = sheet.shape
    pen, tilt = _pen(rng), rng.normal(0, 0.01) * columns
    step = height * rng.uniform(1.0, 2.4)
    if rng.random() < _FEW_RULES:
        starts = rng.uniform(0, rows) + np.arange(rng.integers(1, 3)) * rng.uniform(2, 6)
    else:
        starts = np.arange(rng.uniform(0, step), rows, step)
    for y in starts.tolist():
        _line(sheet, (0, y), (columns, y + tilt), pen)
    if rng.random() < _DOTTED:
        sheet[:, np.arange(columns) % int(rng.integers(3, 9)) < 2] = 0


def _grid(sheet: UInt8, rng: np.random.Generator, wide: float, high: float) -> None:
    rows, columns = sheet.shape
    pen, tilt = _pen(rng), rng.normal(0, 0.008)
    for y in np.arange(rng.uniform(-high, 0), rows + high, high).tolist():
        _line(sheet, (0, y), (columns, y + tilt * columns), pen)
    for x in np.arange(rng.uniform(-wide, 0), columns + wide, wide).tolist():
        _line(sheet, (x, 0), (x - tilt * rows, rows), pen)


def _box(sheet: UInt8, rng: np.random.Generator, height: float) -> None:
    rows, columns = sheet.shape
    x0, y0 = rng.uniform(0, columns * 0.4), rng.uniform(0, rows * 0.6)
    x1, y1 = x0 + height * rng.uniform(1, 7), y0 + height * rng.uniform(1.1, 2.5)
    pen = _pen(rng)
    for a, b in (
        ((x0, y0), (x1, y0)),
        ((x1, y0), (x1, y1)),
        ((x1, y1), (x0, y1)),
        ((x0, y1), (x0, y0)),
    ):
        _line(sheet, a, b, pen)
    if rng.random() < _COMB:
        for x in np.arange(x0, x1, height * rng.uniform(0.7, 1.1)).tolist():
            _line(sheet, (x, y1 - (y1 - y0) * rng.choice([0.3, 1.0])), (x, y1), pen)


def _small_print(sheet: UInt8, rng: np.random.Generator, height: float) -> None:
    size = height / 21 * rng.uniform(0.2, 0.42)
    for _ in range(int(rng.integers(1, 5))):
        at = (int(rng.integers(-20, sheet.shape[1])), int(rng.integers(0, sheet.shape[0])))
        text = "".join(chr(code) for code in rng.integers(97, 123, 14))
        cv2.putText(sheet, text, at, int(rng.choice([0, 2, 3, 6])), size, 220, 1, cv2.LINE_AA)


def _texture(shape: tuple[int, int], rng: np.random.Generator) -> Float32:
    """Security print: waves of fine lines; or fibre."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    texture = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        angle = rng.normal(0, 0.35) if rng.random() < 0.7 else rng.uniform(0, np.pi)
        across = np.float32(np.sin(angle)) * x + np.float32(np.cos(angle)) * y
        along = np.float32(np.cos(angle)) * x - np.float32(np.sin(angle)) * y
        wave = np.sin(along * np.float32(2 * np.pi / rng.uniform(15, 120)) + rng.uniform(0, 6))
        across += np.float32(rng.uniform(0, 5)) * wave
        lines = np.sin(across * np.float32(2 * np.pi / rng.uniform(2.5, 9)))
        sharp = np.float32(rng.uniform(0, 0.7))
        texture += np.clip((lines - sharp) / (1 - sharp), 0, 1) * np.float32(rng.uniform(0.03, 0.2))
    return np.minimum(texture, np.float32(_FAINTEST))


def _clouds(shape: tuple[int, int], rng: np.random.Generator, low: float, high: float) -> Float32:
    coarse = rng.uniform(low, high, (int(rng.integers(2, 12)), int(rng.integers(2, 20))))
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_LINEAR))


def _light(shape: tuple[int, int], rng: np.random.Generator) -> Float32:
    """Light that falls off, or the edge of a shadow."""
    if rng.random() < _FALLING:
        return _clouds(shape, rng, rng.uniform(0.35, 0.9), 1.0)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    angle, soft = rng.uniform(0, 2 * np.pi), rng.uniform(2, 40)
    side = (x - rng.uniform(0, shape[1])) * np.cos(angle) + (y - rng.uniform(0, shape[0])) * np.sin(
        angle
    )
    shade = rng.uniform(0.4, 0.9)
    return (shade + (1 - shade) * np.clip(side / soft, 0, 1)).astype(np.float32)


def _seen(page: Float32, rng: np.random.Generator, height_: float) -> Float32:
    """Lens and sensor: low resolution, blur, noise."""
    height, width = page.shape
    if rng.random() < _COARSE:
        part = max(rng.uniform(0.4, 0.9), min(_READABLE / height_, 0.95))
        size = (max(8, round(width * part)), max(8, round(height * part)))
        page = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
        page = _noisy(page, rng)
        return np.asarray(cv2.resize(page, (width, height), interpolation=cv2.INTER_LINEAR))
    if rng.random() < _BLURRED:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, min(1.6, 0.05 * height_)))
    return _noisy(page, rng)


def _noisy(page: Float32, rng: np.random.Generator) -> Float32:
    if rng.random() < _NOISY:
        page = page + rng.standard_normal(page.shape, np.float32) * np.float32(rng.gamma(1.5, 3.0))
    return page
