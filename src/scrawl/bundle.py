"""The model bundle: one ``.onnx`` file that carries all that reading with it needs.

The graph takes float32 ``(n, …)``, pixels in [0, 1] with ink 1, and gives probabilities of shape
``(n, classes)``. Its metadata holds one entry, ``scrawl``: a ``BundleInfo`` as JSON.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl import metrics
from scrawl.errors import InputError, ModelError
from scrawl.preprocess import VERSION

FORMAT = 1
METADATA_KEY = "scrawl"
UNSEALED = "0" * 64
DIGITS = 10
"""How many digits there are: the first classes of every network."""

NO_DIGIT = "not a digit"
"""The class of what is none of them."""


@dataclass(frozen=True)
class BundleInfo:
    """What a bundle says of itself.

    Attributes:
        recipe: The recipe that made it.
        classes: The name of each output; ``"0"`` to ``"9"``, and perhaps one that is no digit.
        image_shape: Height and width in pixels of what the network sees.
        pixel_max: The value of full ink in the uint8 images.
        preprocess: The version of ``scrawl.preprocess`` it was trained behind.
        loss: The name in ``scrawl.metrics.LOSSES`` of the loss it was trained with.
        temperature: Logits are divided by it before the softmax; above 0.
        odds: The probability of what is no digit is multiplied by it, since training pictures hold
            more of that than people bring; above 0.
        threshold: A digit below this confidence is rejected; in [0, 1], 0 rejects none.
        data: The data set it was trained on.
        data_sha256: Checksum of the training rows.
        seed: Of the training.
        parameters: How many weights the network has.
        scrawl: The version of scrawl, and the commit where it is known.
        sha256: Checksum of the file with this value set to zeros; see ``digest``.
        format: The version of this table.
    """

    recipe: str
    classes: tuple[str, ...]
    image_shape: tuple[int, int]
    pixel_max: int
    loss: str
    data: str
    data_sha256: str
    seed: int
    parameters: int
    scrawl: str
    preprocess: str = VERSION
    temperature: float = 1.0
    odds: float = 1.0
    threshold: float = 0.0
    sha256: str = UNSEALED
    format: int = FORMAT

    @property
    def digits(self) -> tuple[str, ...]:
        """The classes that are digits; they come first."""
        return self.classes[:DIGITS]

    def threshold_or(self, given: float | None) -> float:
        """The threshold that a caller gave, or the model's own where none was given.

        Raises:
            InputError: It is not in [0, 1].
        """
        threshold = self.threshold if given is None else given
        if not 0 <= threshold <= 1:
            raise InputError(f"threshold: expected 0 to 1, received {threshold}")
        return threshold

    def calibrated(self, probabilities: NDArray[np.floating]) -> NDArray[np.float32]:
        """The network's probabilities, shape ``(n, classes)``, as confidence that can be trusted.

        Odds of classes change as their shares do (Saerens, Latinne and Decaestecker 2002,
        "Adjusting the outputs of a classifier to new a priori probabilities"); then temperature.
        """
        if self.odds == self.temperature == 1.0:
            return np.asarray(probabilities, np.float32)
        weighed = np.array(probabilities, np.float64)
        weighed[:, DIGITS:] *= self.odds
        return metrics.soften(weighed, self.temperature).astype(np.float32)

    def to_json(self) -> str:
        """The text that stands in the metadata of the ``.onnx`` file."""
        return json.dumps(asdict(self))


def digest(raw: bytes, stated: str) -> str:
    """SHA-256 of a bundle, counting the checksum stated inside it as zeros.

    Args:
        raw: The bytes of the file.
        stated: The checksum that its metadata holds, 64 hexadecimal digits.
    """
    return hashlib.sha256(raw.replace(stated.encode(), UNSEALED.encode())).hexdigest()


def parse(path: Path, raw: bytes, text: str | None) -> BundleInfo:
    """The facts of a bundle whose metadata entry is ``text``, checked against its bytes.

    Raises:
        ModelError: It is none of scrawl's, damaged, or of another format or preprocessing.
    """
    if text is None:
        raise ModelError(f"{path}: expected a model exported by scrawl, its metadata names none")
    try:
        table: dict[str, Any] = dict(json.loads(text))
    except (TypeError, ValueError) as error:
        raise ModelError(f"{path}: damaged (its metadata is no JSON object)") from error
    _expect(path, "bundle format", FORMAT, table.get("format"))
    _expect(path, "preprocessing version", VERSION, table.get("preprocess"))
    try:
        table["classes"] = tuple(table["classes"])
        table["image_shape"] = tuple(table["image_shape"])
        info = BundleInfo(**table)
    except (KeyError, TypeError) as error:
        raise ModelError(f"{path}: damaged (its metadata is incomplete: {error})") from error
    received = digest(raw, info.sha256)
    if received != info.sha256:
        raise ModelError(f"{path}: damaged (expected SHA-256 {info.sha256}, received {received})")
    return info


def _expect(path: Path, what: str, expected: object, received: object) -> None:
    if received != expected:
        raise ModelError(
            f"{path}: made by another version of scrawl "
            f"({what}: expected {expected}, received {received})"
        )
