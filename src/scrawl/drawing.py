"""Colours, pens and labels of every picture that scrawl draws.

With Pillow, so that an installation that only reads can draw. What is drawn comes as images, boxes
and labels: nothing here knows what a reading is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scrawl.arrays import Box, FloatBox, Floats, UInt8
from scrawl.errors import InputError
from scrawl.files import writing

SURE = "#1d6fd1"
UNCERTAIN = "#d3261b"
FAINT = "#7a7a7a"
TEXT = "#1c1c1c"

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
"""How the name of a drawing may end."""

_LARGEST = 4000  # long side of a drawing; larger pictures are shrunk
_SMALLEST = 900  # and up to this, small ones are enlarged, so that the labels can be read
_MOST = 8.0  # times that a small one is enlarged
_LABEL = 0.4  # of the median height of what is framed
_READABLE = 7.0  # least height of a label, in pixels
_SHOWN = 1000  # long side in a notebook

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Row(NamedTuple):
    """What is framed.

    Attributes:
        box: Where it is.
        label: What stands above it; None for what is framed faintly and not named.
        uncertain: Whether a person should look at it.
        note: What stands below it, such as how uncertain it is.
    """

    box: Box
    label: str | None = None
    uncertain: bool = False
    note: str = ""


def annotate(picture: UInt8, rows: Sequence[Row]) -> Image.Image:
    """Draws frames and labels over a picture.

    What is sure has a blue frame with its label above it; what is uncertain a red one, a question
    mark after the label and the note below it; what has no label a grey one.

    Args:
        picture: uint8, shape ``(H, W)`` or ``(H, W, 3)``.
        rows: What to frame; what comes later lies above.

    Returns:
        The picture in colour, small ones enlarged, very large ones shrunk.
    """
    height, width = picture.shape[:2]
    long = max(width, height)
    scale = min(_LARGEST / long, 1.0) if long > _SMALLEST else min(_SMALLEST / long, _MOST)
    image = Image.fromarray(picture).convert("RGB")
    image = image.resize((max(1, round(width * scale)), max(1, round(height * scale))))
    tall = [row.box[3] - row.box[1] for row in rows if row.label is not None]
    size = float(np.clip(_LABEL * scale * float(np.median(tall)), 9, 60)) if tall else 12.0
    margin = round(1.3 * size)  # the labels of the first line stand above the picture
    sheet = Image.new("RGB", (image.width, image.height + margin), "white")
    sheet.paste(image, (0, margin))
    pen = ImageDraw.Draw(sheet)
    for row in rows:
        _frame(pen, row, _scaled(row.box, scale, margin), size)
    return sheet


def _frame(pen: ImageDraw.ImageDraw, row: Row, box: FloatBox, size: float) -> None:
    line = max(1, round(size / 10))
    if row.label is None:
        pen.rectangle(box, outline=FAINT, width=line)
        return
    colour = UNCERTAIN if row.uncertain else SURE
    pen.rectangle(box, outline=colour, width=line + row.uncertain)
    text = f"{row.label}?" if row.uncertain else row.label
    label(pen, (box[0], box[1] - line), text, colour, size, "lb")
    if row.note:  # below, where no other label stands
        label(pen, (box[0], box[3] + 2 * line), row.note, colour, 0.6 * size, "lt")


def _scaled(box: Box, scale: float, margin: int) -> FloatBox:
    x0, y0, x1, y1 = (value * scale for value in box)
    return x0, y0 + margin, max(x1, x0 + 1), max(y1, y0 + 1) + margin


def outline(pen: ImageDraw.ImageDraw, corners: Floats, colour: str, width: int = 1) -> None:
    """Draws a closed line through corners, shape ``(n, 2)``."""
    points = [(float(x), float(y)) for x, y in corners]
    pen.line([*points, points[0]], fill=colour, width=width)


def label(
    pen: ImageDraw.ImageDraw,
    at: Sequence[float] | Floats,
    text: str,
    colour: str,
    size: float,
    anchor: str = "la",
    room: float | None = None,
) -> None:
    """Writes a label; one that has to fit into some room is made as small as that takes.

    Args:
        pen: What to write with.
        at: Where, in pixels.
        text: What to write.
        colour: Its colour.
        size: Its height in pixels.
        anchor: Which point of the text is there, as Pillow names it.
        room: The width that it has to fit into, in pixels; None for any.
    """
    size = max(_READABLE, size)
    if room is not None:
        wide = pen.textlength(text, font(size)) + 4
        size = max(_READABLE, size * min(1.0, room / wide))
    pen.text((float(at[0]), float(at[1])), text, colour, font(size), anchor=anchor)


def font(size: float) -> Font:
    """The font of all labels, ``size`` in pixels."""
    return ImageFont.load_default(size)


def png(image: Image.Image, longest: int = _SHOWN) -> bytes:
    """A drawing as a PNG whose long side is at most so many pixels, as a notebook shows it."""
    image.thumbnail((longest, longest))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def check_suffix(path: Path) -> None:
    """Refuses a name that `save` has no format for, before anything is read.

    Raises:
        InputError: It ends as no drawing's does.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path}: expected a name that ends in .png, .jpg or .webp")


def save(image: Image.Image, path: Path) -> None:
    """Writes a drawing, in the format that its name says.

    Raises:
        InputError: It cannot be written, or its name ends as no drawing's does.
    """
    check_suffix(path)
    with writing(path) as aside:
        image.save(aside)
