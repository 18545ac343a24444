"""Reads one digit of a picture, with ONNX Runtime alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from scrawl import images, preprocess
from scrawl.bundle import BundleInfo
from scrawl.errors import InputError, ModelError
from scrawl.session import open_model

BUNDLED = Path(__file__).parent / "weights" / "reader.onnx"
"""The model that scrawl carries."""

LONE = 0.5
"""The share of a picture's strokes below which a digit is doubted, in proportion: where most
strokes are another's, the picture shows something else."""

BATCH = 32
"""Pictures a call of the network: measures as fast as larger ones, and stays in the cache."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What was read from one picture.

    Attributes:
        digit: 0 to 9; None where the picture shows no digit or the network is not sure enough.
        confidence: The probability of the most probable digit, in [0, 1]; 0 on a blank picture.
        probabilities: float32, shape ``(10,)``: the probability of each digit. Their sum falls
            short of 1 by the probability that the picture shows no digit.
        rejected: Whether the confidence is below the threshold.
        image: uint8, shape ``(28, 28)``: what the network saw, 255 is ink.
        box: Left, top, right and bottom of the ink, in pixels of the picture; None where blank.
    """

    digit: int | None
    confidence: float
    probabilities: NDArray[np.float32]
    rejected: bool
    image: NDArray[np.uint8]
    box: tuple[int, int, int, int] | None

    @property
    def text(self) -> str:
        """The digit as text, empty where there is none."""
        return "" if self.digit is None else str(self.digit)

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        from scrawl.explain import summary

        return summary(self)

    def as_table(self) -> dict[str, Any]:
        """What ``scrawl read --one --json`` prints of a picture, without its name."""
        return {
            "digit": self.digit,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "rejected": self.rejected,
        }

    def top(self, k: int = 3) -> list[tuple[int, float]]:
        """The ``k`` most probable digits, each with its probability, best first."""
        order = np.argsort(-self.probabilities, kind="stable")[:k]
        return [(int(digit), float(self.probabilities[digit])) for digit in order]


class Recogniser:
    """A model bundle that is ready to read. Safe to share between threads.

    Attributes:
        info: What the bundle says of itself.
        threshold: Digits below this confidence are rejected, in [0, 1].
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        info: BundleInfo,
        threshold: float | None = None,
    ) -> None:
        self._session = session
        self._input = session.get_inputs()[0]
        self.info = info
        self.threshold = info.threshold_or(threshold)

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str] | None = None,
        *,
        threshold: float | None = None,
        threads: int | None = None,
    ) -> Recogniser:
        """Loads a model.

        Args:
            model: A run folder or an ``.onnx`` file; None takes the one that scrawl carries.
            threshold: Rejects digits below this confidence; None takes the model's own.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged or of another version.
            InputError: The threshold is not in [0, 1].
        """
        session, info = open_model(BUNDLED if model is None else model, threads)
        if info.loss == "detection":
            raise ModelError(f"{model}: finds digits on pages (expected a model of single digits)")
        return cls(session, info, threshold)

    def probabilities(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
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

    def _run(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        tensor = preprocess.to_tensor(batch, self.info.pixel_max)
        shape = (len(batch), *self._input.shape[1:])
        out: NDArray[np.float32] = self._session.run(
            None, {self._input.name: tensor.reshape(shape)}
        )[0]
        return self.info.calibrated(out)

    @property
    def reads_pictures(self) -> bool:
        """Whether its images are what a picture is normalised to."""
        return self.info.image_shape == SEEN

    def predict(self, pictures: Iterable[images.Picture]) -> list[Prediction]:
        """Reads one digit from each picture.

        Args:
            pictures: Paths, bytes, PIL images or arrays; see ``scrawl.images.load``.

        Raises:
            PictureError: One of them is not a picture.
            InputError: The model does not read pictures of this form.
        """
        found = [preprocess.find_digit(images.load(picture)) for picture in pictures]
        return self.predict_found(found)

    def predict_found(self, found: Sequence[preprocess.Found | None]) -> list[Prediction]:
        """Reads digits that ``scrawl.preprocess`` has found already; None is a blank picture."""
        if not self.reads_pictures:
            height, width = self.info.image_shape
            raise InputError(
                f"{self.info.recipe}: reads images of {height}×{width}, a picture is normalised "
                "to 28×28 (expected a model trained on 28×28)"
            )
        batch = [item.normalised for item in found if item is not None]
        rows = iter(self.probabilities(np.array(batch, np.uint8).reshape(-1, *SEEN)))
        return [BLANK if item is None else self._prediction(item, next(rows)) for item in found]

    def _prediction(self, found: preprocess.Found, row: NDArray[np.float32]) -> Prediction:
        # One stroke of many may look like a digit; a picture of one digit shows little else.
        alone = np.float32(min(1.0, found.share / LONE))
        digits = row[: len(self.info.digits)] * alone
        best = int(digits.argmax())
        confidence = float(digits[best])
        rejected = confidence < self.threshold
        return Prediction(
            digit=None if rejected else best,
            confidence=confidence,
            probabilities=digits,
            rejected=rejected,
            image=found.normalised,
            box=found.box,
        )


SEEN = (28, 28)

BLANK = Prediction(None, 0.0, np.zeros(10, np.float32), True, np.zeros(SEEN, np.uint8), None)
"""The prediction for a picture without ink."""
