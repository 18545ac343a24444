"""Made pictures of numbers as people photograph and print them, and what is read of them.

    python benchmarks/photographed.py [KIND ...] [--count 48] [--digits held-out] [--scale 1]
        [--seed 0] [--save FOLDER]

Kinds: notes on dark tables, combs of boxes, pages turned any way, tables with and without rules,
printed forms that nobody filled in. A fixed generator writes MNIST's digits with one pen a
picture; ``--digits`` says whether those of its test set, or the last 5,000 of its training set to
choose by. ``--scale`` enlarges every picture before it is read.

A digit is right when one of that class is read with its middle in the digit's box; one whose middle
is in no such box, or the second in it, is too many. A line, or a cell of a table, counts as whole
when it reads as it was written, at its place in the order.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from lib.numbers import KINDS, Made, Pen
from scrawl import PageReader, data
from scrawl.pages import Reading

HELD_OUT = 5000
"""The last rows of MNIST's training set, which train nothing."""


def rows_of(reading: Reading) -> list[str]:
    """What was read, a text a line; of a table, its cells parted by tabs."""
    if len(getattr(reading, "tables", ())) == 1:
        return ["\t".join(cell.text for cell in row) for row in reading.tables[0].rows]
    return ["\t".join(line.text.split(" ")) for line in reading.lines]


def right(said: list[str], truth: list[str]) -> tuple[int, int]:
    """How many lines or cells are as they were written, of how many."""
    if not any("\t" in line for line in truth):
        said = [line.replace("\t", "") for line in said]
        return sum(line in said for line in truth), len(truth)
    count = sum(cell != "" for line in truth for cell in line.split("\t"))
    same = 0
    for line, other in zip(truth, said, strict=False):
        cells, others = line.split("\t"), other.split("\t")
        same += sum(a == b != "" for a, b in zip(cells, others, strict=False))
    return same, count


def matched(made: Made, reading: Reading, scale: float) -> tuple[int, list[bool]]:
    """How many digits are right, and of each that is too many, whether it is sure."""
    free, hits, extra = [*made.digits], 0, []
    for digit in reading.digits:
        x, y = (digit.box[0] + digit.box[2]) / 2 / scale, (digit.box[1] + digit.box[3]) / 2 / scale
        here = [d for d in free if d[0] - 2 <= x <= d[2] + 2 and d[1] - 2 <= y <= d[3] + 2]
        if not here:
            extra.append(not digit.uncertain)
            continue
        free.remove(here[0])
        hits += here[0][4] == digit.digit
    return hits, extra


def main() -> None:
    """Makes the pictures, reads them and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--digits", choices=["held-out", "test"], default="test")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0, help="of the pictures")
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--save", type=Path, help="write the pictures here, with what was read")
    arguments = parser.parse_args()
    reader, mnist = PageReader.load(arguments.model), data.load("mnist")
    images, labels = mnist.x_test, mnist.y_test
    if arguments.digits == "held-out":
        images, labels = mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:]
    print("| kind | lines or cells whole | digits right | too many | surely | CPU s a picture |")
    print("| --- " * 6 + "|")
    for kind in arguments.kinds or KINDS:
        rng = np.random.default_rng(arguments.seed)
        pen = Pen(images, labels, rng)
        whole, of, hits, digits, seconds = 0, 0, 0, 0, 0.0
        extra: list[bool] = []
        for index in range(arguments.count):
            made = KINDS[kind](pen, rng)
            assert made.picture is not None
            picture = made.picture
            if arguments.scale != 1:
                how = cv2.INTER_AREA if arguments.scale < 1 else cv2.INTER_CUBIC
                picture = cv2.resize(picture, None, None, arguments.scale, arguments.scale, how)
            start = time.process_time()
            reading = reader.read(picture)
            seconds += time.process_time() - start
            same, count = right(rows_of(reading), made.lines)
            good, more = matched(made, reading, arguments.scale)
            whole, of = whole + same, of + count
            hits, digits, extra = hits + good, digits + len(made.digits), extra + more
            if arguments.save:
                arguments.save.mkdir(parents=True, exist_ok=True)
                name = f"{kind}-{index:03}-{same}of{count}-{more.count(True) + more.count(False)}"
                reading.draw().save(arguments.save / f"{name}.png")
        shares = f"{whole / max(of, 1):.1%} of {of} | {hits / max(digits, 1):.2%} of {digits}"
        took = f"{seconds / arguments.count:.2f}"
        print(f"| {kind} | {shares} | {len(extra)} | {sum(extra)} | {took} |", flush=True)


if __name__ == "__main__":
    main()
