"""One epoch of what people bring, after it was normalised as MNIST was."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.bundle import DIGITS
from scrawl.preprocess.normalise import normalise
from scrawl.training.synthesis.digit_forms import DIGIT_FORMS
from scrawl.training.synthesis.digits import drawn_digits, print_digits
from scrawl.training.synthesis.not_digits import not_digits
from scrawl.training.synthesis.thinning import rewritten
from scrawl.training.synthesis.warp import affine, bent
from scrawl.training.synthesis.wear import worn

NOTHING = len(DIGITS)
"""The label of what is no digit: the class behind the digits."""

Pictures = UInt8
Labels = Int64

# Shares of an epoch.
SHARES = {
    "plain": 0.18,  # MNIST's digits, turned and shifted a little at their own resolution
    "worn": 0.32,  # MNIST's digits, bent and worn
    "rewritten": 0.08,  # MNIST's digits, with another pen
    "drawn": 0.17,  # from forms
    "printed": 0.02,
    "not": 0.23,  # anything but a digit
}
_BENT = 0.35  # of the pictures, by smooth fields
_SPOILT = 0.2  # of "not": pictures made of MNIST's digits


def reader_epoch(
    images: Pictures, labels: Labels, rng: np.random.Generator
) -> tuple[Pictures, Labels]:
    """One epoch of training pictures for the bundled reader: single digits, and what is none.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``; a user's among them.
        labels: What they are, 0 to 9, shape ``(n,)``; 10 for a user's pictures of no digit.
        rng: Source of chance; the same generator gives the same epoch.

    Returns:
        Pictures, shape ``(m, 28, 28)`` with ``m`` about ``n``, 255 for ink, in random order, and
        what they are, shape ``(m,)``: 0 to 9, and 10 for no digit.
    """
    counts = {name: int(share * len(images)) for name, share in SHARES.items()}
    shown = images[labels == NOTHING][: counts["not"]]
    images, labels = images[labels < NOTHING], labels[labels < NOTHING]
    order = rng.permutation(len(images))
    plain, order = order[: counts["plain"]], order[counts["plain"] :]
    curved, order = order[: counts["worn"]], order[counts["worn"] :]
    again, order = order[: counts["rewritten"]], order[counts["rewritten"] :]
    spoilt = order[: int(_SPOILT * counts["not"])]
    made = counts["not"] - len(shown)
    nothing = not_digits(affine(images[spoilt], rng), labels[spoilt], made, rng)
    drawn, drawn_labels = drawn_digits(counts["drawn"], rng)
    printed, printed_labels = print_digits(counts["printed"], rng)
    pictures = [
        affine(images[plain], rng, scale=1.0, side=28),
        finished(worn(bent(affine(images[curved], rng), rng, _BENT), rng), rng),
        finished(worn(rewritten(affine(images[again], rng), rng), rng, 0.6), rng),
        finished(worn(bent(drawn, rng, _BENT), rng), rng),
        finished(worn(printed, rng), rng),
        finished(worn(nothing, rng, 0.6), rng),
        affine(shown, rng, scale=1.0, side=28),
    ]
    known = [labels[plain], labels[curved], labels[again], drawn_labels, printed_labels]
    what = np.concatenate([*known, np.full(counts["not"], NOTHING)])
    order = rng.permutation(len(what))
    return np.concatenate(pictures)[order], what[order].astype(np.int64)


def epoch_size(count: int) -> int:
    """How many pictures `reader_epoch` makes of ``count`` digits, whatever the generator."""
    drawn = int(SHARES["drawn"] * count) // len(DIGIT_FORMS) * len(DIGIT_FORMS)
    others = (int(share * count) for name, share in SHARES.items() if name != "drawn")
    return drawn + sum(others)


def finished(pictures: Pictures, rng: np.random.Generator) -> Pictures:
    """Normalise pictures as the product does, faint ink taken for paper.

    Args:
        pictures: Ink 255 on 0, shape ``(n, CANVAS, CANVAS)``.
        rng: Source of chance.

    Returns:
        Shape ``(n, 28, 28)``.
    """
    out = np.empty((len(pictures), 28, 28), np.uint8)
    floors = rng.uniform(0.03, 0.3, len(pictures))
    for row, (picture, floor) in enumerate(zip(pictures, floors, strict=True)):
        ink = picture.astype(np.float32)
        ink[ink < floor * ink.max()] = 0
        out[row] = normalise(ink / np.float32(255))
    return out
