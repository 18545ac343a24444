"""Made numbers with a stroke through them and without: which are said to be crossed out.

    python benchmarks/crossed_out.py [--count 24] [--seed 0] [--numbers NUMBERS]

MNIST's last 5,000 training rows, two to seven a number, on paper as in `lib/numbers.py`. NUMBERS
is a folder with ``labels.csv`` of real ones, none of which is crossed out; every ninth is read.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from lib.numbers import Made, Pen, Rng, finish, sheet
from photographed import HELD_OUT
from scrawl import PageReader, data


def numbers(pen: Pen, rng: Rng, count: int, struck: bool) -> Iterator[Made]:
    """So many numbers, with a stroke through all of each or without."""
    for _ in range(count):
        height, digits = rng.uniform(26, 60), int(rng.integers(2, 8))
        made = Made(np.zeros((round(height * 2.2), round(height * (digits + 2))), np.float32))
        made.lines.append(pen.write(made, digits, height * 0.9, height * 0.6, height))
        if struck:
            left, right = made.digits[0][0], max(digit[2] for digit in made.digits)
            y, fall = height * (1.1 + rng.uniform(-0.15, 0.15)), rng.uniform(-0.08, 0.08)
            start = round(left - rng.uniform(0, 0.4) * height), round(y - fall * (right - left))
            end = round(right + rng.uniform(0, 0.4) * height), round(y + fall * (right - left))
            thick = max(2, round(height * rng.uniform(0.04, 0.1)))
            cv2.line(made.ink, start, end, 1, thick, cv2.LINE_AA)
        yield finish(made, sheet(made, rng), rng)


def main() -> None:
    """Reads the numbers and prints a row a kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--numbers", type=Path)
    arguments = parser.parse_args()
    reader, mnist = PageReader.load(), data.load("mnist")
    rng = np.random.default_rng(arguments.seed)
    pen = Pen(mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:], rng)
    print("| numbers | said to be crossed out |\n| --- | --- |")
    for name, struck in (("with a stroke through them", True), ("without", False)):
        said = [
            any(digit.crossed_out for digit in reader.read(made.picture).digits)
            for made in numbers(pen, rng, arguments.count, struck)
            if made.picture is not None
        ]
        print(f"| {name} | {sum(said)} of {len(said)} |", flush=True)
    if arguments.numbers:
        with (arguments.numbers / "labels.csv").open(encoding="utf-8", newline="") as file:
            names = [row["file"] for row in csv.DictReader(file)][::9]
        readings = reader.read_many(arguments.numbers / name for name in names)
        said = [any(digit.crossed_out for digit in one.digits) for one in readings]
        print(f"| real, not crossed out | {sum(said)} of {len(said)} |")


if __name__ == "__main__":
    main()
