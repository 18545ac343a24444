"""Shows why a picture was read so: the ink found, what the network saw, which ink mattered.

All of it from arrays: which model read a picture, and how, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from scrawl.arrays import Box, Float32, UInt8
from scrawl.drawing import FAINT, SURE, TEXT, UNCERTAIN, font, png

Pixels = TypeVar("Pixels", UInt8, Float32)

PATCH = 5
"""Side in pixels of the square that is covered; about the width of two strokes."""

PANEL = 280
MARGIN = 24
TITLE = 34
_LEAST = 1e-9  # the least probability, so that each has a logarithm


def occlusion(probabilities: Callable[[UInt8], Float32], image: UInt8) -> Float32:
    """How much each pixel's ink speaks for the answer.

    Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks": a square is
    made paper everywhere in turn, and the fall of the answer's log probability is shared out
    among the pixels it covers.

    Args:
        probabilities: The model: from images, uint8 of shape ``(n, 28, 28)``, to the probability
            of each digit, shape ``(n, digits)``.
        image: uint8, shape ``(28, 28)``, a normalised digit.

    Returns:
        float32, shape ``(28, 28)``: positive where the ink speaks for the answer, negative where it
        speaks against it, 0 on paper.
    """
    reach = range(1 - PATCH, len(image))
    corners = [(y, x) for y in reach for x in reach if _patch(image, y, x).any()]  # else no change
    batch = np.repeat(image[None], len(corners) + 1, axis=0)
    for row, (y, x) in enumerate(corners):
        _patch(batch[row], y, x)[:] = 0
    logs = np.log(np.maximum(probabilities(batch), _LEAST))
    answer = int(logs[-1].argmax())
    falls = logs[-1, answer] - logs[:-1, answer]
    total = np.zeros(image.shape, np.float32)
    for (y, x), fall in zip(corners, falls, strict=True):
        _patch(total, y, x)[:] += fall
    return (total / PATCH**2 * (image / np.float32(255))).astype(np.float32)


def _patch(pixels: Pixels, y: int, x: int) -> Pixels:
    return pixels[max(y, 0) : y + PATCH, max(x, 0) : x + PATCH]


def explain(
    picture: UInt8,
    box: Box | None,
    image: UInt8,
    weights: Float32,
    probabilities: Float32,
    names: Sequence[str],
    verdict: str,
) -> Image.Image:
    """One image that shows how a picture was read.

    Args:
        picture: uint8, shape ``(H, W)`` or ``(H, W, 3)``, as ``scrawl.images.load`` gives it.
        box: The ink found, in pixels of the picture; None where there is none.
        image: uint8, shape ``(28, 28)``: what the network saw.
        weights: float32, shape ``(28, 28)``, as `occlusion` gives it.
        probabilities: float32, shape ``(n,)``: of each digit.
        names: What each of them is called.
        verdict: The answer in words.

    Returns:
        An RGB image: the picture with the ink found framed, the 28×28 that the network saw, which
        ink mattered, the probabilities.
    """
    panels = {
        "the ink found": _framed(picture, box),
        "what the network saw": _enlarged(255 - image),
        "which ink mattered": _enlarged(_heat(image, weights)),
        verdict: _bars(probabilities, names),
    }
    return _side_by_side(panels)


def summary(image: UInt8, probabilities: Float32, names: Sequence[str], verdict: str) -> bytes:
    """What a notebook shows of a digit, as PNG: what the network saw and the probabilities."""
    panels = {
        "what the network saw": _enlarged(255 - image),
        verdict: _bars(probabilities, names),
    }
    return png(_side_by_side(panels))


def _side_by_side(panels: dict[str, Image.Image]) -> Image.Image:
    size = (MARGIN + len(panels) * (PANEL + MARGIN), PANEL + TITLE + MARGIN)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for index, (title, panel) in enumerate(panels.items()):
        left = MARGIN + index * (PANEL + MARGIN)
        draw.text((left, 9), title, TEXT, font(17))
        sheet.paste(panel, (left, TITLE))
    return sheet


def _framed(picture: UInt8, box: Box | None) -> Image.Image:
    """The picture, as large as the panel, with a frame around the ink."""
    image = Image.fromarray(picture).convert("RGB")
    scale = PANEL / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    image = image.resize((size[0], size[1]), Image.Resampling.LANCZOS if scale < 1 else 0)
    panel = Image.new("RGB", (PANEL, PANEL), "#f2f2f2")
    left, top = (PANEL - size[0]) // 2, (PANEL - size[1]) // 2
    panel.paste(image, (left, top))
    if box is not None:
        x0, y0, x1, y1 = (side * scale for side in box)
        frame = (left + x0 - 3, top + y0 - 3, left + x1 + 2, top + y1 + 2)
        ImageDraw.Draw(panel).rectangle(frame, outline=UNCERTAIN, width=2)
    return panel


def _enlarged(pixels: UInt8) -> Image.Image:
    image = Image.fromarray(pixels).convert("RGB")
    return image.resize((PANEL, PANEL), Image.Resampling.NEAREST)


def _heat(image: UInt8, weight: Float32) -> UInt8:
    """Ink in grey, red where it speaks for the answer and blue where it speaks against it."""
    strength = (np.abs(weight) / max(float(np.abs(weight).max()), 1e-6))[..., None]
    paper = np.array([255, 255, 255], np.float32)
    colour = np.where(weight[..., None] > 0, ImageColor.getrgb(UNCERTAIN), ImageColor.getrgb(SURE))
    ink = 190 * (1 - strength) + colour * strength
    share = (image / np.float32(255))[..., None]
    return (paper * (1 - share) + ink * share).astype(np.uint8)


def _bars(probabilities: Float32, names: Sequence[str]) -> Image.Image:
    """A bar for each probability, the most probable in red."""
    panel = Image.new("RGB", (PANEL, PANEL), "white")
    draw = ImageDraw.Draw(panel)
    step = PANEL / len(names)
    best = int(probabilities.argmax()) if probabilities.any() else -1
    for row, (name, probability) in enumerate(zip(names, probabilities.tolist(), strict=True)):
        top = row * step
        draw.text((0, top + 5), name, TEXT, font(15))
        width = round(probability * (PANEL - 90))
        colour = UNCERTAIN if row == best else SURE
        draw.rectangle((20, top + 5, 20 + max(width, 1), top + step - 5), fill=colour)
        share = f"{probability:.1%}"
        draw.text((PANEL - 62, top + 5), share, TEXT if row == best else FAINT, font(15))
    return panel
