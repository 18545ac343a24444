"""Digits in drawn boxes that the detector overlooks: a box is there for a digit to be in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Box, Float32
from scrawl.digit_reader import DigitReader
from scrawl.pages.crop import crop
from scrawl.pages.detections import Detections
from scrawl.pages.levels import Level
from scrawl.preprocess import normalise

SEEN = 0.7
"""Probability of a digit from which on nothing is added to what the detector has seen in a box."""

_FEWEST = 4  # boxes of a row that is no chance
_EVEN = 0.35  # of the usual width of a row's boxes: what is between boxes apart is none
_WIDEST = 2.0  # times as wide as high: wider boxes are for numbers, or columns of a table
_HIGH = 40.0  # in pixels, of a box that is looked at: strokes hang together and walls are thin
_DIGIT = 0.35, 1.15  # heights of a box: how high a digit in it is
_SPECK = 0.12  # heights of a box, up to which a piece of ink is no piece of a digit
_THERE = 0.8  # the probability of a digit where a box has ink of a digit's size
_SHARE = 0.5  # the least probability that it is a digit


def overlooked(found: Detections, levels: Sequence[Level], reader: DigitReader) -> Detections:
    """What the reader of single digits reads in boxes in which no digit was detected.

    Args:
        found: What was detected, in pixels of the picture.
        levels: The picture at its scales, with what is ruled there.
        reader: Of single digits, of the same alphabet.
    """
    x, y = (found.boxes[:, [0, 1]] + found.boxes[:, [2, 3]]).T / 2
    seen = found.probabilities[:, : found.letters].sum(1) >= SEEN
    x, y = x[seen], y[seen]
    boxes = [
        box
        for x0, y0, x1, y1 in boxes_of_digits(levels)
        if not ((x > x0) & (x < x1) & (y > y0) & (y < y1)).any()
        and (box := _ink(np.array([x0, y0, x1, y1], np.float32), levels)) is not None
    ]
    if not boxes:
        return Detections.none(found.probabilities.shape[1], found.letters)
    batch = np.array([normalise(crop(box, levels)[0]) for box in boxes], np.uint8)
    probabilities = np.zeros((len(boxes), found.probabilities.shape[1]), np.float32)
    probabilities[:, : found.letters] = reader.letter_probabilities(batch)
    read = Detections(np.array(boxes, np.float32), probabilities, found.letters)
    return read.only(probabilities.sum(1) >= _SHARE)


def sure_to_be_there(found: Detections, named: Float32, levels: Sequence[Level]) -> Float32:
    """What is named, where a box has a digit's ink: whichever it is, one is likely to be there.

    Args:
        found: What was detected, in pixels of the picture.
        named: The probability of each digit, shape ``(n, alphabet)``.
        levels: The picture at its scales, with what is ruled there.

    Returns:
        The same, the likeliest in each such box no less likely than `_THERE` to be a digit.
    """
    x, y = (found.boxes[:, [0, 1]] + found.boxes[:, [2, 3]]).T / 2
    there = named.sum(1)
    raised = named.copy()
    for cell in boxes_of_digits(levels):
        inside = (x > cell[0]) & (x < cell[2]) & (y > cell[1]) & (y < cell[3])
        if not inside.any() or _ink(cell, levels) is None:
            continue
        best = int(np.where(inside, there, -1).argmax())
        if 0 < there[best] < _THERE:
            raised[best] *= _THERE / there[best]
    return raised


def all_in_boxes(boxes: Sequence[Box], levels: Sequence[Level]) -> bool:
    """Whether each of several digits stands in a drawn box of its own.

    Args:
        boxes: Of the digits, in pixels of the picture.
        levels: The picture at its scales, with what is ruled there.
    """
    cells = boxes_of_digits(levels)
    x, y = (np.array(boxes)[:, [0, 1]] + np.array(boxes)[:, [2, 3]]).T[:, :, None] / 2
    inside = (x > cells[:, 0]) & (x < cells[:, 2]) & (y > cells[:, 1]) & (y < cells[:, 3])
    return bool(inside.any(1).all() and inside.sum(0).max(initial=0) <= 1)


def boxes_of_digits(levels: Sequence[Level]) -> Float32:
    """Left, top, right, bottom of boxes for one digit each, in pixels of the picture."""
    ruling = max(levels, key=lambda one: one.cells)
    if not ruling.rules.has_boxes:
        return np.zeros((0, 4), np.float32)
    cells = np.zeros((0, 4), np.float32)
    for row in ruling.rules.rows:
        upright = np.concatenate([row.min(1), row.max(1)], 1) * np.float32(ruling.scale)
        wide, high = (upright[:, 2:] - upright[:, :2]).T
        usual = float(np.median(wide))
        alike = (np.abs(wide - usual) <= _EVEN * usual) & (wide <= _WIDEST * high)
        if alike.sum() >= _FEWEST:
            cells = np.concatenate([cells, upright[alike]])
    return cells


def _ink(cell: Float32, levels: Sequence[Level]) -> Float32 | None:
    """The box of the ink that has its middle in a cell; None where that is no digit's size."""
    high = float(cell[3] - cell[1])
    level = min(levels, key=lambda one: abs(np.log(high / one.scale / _HIGH)))
    pieces, middles = level.things
    x, y = middles.T * level.scale
    inside = (x > cell[0]) & (x < cell[2]) & (y > cell[1]) & (y < cell[3])
    own = pieces[inside, :4].astype(np.float32) * np.float32(level.scale)
    own = own[own[:, 2:].max(1) > _SPECK * high]
    if not len(own):
        return None
    corners = np.concatenate([own[:, :2].min(0), (own[:, :2] + own[:, 2:]).max(0)])
    height, width = float(corners[3] - corners[1]), float(corners[2] - corners[0])
    fits = _DIGIT[0] <= height / high <= _DIGIT[1] and width <= _WIDEST * high
    return np.asarray(corners, np.float32) if fits else None
