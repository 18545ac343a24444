"""Whether cells of made tables come to their place without rules, if all digits are read rightly.

    python benchmarks/table_layout.py [--count 60] [--seeds 0 1 2 3]

Digits have the boxes that they were written in; no network runs. So it tells what is lost in rows
and columns from what is misread. MNIST's last 5,000 training rows are what is written.
"""

from __future__ import annotations

import argparse

import numpy as np

from lib.numbers import Made, Pen, table
from photographed import HELD_OUT, right, rows_of
from scrawl import data
from scrawl.pages import Digit, Reading
from scrawl.pages.levels import Level
from scrawl.pages.structure import arranged
from scrawl.ruling.walls import Walls

_NO_INK = np.zeros((1, 1), np.uint8)
BARE = [Level(_NO_INK, 1.0, Walls(_NO_INK))]
"""A picture without any rules."""


def digits_of(made: Made) -> list[Digit]:
    """The digits of a sheet as if they had been read."""
    found = []
    for x0, y0, x1, y1, label in made.digits:
        box = round(x0) + 1, round(y0) + 1, round(x1) - 1, round(y1) - 1
        shown = np.eye(10, dtype=np.float32)[label]
        found.append(Digit(label, 1.0, box, False, shown, str(label)))
    return found


def main() -> None:
    """Makes the sheets, lays their digits out and prints a row for each seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3])
    arguments = parser.parse_args()
    mnist = data.load("mnist")
    print("| seed | cells in their place | sheets whole |\n| --- | --- | --- |")
    for seed in arguments.seeds:
        rng = np.random.default_rng(seed)
        pen = Pen(mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:], rng)
        same, of, whole = 0, 0, 0
        for _ in range(arguments.count):
            made = table(pen, rng)
            lines, tables = arranged(digits_of(made), [], BARE)
            hits, cells = right(
                rows_of(Reading(tuple(lines), (1, 1), None, tuple(tables))), made.lines
            )
            same, of, whole = same + hits, of + cells, whole + (hits == cells)
        print(f"| {seed} | {same / of:.1%} of {of} | {whole} of {arguments.count} |", flush=True)


if __name__ == "__main__":
    main()
