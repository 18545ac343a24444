"""MNIST's test digits as pictures: how much the path from picture to digit costs.

    python benchmarks/picture_path.py [--rows 10000] [--sheet OUT.png]

Each digit is enlarged ten times, inverted to dark ink on light paper, put off-centre on a noisy
sheet of 1000×800 and saved as PNG; beside it the figure of the same images given directly.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scrawl import DigitReader, data

WIDTH, HEIGHT, TIMES, NOISE = 1000, 800, 10, 6.0


def sheet(digit: NDArray[np.uint8], rng: np.random.Generator) -> bytes:
    """The PNG of a digit somewhere on a sheet of paper."""
    side = TIMES * len(digit)
    ink = cv2.resize(digit, (side, side), interpolation=cv2.INTER_CUBIC)
    paper = np.full((HEIGHT, WIDTH), 255, np.float32)
    top, left = rng.integers(0, HEIGHT - side), rng.integers(0, WIDTH - side)
    paper[top : top + side, left : left + side] -= ink
    paper += rng.normal(0, NOISE, paper.shape).astype(np.float32)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def main() -> None:
    """Prints both figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--sheet", type=Path, help="write the first sheet here")
    parser.add_argument("--model", type=Path, help="the bundled model if none")
    arguments = parser.parse_args()
    reader = DigitReader.load(arguments.model)
    mnist = data.load("mnist")
    x, y = mnist.x_test[: arguments.rows], mnist.y_test[: arguments.rows]
    rng = np.random.default_rng(0)
    direct = reader.probabilities(x)[:, :10].argmax(axis=1) == y
    through = []
    for index, (digit, label) in enumerate(zip(x, y, strict=True)):
        picture = sheet(digit, rng)
        if index == 0 and arguments.sheet:
            arguments.sheet.write_bytes(picture)
        prediction = reader.read(picture)
        through.append(prediction.box is not None and prediction.probabilities.argmax() == label)
    gap = 100 * (direct.mean() - np.mean(through))
    print(f"direct {direct.mean():.2%}, as pictures {np.mean(through):.2%}, {gap:+.2f} points lost")


if __name__ == "__main__":
    main()
