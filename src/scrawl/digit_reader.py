"""Reads one digit of a picture, with ONNX Runtime alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, repeat
from typing import Self

import numpy as np
from PIL.Image import Image

from scrawl import images, preprocess
from scrawl.arrays import Float32, UInt8
from scrawl.bundle import CLASSIFY
from scrawl.errors import InputError
from scrawl.network import Network
from scrawl.prediction import DOUBTS, SEEN, SEVERAL, Prediction, doubt
from scrawl.single_reader import BATCH, ModelFile, SingleReader
from scrawl.weights import reader_for

LONE = 0.5
"""The share of a picture's strokes below which a digit is doubted, in proportion: where most
strokes are another's, the picture shows something else."""


class DigitReader(SingleReader):
    """Reads pictures of one digit each. Safe to share between threads.

    Attributes:
        info: What the model's bundle says of itself.
        threshold: Digits below this confidence are uncertain, in [0, 1].
    """

    def __init__(self, network: Network, threshold: float | None = None) -> None:
        self._network = network
        self.info = network.info
        self.threshold = self.info.threshold_or(threshold)

    @classmethod
    def _opened(
        cls, model: ModelFile | None, threshold: float | None, device: str, threads: int | None
    ) -> Self:
        model = reader_for(device) if model is None else model
        return cls(Network(model, task=CLASSIFY, device=device, threads=threads), threshold)

    def doubting(self, threshold: float | None) -> DigitReader:
        """A reader with the same network and another threshold; None for the one that it has.

        Raises:
            InputError: The threshold is not in [0, 1].
        """
        return self if threshold is None else DigitReader(self._network, threshold)

    @property
    def reads_pictures(self) -> bool:
        """Whether its images are what a picture is normalised to."""
        return self.info.image_shape == SEEN

    def _read(self, batch: list[images.Page]) -> list[Prediction]:
        return self.read_found([find(page) for page in batch])

    def read_found(
        self,
        found: Sequence[preprocess.DigitInk | None],
        thresholds: Sequence[float | None] | None = None,
    ) -> list[Prediction]:
        """Reads digits that ``scrawl.preprocess`` has found already.

        Args:
            found: The ink of each; None is a blank picture.
            thresholds: Doubts each below its own confidence, in [0, 1]; None goes by `threshold`.

        Raises:
            InputError: The model does not read pictures of this form.
        """
        if not self.reads_pictures:
            height, width = self.info.image_shape
            raise InputError(
                f"{self.info.recipe}: reads images of {height}×{width}, a picture is normalised "
                "to 28×28 (expected a model trained on 28×28)"
            )
        batch = [item.normalised for item in found if item is not None]
        batch += [piece.normalised for item in found if item for piece in item.pieces]
        rows = self.probabilities(np.array(batch, np.uint8).reshape(-1, *SEEN))
        wholes = iter(rows)
        pieces = iter(rows[sum(item is not None for item in found) :, : len(self.info.alphabet)])
        blank = Prediction.blank(self.info.alphabet)
        return [
            blank
            if item is None
            else self._prediction(
                item,
                next(wholes),
                list(islice(pieces, len(item.pieces))),
                self.threshold if threshold is None else threshold,
            )
            for item, threshold in zip(found, thresholds or repeat(None), strict=False)
        ]

    def probabilities(self, batch: UInt8) -> Float32:
        """The calibrated probability of every class, for images of the network's own form.

        Args:
            batch: uint8, shape ``(n, H, W)`` as ``info.image_shape`` says, in
                ``0 … info.pixel_max`` with full ink the highest; ``n`` may be 0.

        Returns:
            float32, shape ``(n, len(info.classes))``, rows of sum 1.

        Raises:
            InputError: The shape is another.
        """
        if batch.shape[1:] != self.info.image_shape:
            expected = "×".join(map(str, self.info.image_shape))
            received = "×".join(map(str, batch.shape[1:]))
            raise InputError(
                f"{self.info.recipe}: expected images of {expected}, received {received}"
            )
        parts = [self._run(batch[i : i + BATCH]) for i in range(0, len(batch), BATCH)]
        return np.concatenate([np.empty((0, len(self.info.classes)), np.float32), *parts])

    def explain(self, picture: images.Picture, prediction: Prediction | None = None) -> Image:
        """One image that shows how a picture was read, as `scrawl.explain.explain` draws it.

        Args:
            picture: As `read` takes it.
            prediction: What was read from it; None reads it.

        Raises:
            PictureError, InputError: As `read` does.
        """
        from scrawl.explain import explain, occlusion

        pixels = images.load(picture)
        if prediction is None:
            prediction = self.read(pixels)
        weights = occlusion(self.letter_probabilities, prediction.image)
        return explain(
            pixels,
            prediction.box,
            prediction.image,
            weights,
            prediction.probabilities,
            prediction.alphabet,
            prediction.verdict,
        )

    def letter_probabilities(self, batch: UInt8) -> Float32:
        """`probabilities` of the alphabet alone, shape ``(n, len(info.alphabet))``."""
        return self.probabilities(batch)[:, : len(self.info.alphabet)]

    def _run(self, batch: UInt8) -> Float32:
        tensor = preprocess.to_tensor(batch, self.info.pixel_max)
        shape = (len(batch), *(size or -1 for size in self._network.input_shape[1:]))
        return self.info.calibrated(self._network.run(tensor.reshape(shape)))

    def _prediction(
        self, found: preprocess.DigitInk, row: Float32, pieces: list[Float32], threshold: float
    ) -> Prediction:
        # One stroke of many may look like a digit; a picture of one digit shows little else.
        alone = np.float32(min(1.0, found.share / LONE))
        digits = row[: len(self.info.alphabet)] * alone
        together = self._several(found, float(digits.max()), pieces)
        digits = digits * np.float32(1 - together)
        best = int(digits.argmax())
        confidence = float(digits[best])
        reason, several = DOUBTS[doubt(confidence, float(digits.sum()), threshold)], ""
        if reason and together >= 0.5:
            reason = SEVERAL
            likely = [piece for piece in pieces if piece.max() >= 0.5]
            several = "".join(self.info.alphabet[int(piece.argmax())] for piece in likely)
        return Prediction(
            digit=None if reason else best,
            confidence=confidence,
            probabilities=digits,
            reason=reason,
            image=found.normalised,
            box=found.box,
            alphabet=self.info.alphabet,
            several=several,
        )

    def _several(self, found: preprocess.DigitInk, one: float, pieces: Sequence[Float32]) -> float:
        """The probability that a picture shows several digits, by what its pieces are read as.

        Pieces of what is read as one digit of probability ``one`` may be that digit, broken: either
        that is a digit and they are none, or they are digits and it is none.
        """
        if len(pieces) < 2:
            return 0.0
        first, second = sorted((float(piece.max()) for piece in pieces), reverse=True)[:2]
        both = first * second
        if not all(piece.own for piece in found.pieces):
            return both
        either = both * (1 - one) + one * (1 - both)
        return both * (1 - one) / either if either else 0.5


def find(page: images.Page) -> preprocess.DigitInk | None:
    """The one digit of a page, its box in the page's own pixels; None if there is no ink."""
    found = preprocess.find_digit(page.pixels)
    return found and replace(found, box=page.in_own_pixels(found.box))
