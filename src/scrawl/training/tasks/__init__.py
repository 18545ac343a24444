"""What networks are trained to do: a module each, from rows to scores.

A recipe names its task. Its losses stand here, so that a recipe can be checked without Keras.
"""

from __future__ import annotations

from typing import Any

from scrawl.registry import Registry

TASKS: Registry[type[Any]] = Registry(
    "task",
    None,
    {
        "classifier": "scrawl.training.tasks.classifier:ClassifierTraining",
        "autoencoder": "scrawl.training.tasks.autoencoder:AutoencoderTraining",
        "detector": "scrawl.training.tasks.detector:DetectorTraining",
        "transcriber": "scrawl.training.tasks.transcriber:TranscriberTraining",
    },
)
"""The name of each task to what training for it consists of."""

CLASSIFIER_LOSSES = ("categorical_crossentropy", "log_cosh")

LOSSES = {
    "classifier": CLASSIFIER_LOSSES,
    "autoencoder": CLASSIFIER_LOSSES,
    "detector": ("detection",),
    "transcriber": ("ctc",),
}
"""The losses that a recipe of each task may name."""
