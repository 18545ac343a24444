"""Runs the network that reads a line as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.bundle import DIGITS, TRANSCRIBE, BundleInfo
from scrawl.errors import InputError, ModelError
from scrawl.pages.grid import MARKS
from scrawl.pages.page_network import PageNetwork
from scrawl.pages.strip import HEIGHT, SIDE
from scrawl.weights import LINES


class LineReader(PageNetwork):
    """The network that reads strips of one line. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
    """

    task = TRANSCRIBE

    def _check(self, model: str | os.PathLike[str]) -> None:
        """Refuses one that was trained on strips of another height."""
        height = self._network.input_shape[1]
        if height not in (None, HEIGHT):
            raise ModelError(
                f"{model}: expected a reader of lines {HEIGHT} pixels high, received one of "
                f"{height}, of an older scrawl; scrawl train lines makes another"
            )

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

    def digit_steps(self, strip: UInt8, words: bool = True) -> Float32:
        """The same of digits alone, shape ``(steps, 1 + letters)``.

        A mark or a letter counts as a step that says nothing new: the probability of a text is
        then that of its digits, whatever stands between them.

        Args:
            strip: As `steps` takes it.
            words: Whether letters may stand in the line; where none can, grain is not taken for
                some.
        """
        steps, classes = self.steps(strip), self.info.classes
        if not words:
            known = [*self.info.alphabet, *MARKS]
            kept = [at for at, name in enumerate(classes) if name in known]
            steps = log_probabilities(steps[:, [0, *(1 + at for at in kept)]])
            classes = tuple(classes[at] for at in kept)
        return digits_alone(ones_first(steps, classes), len(self.info.alphabet))


def log_probabilities(logits: Float32, temperature: float = 1.0) -> Float32:
    """Logarithms of the softmax of logits by a temperature, of the last axis."""
    scaled = logits / np.float32(temperature)
    scaled = scaled - scaled.max(-1, keepdims=True)
    return np.asarray(scaled - np.log(np.exp(scaled).sum(-1, keepdims=True)), np.float32)


def ones_first(steps: Float32, classes: Sequence[str]) -> Float32:
    """Steps whose slashes are 1s up to the first digit, as in `scrawl.pages.slashes`.

    Args:
        steps: Logarithms of probabilities, of the blank and of classes.
        classes: What they are called.
    """
    if not {"1", "/"} <= set(classes):
        return steps
    one, slash = 1 + classes.index("1"), 1 + classes.index("/")
    digits = [1 + at for at, name in enumerate(classes) if name.isdecimal()]
    first = int(np.isin(steps.argmax(1), digits).argmax())
    merged = steps.copy()
    merged[:first, one] = np.logaddexp(steps[:first, one], steps[:first, slash])
    merged[:first, slash] = steps.min()
    return merged


def digits_alone(steps: Float32, letters: int) -> Float32:
    """Steps without the classes behind the alphabet, whose probability goes to the blank."""
    others = np.logaddexp.reduce(steps[..., [0, *range(1 + letters, steps.shape[-1])]], axis=-1)
    return np.concatenate([others[..., None], steps[..., 1 : 1 + letters]], -1)


def opener(
    lines: str | os.PathLike[str] | Literal[False] | None,
    detector: BundleInfo,
    device: str,
    threads: int | None,
) -> Callable[[], LineReader] | None:
    """What gives the reader of lines beside a detector; None where there is none.

    Args:
        lines: A run folder or an ``.onnx`` file, opened at once; None takes the one that scrawl
            carries, when it is asked for, if the detector reads its alphabet; False none.
        detector: What the detector says of itself.
        device: What another network than the carried one runs on.
        threads: How many a call may use; None for one a core.

    Raises:
        ModelError: It is missing, damaged, of another version, or reads no lines.
        InputError: There is no such device, or the models read different alphabets.
    """
    if lines is None:
        return (lambda: _carried(threads)) if detector.alphabet == DIGITS else None
    if lines is False:
        return None
    reader = LineReader(lines, device=device, threads=threads)
    check_alphabet("lines", reader.info, detector)
    return lambda: reader


@cache
def _carried(threads: int | None) -> LineReader:
    """The reader of lines that scrawl carries: a graph of 8 bits, which is for processors."""
    return LineReader(LINES, threads=threads)


def check_alphabet(name: str, info: BundleInfo, detector: BundleInfo) -> None:
    """Refuses a model that reads another alphabet than the detector.

    Raises:
        InputError: It does.
    """
    if info.alphabet != detector.alphabet:
        raise InputError(
            f"{name}: expected one of {' '.join(detector.alphabet)}, as the model of "
            f"pages reads, received one of {' '.join(info.alphabet)}"
        )
