"""One picture of what each layer of a network makes of a digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from scrawl.arrays import Float32, Floats, UInt8
from scrawl.drawing import TEXT, font

_WIDTH = 1160
_MARGIN = 24
_TITLE = 30
_GAP = 4
_TILE = 56
"""About the side of a map in pixels: maps of few values are enlarged by whole numbers."""
_DIGIT = 112


def layers(image: UInt8, maps: Sequence[tuple[str, Float32]], verdict: str) -> Image.Image:
    """Draws a digit and, below it, the maps of each layer.

    Args:
        image: uint8, shape ``(H, W)``, 255 for ink: what the network saw.
        maps: A title a layer, and float32 of shape ``(maps, height, width)``: darker where a map
            answers more; each layer has its own scale.
        verdict: The answer in words.

    Returns:
        An RGB image as wide as a page.
    """
    panels = [("what the network saw", _tile(image / np.float32(image.max() or 1), _DIGIT))]
    panels += [(title, _sheet(layer)) for title, layer in maps]
    height = sum(panel.height + _TITLE + _MARGIN for _, panel in panels) + _TITLE + _MARGIN
    page = Image.new("RGB", (_WIDTH, height), "white")
    draw = ImageDraw.Draw(page)
    top = _MARGIN // 2
    for title, panel in panels:
        draw.text((_MARGIN, top), title, TEXT, font(17))
        page.paste(panel, (_MARGIN, top + _TITLE))
        top += panel.height + _TITLE + _MARGIN
    draw.text((_MARGIN, top), verdict, TEXT, font(17))
    return page


def _sheet(maps: Floats) -> Image.Image:
    """The maps of a layer in rows, on grey, so that a map of nothing is seen."""
    maps = np.maximum(maps, 0) / max(float(maps.max()), 1e-9)
    side = _TILE if maps.shape[1] > 1 else _TILE // 3
    tiles = [_tile(one, side) for one in maps]
    width, height = (size + _GAP for size in tiles[0].size)
    columns = (_WIDTH - 2 * _MARGIN) // width
    rows = -(-len(tiles) // columns)
    size = (min(columns, len(tiles)) * width + _GAP, rows * height + _GAP)
    sheet = Image.new("RGB", size, "#c8ccd4")
    for place, tile in enumerate(tiles):
        row, column = divmod(place, columns)
        sheet.paste(tile, (column * width + _GAP, row * height + _GAP))
    return sheet


def _tile(values: Floats, side: int) -> Image.Image:
    """Values in [0, 1], dark for 1, about ``side`` pixels wide."""
    scale = max(1, side // max(values.shape))
    pixels = np.rint(255 * (1 - values)).astype(np.uint8)
    return Image.fromarray(pixels.repeat(scale, 0).repeat(scale, 1)).convert("RGB")
