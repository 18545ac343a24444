"""What stands side by side on a picture and may be a digit each."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Bool, Float32, Int32, UInt8
from scrawl.preprocess.normalise import normalise

_TALL = 0.5, 1.8  # height of a figure beside the main one, in that one's heights
_ROW = 0.4  # share of the lower one's height, by which figures of a row stand at the same height
_SAME = 0.6  # share of the narrower one's width, from which on two lie above each other
_MOST = 12  # figures of a row


@dataclass(frozen=True)
class Piece:
    """One of several figures on a picture.

    Attributes:
        normalised: uint8, shape ``(28, 28)``, as `scrawl.preprocess.normalise` gives it.
        own: Whether it belongs to what was taken for the digit.
    """

    normalised: UInt8
    own: bool


def side_by_side(stats: Int32, main: int, usable: Bool) -> list[list[int]]:
    """The components of figures that stand in a row with the main one, from left to right.

    Args:
        stats: int32, shape ``(n, 5)``: left, top, width, height and area of each component.
        main: The one that the digit was taken for.
        usable: bool, shape ``(n,)``: what is no frame, no speck and not cut off by an edge.

    Returns:
        For each figure its components; nothing where there is but one.
    """
    x, y, w, h, _ = stats.T
    low, high = _TALL
    level = np.minimum(y + h, y[main] + h[main]) - np.maximum(y, y[main])
    tall = usable & (h >= low * h[main]) & (h <= high * h[main])
    tall &= level >= _ROW * np.minimum(h, h[main])
    if np.count_nonzero(tall) < 2:
        return []
    figures: list[list[int]] = []
    ends: list[tuple[int, int]] = []
    for i in np.flatnonzero(tall)[np.argsort(x[tall], kind="stable")].tolist():
        left, right = int(x[i]), int(x[i] + w[i])
        if ends and ends[-1][1] - left >= _SAME * min(right - left, ends[-1][1] - ends[-1][0]):
            figures[-1].append(i)
            ends[-1] = ends[-1][0], max(right, ends[-1][1])
        else:
            figures.append([i])
            ends.append((left, right))
    if not 2 <= len(figures) <= _MOST:
        return []
    for i in np.flatnonzero(usable & ~tall).tolist():  # the bar of a 5, the dot of an i
        middle = x[i] + w[i] / 2
        for figure, (left, right) in zip(figures, ends, strict=True):
            top = min(int(y[j]) for j in figure)
            bottom = max(int(y[j] + h[j]) for j in figure)
            reach = low * h[main]
            if left <= middle < right and top - reach < y[i] and y[i] + h[i] < bottom + reach:
                figure.append(i)
    return figures


def cut_out(ink: Float32, labels: Int32, figures: list[list[int]], own: Bool) -> tuple[Piece, ...]:
    """Each figure alone, normalised.

    Args:
        ink: float32, shape ``(H, W)``, in [0, 1].
        labels: int32, of the same shape: 1 more than the component that a pixel belongs to.
        figures: As `side_by_side` gives them.
        own: bool, for each component, whether it belongs to what was taken for the digit.
    """
    pieces = []
    for figure in figures:
        chosen = np.zeros(len(own) + 1, np.uint8)
        chosen[np.array(figure) + 1] = 1
        soft = cv2.dilate(chosen[labels], np.ones((3, 3), np.uint8))
        pieces.append(Piece(normalise(ink * soft), bool(own[figure].any())))
    return tuple(pieces)
