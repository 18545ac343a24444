"""Crops of old ledgers: a nib, faded ink, a piece of a neighbour, a full stop, few pixels.

The hands are those of six people of ``pendigits`` that no network learns from.
"""

from __future__ import annotations

import cv2
import numpy as np

from lib.drawn import nib, put, seen
from scrawl import data
from scrawl.arrays import UInt8
from scrawl.data import StrokeDataset, StrokeSample
from scrawl.training.synthesis.hands import HELD_OUT


def writers() -> list[StrokeSample]:
    """All digits of the six."""
    loaded = data.load("pendigits")
    assert isinstance(loaded, StrokeDataset)
    return [one for one in loaded.strokes("train") if one.writer in HELD_OUT]


def ledger(samples: list[StrokeSample], rng: np.random.Generator) -> tuple[UInt8, str]:
    """A crop of one digit, and its text."""
    sample = samples[int(rng.integers(len(samples)))]
    broad, angle, slant = float(rng.uniform(10, 22)), rng.uniform(0.2, 1.2), rng.uniform(0, 0.5)
    lean = np.array([[1, 0], [-slant, 1]])
    thing = nib([line @ lean for line in sample.strokes], broad, angle)
    height, width = thing.shape
    room = int(rng.uniform(0.1, 0.35) * 220)
    ink = np.zeros((height + 2 * room, width + 2 * room), np.float32)
    put(ink, thing, room, room)
    if rng.random() < 0.6:  # a neighbour of the same hand, cut off by an edge
        other = samples[int(rng.integers(len(samples)))]
        beside = nib([line @ lean for line in other.strokes], broad, angle)
        shown = int(rng.uniform(0.3, 0.9) * room)
        left = shown - beside.shape[1] if rng.random() < 0.5 else ink.shape[1] - shown
        put(ink, beside, left, room + int(rng.integers(-40, 41)))
    if rng.random() < 0.25:  # a full stop at the foot
        at = (room + int(rng.uniform(0.8, 1.1) * width), room + height - int(broad))
        dot = cv2.circle(np.zeros(ink.shape, np.uint8), at, int(0.5 * broad) + 2, 255, -1)
        ink = np.maximum(ink, dot.astype(np.float32) / 255)
    high = int(rng.integers(36, 70))
    wide = max(12, round(high * ink.shape[1] / ink.shape[0]))
    small = cv2.resize(ink, (wide, high), interpolation=cv2.INTER_AREA)
    paper, pen = rng.uniform(160, 220), rng.uniform(60, 110)
    return seen(paper + (pen - paper) * small, rng), sample.label
