"""Draws a form's fields over the straightened scan. With Pillow, so that any name can be shown."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scrawl.arrays import Float64
from scrawl.drawing import FAINT, SURE, UNCERTAIN
from scrawl.forms.form import Form
from scrawl.forms.reading import FieldReading, FormReading
from scrawl.forms.samples import project
from scrawl.pixels import shrink

_LONGEST = 2400  # long side of a drawing
_SMALLEST = 1000  # and up to this, small ones are enlarged, so that the labels can be read
_FADED = 0.5  # how dark the scan is left, so that what is drawn shows


def draw(form: Form, reading: FormReading, *, names: bool = False) -> Image.Image:
    """Draws the fields over the page, made straight.

    A field that was read has a blue outline with its text, a doubtful one a red outline with text
    and confidence, a blank one a grey outline.

    Args:
        form: The form.
        reading: What was read or located.
        names: Whether to draw the fields' names, not what was read in them.

    Returns:
        The page in colour, its long side between 1000 and 2400 pixels.
    """
    scale = float(np.clip(max(reading.image.shape), _SMALLEST, _LONGEST)) / max(form.page)
    to_drawing = np.diag([scale, scale, 1.0]) @ reading.to_page
    image = _straight(form, reading, to_drawing, scale)
    pen = ImageDraw.Draw(image)
    fields = {item.name: item for item in reading.fields}
    for region in form.regions:
        for i, name in enumerate(region.names):
            corners = project(np.array(fields[name].corners), to_drawing)
            if not names:
                _read(pen, fields[name], corners)
                continue
            _outline(pen, corners, SURE)
            row, column = divmod(i, region.columns)
            label = f"r{row + 1} c{column + 1}" if region.grid else name
            _text(pen, corners[0] + 2, label, SURE, 0.32 * _short(corners), _long(corners))
        if names and region.grid:
            corners = project(np.array(fields[region.names[0]].corners), to_drawing)
            size = float(np.clip(0.6 * _short(corners), 14, 40))
            _text(pen, corners[0] - (0, 1.3 * size), region.name, UNCERTAIN, size)
    return image


def _straight(form: Form, reading: FormReading, to_drawing: Float64, scale: float) -> Image.Image:
    small = shrink(reading.image, _LONGEST)
    sx, sy = (reading.image.shape[i] / small.shape[i] for i in (1, 0))
    to_scan = np.array([[sx, 0, (sx - 1) / 2], [0, sy, (sy - 1) / 2], [0, 0, 1]])
    size = (max(1, round(form.page[0] * scale)), max(1, round(form.page[1] * scale)))
    flat = cv2.warpPerspective(small, to_drawing @ to_scan, size, borderValue=200)
    pale = 255 - _FADED * (255 - flat.astype(np.float32))
    return Image.fromarray(pale.astype(np.uint8)).convert("RGB")


def _read(pen: ImageDraw.ImageDraw, item: FieldReading, corners: Float64) -> None:
    colour = UNCERTAIN if item.uncertain else FAINT if item.blank else SURE
    _outline(pen, corners, colour)
    text = f"{item.text or 'blank'} {item.confidence:.0%}" if item.uncertain else item.text
    size = float(np.clip(0.32 * _short(corners), 9, 40))
    _text(pen, corners[0] + 2, text, colour, size)


def _outline(pen: ImageDraw.ImageDraw, corners: Float64, colour: str) -> None:
    width = 3 if colour == UNCERTAIN else 1
    points = [(float(x), float(y)) for x, y in corners]
    pen.line([*points, points[0]], fill=colour, width=width)


def _text(
    pen: ImageDraw.ImageDraw,
    at: Float64,
    text: str,
    colour: str,
    size: float,
    room: float | None = None,
) -> None:
    """Writes a label; one that has to fit into some room is made as small as that takes."""
    font = ImageFont.load_default(max(7.0, size))
    if room is not None and pen.textlength(text, font) > room - 4:
        font = ImageFont.load_default(max(7.0, size * (room - 4) / pen.textlength(text, font)))
    pen.text((float(at[0]), float(at[1])), text, fill=colour, font=font)


def _short(corners: Float64) -> float:
    return float(np.linalg.norm(corners[3] - corners[0]))


def _long(corners: Float64) -> float:
    return float(np.linalg.norm(corners[1] - corners[0]))
