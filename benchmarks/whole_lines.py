"""Numbers of held-out hands, read by their digits, as lines, and both: what weighs how much.

    python benchmarks/whole_lines.py LINES [--count 400] [--weigh]

LINES is a run of ``scrawl train lines``, or its ``.onnx``. The numbers are written by six writers
of pendigits who train nothing and with the last 5,000 of MNIST's training rows (seed 0), on the
papers that training uses. A number counts as right when every digit is, and nothing more was read.
``--weigh`` tries other weights than those that ``scrawl.pages.whole_lines`` has.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scrawl import PageReader, data
from scrawl.arrays import Float32, UInt8
from scrawl.pages import Line, whole_lines
from scrawl.pages.ctc import likeliest
from scrawl.pages.levels import Pyramid
from scrawl.pages.line_reader import LineReader
from scrawl.pages.strip import strip_of_whole
from scrawl.pages.whole_lines import WholeReader, read_whole
from scrawl.training.synthesis.bank import digit_bank, letter_bank
from scrawl.training.synthesis.hands import load
from scrawl.training.synthesis.lines import LineScribe

HELD_OUT = 5_000
"""MNIST's last training rows, which train nothing."""

GRID = {"DIGITS_SAY": (0.7, 1.0, 1.4, 2.0), "LONGER": (0.0, 0.5, 1.0, 1.5, 2.0)}
"""What is tried of the constants of ``scrawl.pages.whole_lines``."""


def numbers(count: int) -> list[tuple[NDArray[np.uint8], str]]:
    """Pictures of numbers, none of them with a letter, and their digits."""
    mnist, hands = data.load("mnist"), load(("pendigits", "uji"))[1]
    rng = np.random.default_rng(0)
    rows = mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:]
    scribe = LineScribe(digit_bank(*rows, 4_000, rng), letter_bank(200, rng), hands, rng)
    made: list[tuple[NDArray[np.uint8], str]] = []
    while len(made) < count:
        picture, labels = scribe.picture()
        digits = "".join(str(label - 1) for label in labels if label <= 10)
        if len(digits) > 1 and max(labels) <= 16:
            made.append((picture, digits))
    return made


class Remembering(LineReader):
    """A reader of lines that runs its network once for each strip."""

    def __init__(self, model: Path) -> None:
        super().__init__(model)
        self._said: dict[bytes, Float32] = {}

    def digit_steps(self, strip: UInt8, words: bool = True) -> Float32:
        """What the network says of a strip; see `LineReader`."""
        key = strip.tobytes() + bytes([words])
        if key not in self._said:
            self._said[key] = super().digit_steps(strip, words)
        return self._said[key]


class Numbers:
    """Pictures that were read once, digit by digit.

    Args:
        made: The pictures, dark on light, and their digits.
    """

    def __init__(self, made: list[tuple[NDArray[np.uint8], str]]) -> None:
        reader = PageReader.load(lines=False)
        self._threshold = reader.threshold
        self._truth = [truth for _, truth in made]
        self._pictures = [picture for picture, _ in made]
        self._levels = [Pyramid(picture).levels(False) for picture in self._pictures]
        self.by_digits = [reader.read(picture).lines for picture in self._pictures]

    def whole(self, lines: LineReader) -> list[tuple[Line, ...]]:
        """What both say."""
        pictures = zip(self.by_digits, self._pictures, self._levels, strict=True)
        return [
            read_whole(one, WholeReader(lambda: lines, picture, levels, self._threshold), 1.0)
            for one, picture, levels in pictures
        ]

    def alone(self, lines: LineReader) -> float:
        """The share of pictures that the reader of lines reads, each as one line."""
        right = 0
        for picture, truth in zip(self._pictures, self._truth, strict=True):
            steps = lines.digit_steps(strip_of_whole(picture, False).pixels)
            right += "".join(str(one - 1) for one in likeliest(steps, 12)[0]) == truth
        return right / len(self._truth)

    def row(self, name: str, answers: list[tuple[Line, ...]]) -> str:
        """A row of the table: right, sure, right of the sure."""
        said = ["".join(d.text for line in one for d in line.digits) for one in answers]
        right = np.array([a == b for a, b in zip(said, self._truth, strict=True)])
        sure = np.array([bool(one) and not any(line.uncertain for line in one) for one in answers])
        return f"| {name} | {right.mean():.1%} | {sure.mean():.1%} | {right[sure].mean():.1%} |"


def main() -> None:
    """Reads the numbers each way and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lines", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--weigh", action="store_true", help="try other weights")
    arguments = parser.parse_args()
    made = Numbers(numbers(arguments.count))
    lines = Remembering(arguments.lines)
    print("| way | whole number right | sure | of these right |\n| --- | --- | --- | --- |")
    print(made.row("its digits alone", made.by_digits))
    print(f"| the line alone | {made.alone(lines):.1%} | | |")
    print(made.row("both", made.whole(lines)), flush=True)
    if arguments.weigh:
        for values in itertools.product(*GRID.values()):
            for name, value in zip(GRID, values, strict=True):
                setattr(whole_lines, name, value)
            print(made.row(f"both, {' '.join(map(str, values))}", made.whole(lines)), flush=True)


if __name__ == "__main__":
    main()
