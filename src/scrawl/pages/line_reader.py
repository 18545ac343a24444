"""Runs the network that reads a line as a whole."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.bundle import TRANSCRIBE
from scrawl.pages.page_network import PageNetwork
from scrawl.pages.strip import SIDE


class LineReader(PageNetwork):
    """The network that reads strips of one line. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
    """

    task = TRANSCRIBE

    def steps(self, strip: UInt8) -> Float32:
        """What stands at each step of a line.

        Args:
            strip: uint8, shape ``(HEIGHT, W)``, as `scrawl.pages.strip.contrast` gives it.

        Returns:
            Logarithms of probabilities, float32, a row for each ``STEP`` pixels, shape
            ``(steps, 1 + classes)``: nothing new, then the model's classes.
        """
        output = self.run(strip, 0, -strip.shape[1] % SIDE)
        return log_probabilities(output, self.info.temperature)

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
