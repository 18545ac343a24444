"""Tells a leaning 1 from a slash: a slash has something on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scrawl.arrays import Float32
from scrawl.pages.detections import Detections

_BESIDE = 1.5  # heights of a slash within which a digit stands beside it
_LEVEL = 0.6  # and by how many its middle may lie higher or lower


def as_first(found: Detections, classes: Sequence[str], probabilities: Float32) -> Float32:
    """The probability of each digit, if nothing stands before it: a slash is a 1 then.

    Args:
        found: Digits and marks.
        classes: What they are called.
        probabilities: Of each digit, shape ``(n, alphabet)``; the result's is the same.
    """
    first = probabilities.copy()
    if {"1", "/"} <= set(classes):
        one = classes.index("1")
        slash = found.probabilities[:, classes.index("/")]
        first[:, one] = np.maximum(first[:, one], found.probabilities[:, one] + slash)
    return first


def leading_slashes(found: Detections, classes: Sequence[str]) -> Detections:
    """Takes a slash with a digit behind it and none before it for a 1 that leans.

    Args:
        found: Digits and marks, each once.
        classes: What they are called; without both ``1`` and ``/`` among them nothing changes.

    Returns:
        The same, the probability of such a slash being added to that of a 1.
    """
    if not {"1", "/"} <= set(classes):
        return found
    one, slash = classes.index("1"), classes.index("/")
    boxes, probabilities = found.boxes, found.probabilities.copy()
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    for row in np.flatnonzero(probabilities.argmax(1) == slash):
        left, top, right, bottom = boxes[row]
        height = bottom - top
        near = found.are_digits & (np.abs(middles[:, 1] - middles[row, 1]) < _LEVEL * height)
        behind = near & (middles[:, 0] > middles[row, 0])
        before = near & ~behind
        follows = (boxes[behind, 0] - right < _BESIDE * height).any()
        if follows and not (left - boxes[before, 2] < _BESIDE * height).any():
            probabilities[row, one] += probabilities[row, slash]
            probabilities[row, slash] = 0
    return replace(found, probabilities=probabilities)
