"""A stock of single digits and letters to write pages with, ordered by the width of their pen."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.training.synthesis.digits import drawn_digits, print_digits
from scrawl.training.synthesis.not_digits import characters, letters, prints
from scrawl.training.synthesis.thinning import rewritten
from scrawl.training.synthesis.warp import affine, bent
from scrawl.training.synthesis.wear import snap, thicken, thin

LETTER = -1
"""The label of a letter or a sign in a bank: it is written, and must not be read."""

# Shares of a bank of digits.
_MNIST, _REWRITTEN, _DRAWN = 0.38, 0.3, 0.28  # the rest are printed
_BENT = 0.3  # of them, by smooth fields
_NEAR = 0.08  # part of the bank within which pens count as one


class Bank:
    """Pictures of each label, in the order of their pens, fine to broad."""

    def __init__(self, pictures: UInt8, labels: Int64) -> None:
        shelves: dict[int, list[tuple[float, UInt8]]] = {}
        for picture, label in zip(pictures, labels.tolist(), strict=True):
            x, y, w, h = cv2.boundingRect((picture > 60).astype(np.uint8))
            if h < 8 or (w < 2 and label != 1):
                continue
            crop = np.ascontiguousarray(picture[y : y + h, x : x + w])
            shelves.setdefault(label, []).append((_pen(crop), crop))
        self._shelves = {
            label: [crop for _, crop in sorted(shelf, key=lambda item: item[0])]
            for label, shelf in shelves.items()
        }

    def take(self, label: int, pen: float, rng: np.random.Generator) -> UInt8:
        """One of a label, with about a pen from 0, the finest, to 1: ink 255 on 0, cropped."""
        shelf = self._shelves[label]
        at = pen + rng.uniform(-_NEAR, _NEAR)
        return shelf[int(np.clip(at, 0, 1) * (len(shelf) - 1))]


def _pen(picture: UInt8) -> float:
    """The width of the strokes as a part of the height, about."""
    padded = cv2.copyMakeBorder((picture > 110).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    edge = int((padded - cv2.erode(padded, np.ones((3, 3), np.uint8))).sum())
    return 2 * float(padded.sum()) / max(edge, 1) / picture.shape[0]


def digit_bank(images: UInt8, labels: Int64, size: int, rng: np.random.Generator) -> Bank:
    """A bank of digits: MNIST's, bent; MNIST's with other pens; drawn from forms; printed.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``.
        labels: What they are, shape ``(n,)``.
        size: How many, about.
        rng: Source of randomness.
    """
    count, again = int(_MNIST * size), int(_REWRITTEN * size)
    rows = rng.choice(len(images), count + again, replace=count + again > len(images))
    plain = _pen_faults(bent(affine(images[rows[:count]], rng), rng, _BENT), rng)
    other = rewritten(bent(affine(images[rows[count:]], rng), rng, _BENT), rng)
    drawn, drawn_labels = drawn_digits(int(_DRAWN * size), rng)
    printed, printed_labels = print_digits(size - count - again - len(drawn), rng)
    return Bank(
        np.concatenate(
            [plain, _pen_faults(other, rng), _pen_faults(bent(drawn, rng, _BENT), rng), printed]
        ),
        np.concatenate([labels[rows], drawn_labels, printed_labels]),
    )


def letter_bank(size: int, rng: np.random.Generator) -> Bank:
    """A bank of what is no digit: handwritten and printed letters, strokes of no script."""
    pictures = np.concatenate(
        [letters(int(0.55 * size), rng), prints(int(0.35 * size), rng), characters(size // 10, rng)]
    )
    return Bank(pictures, np.full(len(pictures), LETTER))


def _pen_faults(pictures: UInt8, rng: np.random.Generator) -> UInt8:
    """What befalls single digits; what befalls the paper befalls the page as a whole."""
    for fault, share in ((thin, 0.12), (thicken, 0.1), (snap, 0.06)):
        for row in np.flatnonzero(rng.random(len(pictures)) < share):
            pictures[row] = fault(pictures[row], rng)
    return pictures
