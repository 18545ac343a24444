"""Strings made of MNIST's test digits: whole string right against length and overlap.

    python benchmarks/strings.py [--model RUN] [--strings 200] [--plot OUT.png]

The generator is fixed (seed 0): digits as they are in the data set, 28 pixels high, side by side on
white paper with so much space between their ink, in heights of a digit; below 0 they overlap.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scrawl import PageReader, data
from scrawl.data import Dataset

LENGTHS = range(2, 11)
SPACES = {"spaced": 0.3, "touching": 0.0, "overlapping": -0.1}
_HEIGHT = 20  # of MNIST's digits, in pixels


def string(
    dataset: Dataset, length: int, space: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], str]:
    """A string and what it says: grey, dark on white."""
    rows = rng.integers(0, len(dataset.x_test), length)
    crops = []
    for image in dataset.x_test[rows]:
        columns = np.flatnonzero(image.max(0) > 64)
        crops.append(image[:, columns[0] : columns[-1] + 1])
    gap = round(space * _HEIGHT)
    width = sum(crop.shape[1] for crop in crops) + gap * (length - 1)
    sheet = np.zeros((28 + 24, width + 24), np.uint8)
    x = 12
    for crop in crops:
        place = sheet[12:40, x : x + crop.shape[1]]
        np.maximum(place, crop[:, : place.shape[1]], out=place)
        x += crop.shape[1] + gap
    return 255 - sheet, "".join(map(str, dataset.y_test[rows].tolist()))


def main() -> None:
    """Reads the strings, prints the table and draws the plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--strings", type=int, default=200, help="of each length and space")
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    reader = PageReader.load(arguments.model)
    dataset = data.load("mnist")
    rng = np.random.default_rng(0)
    shares: dict[str, list[float]] = {name: [] for name in SPACES}
    print("| length | " + " | ".join(SPACES) + " |\n| --- |" + " --- |" * len(SPACES))
    for length in LENGTHS:
        for name, space in SPACES.items():
            made = [string(dataset, length, space, rng) for _ in range(arguments.strings)]
            said = [reader.read(picture).text.replace(" ", "") for picture, _ in made]
            right = sum(a == b for a, (_, b) in zip(said, made, strict=True))
            shares[name].append(right / len(made))
        print(f"| {length} | " + " | ".join(f"{s[-1]:.1%}" for s in shares.values()) + " |")
    if arguments.plot:
        from scrawl.report import plots

        lines = {name: (list(LENGTHS), values) for name, values in shares.items()}
        figure = plots.lines(lines, "digits in the string", "whole string right")
        plots.save(figure, arguments.plot)


if __name__ == "__main__":
    main()
