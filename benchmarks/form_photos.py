"""Made photos of forms: laid rightly or not, and what their fields say.

    python benchmarks/form_photos.py grids [--n 100] [--first 0] [--seed 0] [--kind curl]
        [--sheet FOLDER]

*grids* are 9×9 with a hand and print, a font of ten a photo: flat, curled, in shadow, beside a
second grid, of faint or broken lines, under a thumb, cut off, close, beside a column's rule. A grid
is laid rightly if each cell's middle is within a third of a cell of its own. *Silent* is a wrong
cell that is not marked.

The digits are those of six people of ``pendigits`` that no network learns from (``--data-dir``).
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lib import grids
from lib.hand import Hand
from scrawl.errors import PictureError
from scrawl.forms import FormReader, FormReading

NEAR = 1 / 3  # of a cell, that a cell's middle may be off


@dataclass
class Score:
    """What became of photos of a kind."""

    photos: int = 0
    laid: int = 0
    refused: int = 0
    doubtful: int = 0
    wrongly: int = 0
    cells: int = 0
    right: int = 0
    marked: int = 0
    silent: int = 0
    silent_laid: int = 0


def judge(
    photo: grids.Photo, reading: FormReading | None, score: Score, misread: Counter[str]
) -> str:
    """Adds a photo to the score and the table of what is misread, and says what became of it."""
    score.photos += 1
    if reading is None:
        score.refused += 1
        return "refused"
    middles = np.array([np.mean(item.corners, axis=0) for item in reading.fields])
    off = np.linalg.norm(middles - photo.places, axis=1) > NEAR * photo.pitch
    marked = [item.uncertain for item in reading.fields]
    wrong = [i.text != t for i, t in zip(reading.fields, photo.texts, strict=True)]
    silent = sum(w and not m for w, m in zip(wrong, marked, strict=True))
    score.silent += silent
    if all(marked):
        score.doubtful += 1
    if off.any():
        score.wrongly += not all(marked)
        return f"wrongly laid, {silent} silent"
    score.laid += 1
    score.silent_laid += silent
    score.cells += len(wrong)
    score.right += len(wrong) - sum(wrong)
    score.marked += sum(marked)
    for item, text, printed in zip(reading.fields, photo.texts, photo.printed, strict=True):
        how = (photo.face or "Pillow's") if printed else "hand" if text else "empty"
        misread[f"{how}: cells"] += 1
        misread[f"{how}: misread"] += item.text != text
        misread[f"{how}: misread and not marked"] += item.text != text and not item.uncertain
        if item.text != text:
            print(f"  {how} {text or 'empty'} as {item.text or 'empty'} {item.confidence:.0%}")
    return f"laid, {sum(wrong)} wrong, {silent} silent"


def run_grids(numbers: range, seed: int, kind: str | None, hand: Hand, sheets: Path | None) -> None:
    """Reads photos of grids and prints a row a kind."""
    reader = FormReader.load(grids.FORM)
    scores: dict[str, Score] = {}
    reasons: Counter[str] = Counter()
    misread: Counter[str] = Counter()
    for number in numbers:
        which = kind or grids.KINDS[number % len(grids.KINDS)]
        rng = np.random.default_rng([seed, number])
        photo = grids.photo(which, hand, rng)
        reading = None
        try:
            reading = reader.read(photo.picture)
        except PictureError as error:
            reasons[f"{which}: {str(error)[:150]}"] += 1
        became = judge(photo, reading, scores.setdefault(which, Score()), misread)
        print(f"{number} {which}: {became}", flush=True)
        if sheets is not None and (reading is None or "wrongly" in became):
            cv2.imwrite(str(sheets / f"{which}-{seed}-{number}.png"), photo.picture)
    head = (
        "kind",
        "photos",
        "laid",
        "refused",
        "all marked",
        "wrongly laid",
        "right",
        "marked",
        "silent",
    )
    print(f"\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    total = Score(*(sum(vars(s)[k] for s in scores.values()) for k in vars(Score())))
    for name, s in [*scores.items(), ("all", total)]:
        cells = max(s.cells, 1)
        print(
            f"| {name} | {s.photos} | {s.laid} | {s.refused} | {s.doubtful} | {s.wrongly} | "
            f"{s.right / cells:.2%} | {s.marked / cells:.2%} | {s.silent} "
            f"({s.silent_laid} of those laid) |"
        )
    for key, count in sorted(misread.items()):
        print(key, count)
    for reason, count in reasons.most_common(12):
        print(count, reason)


def main() -> None:
    """Makes the photos, reads them, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("grids",))
    parser.add_argument("--n", type=int, default=100, help="photos")
    parser.add_argument("--first", type=int, default=0, help="number of the first photo")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=grids.KINDS)
    parser.add_argument("--data-dir", type=Path, help="where pendigits is")
    parser.add_argument("--sheet", type=Path, help="a folder for what was refused or laid wrongly")
    arguments = parser.parse_args()
    hand = Hand(arguments.data_dir)
    numbers = range(arguments.first, arguments.first + arguments.n)
    run_grids(numbers, arguments.seed, arguments.kind, hand, arguments.sheet)


if __name__ == "__main__":
    main()
