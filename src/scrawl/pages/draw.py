"""Draws what was read over the picture. With Pillow, so that no extra is needed."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scrawl.pages.reading import Digit, Reading

SURE = "#1d6fd1"
UNSURE = "#d3261b"
MARK = "#7a7a7a"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_LARGEST = 4000  # long side of a drawing; larger pictures are shrunk
_SMALLEST = 900  # and up to this, small ones are enlarged, so that the labels can be read
_SHOWN = 1000  # long side in a notebook


def draw(reading: Reading) -> Image.Image:
    """Draws boxes and answers over the picture.

    A sure digit has a blue box with the digit above it; an uncertain one a red box with the digit
    and a question mark above it, the confidence below; a mark a grey box.

    Args:
        reading: What was read.

    Returns:
        The picture in colour, small ones enlarged, very large ones shrunk.
    """
    width, height = reading.size
    long = max(width, height)
    scale = min(_LARGEST / long, 1.0) if long > _SMALLEST else min(_SMALLEST / long, 8.0)
    image = Image.fromarray(reading.image).convert("RGB")
    image = image.resize((max(1, round(width * scale)), max(1, round(height * scale))))
    digits = list(reading.digits)
    tall = [digit.box[3] - digit.box[1] for digit in digits]
    size = float(np.clip(0.4 * scale * float(np.median(tall)), 9, 60)) if tall else 12.0
    margin = round(1.3 * size)  # the labels of the first line stand above the picture
    sheet = Image.new("RGB", (image.width, image.height + margin), "white")
    sheet.paste(image, (0, margin))
    pen = ImageDraw.Draw(sheet)
    fonts = ImageFont.load_default(size), ImageFont.load_default(0.6 * size)
    line = max(1, round(size / 10))
    for row in reading.lines:
        for mark in row.marks:
            pen.rectangle(_scaled(mark.box, scale, margin), outline=MARK, width=line)
        for digit in row.digits:
            _digit(pen, digit, _scaled(digit.box, scale, margin), fonts, line)
    return sheet


def _digit(
    pen: ImageDraw.ImageDraw,
    digit: Digit,
    box: tuple[float, float, float, float],
    fonts: tuple[Font, Font],
    line: int,
) -> None:
    font, small = fonts
    colour = UNSURE if digit.uncertain else SURE
    pen.rectangle(box, outline=colour, width=line + digit.uncertain)
    label = f"{digit.digit}?" if digit.uncertain else str(digit.digit)
    pen.text((box[0], box[1] - line), label, colour, font, anchor="lb")
    if digit.uncertain:  # below, where no other digit's label stands
        pen.text((box[0], box[3] + 2 * line), f"{digit.confidence:.0%}", colour, small, anchor="lt")


def _scaled(
    box: tuple[int, int, int, int], scale: float, margin: int
) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (value * scale for value in box)
    return x0, y0 + margin, max(x1, x0 + 1), max(y1, y0 + 1) + margin


def png(reading: Reading) -> bytes:
    """The drawing as a PNG of a size for a notebook."""
    image = draw(reading)
    image.thumbnail((_SHOWN, _SHOWN))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
