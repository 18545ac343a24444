"""Digits that are crossed out, and others: how long their strokes are, and which are told.

    python benchmarks/form_crossed.py [--seed 0] [--sheets 12]
    python benchmarks/form_crossed.py --numbers [--seed 0]

Cells of made mark sheets, flat: a third of the digits crossed out by two strokes, a zigzag or bars.
A row says, of a limit to the length of strokes in heights of the digit: the share of the crossed
digits that neither it nor the reader marks, and the share of the others that it marks alone.

With ``--numbers``: 119 numbers of three digits, each third with a level stroke through it. How many
are told, how many are told or doubted, how many are doubted by their digits alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from lib import filled, layouts
from lib.hand import Hand
from scrawl.digit_reader import DigitReader
from scrawl.forms import Region
from scrawl.forms.cells import Cell
from scrawl.forms.digits import digit_probabilities, stroke_length
from scrawl.forms.doubts import quads
from scrawl.forms.fields import cells_of
from scrawl.forms.numbers import read_numbers
from scrawl.pages import PageReader

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


def numbers(seed: int, hand: Hand) -> None:
    """Draws a sheet of numbers, a third of them crossed out, and prints how many are told."""
    rng = np.random.default_rng([seed, 119])
    region = Region("n", (100, 150, 1400, 1850), 17, 7, "number", grid=True)
    page = np.full((2000, 1500), 235, np.float32)
    mesh = np.stack(np.meshgrid(region.xs, region.ys), -1)
    writer, flags = hand.writer(rng), np.arange(len(region.names)) % 3 == 0
    for quad, out in zip(quads(mesh), flags, strict=True):
        (x0, y0), (x1, y1) = quad[0], quad[2]
        cv2.rectangle(page, (round(x0), round(y0)), (round(x1), round(y1)), 60, 3)
        box = (float(x0), float(y0), float(x1), float(y1))
        hand.write(page, str(rng.integers(100, 1000)), box, writer, rng, 50)
        if out:
            left, right = (round(x0 + at * (x1 - x0)) for at in (0.08, 0.92))
            ys = [round(y0 + rng.uniform(0.4, 0.6) * (y1 - y0)) for _ in range(2)]
            cv2.line(page, (left, ys[0]), (right, ys[1]), 50, 4, cv2.LINE_AA)
    soft = cv2.GaussianBlur(page, (0, 0), 1) + rng.normal(0, 2, page.shape)
    pages = PageReader.load(lines=False)
    found = read_numbers(pages, cells_of(soft.clip(0, 255).astype(np.uint8), region, mesh))
    told = np.array([one is not None and one.crossed_out for one in found])
    sure = [min((d.confidence for d in one.digits), default=0) if one else 0 for one in found]
    doubted = np.array(sure) < pages.threshold
    print(f"{flags.sum()} crossed out: {(told & flags).sum()} told, "
          f"{((told | doubted) & flags).sum()} told or doubted, {(doubted & flags).sum()} doubted "
          f"alone; {(~flags).sum()} others: {(told & ~flags).sum()} told")  # fmt: skip


def main() -> None:
    """Draws the cells and prints a row a limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheets", type=int, default=12)
    parser.add_argument("--data-dir", type=Path, help="where pendigits is")
    parser.add_argument("--numbers", action="store_true", help="numbers of three digits")
    arguments = parser.parse_args()
    if arguments.numbers:
        numbers(arguments.seed, Hand(arguments.data_dir))
        return
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
