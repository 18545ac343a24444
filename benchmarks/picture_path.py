"""MNIST's test digits as pictures: how much the path from picture to digit costs.

    python benchmarks/picture_path.py [--rows 10000] [--sheet OUT.png]
    python benchmarks/picture_path.py --enlarged [--rows 300]

Each digit is enlarged ten times, inverted to dark ink on light paper, put off-centre on a noisy
sheet of 1000×800 and saved as PNG; beside it the figure of the same images given directly.

``--enlarged``: digits of 8×8, 16×16 and 28×28 pixels enlarged without smoothing, as pixel art and
figures of data sets are, by whole and broken numbers, with a margin, through JPEG, with noise.
They are scikit-learn's and of MNIST's last 5,000 training rows. Silent is the share that is wrong
at more than 0.95, over all.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lib.papers import compressed
from scrawl import DigitReader, OneDigitReader, data
from scrawl.arrays import UInt8

WIDTH, HEIGHT, TIMES, NOISE = 1000, 800, 10, 6.0
HELD_OUT, SURE = 5000, 0.95


def times(digit: UInt8, factor: int) -> UInt8:
    """Each pixel a square."""
    return np.kron(digit, np.ones((factor, factor), np.uint8))


def to(digit: UInt8, side: int) -> UInt8:
    """Each pixel a square or nearly so."""
    how = cv2.INTER_NEAREST_EXACT
    return np.asarray(cv2.resize(digit, (side, side), interpolation=how), np.uint8)


def framed(picture: UInt8) -> UInt8:
    """The picture with a margin of its paper, of no whole number of squares."""
    paper = int(np.bincount(picture.ravel()).argmax())
    return np.pad(picture, ((31, 17), (25, 40)), constant_values=paper)


def grainy(digit: UInt8) -> UInt8:
    """Squares with the noise of a camera."""
    noise = np.random.default_rng(0).normal(0, 4, (12 * len(digit),) * 2)
    return np.clip(times(digit, 12) + noise, 0, 255).astype(np.uint8)


WAYS: dict[str, Callable[[UInt8], UInt8]] = {
    "as it is": lambda digit: digit,
    "×2": lambda digit: times(digit, 2),
    "×5": lambda digit: times(digit, 5),
    "×12": lambda digit: times(digit, 12),
    "×20": lambda digit: times(digit, 20),
    "to 100": lambda digit: to(digit, 100),
    "to 280": lambda digit: to(digit, 280),
    "×12, a margin": lambda digit: framed(times(digit, 12)),
    "×12, JPEG": lambda digit: compressed(times(digit, 12), 80),
    "×12, noise": grainy,
}
"""How a digit is enlarged."""


def small(rows: int) -> dict[str, tuple[UInt8, NDArray[np.integer]]]:
    """Digits of few pixels, light on dark, with their labels."""
    rng = np.random.default_rng(0)
    mnist, tiny = data.load("mnist"), data.load("digits8x8")
    chosen = rng.choice(np.arange(len(mnist.x_train) - HELD_OUT, len(mnist.x_train)), rows, False)
    large, labels = mnist.x_train[chosen], mnist.y_train[chosen]
    some = rng.choice(len(tiny.x_train), rows, False)
    eights = np.rint(tiny.x_train[some] * (255 / tiny.info.pixel_max)).astype(np.uint8)
    found = {"scikit-learn, 8×8": (eights, tiny.y_train[some])}
    for side, margin in ((8, 0), (16, 2)):
        boxes = [np.pad(digit[4:24, 4:24], margin) for digit in large]
        shrunk = [cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in boxes]
        found[f"MNIST, {side}×{side}"] = np.array(shrunk, np.uint8), labels
    return found | {"MNIST, 28×28": (large, labels)}


def enlarged(reader: OneDigitReader, rows: int) -> None:
    """Prints the share that is right, a row for each kind of digit, a column for each way."""
    print("| digits | " + " | ".join(WAYS) + " | silent |\n" + "| --- " * (len(WAYS) + 2) + "|")
    for name, (digits, labels) in small(rows).items():
        for ink, given in (("light", digits), ("dark", 255 - digits)):
            shares, silent = [], 0.0
            for way in WAYS.values():
                read = list(reader.read_many(way(digit) for digit in given))
                best = np.array([one.probabilities.argmax() if one.box else -1 for one in read])
                sure = np.array([one.confidence > SURE for one in read])
                shares.append((best == labels).mean())
                silent += ((best != labels) & sure).mean() / len(WAYS)
            cells = " | ".join(f"{share:.1%}" for share in shares)
            print(f"| {name}, {ink} ink | {cells} | {silent:.2%} |", flush=True)


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
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, help="10,000, or 300 enlarged, if none")
    parser.add_argument("--enlarged", action="store_true", help="digits enlarged without smoothing")
    parser.add_argument("--sheet", type=Path, help="write the first sheet here")
    parser.add_argument("--model", type=Path, help="the bundled model if none")
    arguments = parser.parse_args()
    if arguments.enlarged:
        enlarged(OneDigitReader.load(arguments.model), arguments.rows or 300)
        return
    reader = DigitReader.load(arguments.model)
    mnist, rows = data.load("mnist"), arguments.rows or 10_000
    x, y = mnist.x_test[:rows], mnist.y_test[:rows]
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
