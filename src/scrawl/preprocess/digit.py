"""The one digit of a picture: where it is, its ink, and its 28×28."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

import cv2
import numpy as np

from scrawl.arrays import Box, Float32, UInt8
from scrawl.pixels import median, shrink, without_colour
from scrawl.preprocess.blocks import resized
from scrawl.preprocess.candidates import Candidate, best_of
from scrawl.preprocess.components import choose
from scrawl.preprocess.flat import FlatInk, flat_ink
from scrawl.preprocess.normalise import normalise
from scrawl.preprocess.paper import find_paper
from scrawl.preprocess.pieces import Piece

_WORKING = 320  # long side, in pixels, at which a digit is looked for
_SMALL = 64  # long side there of a digit that is looked at again, closer
_ROOM = 0.6  # of such a digit's size, about it: what its parts and its paper may need
_RIM = 16  # the part of a sheet's side that its rim is wide, as 1 of so many
_ACROSS = 0.03  # share of the ink on either side of an edge, from which on strokes cross it
_ALONG = 0.3  # share of an edge, up to which they may cover it
_STROKE = 0.5  # ink above which a pixel of an edge is covered
_CROWDED = 0.5  # share of a sheet's strokes, below which what was found there is no one digit
_ALONE = 0.9  # and share of all strokes, above which what was found without a sheet is one


@dataclass(frozen=True)
class DigitInk:
    """The one digit of a picture.

    Attributes:
        ink: float32, shape ``(h, w)``, 0 for paper to 1 for ink: the digit's alone, cropped, at
            the resolution it was looked at.
        box: ``(x0, y0, x1, y1)`` in pixels of the picture; x1 and y1 are the first outside.
        normalised: uint8, shape ``(28, 28)``, 255 for ink, as MNIST's digits are.
        light_on_dark: Whether the ink is lighter than its paper.
        share: The digit's part of the ink of all strokes that were found, in (0, 1]; low where the
            picture shows more than one thing.
        pieces: Figures that stand side by side and may be a digit each; none where there is but
            one.
    """

    ink: Float32
    box: Box
    normalised: UInt8
    light_on_dark: bool
    share: float
    pieces: tuple[Piece, ...] = ()


def find_digit(image: UInt8) -> DigitInk | None:
    """Finds the one digit on a picture and normalises it.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB, as `scrawl.images.load` gives it.

    Returns:
        The digit, or None if there is no ink.
    """
    image = without_colour(image)
    better = resized(image)
    if better is not None:
        found = _found(better.image)
        return found and replace(found, box=better.in_own_pixels(found.box))
    return _found(image)


def _found(image: UInt8) -> DigitInk | None:
    """The one digit of a picture, a small one looked at more closely."""
    found = _look(image, (0, 0), image.shape[:2])
    if found is None or max(image.shape[:2]) <= _WORKING:
        return found
    x0, y0, x1, y1 = found.box
    size = max(x1 - x0, y1 - y0)
    if size * _WORKING > _SMALL * max(image.shape[:2]):
        return found
    # A small digit on a large sheet: once more, at the picture's own resolution.
    margin = int(_ROOM * size)
    left, top = max(x0 - margin, 0), max(y0 - margin, 0)
    window = image[top : y1 + margin, left : x1 + margin]
    closer = _look(window, (left, top), image.shape[:2])
    if closer is None or closer.light_on_dark != found.light_on_dark:
        return found
    return replace(closer, pieces=found.pieces)


def _look(image: UInt8, corner: tuple[int, int], whole: tuple[int, ...]) -> DigitInk | None:
    """The digit in a window of a picture whose left and top are ``corner``."""
    small = shrink(image, _WORKING)
    flat = flat_ink(small) if small.ndim == 2 else None
    best = _seen(small) if flat is None else _on_flat(flat, small.shape)
    if best is None:
        return None
    x, y, w, h = cv2.boundingRect((best.ink > 0).view(np.uint8))
    crop = np.ascontiguousarray(best.ink[y : y + h, x : x + w])
    if flat is not None:
        x, y = x + flat.left, y + flat.top
    across, down = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    left, top = corner
    box = (
        floor(x * across + left),
        floor(y * down + top),
        min(ceil((x + w) * across + left), whole[1]),
        min(ceil((y + h) * down + top), whole[0]),
    )
    return DigitInk(crop, box, normalise(crop), best.light, best.share, best.pieces)


def _on_flat(flat: FlatInk, whole: tuple[int, ...]) -> Candidate | None:
    """The digit of a flat picture, on which no line goes from edge to edge."""
    chosen = choose(flat.ink, whole)
    if chosen is None:
        return None
    own = chosen.own(flat.ink)
    return Candidate(own, flat.light, chosen.share, 1.0, True, chosen.clutter, chosen.pieces)


def _seen(image: UInt8) -> Candidate | None:
    """The digit on a sheet that lies on something else, or on the picture as a whole.

    What seems a sheet may be the part of one that is not in shadow: then strokes cross its edge.
    """
    sheet = find_paper(image)
    if sheet is None:
        return best_of(image)
    inside, whole = _on_sheet(image, sheet), best_of(image)
    if inside is None or whole is None:
        return inside or whole
    crowded = inside.share < _CROWDED and whole.share > _ALONE
    better = (inside.clutter or crowded) and not whole.clutter
    return whole if better or _crosses(whole.ink, sheet) else inside


def _crosses(ink: Float32, sheet: UInt8) -> bool:
    """Whether strokes cross the edge of a sheet; what runs along it is its rim or the table."""
    within = float((ink * sheet).sum() / ink.sum())
    reach = max(sheet.shape) // _RIM | 1
    rim = cv2.dilate(sheet, np.ones((reach, reach), np.uint8)) - sheet
    along = float((ink[rim > 0] > _STROKE).mean()) if rim.any() else 1.0
    return _ACROSS < within < 1 - _ACROSS and along < _ALONG


def _on_sheet(image: UInt8, sheet: UInt8) -> Candidate | None:
    """The digit on a sheet that lies on something else."""
    x, y, w, h = cv2.boundingRect(sheet)
    inside = image.copy()
    paper = image[sheet > 0].reshape(-1, 1 if image.ndim == 2 else 3)
    inside[sheet == 0] = np.squeeze([median(channel) for channel in paper.T])
    best = best_of(inside[y : y + h, x : x + w])
    if best is None:
        return None
    ink = np.zeros(image.shape[:2], np.float32)
    ink[y : y + h, x : x + w] = best.ink
    ink *= sheet
    return replace(best, ink=ink) if ink.any() else None
