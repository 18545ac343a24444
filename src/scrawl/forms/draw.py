"""Draws a form's fields over the straightened scan."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scrawl.arrays import Float64, UInt8
from scrawl.drawing import FAINT, SURE, UNCERTAIN, label, outline
from scrawl.forms.form import Form, Region
from scrawl.forms.reading import FieldReading, FormReading
from scrawl.forms.samples import project
from scrawl.pixels import shrink

_LONGEST = 2400  # long side of a drawing
_SMALLEST = 1000  # and up to this, small ones are enlarged, so that the labels can be read
_FADED = 0.5  # how dark the scan is left, so that what is drawn shows
_TEXT = 0.32  # height of a label, of its field's
_TITLE = 0.6  # height of a grid's name, of a cell's


def draw(form: Form, reading: FormReading, *, names: bool = False) -> Image.Image:
    """Draws the fields over the page, made straight.

    A field that was read has a blue outline with its text, an uncertain one a red outline with
    text and confidence, a blank one a grey outline.

    Args:
        form: The form.
        reading: What was read or located; one without its picture is drawn on white.
        names: Whether to draw the fields' names, not what was read in them.

    Returns:
        The page in colour, its long side between 1000 and 2400 pixels.
    """
    side = _LONGEST if reading.image is None else max(reading.image.shape)
    scale = float(np.clip(side, _SMALLEST, _LONGEST)) / max(form.page)
    size = max(1, round(form.page[0] * scale)), max(1, round(form.page[1] * scale))
    to_drawing = np.diag([scale, scale, 1.0]) @ reading.to_page
    if reading.image is None:
        image = Image.new("RGB", size, "white")
    else:
        image = _straight(reading.image, to_drawing, size)
    pen = ImageDraw.Draw(image)
    places = {f.name: project(np.array(f.corners), to_drawing) for f in reading.fields}
    if names:
        for region in form.regions:
            _names(pen, region, [places[name] for name in region.names])
    else:
        for item in reading.fields:
            _read(pen, item, places[item.name])
    return image


def _straight(scan: UInt8, to_drawing: Float64, size: tuple[int, int]) -> Image.Image:
    small = shrink(scan, _LONGEST)
    sx, sy = (scan.shape[i] / small.shape[i] for i in (1, 0))
    to_scan = np.array([[sx, 0, (sx - 1) / 2], [0, sy, (sy - 1) / 2], [0, 0, 1]])
    flat = cv2.warpPerspective(small, to_drawing @ to_scan, size, borderValue=200)
    pale = 255 - _FADED * (255 - flat.astype(np.float32))
    return Image.fromarray(pale.astype(np.uint8)).convert("RGB")


def _names(pen: ImageDraw.ImageDraw, region: Region, places: list[Float64]) -> None:
    """The names of a region's fields, and above a grid its own."""
    for i, corners in enumerate(places):
        outline(pen, corners, SURE)
        row, column = divmod(i, region.columns)
        name = f"r{row + 1} c{column + 1}" if region.grid else region.name
        label(pen, corners[0] + 2, name, SURE, _TEXT * _height(corners), room=_width(corners))
    if region.grid:
        size = float(np.clip(_TITLE * _height(places[0]), 14, 40))
        label(pen, places[0][0] - (0, 1.3 * size), region.name, UNCERTAIN, size)


def _read(pen: ImageDraw.ImageDraw, item: FieldReading, corners: Float64) -> None:
    colour = UNCERTAIN if item.uncertain else FAINT if item.blank else SURE
    outline(pen, corners, colour, 3 if item.uncertain else 1)
    text = f"{item.text or 'blank'} {item.confidence:.0%}" if item.uncertain else item.text
    size = float(np.clip(_TEXT * _height(corners), 9, 40))
    label(pen, corners[0] + 2, text, colour, size)


def _height(corners: Float64) -> float:
    return float(np.linalg.norm(corners[3] - corners[0]))


def _width(corners: Float64) -> float:
    return float(np.linalg.norm(corners[1] - corners[0]))
