"""One epoch of pictures like those that people bring, normalised as MNIST's are."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.preprocess.normalise import normalise
from scrawl.training.synthesis.digits import drawn_digits, print_digits
from scrawl.training.synthesis.hands import NOT_A_DIGIT_LABEL, Hands, on_paper, recorded
from scrawl.training.synthesis.not_digits import not_digits
from scrawl.training.synthesis.thinning import rewritten
from scrawl.training.synthesis.warp import affine, bent
from scrawl.training.synthesis.wear import worn

# Shares of an epoch.
SHARES = {
    "plain": 0.14,  # MNIST's digits, turned and shifted a little at their own resolution
    "worn": 0.2,  # MNIST's digits, bent and worn
    "rewritten": 0.04,  # MNIST's digits, with another pen
    "recorded": 0.22,  # strokes of other hands, with another pen
    "paper": 0.025,  # other hands' digits on paper
    "drawn": 0.14,  # from forms
    "printed": 0.015,
    "not": 0.22,  # anything but a digit
}
_BENT = 0.35  # of the pictures, by smooth fields
_SPOILT = 0.25  # of "not": pictures made of digits


def reader_epoch(
    images: UInt8, labels: Int64, rng: np.random.Generator, hands: Hands | None = None
) -> tuple[UInt8, Int64]:
    """One epoch of training pictures for the bundled reader: single digits, and what is none.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``; a user's among them.
        labels: What they are, 0 to 9, shape ``(n,)``; 10 for a user's pictures of no digit.
        rng: Source of randomness; the same generator gives the same epoch.
        hands: Other hands than MNIST's; digits drawn from forms take their part where there are
            none.

    Returns:
        Pictures, shape ``(m, 28, 28)`` with ``m`` about ``n``, 255 for ink, in random order, and
        what they are, shape ``(m,)``: 0 to 9, and 10 for no digit.
    """
    counts = {name: round(share * len(images)) for name, share in SHARES.items()}
    shown = images[labels == NOT_A_DIGIT_LABEL][: counts["not"]]
    images, labels = images[labels < NOT_A_DIGIT_LABEL], labels[labels < NOT_A_DIGIT_LABEL]
    order = rng.permutation(len(images))
    plain, order = order[: counts["plain"]], order[counts["plain"] :]
    curved, order = order[: counts["worn"]], order[counts["worn"] :]
    again, order = order[: counts["rewritten"]], order[counts["rewritten"] :]
    others, other_labels = _others(counts, rng, hands)
    spoilt = rng.permutation(len(others))[: int(_SPOILT * counts["not"])]
    made = counts["not"] - len(shown)
    signs = hands.signs if hands else None
    nothing = not_digits(others[spoilt], other_labels[spoilt], made, rng, signs)
    pictures = [
        affine(images[plain], rng, scale=1.0, side=28),
        finished(worn(bent(affine(images[curved], rng), rng, _BENT), rng), rng),
        finished(worn(rewritten(affine(images[again], rng), rng), rng, 0.6), rng),
        finished(worn(bent(others, rng, _BENT), rng), rng),
        finished(worn(nothing, rng, 0.7), rng),
        affine(shown, rng, scale=1.0, side=28),
    ]
    known = [labels[plain], labels[curved], labels[again], other_labels]
    what = np.concatenate([*known, np.full(counts["not"], NOT_A_DIGIT_LABEL)])
    order = rng.permutation(len(what))
    return np.concatenate(pictures)[order], what[order].astype(np.int64)


def _others(
    counts: dict[str, int], rng: np.random.Generator, hands: Hands | None
) -> tuple[UInt8, Int64]:
    """Digits that are not MNIST's, on their sheets: recorded, on paper, drawn, printed."""
    digits = [print_digits(counts["printed"], rng)]
    drawn = _rest(counts)
    if hands is not None and len(hands.digits):
        digits.append(recorded(hands.digits, counts["recorded"], rng))
        drawn -= counts["recorded"]
    if hands is not None and len(hands.bitmaps):
        digits.append(on_paper(hands, counts["paper"], rng))
        drawn -= counts["paper"]
    digits.append(drawn_digits(drawn, rng))
    return np.concatenate([one for one, _ in digits]), np.concatenate([one for _, one in digits])


def _rest(counts: dict[str, int]) -> int:
    """How many are drawn where nothing is recorded."""
    return counts["recorded"] + counts["paper"] + counts["drawn"]


def epoch_size(count: int) -> int:
    """How many pictures `reader_epoch` makes of ``count`` digits, whatever generator and hands."""
    return sum(round(share * count) for share in SHARES.values())


def finished(pictures: UInt8, rng: np.random.Generator) -> UInt8:
    """Normalise pictures as the product does, faint ink taken for paper.

    Args:
        pictures: Ink 255 on 0, shape ``(n, CANVAS, CANVAS)``.
        rng: Source of randomness.

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
