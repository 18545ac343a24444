"""A page of a picture, and what to call one in a message."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from scrawl.arrays import Box, UInt8
from scrawl.errors import PictureError


@dataclass(frozen=True, eq=False)
class Page:
    """A page of a picture.

    Attributes:
        file: What the picture is called.
        number: Which of its pages it is, from 1.
        count: How many it has.
        pixels: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB, as `scrawl.images.load` gives it;
            smaller than the page where less was enough.
        note: What a person should know of how it was opened, such as which frame of an animation
            it is; None where there is nothing to say.
        whole: Opens it at its own size, where ``pixels`` are smaller.
        whole_size: Width and height of the page then; None where ``pixels`` have its size.
    """

    file: str
    number: int
    count: int
    pixels: UInt8 = field(repr=False)
    note: str | None = None
    whole: Callable[[], UInt8] | None = field(default=None, repr=False)
    whole_size: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What a message calls it: its file, and which page of several it is."""
        return page_name(self.file, self.number, self.count)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page, in its own pixels."""
        return self.whole_size or (self.pixels.shape[1], self.pixels.shape[0])

    def at_full_size(self) -> Page:
        """The same page with all its pixels."""
        if self.whole is None:
            return self
        return replace(self, pixels=self.whole(), whole=None, whole_size=None)

    def in_own_pixels(self, box: Box) -> Box:
        """A box in ``pixels`` as one in the page's own."""
        if self.whole_size is None:
            return box
        width, height = self.whole_size
        across, down = width / self.pixels.shape[1], height / self.pixels.shape[0]
        return (
            int(box[0] * across),
            int(box[1] * down),
            min(int(np.ceil(box[2] * across)), width),
            min(int(np.ceil(box[3] * down)), height),
        )


@dataclass(frozen=True)
class Unopened:
    """A picture that could not be opened.

    Attributes:
        file: What it is called.
        error: Why.
    """

    file: str
    error: PictureError


Picture = str | os.PathLike[str] | bytes | Image.Image | npt.NDArray[Any] | Page
"""Whatever `load` opens; a page that is open already brings its name with it."""


def page_name(file: str, number: int, count: int) -> str:
    """What a message calls a page: its file, and which page of several it is."""
    return file if count == 1 else f"{file}, page {number} of {count}"


def name_of(picture: Picture) -> str:
    """What to call a picture in a message: its path, its page, or what it is in memory."""
    if isinstance(picture, Page):
        return picture.name
    if isinstance(picture, str | os.PathLike):
        return os.fspath(picture)
    if isinstance(picture, bytes | bytearray | memoryview):
        return f"<{len(picture)} bytes>"
    if isinstance(picture, np.ndarray):
        return f"<array {picture.shape} {picture.dtype}>"
    if isinstance(picture, Image.Image):
        filename = getattr(picture, "filename", "")
        return str(filename or f"<image {picture.width}×{picture.height} {picture.mode}>")
    return f"<{type(picture).__name__}>"
