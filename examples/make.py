"""Makes the pictures below this folder: digits by hand on the papers that people photograph.

    python examples/make.py

The digits are one of us writing, taken down as points of pen strokes; the papers are drawn here.
None of it was trained on. ``digits/scribble.jpg`` is no digit.
"""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl.training.synthesis.strokes import stroke_bases

HERE = Path(__file__).parent
Picture = NDArray[np.float32]  # (H, W, 3) RGB, 0 to 255
Ink = NDArray[np.float32]  # (H, W), 0 to 1
Colour = tuple[int, int, int]
Point = tuple[float, float]  # down and across, as shares of the sheet


HAND = (
    "55,5 25,15 12,50 25,88 55,96 82,70 85,35 68,10 48,4",
    "35,28 58,5! 56,96",
    "15,28 30,8 58,6 74,26 62,52 35,78 12,95! 45,90 84,94",
    "18,14 45,4 70,18 60,40 38,48! 66,54 76,76 54,96 16,90",
    "48,6 14,62! 84,60|66,30 60,98",
    "70,8 32,8! 26,46! 52,40 76,58 70,86 42,97 14,88",
    "66,6 34,34 20,68 34,94 62,92 70,70 50,56 24,66",
    "14,12 50,10 82,8! 58,50 40,98|34,54 74,50",
    "66,20 44,5 24,20 38,42 64,62 66,86 42,97 20,82 32,58 58,40 67,20",
    "70,26 50,8 26,20 26,44 50,52 68,36 71,24! 66,60 56,96",
)
"""Each digit's strokes: points on a sheet of 100×100, ``!`` a corner, ``|`` the pen lifted."""


def handwriting(digit: int, height: int, width: int, size: int, at: Point, pen: float) -> Ink:
    """A digit ``size`` pixels high on a sheet, its middle at ``at``, the pen so many wide."""
    points, curves = stroke_bases(HAND[digit])
    sheet = np.zeros((height, width), np.uint8)
    for curve in curves:
        line = (curve @ points - 50) * size / 100 + (at[1] * width, at[0] * height)
        for start, end in pairwise(np.round(line * 16).astype(int)):
            cv2.line(sheet, start, end, 255, round(pen), cv2.LINE_AA, shift=4)
    return cv2.GaussianBlur(sheet.astype(np.float32) / 255, (0, 0), 0.8).astype(np.float32)


def number(text: str, size: int, pen: float, rng: np.random.Generator) -> Ink:
    """Digits in a row, no two alike, with points and dashes between them; cropped to its sheet."""
    step = 0.66 * size
    sheet = np.zeros((round(1.5 * size), round(step * len(text) + 0.8 * size)), np.uint8)
    x = 0.55 * size
    for character in text:
        if character.isdigit():
            points, curves = stroke_bases(HAND[int(character)])
            points = points + rng.normal(0, 2.2, points.shape)
            lines = [(curve @ points - 50) * size / 100 for curve in curves]
            width = step * rng.uniform(0.96, 1.08)
        else:
            dash = [(-20, -5), (20, -8)] if character == "-" else [(-30, 45), (-30, 46)]
            lines, width = [np.array(dash, float) * size / 100], 0.35 * size
        drift = rng.normal(0, 0.03 * size)
        for line in lines:
            sloped = line @ np.array([[1, 0], [-0.12, 1]]) + (x, 0.75 * size + drift)
            cv2.polylines(sheet, [np.round(sloped * 16).astype(int)], False, 255, round(pen), 16, 4)
        x += width
    return cv2.GaussianBlur(sheet.astype(np.float32) / 255, (0, 0), 0.8).astype(np.float32)


def placed(ink: Ink, sheet: Picture, at: Point, turn: float = 0.0) -> Ink:
    """Ink on an empty sheet, its middle at ``at``, turned by so many degrees."""
    height, width = sheet.shape[:2]
    move = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), turn, 1)
    move[:, 2] += at[1] * width - ink.shape[1] / 2, at[0] * height - ink.shape[0] / 2
    return cv2.warpAffine(ink, move, (width, height)).astype(np.float32)


def guilloche(sheet: Picture, colour: Colour) -> Picture:
    """The waves of a cheque's paper."""
    rows, columns = np.indices(sheet.shape[:2])
    waves = np.sin((rows + 9 * np.sin(columns / 37)) / 2.4) > 0.55
    sheet[waves] = 0.75 * sheet[waves] + 0.25 * np.array(colour, np.float32)
    return sheet


def numbers(rng: np.random.Generator) -> dict[str, tuple[str, Picture]]:
    """File name to text and picture: an amount, a note, a canvas, a form with a digit a cell."""
    cheque = guilloche(paper(150, 520, (214, 222, 210), rng), (120, 140, 150))
    cheque[128:130] = (90, 90, 100)
    amount = placed(number("16.480-", 84, 5, rng), cheque, (0.48, 0.45))
    made = {"amount.jpg": ("16480", write(cheque, amount, (34, 36, 60)))}
    note = shade(ruled(paper(700, 900, (250, 249, 244), rng), 60, (170, 190, 220)), 0.9, 0.5)
    for row, (text, at) in enumerate((("20731", (0.36, 0.42)), ("95 846", (0.62, 0.46)))):
        ink = placed(number(text, 96 - 6 * row, 7, rng), note, at, turn=-4)
        note = write(note, ink, (40, 44, 66))
    made["note.jpg"] = ("20731|95846", note)
    canvas = np.zeros((200, 560, 3), np.float32)
    drawn = placed(number("2026", 130, 15, rng), canvas, (0.5, 0.5))
    made["canvas.png"] = ("2026", write(canvas, drawn, (255, 255, 255)))
    form, rows = paper(420, 660, (250, 250, 248), rng), []
    for row in range(4):
        rows.append("".join(map(str, rng.integers(0, 10, 7).tolist())))
        for column, character in enumerate(rows[-1]):
            left, top = 15 + 90 * column, 10 + 100 * row
            cv2.rectangle(form, (left, top), (left + 90, top + 100), (70, 70, 80), 2)
            ink = number(character, 58, 4, rng)
            middle = (top + 50) / 420, (left + 45 + rng.normal(0, 4)) / 660
            form = write(form, placed(ink, form, middle), (30, 40, 110))
    made["form.png"] = ("|".join(rows), form)
    return made


def paper(height: int, width: int, colour: Colour, rng: np.random.Generator) -> Picture:
    """A sheet with the grain of a camera."""
    sheet = np.full((height, width, 3), colour, np.float32)
    return sheet + rng.normal(0, 2.5, (height, width, 1)).astype(np.float32)


def write(sheet: Picture, ink: Ink, colour: Colour) -> Picture:
    """Lays ink of a colour on a sheet."""
    share = ink[..., None]
    return sheet * (1 - share) + np.array(colour, np.float32) * share


def shade(sheet: Picture, angle: float, depth: float) -> Picture:
    """Light that falls off across the sheet."""
    rows, columns = np.indices(sheet.shape[:2]) / max(sheet.shape[:2])
    fall = 1 - depth * (np.cos(angle) * columns + np.sin(angle) * rows)
    return sheet * fall[..., None].astype(np.float32)


def ruled(sheet: Picture, step: int, colour: Colour, squares: bool = False) -> Picture:
    """Rules every ``step`` pixels, in both directions for squares."""
    sheet[step // 2 :: step] = colour
    sheet[step // 2 + 1 :: step] = colour
    if squares:
        sheet[:, step // 2 :: step] = colour
    return sheet


def pictures(rng: np.random.Generator) -> dict[str, tuple[int, Picture]]:
    """File name to label and picture."""
    white, board = (250, 250, 248), (38, 52, 46)
    shadow = shade(paper(600, 800, white, rng), 0.6, 0.55)
    notebook = ruled(paper(500, 500, (235, 238, 242), rng), 44, (150, 175, 215))
    squared = ruled(paper(480, 640, white, rng), 30, (185, 205, 190), squares=True)
    sticky = shade(paper(400, 400, (247, 224, 98), rng), 2.2, 0.2)
    desk = paper(600, 600, (70, 48, 34), rng)
    desk[90:520, 120:500] = paper(430, 380, white, rng)
    canvas = np.zeros((280, 280, 3), np.float32)
    scan = paper(700, 500, (255, 255, 255), rng)
    envelope = shade(paper(420, 600, (206, 178, 140), rng), 1.0, 0.3)
    form = paper(300, 260, white, rng)
    cv2.rectangle(form, (30, 40), (230, 270), (60, 60, 60), 3)
    chalk = paper(480, 480, board, rng)
    drawn = (
        ("0-shadow.jpg", shadow, 260, (0.55, 0.35), 14, (52, 50, 56)),
        ("1-notebook.jpg", notebook, 200, (0.5, 0.55), 7, (38, 48, 120)),
        ("2-squared.jpg", squared, 170, (0.45, 0.6), 6, (25, 55, 150)),
        ("3-sticky.jpg", sticky, 240, (0.5, 0.5), 22, (170, 40, 45)),
        ("4-desk.jpg", desk, 220, (0.5, 0.5), 9, (40, 40, 44)),
        ("5-canvas.png", canvas, 220, (0.5, 0.5), 18, (255, 255, 255)),
        ("6-small.webp", scan, 60, (0.15, 0.8), 2, (120, 120, 125)),
        ("7-envelope.jpg", envelope, 230, (0.5, 0.4), 12, (30, 60, 48)),
        ("8-box.png", form, 150, (0.52, 0.5), 8, (20, 20, 60)),
        ("9-chalk.jpg", chalk, 300, (0.5, 0.5), 16, (214, 220, 214)),
    )
    made = {}
    for digit, (name, sheet, size, at, pen, colour) in enumerate(drawn):
        ink = handwriting(digit, sheet.shape[0], sheet.shape[1], size, at, pen)
        made[name] = (digit, write(sheet, ink, colour))
    return made


def scribble(rng: np.random.Generator) -> Picture:
    """A pen that wanders."""
    sheet = paper(360, 480, (244, 236, 214), rng)
    steps = np.cumsum(rng.normal(0, 1, (90, 2)), axis=0)
    steps = cv2.GaussianBlur(steps.astype(np.float32), (1, 9), 0)
    span = np.ptp(steps, axis=0)
    points = (steps - steps.min(axis=0)) / span * (300, 220) + (90, 70)
    cv2.polylines(sheet, [points.astype(np.int32)], False, (40, 44, 90), 5, cv2.LINE_AA)
    return sheet


def main() -> None:
    """Writes the pictures, and ``labels.csv`` for those of one digit and those of numbers."""
    rng = np.random.default_rng(0)
    digits, whole = HERE / "digits", HERE / "numbers"
    made = pictures(rng)
    for name, (_, picture) in made.items():
        save(digits / name, picture)
    save(digits / "scribble.jpg", scribble(rng))
    table(digits, "label", {name: str(label) for name, (label, _) in made.items()})
    written = numbers(rng)
    for name, (_, picture) in written.items():
        save(whole / name, picture)
    table(whole, "text", {name: text for name, (text, _) in written.items()})


def table(folder: Path, column: str, rows: dict[str, str]) -> None:
    """Writes ``labels.csv``: file, and what it shows."""
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", column])
        writer.writerows(rows.items())


def save(path: Path, picture: Picture) -> None:
    """Writes a picture in the format of its suffix."""
    bgr = cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8), cv2.COLOR_RGB2BGR)
    quality = {".jpg": [cv2.IMWRITE_JPEG_QUALITY, 82], ".webp": [cv2.IMWRITE_WEBP_QUALITY, 82]}
    cv2.imwrite(str(path), bgr, quality.get(path.suffix, []))


if __name__ == "__main__":
    main()
