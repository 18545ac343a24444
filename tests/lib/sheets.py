"""Made sheets: forms drawn with OpenCV, filled with scikit-learn's digits, scanned and bent."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from sklearn.datasets import load_digits

from scrawl import DigitReader, preprocess
from scrawl.forms import Form, Region


@cache
def clear_digits() -> dict[int, list[np.ndarray]]:
    """Digits that the model reads alone beyond doubt: what is tested is the form around them."""
    data = load_digits()
    reader = DigitReader.load()
    found: dict[int, list[np.ndarray]] = {digit: [] for digit in range(10)}
    for image, digit in zip(data.images[:600], data.target[:600], strict=True):
        large = cv2.resize(np.pad(image, 1), (60, 60), interpolation=cv2.INTER_CUBIC)
        ink = np.clip((large - 5) / 4, 0, 1).astype(np.float32)
        [row] = reader.probabilities(preprocess.normalise(ink)[None])
        if row[digit] > 0.99:
            found[int(digit)].append(ink)
    return found


def values(form: Form, seed: int = 0, blanks: float = 0.0) -> dict[str, str]:
    """A random text for each field; a share of them empty."""
    rng = np.random.default_rng(seed)
    texts = {}
    for region in form.regions:
        for name in region.names:
            n = 1 if region.grid else region.columns if region.kind == "digit" else 3
            texts[name] = "".join(str(d) for d in rng.integers(0, 10, n))
            if rng.random() < blanks:
                texts[name] = ""
    return texts


def draw(
    form: Form,
    texts: dict[str, str],
    dpi: float = 200,
    ink: int = 60,
    rule: int = 0,
    thick: float = 0.3,
    ruled: bool = True,
    seed: int = 0,
) -> np.ndarray:
    """A scan of the form, uint8: light paper with a little noise, ruled lines, digits."""
    scale = dpi / 25.4 if form.unit == "mm" else 1.0
    w, h = (round(side * scale) for side in form.page)
    page = np.full((h, w), 245, np.uint8)
    rng = np.random.default_rng(seed)
    for region in form.regions:
        if ruled:
            _rule(page, region, scale, rule, max(1, round(thick * scale)))
        for i, text in enumerate(_cells(region, texts)):
            row, column = divmod(i, region.columns)
            _write(page, region, scale, row, column, text, ink, rng)
    noise = rng.normal(0, 2, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def _cells(region: Region, texts: dict[str, str]) -> list[str]:
    if region.grid:
        return [texts.get(name, "") for name in region.names]
    text = texts.get(region.name, "")
    return [text] if region.kind == "number" else list(text.rjust(region.columns))


def _rule(page: np.ndarray, region: Region, scale: float, grey: int, thick: int) -> None:
    x0, y0, x1, y1 = region.box
    for x in np.linspace(x0, x1, region.columns + 1):
        ends = (round(x * scale), round(y0 * scale)), (round(x * scale), round(y1 * scale))
        cv2.line(page, *ends, grey, thick)
    for y in np.linspace(y0, y1, region.rows + 1):
        ends = (round(x0 * scale), round(y * scale)), (round(x1 * scale), round(y * scale))
        cv2.line(page, *ends, grey, thick)


def _write(
    page: np.ndarray,
    region: Region,
    scale: float,
    row: int,
    column: int,
    text: str,
    ink: int,
    rng: np.random.Generator,
) -> None:
    width, height = (side * scale for side in region.cell)
    size = max(8, round(0.75 * min(width / max(len(text), 1), height)))
    left = region.box[0] * scale + column * width + (width - size * len(text)) / 2
    top = region.box[1] * scale + row * height + (height - size) / 2
    for i, digit in enumerate(text):
        if digit == " ":
            continue
        choices = clear_digits()[int(digit)]
        shape = choices[int(rng.integers(len(choices)))]
        strokes = cv2.resize(shape, (size, size), interpolation=cv2.INTER_AREA)
        x, y = round(left + i * size), round(top + rng.uniform(-0.05, 0.05) * size)
        window = page[y : y + size, x : x + size]
        window[:] = np.minimum(window, 245 - strokes * (245 - ink))


def turn(page: np.ndarray, degrees: float, scale: float = 1.0, shift: tuple[float, float] = (0, 0)):
    """The page turned about its middle, scaled and shifted, on a sheet of the same size."""
    h, w = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, scale)
    matrix[:, 2] += shift
    return cv2.warpAffine(page, matrix, (w, h), flags=cv2.INTER_AREA, borderValue=245)


def photograph(page: np.ndarray, slant: float = 0.08, table: int = 70) -> np.ndarray:
    """The page on a dark table, seen at an angle, its light falling off."""
    h, w = page.shape[:2]
    pad = round(0.08 * w)
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    seen = flat + pad
    seen[0] += (slant * w, 0.2 * slant * h)
    seen[1] -= (0.6 * slant * w, 0)
    seen[2] -= (0, 0.5 * slant * h)
    matrix = cv2.getPerspectiveTransform(flat, seen)
    size = (w + 2 * pad, h + 2 * pad)
    photo = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_AREA, borderValue=table)
    light = np.linspace(1.0, 0.75, size[0])[None] * np.linspace(1.0, 0.9, size[1])[:, None]
    return (photo * light).astype(np.uint8)


def bend(page: np.ndarray, sag: float) -> np.ndarray:
    """The page with its lines bent by up to ``sag`` pixels."""
    y, x = np.indices(page.shape, np.float32)
    arch = sag * np.sin(np.pi * x / page.shape[1])
    lean = 0.5 * sag * np.sin(np.pi * y / page.shape[0])
    return cv2.remap(
        page, x + lean.astype(np.float32), y + arch.astype(np.float32), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
