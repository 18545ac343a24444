"""A hand as glyphs to write lines with: one person's own digits, drawn with a pen.

What a recorded person never wrote is drawn: hands that write some digits, or all, by other forms
than anyone who was recorded, and each of them always by the same form.
"""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np

from scrawl.arrays import Float32, Int64, UInt8
from scrawl.data import StrokeSample
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.hands import Ink
from scrawl.training.synthesis.strokes import stroke_bases

_TALL = 44  # pixels of the longer side of a glyph
_POINTS = 24  # of a stroke that are drawn, about
_PEN = 4.0  # pixels of the middle pen, a tenth of a digit's height
_PENS = 0.75  # by which the logarithm of a pen's width is less, or more, than the middle one's
_WIDEST = 2.5  # widths of a glyph in its heights from which on its recording is at fault
_MIXED, _FORMED = 0.3, 0.12  # of hands: some digits by other forms; all
_SOME = 4  # digits at most, that a mixed hand writes so
_WIDTHS, _TIMES = 2, 6  # how wide a form is written, and how often by one hand
_NARROW, _WIDE = 0.52, 0.9  # widths of a form in its heights
_LOOSE = 3.0  # hundredths of a form's box by which its points differ from time to time


class Writers:
    """The recorded hands of a data set, by writer.

    Args:
        ink: Recorded characters.
        one_label: What all of them are called; None for their own labels.
        forms: Forms of digits as `formed` draws them, which some hands write; None for none.
    """

    def __init__(self, ink: Ink, one_label: int | None = None, forms: Ink | None = None) -> None:
        labels = ink.labels if one_label is None else np.full(len(ink), one_label)
        self._all = _by_label(labels, np.arange(len(ink)))
        self._own = [_by_label(labels[rows], rows) for rows in _by_writer(ink)]
        self._ink, self._forms = ink, dict[int, list[list[int]]]()
        if forms is not None:
            self._ink = ink + forms
            for rows in _by_writer(forms):
                form = self._forms.setdefault(int(forms.labels[rows[0]]), [])
                form.append((rows + len(ink)).tolist())

    def __len__(self) -> int:
        return len(self._own)

    def one(self, rng: np.random.Generator) -> RecordedHand:
        """A writer, with a width of writing; what it never wrote, others give."""
        own = self._own[rng.integers(0, len(self._own))]
        return RecordedHand(self._ink, {**self._all, **own, **self._other(rng)}, rng)

    def anyone(self, rng: np.random.Generator) -> RecordedHand:
        """All of them together, each character from another."""
        return RecordedHand(self._ink, self._all, rng)

    def _other(self, rng: np.random.Generator) -> dict[int, list[int]]:
        """The digits that a hand writes by forms, for each label the rows of its form."""
        kind = rng.random()
        if not self._forms or kind > _MIXED + _FORMED:
            return {}
        some = len(self._forms) if kind > _MIXED else int(rng.integers(1, _SOME + 1))
        labels = rng.permutation(list(self._forms))[:some].tolist()
        return {one: self._forms[one][rng.integers(0, len(self._forms[one]))] for one in labels}


class RecordedHand:
    """Glyphs of a recorded hand.

    Args:
        ink: Recorded characters.
        rows: The rows of ``ink`` to take, by label.
        rng: Source of randomness, for the width of the writing.
    """

    def __init__(self, ink: Ink, rows: dict[int, list[int]], rng: np.random.Generator) -> None:
        self.ink = ink
        self.rows = rows
        self._shape = _shape(rng, 0.03, 0.02, 0.1) * np.float32(_TALL)

    def take(self, label: int, pen: float, rng: np.random.Generator) -> UInt8:
        """One of a label, with a pen from 0, the finest, to 1: ink 255 on 0, cropped."""
        rows = self.rows[label]
        lines = self.ink.lines(rows[rng.integers(0, len(rows))])
        shape = self._shape @ _shape(rng, 0.05, 0.06, 0.05)
        width = max(1, round(_PEN * math.exp(_PENS * (2 * pen - 1))))
        curves = [_fewer(self.ink.points[where]) @ shape for where in lines]
        every = np.concatenate(curves) if len(curves) > 1 else curves[0]
        low = every.min(axis=0) - (width / 2 + 1)
        wide, high = np.ceil(every.max(axis=0) - low + (width / 2 + 1)).astype(int).tolist()
        sheet = np.zeros((high, min(wide, int(_WIDEST * _TALL))), np.uint8)
        fixed = [((curve - low) * 16).astype(np.int32) for curve in curves]
        fixed = [np.repeat(curve, 2, axis=0) if len(curve) == 1 else curve for curve in fixed]
        cv2.polylines(sheet, fixed, False, 255, width, cv2.LINE_AA, 4)
        return sheet


def _fewer(line: Float32) -> Float32:
    """Every so many points of a stroke, and its last."""
    step = 1 + len(line) // _POINTS
    return line if step == 1 else np.concatenate([line[:-1:step], line[-1:]])


def _shape(rng: np.random.Generator, turn: float, slant: float, stretch: float) -> Float32:
    """A matrix that turns, slants and stretches by chance, as `strokes.hands` has many."""
    angle, shear, wide = rng.standard_normal(3).tolist()
    cos, sin, wide = math.cos(turn * angle), math.sin(turn * angle), math.exp(stretch * wide)
    shear *= slant
    return np.array(
        [[cos * wide, cos * shear - sin / wide], [sin * wide, sin * shear + cos / wide]], np.float32
    )


def _by_label(labels: np.ndarray, rows: np.ndarray) -> dict[int, list[int]]:
    return {int(one): rows[labels == one].tolist() for one in np.unique(labels)}


def _by_writer(ink: Ink) -> list[Int64]:
    return [np.flatnonzero(ink.writers == who) for who in np.unique(ink.writers)]


def formed(rng: np.random.Generator) -> Ink:
    """The forms of digits as characters: a writer a form and a width, who writes it some times."""
    samples = []
    for label, forms in enumerate(DIGIT_FORMS):
        for form, wide in itertools.product(forms, np.linspace(_NARROW, _WIDE, _WIDTHS)):
            points, bases = stroke_bases(form)
            for _ in range(_TIMES):
                loose = points + _LOOSE * rng.standard_normal(points.shape)
                strokes = tuple(
                    np.asarray(basis @ loose * (wide, 1), np.float32) for basis in bases
                )
                samples.append(StrokeSample(str(label), f"{form} {wide}", strokes))
    return Ink.of(samples, (int(sample.label) for sample in samples))
