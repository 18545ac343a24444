"""Digits that are crossed out, and others: how long their strokes are, and which are told.

    python benchmarks/form_crossed.py [--seed 0] [--sheets 12]

Cells of made mark sheets, flat: a third of the digits crossed out by two strokes, a zigzag or bars.
A row says, of a limit to the length of strokes in heights of the digit: the share of the crossed
digits that neither it nor the reader marks, and the share of the others that it marks alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from lib import filled, layouts
from lib.hand import Hand
from scrawl.digit_reader import DigitReader
from scrawl.forms.cells import Cell
from scrawl.forms.digits import digit_probabilities, stroke_length
from scrawl.forms.fields import cells_of

CROSSED = 0.33  # of the digits
LIMITS = (3.4, 3.6, 3.8, 4.0, 4.2, 4.4, 4.8)


def cells(sheets: int, seed: int, hand: Hand) -> tuple[list[Cell], list[bool]]:
    """Cells with a digit, and which are crossed out."""
    found: list[Cell] = []
    crossed: list[bool] = []
    for number in range(sheets):
        rng = np.random.default_rng([seed, 20, number])
        sheet = filled.fill("marks", hand, rng)
        grid = sheet.form.regions[0]
        at = dict(zip(grid.names, np.ndindex(grid.rows, grid.columns), strict=True))
        names = [name for name in grid.names if sheet.texts[name] and not name.endswith("sum")]
        for name in names:
            if name not in sheet.crossed and rng.random() < CROSSED:
                row, column = at[name]
                box = grid.xs[column], grid.ys[row], grid.xs[column + 1], grid.ys[row + 1]
                left, top, right, bottom = (float(v) * layouts.DOTS for v in box)
                filled.cross(sheet.page, (left, top, right, bottom), rng, rng.uniform(20, 110))
                sheet.crossed.add(name)
        mesh = np.stack(np.meshgrid(grid.xs, grid.ys), -1) * layouts.DOTS
        soft = cv2.GaussianBlur(sheet.page, (0, 0), 1.5) + rng.normal(0, 2, sheet.page.shape)
        every = cells_of(soft.clip(0, 255).astype(np.uint8), grid, mesh)
        for name, cell in zip(grid.names, every, strict=True):
            if name in names and cell.picture is not None:
                found.append(cell)
                crossed.append(name in sheet.crossed)
    return found, crossed


def main() -> None:
    """Draws the cells and prints a row a limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheets", type=int, default=12)
    parser.add_argument("--data-dir", type=Path, help="where pendigits is")
    arguments = parser.parse_args()
    found, flags = cells(arguments.sheets, arguments.seed, Hand(arguments.data_dir))
    reader, crossed = DigitReader.load(), np.array(flags)
    rows = digit_probabilities(reader, found)
    sure = np.array([row is not None and row.max() >= reader.threshold for row in rows])
    length = np.array([stroke_length(cell) for cell in found])
    print(f"{crossed.sum()} crossed out, {(~crossed).sum()} not; sure without a limit: "
          f"{sure[crossed].mean():.1%}, {sure[~crossed].mean():.1%}\n")  # fmt: skip
    print("| limit | crossed out, not marked | not crossed out, marked by it alone |")
    print("| --- | --- | --- |")
    for limit in LIMITS:
        missed, extra = sure & (length <= limit), sure & (length > limit)
        print(f"| {limit} | {missed[crossed].mean():.1%} | {extra[~crossed].mean():.1%} |")


if __name__ == "__main__":
    main()
