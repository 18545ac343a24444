"""Which frame of an animation is read: the last that adds ink, as where strokes appear."""

from __future__ import annotations

import numpy as np
from PIL import Image

from scrawl.arrays import UInt8
from scrawl.pixels import array_of, composite, grey, to_uint8

ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
"""Formats whose frames are moments of one picture; those of a TIFF are pages."""

MOST_FRAMES = 2_000
"""Frames that are looked at."""

_SIDE = 160  # long side in pixels at which the ink of frames is compared
_PALER = 32  # grey levels by which what is drawn differs from its ground, at least
_MORE = 0.0005  # of the picture: less than this of new ink is noise of the compression


def last_with_more_ink(image: Image.Image, most: int) -> int:
    """The frame after which nothing is added; 0 where no frame adds anything.

    Args:
        image: An animation.
        most: Pixels of all frames together, after which no more are looked at.
    """
    frames = min(image.n_frames, MOST_FRAMES, most // (image.width * image.height))  # type: ignore[attr-defined]
    ground, before, last = 0, None, 0
    for number in range(frames):
        image.seek(number)
        seen = _seen(image)
        if number == 0:
            ground = int(np.bincount(seen.ravel(), minlength=256).argmax())
        inked = np.abs(seen.astype(np.int16) - ground) > _PALER
        if before is not None and np.count_nonzero(inked & ~before) > _MORE * inked.size:
            last = number
        before = inked
    image.seek(last)
    return last


def _seen(image: Image.Image) -> UInt8:
    """A frame as it is shown, small and grey."""
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    pixels = to_uint8(array_of(small), "")
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = composite(pixels[..., :3], pixels[..., 3])
    return grey(pixels)
