"""Handwritten letters set into words: the share of letters that are read as digits.

    python benchmarks/words.py NOT_DIGITS [--model RUN] [--draw OUT.png]

NOT_DIGITS is a folder with ``letters/`` and ``letters.csv`` (file, character). A fixed generator
(seed 0) sets the ink of every letter into words of three to eight letters of one case. A letter
counts as read as a digit where a digit's box has its middle in the letter's box. Letters that
look like digits, for alone they are digits to a reader, are counted apart.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lib.letters import LOOK_ALIKES
from scrawl import PageReader, images, preprocess

HEIGHT, LINE, WIDTH, LINES = 40, 90, 1400, 16


@dataclass(frozen=True)
class Letter:
    """A letter's ink, 0 to 1, and what it is."""

    ink: NDArray[np.float32]
    what: str


def letters(folder: Path) -> list[Letter]:
    """All letters of the folder whose ink is found."""
    with (folder / "letters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(preprocess.find_digit(images.load(folder / row["file"])), row) for row in rows]
    return [Letter(item.ink, row["character"]) for item, row in found if item]


def words(every: list[Letter], rng: np.random.Generator) -> list[list[Letter]]:
    """Each letter once, in words of one case."""
    made = []
    for case in (str.isupper, str.islower):
        mine = [letter for letter in every if case(letter.what)]
        order = rng.permutation(len(mine)).tolist()
        while order:
            size = int(rng.integers(3, 9))
            made.append([mine[row] for row in order[:size]])
            order = order[size:]
    return [made[row] for row in rng.permutation(len(made))]


def pages(
    every: list[list[Letter]], rng: np.random.Generator
) -> list[tuple[NDArray[np.uint8], list[tuple[Letter, tuple[int, int, int, int]]]]]:
    """Pages, dark on white, and the box of each letter."""
    made = []
    x, line = 40, 0
    sheet = np.full((LINE * (LINES + 1), WIDTH), 255, np.uint8)
    boxes: list[tuple[Letter, tuple[int, int, int, int]]] = []
    for word in every:
        if x + len(word) * HEIGHT > WIDTH:
            x, line = 40, line + 1
        if line == LINES:
            made.append((sheet, boxes))
            sheet, boxes, line = np.full_like(sheet, 255), [], 0
        for letter in word:
            small = letter.what.islower() and letter.what not in "bdfghjklpqty"
            height = round(HEIGHT * (0.65 if small else 1) * rng.uniform(0.9, 1.1))
            width = max(2, round(height * letter.ink.shape[1] / letter.ink.shape[0]))
            width = min(width, 2 * HEIGHT)
            ink = cv2.resize(letter.ink, (width, height), interpolation=cv2.INTER_AREA)
            y = LINE * (line + 1) - height
            here = sheet[y : y + height, x : x + width]
            dark = 255 - 200 * ink[:, : here.shape[1]]
            np.minimum(here, dark.astype(np.uint8), out=here)
            boxes.append((letter, (x, y, x + width, y + height)))
            x += width + int(rng.integers(2, 8))
        x += int(rng.integers(HEIGHT // 2, HEIGHT))
    return [*made, (sheet, boxes)]


def main() -> None:
    """Reads the pages and prints the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("not_digits", type=Path)
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--draw", type=Path, help="write the first page with what was read")
    arguments = parser.parse_args()
    reader = PageReader.load(arguments.model)
    rng = np.random.default_rng(0)
    counts = {name: np.zeros(3, int) for name in ("letters", "letters that look like digits")}
    for number, (sheet, boxes) in enumerate(pages(words(letters(arguments.not_digits), rng), rng)):
        reading = reader.read(sheet)
        if arguments.draw and not number:
            reading.draw().save(arguments.draw)
        for letter, (x0, y0, x1, y1) in boxes:
            mine = [
                digit
                for digit in reading.digits
                if x0 <= sum(digit.box[::2]) / 2 < x1 and y0 <= sum(digit.box[1::2]) / 2 < y1
            ]
            name = "letters that look like digits" if letter.what in LOOK_ALIKES else "letters"
            sure = any(not digit.uncertain for digit in mine)
            counts[name] += np.array([1, bool(mine), sure])
    print("| set into words | letters | read as digits | of these surely |")
    print("| --- | --- | --- | --- |")
    for name, (n, said, sure) in counts.items():
        print(f"| {name} | {n} | {said / n:.1%} | {sure / n:.1%} |")


if __name__ == "__main__":
    main()
