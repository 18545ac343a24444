"""Runs the network that reads a line as a whole."""

from __future__ import annotations

import os

import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.bundle import TRANSCRIBE
from scrawl.network import Network
from scrawl.pages.strip import SIDE


class LineReader:
    """The network that reads strips of one line. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
    """

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        """Loads a model.

        Args:
            model: A run folder or an ``.onnx`` file.
            device: What the network runs on; see ``scrawl.network.DEVICES``.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged, of another version, or reads no lines.
            InputError: There is no such device.
        """
        self._network = Network(model, task=TRANSCRIBE, device=device, threads=threads)
        self.info = self._network.info

    def steps(self, strip: UInt8) -> Float32:
        """What stands at each step of a line.

        Args:
            strip: uint8, shape ``(HEIGHT, W)``, as `scrawl.pages.strip.contrast` gives it.

        Returns:
            Logarithms of probabilities, float32, a row for each ``STEP`` pixels, shape
            ``(steps, 1 + classes)``: nothing new, then the model's classes.
        """
        beside = -strip.shape[1] % SIDE
        if beside:
            strip = np.pad(strip, ((0, 0), (0, beside)))
        tensor = strip[None, :, :, None].astype(np.float32) / np.float32(255)
        return log_probabilities(self._network.run(tensor)[0], self.info.temperature)

    def digit_steps(self, strip: UInt8) -> Float32:
        """The same of digits alone, shape ``(steps, 1 + letters)``.

        A mark or a letter counts as a step that says nothing new: the probability of a text is
        then that of its digits, whatever stands between them.
        """
        return digits_alone(self.steps(strip), len(self.info.alphabet))


def log_probabilities(logits: Float32, temperature: float = 1.0) -> Float32:
    """Logarithms of the softmax of logits by a temperature, of the last axis."""
    scaled = logits / np.float32(temperature)
    scaled = scaled - scaled.max(-1, keepdims=True)
    return np.asarray(scaled - np.log(np.exp(scaled).sum(-1, keepdims=True)), np.float32)


def digits_alone(steps: Float32, letters: int) -> Float32:
    """Steps without the classes behind the alphabet, whose probability goes to the blank."""
    others = np.logaddexp.reduce(steps[..., [0, *range(1 + letters, steps.shape[-1])]], axis=-1)
    return np.concatenate([others[..., None], steps[..., 1 : 1 + letters]], -1)
