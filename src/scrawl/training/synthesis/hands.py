"""Recorded hands: strokes of people, drawn with other pens, and what of them is no digit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from scrawl import data
from scrawl.arrays import Float32, Int64, UInt8
from scrawl.bundle import DIGITS
from scrawl.data import StrokeDataset, StrokeSample
from scrawl.errors import InputError
from scrawl.training.synthesis.lookalikes import OMNIGLOT, UJI
from scrawl.training.synthesis.strokes import CANVAS, hands, ink, pens
from scrawl.training.synthesis.warp import affine

SETS = ("pendigits", "uji", "omniglot", "optdigits")
"""The data sets of hands."""

HELD_OUT = ("tra-2", "tra-7", "tra-12", "tra-17", "tra-22", "tra-27")
"""Six of the 30 training writers of ``pendigits``, named before any network saw one: they choose
width, depth and epochs, and fix the threshold; no network learns from them."""

NOT_A_DIGIT_LABEL = len(DIGITS)
"""The label of pictures that show no digit: that of the class behind the ten digits."""

_LONG = 40  # pixels of the sheet that the longer side takes
_POLYGON = 0.12  # of the drawings: few points, as a slow mouse leaves
_BETWEEN = 0.5  # of the drawings: between two people's, or beyond one of them
_BEYOND = 0.4  # how far, in shares of what parts the two
_ALIKE = 0.3  # mean distance of points in sizes of a character, up to which they are one form
_ASKED = 6  # characters of which the one most alike is taken
_EVEN = 24  # points of a stroke while it is compared


@dataclass(frozen=True, eq=False)
class Ink:
    """Many characters as pen strokes, in flat arrays, so that another process gets them quickly.

    Attributes:
        points: float32, shape ``(n, 2)``; each character's longer side is 1, its middle 0.
        strokes: Where each stroke begins in ``points``, and its end; ``(s + 1,)``.
        characters: Where each character begins in ``strokes``, and its end; ``(c + 1,)``.
        labels: What each is, ``(c,)``; 10 for no digit.
        writers: Who wrote each, numbered from 0, ``(c,)``.
    """

    points: Float32
    strokes: Int64
    characters: Int64
    labels: Int64
    writers: Int64

    @classmethod
    def of(cls, samples: Sequence[StrokeSample], labels: Iterable[int]) -> Ink:
        """The strokes of samples, sized."""
        names = sorted({sample.writer for sample in samples})
        lines = [line for sample in samples for line in _sized(sample)]
        return cls(
            np.concatenate(lines) if lines else np.zeros((0, 2), np.float32),
            _starts([len(line) for line in lines]),
            _starts([len(sample.strokes) for sample in samples]),
            np.array(list(labels), np.int64),
            np.array([names.index(sample.writer) for sample in samples], np.int64),
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __add__(self, other: Ink) -> Ink:
        """Both, the other's characters and writers behind one's own."""
        writers = 1 + int(self.writers.max(initial=-1))
        return Ink(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.strokes[:-1], other.strokes + len(self.points)]),
            np.concatenate([self.characters[:-1], other.characters + len(self.strokes) - 1]),
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.writers, other.writers + writers]),
        )

    def lines(self, row: int) -> list[slice]:
        """Where the strokes of a character are in ``points``."""
        first, last = self.characters[row], self.characters[row + 1]
        ends = self.strokes[first : last + 1].tolist()
        return [slice(a, b) for a, b in pairwise(ends)]


@dataclass(frozen=True, eq=False)
class Hands:
    """What other people than MNIST's wrote.

    Attributes:
        digits: Recorded digits.
        signs: Recorded letters and signs that are like no digit.
        bitmaps: Digits on paper, 1 for ink, shape ``(b, 32, 32)``.
        bitmap_labels: What they are, shape ``(b,)``.
    """

    digits: Ink
    signs: Ink
    bitmaps: UInt8
    bitmap_labels: Int64


SplitHands = tuple[Hands, Hands]
"""Those to learn from, and those held out."""


def load(sets: Sequence[str], data_dir: str | os.PathLike[str] | None = None) -> SplitHands:
    """The hands of data sets: those to learn from, and those held out.

    Args:
        sets: Some of `SETS`.
        data_dir: See `scrawl.data.load`.

    Raises:
        InputError: A data set holds no hands.
        DataError: A data set is not to be had.
    """
    digits: list[StrokeSample] = []
    signs: list[StrokeSample] = []
    bitmaps = np.zeros((0, 32, 32), np.uint8), np.zeros(0, np.int64)
    for name in sets:
        if name not in SETS:
            raise InputError(f"hands: expected some of {', '.join(SETS)}, received '{name}'")
        loaded = data.load(name, data_dir)
        if not isinstance(loaded, StrokeDataset):
            bitmaps = loaded.split("train")
            continue
        for sample in loaded.strokes_train:
            if sample.label.isdigit():
                digits.append(sample)
            elif sample.label not in UJI and sample.label not in OMNIGLOT:
                signs.append(sample)
    held = [sample for sample in digits if sample.writer in HELD_OUT]
    learnt = [sample for sample in digits if sample.writer not in HELD_OUT]
    others = Ink.of(signs, [NOT_A_DIGIT_LABEL] * len(signs))
    nothing = bitmaps[0][:0], bitmaps[1][:0]
    return (
        Hands(Ink.of(learnt, (int(one.label) for one in learnt)), others, *bitmaps),
        Hands(Ink.of(held, (int(one.label) for one in held)), Ink.of([], []), *nothing),
    )


def recorded(ink_of: Ink, count: int, rng: np.random.Generator) -> tuple[UInt8, Int64]:
    """Recorded characters as other pens would have written them, turned and slanted a little.

    Args:
        ink_of: The characters; at least one.
        count: How many pictures. Each character comes as often as any other, or once less.
        rng: Source of randomness.

    Returns:
        Ink 255 on 0, shape ``(count, CANVAS, CANVAS)``, and what they are, shape ``(count,)``.
    """
    rounds = [rng.permutation(len(ink_of)) for _ in range(-(-count // len(ink_of)))]
    rows = np.concatenate(rounds)[:count] if rounds else np.zeros(0, np.int64)
    size = _LONG * np.exp(rng.normal(0, 0.06, (count, 1, 1)))
    matrices = hands(count, rng, 0.08, 0.13, 0.1) * size
    middles = CANVAS / 2 + rng.normal(0, 1, (count, 2))
    shakes = np.where(rng.random(count) < 0.25, rng.uniform(0, 0.8, count), 0)
    between = Between(ink_of)
    corners = np.where(rng.random(count) < _POLYGON, rng.integers(7, 16, count), 10**6)
    widths = pens(count, rng)
    pictures = np.empty((count, CANVAS, CANVAS), np.uint8)
    for at, row in enumerate(rows.tolist()):
        lines = []
        for points in between.character(row, rng):
            line = points @ matrices[at] + middles[at]
            line = np.concatenate([line[:: max(1, len(line) // corners[at])], line[-1:]])
            lines.append(line + shakes[at] * rng.standard_normal(line.shape))
        pictures[at] = ink(lines, widths[at])
    return pictures, ink_of.labels[rows]


class Between:
    """Characters as people would write them whose hands lie between two recorded ones.

    Two drawings of one digit with as many strokes, each stroke's points spread evenly along it, are
    one form where they lie near one another; what lies between them, or a little beyond, is a hand
    that nobody recorded.

    Args:
        ink_of: The characters.
    """

    def __init__(self, ink_of: Ink) -> None:
        self._ink = ink_of
        self._even: dict[int, Float32] = {}
        counts = np.diff(ink_of.characters)
        self._kinds = ink_of.labels * (int(counts.max(initial=0)) + 1) + counts
        self._alike = {kind: np.flatnonzero(self._kinds == kind) for kind in set(self._kinds)}

    def character(self, row: int, rng: np.random.Generator) -> list[Float32]:
        """A character's strokes, each ``(k, 2)``: as recorded, or between it and another's."""
        recorded_lines = [self._ink.points[where] for where in self._ink.lines(row)]
        if rng.random() >= _BETWEEN:
            return recorded_lines
        others = rng.choice(self._alike[self._kinds[row]], _ASKED)
        share = np.float32(rng.uniform(-_BEYOND, 1 + _BEYOND))
        mine = self._evenly(row)
        theirs = [self._evenly(int(one)) for one in others]
        apart = [float(np.hypot(*np.moveaxis(one - mine, -1, 0)).mean()) for one in theirs]
        apart = [gap if gap > 0 else np.inf for gap in apart]
        nearest = int(np.argmin(apart))
        if apart[nearest] > _ALIKE:
            return recorded_lines
        return list(mine + share * (theirs[nearest] - mine))

    def _evenly(self, row: int) -> Float32:
        """A character's strokes as `_EVEN` points each, ``(strokes, _EVEN, 2)``."""
        if row not in self._even:
            lines = [self._ink.points[where] for where in self._ink.lines(row)]
            self._even[row] = np.stack([_spread(line) for line in lines])
        return self._even[row]


def _spread(line: Float32) -> Float32:
    """The points of a stroke, as many as `_EVEN`, equally far apart along it."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], _EVEN)
    return np.stack([np.interp(wanted, along, line[:, axis]) for axis in (0, 1)], 1).astype(
        np.float32
    )


def on_paper(given: Hands, count: int, rng: np.random.Generator) -> tuple[UInt8, Int64]:
    """Bitmaps of digits on paper, given back a width: they were squeezed to one shape.

    The shapes are those of `recorded`.
    """
    rows = rng.integers(0, len(given.bitmaps), count)
    labels = given.bitmap_labels[rows]
    wide = np.where(labels == 1, rng.uniform(0.25, 0.7, count), rng.uniform(0.75, 1.4, count))
    squeezed = np.empty((count, 32, 32), np.uint8)
    for out, row, by in zip(squeezed, rows, wide, strict=True):
        by = min(by, 1.0)
        move = np.array([[by, 0, 15.5 * (1 - by)], [0, 1, 0]])
        cv2.warpAffine(given.bitmaps[row] * np.uint8(255), move, (32, 32), dst=out)
    return affine(squeezed, rng, scale=1.3), labels


def _sized(sample: StrokeSample) -> list[Float32]:
    """The strokes about 0, their longer side 1."""
    points = np.concatenate(sample.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = max(float((high - low).max()), 1e-6)
    return [np.asarray((line - (low + high) / 2) / size, np.float32) for line in sample.strokes]


def _starts(counts: Sequence[int]) -> Int64:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
