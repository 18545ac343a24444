"""A picture that a client sent, and the digit that was seen on it."""

from __future__ import annotations

from dataclasses import dataclass

from scrawl import images
from scrawl.pages import Reading
from scrawl.prediction import Prediction
from scrawl.preprocess import DigitInk

SMALL = 2**20
"""Pixels up to which a picture goes before all larger ones: what is drawn has no more."""


@dataclass(frozen=True)
class Sent:
    """A picture that a client sent.

    Attributes:
        name: What the client calls it.
        data: The bytes of its file.
        extent: How much there is to it.
    """

    name: str
    data: bytes
    extent: images.Extent

    @property
    def small(self) -> bool:
        """Whether it is read before all larger ones."""
        return self.extent.pages == 1 and self.extent.pixels <= SMALL


@dataclass(frozen=True)
class Sight:
    """One digit as it was read from a picture.

    Attributes:
        size: Width and height of the picture, in pixels.
        note: How the picture was opened, where there is something to say.
        found: The ink; None on a blank picture.
        prediction: What it was read as.
        reading: What the page reader found, where it was asked, without its picture.
    """

    size: tuple[int, int]
    note: str | None
    found: DigitInk | None
    prediction: Prediction
    reading: Reading | None = None
