"""MNIST's test digits under 15 kinds of corruption: the bundled model beside the tutorial's.

    python benchmarks/corruptions.py [--model RUN] [--cnn RUN] [--rows 10000] [--sheet OUT.png]

The kinds and their severities are those of MNIST-C (Mu and Gilmer 2019, "MNIST-C: a robustness
benchmark for computer vision"), written anew from its published definitions: the chance is ours,
so that single images differ from the published files. Each network sees the corrupted 28×28 as it
is; the last columns are the bundled model behind the whole picture path: what is right, what is
refused, and what is wrong, kept and sure (silent errors).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.mnist_c import KINDS, Corruption
from scrawl import DigitReader, OneDigitReader, data
from scrawl.arrays import Int64, UInt8

SURE = 0.95
"""Confidence from which on an error counts as silent."""


def corrupted(kind: Corruption, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """All images under one kind, by a fixed seed."""
    rng = np.random.default_rng(0)
    rows = [kind(image.astype(np.float32) / 255, rng) for image in images]
    return np.round(255 * np.array(rows)).astype(np.uint8)


def accuracy(reader: DigitReader, x: NDArray[np.uint8], y: NDArray[np.int64]) -> float:
    """The share of images whose likeliest digit is the label, in percent."""
    return 100 * float((reader.probabilities(x)[:, :10].argmax(axis=1) == y).mean())


def behind_the_path(reader: OneDigitReader, x: UInt8, y: Int64) -> tuple[float, float, float]:
    """Right, refused and silent errors, each image treated as a picture that somebody brings."""
    answers = [
        (
            prediction.box is not None and prediction.probabilities.argmax() == label,
            prediction.uncertain,
            prediction.digit not in (None, label) and prediction.confidence > SURE,
        )
        for prediction, label in zip(reader.read_many(x), y, strict=True)
    ]
    right, refused, silent = 100 * np.mean(answers, axis=0)
    return float(right), float(refused), float(silent)


def measured(cnn: DigitReader | None, ours: OneDigitReader, x: UInt8, y: Int64) -> list[float]:
    """A row of the table."""
    tutorial = accuracy(cnn, x, y) if cnn else float("nan")
    return [tutorial, accuracy(ours.digits, x, y), *behind_the_path(ours, x, y)]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--cnn", type=Path, help="a run of the recipe cnn, beside it")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--sheet", type=Path, help="write six digits of every kind as a picture")
    arguments = parser.parse_args()
    mnist = data.load("mnist")
    x, y = mnist.x_test[: arguments.rows], mnist.y_test[: arguments.rows]
    ours = OneDigitReader.load(arguments.model)
    cnn = DigitReader.load(arguments.cnn) if arguments.cnn else None
    print("| corruption | tutorial cnn | ours | ours, picture path | refused | silent errors |")
    print("| --- " * 6 + "|")
    layout = "| {} " + "| {:.2f} " * 5 + "|"
    print(layout.format("none", *measured(cnn, ours, x, y)))
    rows, shown = [], []
    for name, kind in KINDS.items():
        worse = corrupted(kind, x)
        rows.append(measured(cnn, ours, worse, y))
        shown.append(worse[:6])
        print(layout.format(name, *rows[-1]), flush=True)
    print(layout.format("mean of 15", *np.mean(rows, axis=0)))
    if arguments.sheet:
        from scrawl.report import plots

        titles = [name for name in KINDS for _ in range(6)]
        plots.save(plots.grid(np.concatenate(shown), titles, 255, columns=12), arguments.sheet)


if __name__ == "__main__":
    main()
