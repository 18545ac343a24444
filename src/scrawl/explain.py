"""Shows why a picture was read so: the ink found, what the network saw, which ink mattered.

Drawn with Pillow, so that an installation that only reads can explain too.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from scrawl.recogniser import Prediction, Recogniser

PATCH = 5
"""Side in pixels of the square that is covered; about the width of two strokes."""

PANEL = 280
MARGIN = 24
TITLE = 34
INK = "#1c1c1c"
GREY = "#8a8a8a"
ACCENT = "#c8372d"
BAR = "#3b6ea8"


def occlusion(recogniser: Recogniser, image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much each pixel's ink speaks for the answer.

    Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks": a square is
    made paper everywhere in turn, and the fall of the answer's log probability is shared out
    among the pixels it covers.

    Args:
        recogniser: The model.
        image: uint8, shape ``(28, 28)``, a normalised digit.

    Returns:
        float32, shape ``(28, 28)``: positive where the ink speaks for the answer, negative where it
        speaks against it, 0 on paper.
    """
    size = len(image)
    corners = [(y, x) for y in range(1 - PATCH, size) for x in range(1 - PATCH, size)]
    batch = np.repeat(image[None], len(corners) + 1, axis=0)
    for row, (y, x) in enumerate(corners):
        batch[row, max(y, 0) : y + PATCH, max(x, 0) : x + PATCH] = 0
    logs = np.log(np.maximum(recogniser.probabilities(batch)[:, :10], 1e-9))
    answer = int(logs[-1].argmax())
    falls = logs[-1, answer] - logs[:-1, answer]
    total = np.zeros(image.shape, np.float32)
    for (y, x), fall in zip(corners, falls, strict=True):
        total[max(y, 0) : y + PATCH, max(x, 0) : x + PATCH] += fall
    return (total / PATCH**2 * (image / np.float32(255))).astype(np.float32)


def explain(
    picture: NDArray[np.uint8], prediction: Prediction, recogniser: Recogniser
) -> Image.Image:
    """One image that shows how a picture was read.

    Args:
        picture: uint8, shape ``(H, W)`` or ``(H, W, 3)``, as ``scrawl.images.load`` gives it.
        prediction: What was read from it.
        recogniser: The model that read it.

    Returns:
        An RGB image: the picture with the ink found framed, the 28×28 that the network saw, which
        ink mattered, the ten probabilities.
    """
    panels = {
        "the ink found": _framed(picture, prediction.box),
        "what the network saw": _enlarged(255 - prediction.image),
        "which ink mattered": _enlarged(
            _heat(prediction.image, occlusion(recogniser, prediction.image))
        ),
        _verdict(prediction): _bars(prediction),
    }
    return _side_by_side(panels)


def summary(prediction: Prediction) -> bytes:
    """What a notebook shows of a prediction, as PNG: what the network saw and the probabilities."""
    panels = {
        "what the network saw": _enlarged(255 - prediction.image),
        _verdict(prediction): _bars(prediction),
    }
    buffer = io.BytesIO()
    _side_by_side(panels).save(buffer, "PNG")
    return buffer.getvalue()


def _verdict(prediction: Prediction) -> str:
    if prediction.box is None:
        return "blank"
    if prediction.digit is None:
        return f"not a digit ({prediction.confidence:.1%})"
    return f"{prediction.digit} ({prediction.confidence:.1%})"


def _side_by_side(panels: dict[str, Image.Image]) -> Image.Image:
    size = (MARGIN + len(panels) * (PANEL + MARGIN), PANEL + TITLE + MARGIN)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for index, (title, panel) in enumerate(panels.items()):
        left = MARGIN + index * (PANEL + MARGIN)
        draw.text((left, 9), title, INK, ImageFont.load_default(17))
        sheet.paste(panel, (left, TITLE))
    return sheet


def _framed(picture: NDArray[np.uint8], box: tuple[int, int, int, int] | None) -> Image.Image:
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
        ImageDraw.Draw(panel).rectangle(frame, outline=ACCENT, width=2)
    return panel


def _enlarged(pixels: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(pixels).convert("RGB")
    return image.resize((PANEL, PANEL), Image.Resampling.NEAREST)


def _heat(image: NDArray[np.uint8], weight: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Ink in grey, red where it speaks for the answer and blue where it speaks against it."""
    strength = (np.abs(weight) / max(float(np.abs(weight).max()), 1e-6))[..., None]
    paper = np.array([255, 255, 255], np.float32)
    colour = np.where(weight[..., None] > 0, [200, 55, 45], [59, 110, 168])
    ink = 190 * (1 - strength) + colour * strength
    share = (image / np.float32(255))[..., None]
    return (paper * (1 - share) + ink * share).astype(np.uint8)


def _bars(prediction: Prediction) -> Image.Image:
    panel = Image.new("RGB", (PANEL, PANEL), "white")
    draw = ImageDraw.Draw(panel)
    font = ImageFont.load_default(15)
    step = PANEL / 10
    best = prediction.digit
    for digit, probability in enumerate(prediction.probabilities.tolist()):
        top = digit * step
        draw.text((0, top + 5), str(digit), INK, font)
        width = round(probability * (PANEL - 90))
        colour = ACCENT if digit == best else BAR
        draw.rectangle((20, top + 5, 20 + max(width, 1), top + step - 5), fill=colour)
        draw.text((PANEL - 62, top + 5), f"{probability:.1%}", INK if digit == best else GREY, font)
    return panel
