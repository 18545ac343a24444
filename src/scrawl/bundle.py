"""The model bundle: one ``.onnx`` file that carries all that reading with it needs.

The graph takes float32 ``(n, …)``, pixels in [0, 1] with ink 1. Its metadata holds one entry,
``scrawl``: a ``BundleInfo`` as JSON.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from scrawl import metrics
from scrawl.arrays import Float32, Float64, Floats
from scrawl.errors import InputError, ModelError
from scrawl.preprocess import VERSION

FORMAT = 2
"""The version of the table that is written; all up to it are read."""

METADATA_KEY = "scrawl"
UNSEALED = "0" * 64

CLASSIFY = "classify"
"""The task of a network that says which of its classes a normalised picture shows."""

DETECT = "detect"
"""The task of a network that says where on a strip of ink a digit or a mark is, and which."""

TRANSCRIBE = "transcribe"
"""The task of a network that says what stands in a strip of one line, from left to right."""

DIGITS = tuple("0123456789")
"""The alphabet of MNIST, and of the models that scrawl carries."""

NOT_A_DIGIT = "not a digit"
"""The class of pictures that show nothing of the alphabet."""


@dataclass(frozen=True)
class BundleInfo:
    """What a bundle says of itself.

    Attributes:
        recipe: The recipe that made it.
        classes: The name of each output, as it is printed: first the alphabet, then others such as
            ``NOT_A_DIGIT`` or marks.
        image_shape: Height and width in pixels of what the network sees.
        pixel_max: The value of full ink in the uint8 images.
        loss: The name in ``scrawl.metrics.LOSSES`` of the loss it was trained with.
        data: The data set it was trained on.
        data_sha256: Checksum of the training rows.
        seed: Of the training.
        parameters: How many weights the network has.
        scrawl: The version of scrawl, and the commit where it is known.
        task: What it does: ``CLASSIFY``, ``DETECT`` or ``TRANSCRIBE``.
        letters: How many classes, from the first, make the alphabet; 0 stands for all of them.
        preprocess: The version of ``scrawl.preprocess`` it was trained behind.
        temperature: Logits are divided by it before the softmax; above 0.
        odds: The odds of "not a digit" are multiplied by it, above 0, since training shows the
            network more such pictures than people bring; a detector's those of anything there.
        threshold: A digit below this confidence is uncertain; in [0, 1]; 0 makes none so.
        sources: What it was trained on: data sets with authors and licences.
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
    task: str = CLASSIFY
    letters: int = 0
    preprocess: str = VERSION
    temperature: float = 1.0
    odds: float = 1.0
    threshold: float = 0.0
    sources: tuple[str, ...] = ()
    sha256: str = UNSEALED
    format: int = FORMAT

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The classes that are read; they come first."""
        return self.classes[: self.letters or len(self.classes)]

    def threshold_or(self, given: float | None) -> float:
        """The threshold that a caller gave, or the model's own where none was given.

        Raises:
            InputError: It is not in [0, 1].
        """
        threshold = self.threshold if given is None else given
        if not 0 <= threshold <= 1:
            raise InputError(f"threshold: expected 0 to 1, received {threshold}")
        return threshold

    def calibrated(self, probabilities: Floats) -> Float32:
        """The network's probabilities, shape ``(n, classes)``, calibrated.

        First the odds are corrected for classes that are rarer in use than in training (Saerens,
        Latinne and Decaestecker 2002, "Adjusting the outputs of a classifier to new a priori
        probabilities"), then the temperature is applied.
        """
        if self.odds == self.temperature == 1.0:
            return np.asarray(probabilities, np.float32)
        weighed = probabilities * self.weights
        return metrics.soften(weighed, self.temperature).astype(np.float32)

    @cached_property
    def weights(self) -> Float64:
        """What each class's odds are multiplied by, shape ``(classes,)``."""
        letters = len(self.alphabet)
        return np.array([1.0] * letters + [self.odds] * (len(self.classes) - letters))

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

    Entries that this version does not know are passed over.

    Raises:
        ModelError: It is none of scrawl's, damaged, made by a newer scrawl, or trained behind
            another preprocessing.
    """
    if text is None:
        raise ModelError(f"{path}: expected a model exported by scrawl, its metadata names none")
    try:
        table: dict[str, Any] = dict(json.loads(text))
        version = int(table.get("format", 0))
    except (TypeError, ValueError) as error:
        raise ModelError(f"{path}: damaged (its metadata is no JSON object)") from error
    if version > FORMAT:
        raise ModelError(
            f"{path}: made by a newer scrawl, {table.get('scrawl', 'unknown')} "
            f"(bundle format: expected at most {FORMAT}, received {version}); update scrawl"
        )
    if table.get("preprocess", VERSION) != VERSION:
        raise ModelError(
            f"{path}: made by scrawl {table.get('scrawl', 'unknown')} for another preprocessing "
            f"(version: expected {VERSION}, received {table['preprocess']})"
        )
    known = {field.name for field in fields(BundleInfo)}
    try:
        table = {key: value for key, value in _upgraded(table, version).items() if key in known}
        for key in ("classes", "image_shape", "sources"):
            table[key] = tuple(table.get(key, ()) if key == "sources" else table[key])
        info = BundleInfo(**table)
    except (KeyError, TypeError) as error:
        raise ModelError(f"{path}: damaged (its metadata is incomplete: {error})") from error
    received = digest(raw, info.sha256)
    if received != info.sha256:
        raise ModelError(f"{path}: damaged (expected SHA-256 {info.sha256}, received {received})")
    return info


def _upgraded(table: dict[str, Any], version: int) -> dict[str, Any]:
    """What an older bundle means: format 1 named its task by its loss, and knew ten digits."""
    if version != 1:
        return table
    task = DETECT if table.get("loss") == "detection" else CLASSIFY
    return {**table, "task": task, "letters": 10}
