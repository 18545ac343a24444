"""Digits and signs of other hands, from their recorded strokes, read as drawings.

    python benchmarks/hands.py [--model RUN] [--test] [--data-dir FOLDER]

Each digit is drawn with four pens, from fine to broad. Without ``--test``: six training writers
of ``pendigits`` that no network learns from, to choose by. With it: the 14 test writers, the
letters of ``uji``'s test writers and the signs of ``omniglot``'s test alphabets, opened to report.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from scrawl import OneDigitReader, data
from scrawl.arrays import Bool, UInt8
from scrawl.data import StrokeDataset, StrokeSample
from scrawl.training.synthesis.hands import HELD_OUT
from scrawl.training.synthesis.lookalikes import OMNIGLOT, UJI

PENS = (0.03, 0.06, 0.1, 0.15)
"""Widths, in parts of the longer side of what is drawn."""

SIDE, LONG = 160, 100  # of the sheet and of what is drawn on it, in pixels
SURE = 0.95


def drawing(sample: StrokeSample, pen: float) -> UInt8:
    """A drawing of dark ink on white, shape ``(SIDE, SIDE)``."""
    points = np.concatenate(sample.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = LONG / max(float((high - low).max()), 1e-6)
    shift = SIDE / 2 - scale * (low + high) / 2
    lines = [np.rint((scale * line + shift) * 16).astype(np.int32) for line in sample.strokes]
    lines = [np.repeat(line, 2, axis=0) if len(line) == 1 else line for line in lines]
    sheet = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.polylines(sheet, lines, False, 0, max(1, round(pen * LONG)), cv2.LINE_AA, 4)
    return sheet


def digits(name: str, reader: OneDigitReader, samples: Sequence[StrokeSample]) -> None:
    """Prints a row for each pen, and one for all."""
    every = []
    for pen in PENS:
        found = list(reader.read_many(drawing(sample, pen) for sample in samples))
        labels = [int(sample.label) for sample in samples]
        right = np.array([p.probabilities.argmax() for p in found]) == labels
        kept = np.array([not p.uncertain for p in found])
        sure = np.array([p.confidence > SURE for p in found])
        every.append(np.stack([right, kept, sure]))
        line(f"{name}, pen {pen:.2f}", every[-1])
    line(f"{name}, all pens", np.concatenate(every, axis=1))


def line(name: str, result: Bool) -> None:
    """Prints a row: right, kept, right of those kept, silent errors."""
    right, kept, sure = result
    silent = (~right & kept & sure).mean()
    print(
        f"| {name} | {len(right):,} | {right.mean():.2%} | {kept.mean():.2%} | "
        f"{right[kept].mean():.2%} | {silent:.2%} |",
        flush=True,
    )


def signs(name: str, reader: OneDigitReader, samples: Sequence[StrokeSample]) -> None:
    """Prints how many are refused, over all pens."""
    found = list(reader.read_many(drawing(one, pen) for pen in PENS[1:3] for one in samples))
    kept = np.array([not p.uncertain for p in found])
    sure = np.array([p.confidence > SURE for p in found])
    print(f"| {name} | {len(found):,} | {1 - kept.mean():.2%} | {(kept & sure).mean():.2%} |")


def strokes(name: str, split: str, data_dir: Path | None) -> tuple[StrokeSample, ...]:
    """The samples of a split."""
    loaded = data.load(name, data_dir)
    assert isinstance(loaded, StrokeDataset)
    return loaded.strokes(split)


def few(samples: Sequence[StrokeSample], rows: int | None) -> Sequence[StrokeSample]:
    """So many of them, by chance; all, if None."""
    if rows is None or rows >= len(samples):
        return samples
    return [samples[at] for at in np.random.default_rng(0).choice(len(samples), rows, False)]


def unlike(samples: Iterable[StrokeSample]) -> list[StrokeSample]:
    """Those that are no digit and like none."""
    return [
        one
        for one in samples
        if one.label not in OMNIGLOT and one.label not in UJI and not one.label.isdigit()
    ]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--test", action="store_true", help="open the test parts")
    parser.add_argument("--rows", type=int, help="read so many of each kind alone, by a fixed seed")
    parser.add_argument("--data-dir", type=Path)
    arguments = parser.parse_args()
    reader, folder = OneDigitReader.load(arguments.model), arguments.data_dir
    rows = arguments.rows
    print("| digits | n | right | kept | right of those kept | silent errors |")
    print("| --- " * 6 + "|")
    if arguments.test:
        digits("14 test writers", reader, few(strokes("pendigits", "test", folder), rows))
    else:
        train = strokes("pendigits", "train", folder)
        known = [one for one in train if one.writer in HELD_OUT]
        digits("six writers", reader, few(known, rows))
        return
    print("\n| not digits | n | refused | silent errors |\n| --- " + "| --- " * 3 + "|")
    letters, others = (strokes(name, "test", folder) for name in ("uji", "omniglot"))
    signs("uji's letters, two writers", reader, few(unlike(letters), rows))
    signs("omniglot, two alphabets", reader, few(unlike(others), rows))


if __name__ == "__main__":
    main()
