"""What the page of ``scrawl train --live`` shows: a file of the run folder that grows with it."""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from PIL import Image

from scrawl import metrics
from scrawl.arrays import Floats, Int64, UInt8
from scrawl.bundle import CLASSIFY
from scrawl.files import write_text
from scrawl.training.backend import keras
from scrawl.training.run import Epoch, Run
from scrawl.training.tasks.base import Training

FILE = "live.json"
"""In the run folder; written aside and renamed, so that whoever reads it finds a whole one."""

_SECONDS = 1.0
"""From one writing within an epoch to the next: reading the scores waits for the backend."""
_SETTLED = 0.1
"""The share of an epoch after which its means so far are worth a point of a curve."""
_ROWS = 1000
"""Rows that are asked after each epoch."""
_WORST = 24
_FILTERS = 64


class Live:
    """A monitor that writes `FILE`: after each epoch, and every second within one.

    The confusion matrix and the mistakes are of validation rows; without such, of training rows.
    The test set stays closed.

    Args:
        training: What is trained.
        run: Its run folder.
        model: The network that learns.
        log: The epochs that an earlier start has done.
    """

    def __init__(
        self, training: Training, run: Run, model: keras.Model, log: Iterable[Epoch]
    ) -> None:
        self._training, self._run, self._model = training, run, model
        self._log = [asdict(row) for row in log]
        self._steps: list[tuple[float, float, float]] = []
        self._asked: dict[str, Any] = {}
        self._written = 0.0
        self._write()

    def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
        """Notes loss and accuracy so far of the epoch, now and then."""
        early = step < _SETTLED * self._training.steps
        if early or time.monotonic() - self._written < _SECONDS:
            return
        at = epoch - 1 + step / self._training.steps
        self._steps.append((at, float(logs["loss"]), float(logs["accuracy"])))
        self._write()

    def epoch(self, row: Epoch) -> None:
        """Asks the network, and writes what it says."""
        self._log.append(asdict(row))
        if self._training.recipe.task == "classifier" and self._training.task == CLASSIFY:
            self._asked = self._answers()
        self._write()

    def _write(self) -> None:
        recipe = self._training.recipe
        state = {
            "recipe": recipe.name,
            "title": recipe.title,
            "epochs": recipe.epochs,
            "log": self._log,
            "steps": self._steps,
            "filters": [_picture(one) for one in self._filters()],
            **self._asked,
        }
        write_text(self._run.folder / FILE, json.dumps(state))
        self._written = time.monotonic()

    def _answers(self) -> dict[str, Any]:
        """The confusion matrix, and the mistakes whose truth is least probable."""
        training = self._training
        held_out = len(training.held_out[0]) > 0
        x, y = training.held_out if held_out else training.rows
        images, labels = x[:_ROWS], y[:_ROWS]
        probabilities = training.predict(self._model, (images, labels))
        said: Int64 = probabilities.argmax(axis=1)
        wrong = np.flatnonzero(said != labels)
        worst = wrong[np.argsort(probabilities[wrong, labels[wrong]])][:_WORST]
        classes = training.classes
        return {
            "classes": classes,
            "asked": f"{len(labels):,} {'validation' if held_out else 'training'} rows",
            "confusion": metrics.confusion_matrix(said, labels, len(classes)).tolist(),
            "worst": [
                {
                    "image": _picture(1 - images[row] / training.dataset.info.pixel_max),
                    "label": classes[labels[row]],
                    "answer": classes[said[row]],
                    "confidence": float(probabilities[row].max()),
                }
                for row in worst
            ],
        }

    def _filters(self) -> list[Floats]:
        """The kernels of the first layer that has some, each ``(height, width)`` in [0, 1]."""
        for layer in self._model.layers:
            if not isinstance(layer, keras.layers.Conv2D | keras.layers.Dense):
                continue
            kernel = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float32)
            if kernel.ndim == 2 and len(kernel) == np.prod(self._training.image_shape):
                kernel = kernel.reshape(*self._training.image_shape, 1, -1)
            if kernel.ndim != 4:
                return []
            reach = max(float(np.abs(kernel).max()), 1e-9)
            return list(np.moveaxis(0.5 - kernel[:, :, 0, :_FILTERS] / (2 * reach), -1, 0))
        return []


def _picture(values: Floats) -> str:
    """Grey values, 0 black to 1 white, as the address of an image inside a page."""
    pixels: UInt8 = np.rint(255 * values).clip(0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
