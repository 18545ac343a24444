"""Single digits that no data set has: drawn from forms, printed."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.glyphs import printed_digits
from scrawl.training.synthesis.strokes import written
from scrawl.training.synthesis.warp import affine, bent

_BENT = 0.35  # of the printed digits


def drawn_digits(count: int, rng: np.random.Generator) -> tuple[UInt8, Int64]:
    """Digits drawn from forms, the forms of each digit in equal parts.

    Args:
        count: How many.
        rng: Source of randomness.

    Returns:
        Ink 255 on 0, shape ``(count, CANVAS, CANVAS)``, and what they are, shape ``(count,)``.
    """
    labels = np.sort(np.arange(count) % len(DIGIT_FORMS))
    counts = np.bincount(labels, minlength=len(DIGIT_FORMS)).tolist()
    pictures = [written(forms, n, rng) for forms, n in zip(DIGIT_FORMS, counts, strict=True)]
    return np.concatenate(pictures), labels


def print_digits(count: int, rng: np.random.Generator) -> tuple[UInt8, Int64]:
    """Printed digits, turned and bent a little; the shapes are those of `drawn_digits`."""
    glyphs, what = printed_digits()
    rows = rng.integers(0, len(glyphs), count)
    return bent(affine(glyphs[rows], rng, scale=1.0), rng, _BENT), what[rows]
