"""What may be the digit of a picture: dark ink or light ink, by colours or by luminance."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.pixels import shrink
from scrawl.preprocess.components import choose
from scrawl.preprocess.ink import contrast_channel, ink_of, luminance, thinness
from scrawl.preprocess.lines import without_lines
from scrawl.preprocess.pieces import Piece

_SMALL = 64  # long side, in pixels, at which channels are compared
_SAME = 0.9  # correlation of channels, above which one of them is enough
_MANY = 3  # from so many lines on, the paper is certainly ruled
_LONG = 8.0  # in widths of a stroke: more length than this counts no more
_BLOB = 1.6  # in widths of a stroke: what is no longer may be a blob
_SOLID = 0.6  # of its box, from which on what is filled may be a sheet
_FINE = 64  # long side from which on a digit does not fill its box, however broad its pen
_DOUBT = 0.3  # weight of what looks like no digit or like a sheet, beside 1 of others


@dataclass(frozen=True)
class Candidate:
    """What may be the digit.

    Attributes:
        ink: float32, shape ``(H, W)`` of the whole picture, 0 outside the digit.
        light: Whether it is lighter than its paper.
        share: Its part of the ink of all strokes, in (0, 1].
        score: How much it is like writing, beside other candidates of the same picture.
        sure: Whether nothing else needs to be tried.
        clutter: Whether it looks like no digit.
        pieces: Figures side by side, where there are several.
    """

    ink: Float32
    light: bool
    share: float
    score: float
    sure: bool
    clutter: bool
    pieces: tuple[Piece, ...]


def best_of(image: UInt8) -> Candidate | None:
    """The better of dark ink and light ink, in the colours that differ most or in luminance.

    Where something colourful lies beside the ink, colours differ most there, not at the ink.
    """
    channels = [contrast_channel(image)]
    if image.ndim == 3 and not _alike(channels[0], luminance(image)):
        channels.append(luminance(image))
    best = [candidate for channel in channels if (candidate := _best_in(channel))]
    return max(best, key=lambda candidate: candidate.score, default=None)


def _alike(a: Float32, b: Float32) -> bool:
    """Whether two channels show the same, up to contrast."""
    a, b = shrink(a, _SMALL).ravel(), shrink(b, _SMALL).ravel()
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b) > _SAME * float(np.linalg.norm(a) * np.linalg.norm(b))


def _best_in(channel: Float32) -> Candidate | None:
    """The better of dark ink and light ink of one channel.

    Where there is flat paper and ink alone, that is the answer; else both are weighed by how much
    of the picture is thin and dark, or thin and light.
    """
    for light in (False, True):
        candidate = _candidate(channel, light, 1.0, only_clean=True)
        if candidate is not None and candidate.sure:
            return candidate
    votes = thinness(channel)
    both = (_candidate(channel, light, votes[light]) for light in (False, True))
    return max((c for c in both if c), key=lambda c: c.score, default=None)


def _candidate(
    channel: Float32, light: bool, vote: float, only_clean: bool = False
) -> Candidate | None:
    """The digit in ink of one polarity, its score weighed by ``vote``; None if there is none."""
    ink, contrast, clean = ink_of(channel, light, only_clean)
    if not contrast:
        return None
    chosen = choose(ink)
    unruled, lines = without_lines(ink)
    if lines:
        # What is left of a digit that fills the picture touches an edge: those were its strokes.
        rest = choose(unruled)
        if rest is None or not rest.clutter or lines >= _MANY:
            chosen, ink = rest, unruled
    if chosen is None:
        return None
    squares = _squares(chosen.main)
    sheet = max(ink.shape) >= _FINE and squares < _LONG and _filled(chosen.main) > _SOLID
    doubt = _DOUBT if chosen.clutter or sheet else 1
    score = vote * contrast * min(squares, _LONG) * doubt
    sure = clean and squares > _BLOB and not sheet
    own, share = chosen.own(ink), chosen.share
    return Candidate(own, light, share, score, sure, chosen.clutter, chosen.pieces)


def _squares(mask: UInt8) -> float:
    """How many squares of a stroke's width make its area: high for strokes, 1 for blobs.

    What lies between strokes, or a sheet of paper, is not many times as long as it is wide.
    """
    return float(np.count_nonzero(mask)) / _width(mask) ** 2


def _filled(mask: UInt8) -> float:
    """The share of its box that a component fills: much of it where a sheet has a digit's hole."""
    _, _, w, h = cv2.boundingRect(mask)
    return float(np.count_nonzero(mask)) / (w * h)


def _width(mask: UInt8) -> float:
    """Of the widest stroke, in pixels, at least 1."""
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    return max(2 * float(cv2.distanceTransform(framed, cv2.DIST_L2, 3).max()) - 1, 1.0)
