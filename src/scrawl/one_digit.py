"""Reads pictures of one digit each; where the digit reader doubts, the page reader is asked, too.

The digit reader takes a picture for one digit and finds its ink; the page reader searches it for
any number of them. Where the first is sure, the second is not even loaded. `settle` alone decides
what the two say together: one digit, and which; several, and which; or none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Self

import numpy as np

from scrawl import images, preprocess
from scrawl.arrays import Box, Float32, Float64, UInt8
from scrawl.bundle import DIGITS, NOT_A_DIGIT
from scrawl.digit_reader import DigitReader, find
from scrawl.prediction import BLANK, DOUBTS, SEVERAL, Prediction, doubt
from scrawl.single_reader import ModelFile, SingleReader

if TYPE_CHECKING:
    from PIL.Image import Image

    from scrawl.pages import PageReader, Reading
    from scrawl.pages.digit import Digit

KIND = 0.7, 0.5
"""Weights of the digit reader and the page reader in whether a picture shows one digit, several or
none, where the first doubts. Above 1 together: that they agree is worth more than what either says.
Tried on made pictures and on held-out hands (``benchmarks/second_look.py --fit``)."""

WHICH = 0.5, 0.5
"""Their weights in which digit it is, likewise: with more for the first, crops of old ledgers lose
what the second sees in them."""

SURE = 0.98
"""Confidence of the digit reader from which on nobody else is asked: of real pictures, one in
twenty is below it. At 0.95 as many are right, but wrong ones of 96% and 97% are not asked about."""

_NEVER = 1e-3
"""Added to what either says, so that neither rules anything out."""

_TOUCHING = 0.2
"""Share of what is no digit to the digit reader that is several which touch."""

_OVERLOOKED = 0.4
"""How often what is nothing to the page reader is a digit all the same, if it is a 1: a straight
stroke by itself may be a rule or the edge of a sheet to it."""

_OVERLAP = 0.5
"""Share of two boxes' union that they have in common, from which on they show the same ink."""


class OneDigitReader(SingleReader):
    """Reads pictures of one digit each, as ``scrawl read --one`` does. Safe to share by threads.

    Attributes:
        digits: Reads every picture first.
    """

    def __init__(self, digits: DigitReader, pages: Callable[[], PageReader] | None = None) -> None:
        """Takes its two readers.

        Args:
            digits: Reads every picture first.
            pages: Gives the page reader when it is first needed; None asks none.
        """
        self.digits = digits
        self._pages = cache(pages) if pages is not None and doubts_well(digits) else None

    @classmethod
    def _opened(
        cls, model: ModelFile | None, threshold: float | None, device: str, threads: int | None
    ) -> Self:
        digits = DigitReader.load(model, threshold=threshold, device=device, threads=threads)

        def pages() -> PageReader:
            from scrawl.pages import PageReader

            return PageReader.load(reader=model, lines=False, device=device, threads=threads)

        return cls(digits, pages)

    def explain(self, picture: images.Picture, prediction: Prediction | None = None) -> Image:
        """One image that shows how a picture was read, as `scrawl.explain.explain` draws it.

        Args:
            picture: As `read` takes it.
            prediction: What was read from it; None reads it.

        Raises:
            PictureError, InputError: As `read` does.
        """
        return self.digits.explain(picture, prediction or self.read(picture))

    def _read(self, batch: list[images.Page]) -> list[Prediction]:
        first = self.digits.read_found([find(page) for page in batch])
        return [
            settle(prediction, self._pages().read(page), self.digits.threshold)
            if self._pages is not None and in_doubt(prediction)
            else prediction
            for prediction, page in zip(first, batch, strict=True)
        ]


def doubts_well(digits: DigitReader) -> bool:
    """Whether a model's doubts are worth a second look: it has learnt what is no digit.

    One that has not, such as a tutorial's, is there to show what it says by itself.
    """
    return NOT_A_DIGIT in digits.info.classes and digits.info.alphabet == DIGITS


def in_doubt(prediction: Prediction) -> bool:
    """Whether the page reader is to be asked: there is ink, and no digit that is beyond doubt."""
    return prediction.reason != BLANK and prediction.confidence < SURE


def settle(prediction: Prediction, reading: Reading, threshold: float) -> Prediction:
    """What a digit reader in doubt and a page reader say together.

    Each gives a distribution over ten digits, several digits, and none. They are pooled as
    logarithms, each with a weight (C. Genest, J. Zidek, "Combining probability distributions",
    1986), and so is what the pool gives a probability. Where the digit reader has read several
    figures side by side, they are several: the page reader says which, unless it sees fewer, as it
    overlooks a 1 beside a 1.

    Args:
        prediction: Of the digit reader, on a picture with ink.
        reading: Of the page reader, of the same picture.
        threshold: A digit below this confidence is uncertain.
    """
    if prediction.reason == SEVERAL:
        found = "".join(one.text for one in reading.digits)
        return replace(prediction, several=max(found, prediction.several, key=len))
    pooled = pool(*views(prediction, reading))
    digits = pooled[:-2].astype(np.float32)
    best = int(digits.argmax())
    confidence = float(digits[best])
    image, box = prediction.image, prediction.box
    reason, several = DOUBTS[doubt(confidence, float(digits.sum()), threshold)], ""
    if reason:
        if pooled[-2] >= 0.5:
            reason = SEVERAL
            several = "".join(one.text for one in reading.digits)
    else:
        image, box = _seen(prediction, reading, best)
    return replace(
        prediction,
        digit=None if reason else best,
        confidence=confidence,
        probabilities=digits,
        reason=reason,
        image=image,
        box=box,
        several=several,
    )


def pool(first: Float64, second: Float64) -> Float64:
    """Two distributions, as one.

    Whether it is one digit is pooled apart from which: that two readers contradict each other in
    the one says nothing about the other.

    Args:
        first: Of the digit reader, shape ``(..., n + 2)``: ``n`` digits, several of them, none.
        second: Of the page reader, of the same shape.
    """
    kind = _pooled(KIND, *(_kinds(each) for each in (first, second)))
    which = _pooled(WHICH, first[..., :-2], second[..., :-2])
    return np.concatenate([kind[..., :1] * which, kind[..., 1:]], axis=-1)


def _kinds(view: Float64) -> Float64:
    """One digit, several, none."""
    return np.concatenate([view[..., :-2].sum(axis=-1, keepdims=True), view[..., -2:]], axis=-1)


def _pooled(weights: tuple[float, float], first: Float64, second: Float64) -> Float64:
    """The logarithmic pool of two distributions, which need not sum to 1."""
    logs = weights[0] * np.log(first + _NEVER) + weights[1] * np.log(second + _NEVER)
    shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), np.float64)


def views(prediction: Prediction, reading: Reading) -> tuple[Float64, Float64]:
    """What each reader says, as `pool` takes it."""
    first = by_digits(prediction.probabilities)
    return first, by_page(reading.digits, first[:-2])


def by_digits(row: Float32) -> Float64:
    """What the digit reader says, as `pool` takes it: those that touch are none to it.

    Args:
        row: Its probability of each digit.
    """
    rest = max(0.0, 1.0 - float(row.sum()))
    return np.append(row, [_TOUCHING * rest, (1 - _TOUCHING) * rest])


def by_page(found: Sequence[Digit], expected: Float64) -> Float64:
    """What the page reader says, likewise, each of its digits being there or not by itself.

    Args:
        found: Its digits.
        expected: What each digit's probability is to the digit reader: of one that is overlooked
            the page reader cannot say which it is.
    """
    rows = np.array([one.probabilities for one in found], float).reshape(-1, len(expected))
    absent = np.clip(1 - rows.sum(axis=1), 0, 1)
    others = np.array([np.delete(absent, i).prod() for i in range(len(rows))])
    alone = (rows * others[:, None]).sum(axis=0)
    nothing = float(absent.prod())
    several = max(0.0, 1 - nothing - float(alone.sum()))
    which = (expected + _NEVER) / (expected + _NEVER).sum()
    overlooked = _OVERLOOKED * float(which[1]) * nothing
    return np.append(alone + overlooked * which, [several, nothing - overlooked])


def _seen(prediction: Prediction, reading: Reading, digit: int) -> tuple[UInt8, Box | None]:
    """The 28×28 and the box of a digit: where the page reader found it, if that is elsewhere."""
    found = max(
        (one for one in reading.digits if one.digit == digit),
        key=lambda one: one.confidence,
        default=None,
    )
    own = prediction.box
    if found is None or own is None or reading.image is None or _overlap(own, found.box) > _OVERLAP:
        return prediction.image, own
    x0, y0, x1, y1 = found.box
    ink = preprocess.find_digit(np.ascontiguousarray(reading.image[y0:y1, x0:x1]))
    return prediction.image if ink is None else ink.normalised, found.box


def _overlap(a: Box, b: Box) -> float:
    """The intersection of two boxes over their union."""
    wide = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    high = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = wide * high
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return both / max(areas - both, 1)


def read_one(picture: images.Picture) -> Prediction:
    """Reads the one digit of a picture with the models that scrawl carries.

    Args:
        picture: A path, bytes, a PIL image or an array; see ``scrawl.images.load``.

    Raises:
        PictureError: It is not a picture.
    """
    return _default().read(picture)


_default = cache(OneDigitReader.load)
