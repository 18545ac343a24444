"""Numbers of held-out hands, read by their digits, as lines, and both: what weighs how much.

    python benchmarks/whole_lines.py LINES [--count 400] [--letters] [--weigh]

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
from scrawl.pages import whole_lines
from scrawl.training.synthesis.bank import digit_bank, letter_bank
from scrawl.training.synthesis.hands import load
from scrawl.training.synthesis.lines import LineScribe

HELD_OUT = 5_000
"""MNIST's last training rows, which train nothing."""

WEIGHTS = (0.35, 0.5, 0.7, 1.0, 1.4)
MISSED = (0.005, 0.02, 0.08)


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


def read(reader: PageReader, made: list[tuple[NDArray[np.uint8], str]]) -> list[tuple[bool, float]]:
    """Whether each number is read right, and how surely."""
    readings = reader.read_many(picture for picture, _ in made)
    return [
        ("".join(digit.text for digit in one.digits) == truth, one.confidence)
        for one, (_, truth) in zip(readings, made, strict=True)
    ]


def row(name: str, answers: list[tuple[bool, float]]) -> str:
    """A row of the table: right, and of the surest three quarters."""
    right, sure = np.array([a for a, _ in answers]), np.array([b for _, b in answers])
    best = right[np.argsort(-sure, kind="stable")[: round(0.75 * len(right))]]
    return f"| {name} | {right.mean():.1%} | {best.mean():.1%} |"


def main() -> None:
    """Reads the numbers each way and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lines", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--weigh", action="store_true", help="try other weights")
    arguments = parser.parse_args()
    made = numbers(arguments.count)
    print("| way | whole number right | of the surest 75% |\n| --- | --- | --- |")
    print(row("its digits alone", read(PageReader.load(), made)))
    both = PageReader.load(lines=arguments.lines)
    print(row("both", read(both, made)), flush=True)
    if arguments.weigh:
        for weight, missed in itertools.product(WEIGHTS, MISSED):
            whole_lines.DIGITS_SAY, whole_lines.MISSED = weight, missed
            print(row(f"both, {weight}, {missed}", read(both, made)), flush=True)


if __name__ == "__main__":
    main()
