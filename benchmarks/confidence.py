"""What the confidence means: calibration, and telling digits from what is none.

    python benchmarks/confidence.py --pictures PICTURES --not-digits FOLDER [--plot OUT.png]

PICTURES is a CSV or folder of labelled digits; FOLDER holds ``letters.csv`` (columns file and
character) and ``kmnist-test-imgs.npz``. Everything goes through the path that ``scrawl read --one``
takes. Blanks and noise are made here, by a fixed seed.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from lib.letters import LOOK_ALIKES
from scrawl import OneDigitReader, data, images, metrics
from scrawl.arrays import Floats
from scrawl.bundle import DIGITS
from scrawl.data.pictures import from_dataset, labelled
from scrawl.evaluate import Report, evaluate_pictures

T = TypeVar("T")

SURE = 0.95
"""Confidence above which a wrong answer is a silent error."""

MADE = 500
"""How many blanks and how many pictures of noise are made."""


def blanks(rng: np.random.Generator) -> Iterable[NDArray[np.uint8]]:
    """Sheets of paper of any shade with the grain of a camera, lit unevenly."""
    for _ in range(MADE):
        height, width = rng.integers(28, 400, 2)
        light = np.linspace(0, rng.uniform(-40, 40), width)[None]
        grain = rng.normal(0, rng.uniform(0, 6), (height, width))
        yield np.clip(rng.uniform(60, 255) + light + grain, 0, 255).astype(np.uint8)


def noise(rng: np.random.Generator) -> Iterable[NDArray[np.uint8]]:
    """Noise of every grain: from pixels to clouds, and salt and pepper."""
    for index in range(MADE):
        height, width = rng.integers(28, 300, 2)
        if index % 3 == 0:
            yield rng.integers(0, 256, (height, width), dtype=np.uint8)
        elif index % 3 == 1:
            cells = rng.integers(0, 256, rng.integers(2, 12, 2), dtype=np.uint8)
            yield cv2.resize(cells, (int(width), int(height)), interpolation=cv2.INTER_CUBIC)
        else:
            dots = rng.random((height, width)) < rng.uniform(0.005, 0.3)
            yield np.where(dots, 0, 255).astype(np.uint8)


def confidences(reader: OneDigitReader, pictures: Iterable[images.Picture]) -> NDArray[np.float64]:
    """The confidence of each picture's reading; 0 where no ink is found."""
    return np.array([prediction.confidence for prediction in reader.read_many(pictures)])


def calibration(report: Report, name: str) -> None:
    """Prints a row of the table of calibration."""
    scores = report.to_dict()
    print(
        f"| {name} | {report.n:,} | {report.accuracy:.2%} | {scores['nll']:.4f} | "
        f"{scores['ece']:.4f} | {scores['kept']:.2%} | {report.right[report.kept].mean():.2%} | "
        f"{(report.kept & ~report.right & (report.confidence > SURE)).mean():.2%} |"
    )


def few(found: Iterable[T], rows: int | None) -> list[T]:
    """So many of them, evenly spread; all, if None."""
    every = list(found)
    return every if rows is None else every[:: max(len(every) // rows, 1)][:rows]


def digits_of(reader: OneDigitReader, pictures: Path, rows: int | None) -> dict[str, Report]:
    """The reports on everything that shows a digit."""
    mnist, small = data.load("mnist"), data.load("digits8x8")
    items = {
        "MNIST test": from_dataset(mnist, "test"),
        "pictures": labelled(pictures, DIGITS),
        "scikit-learn's digits": [*from_dataset(small, "train"), *from_dataset(small, "test")],
    }
    return {
        name: evaluate_pictures(reader, few(found, rows), name) for name, found in items.items()
    }


def auroc(inside: Floats, outside: Floats) -> float:
    """Area under the ROC curve: how often a score of ``inside`` is above one of ``outside``."""
    truth = np.concatenate([np.ones(len(inside)), np.zeros(len(outside))])
    return float(roc_auc_score(truth, np.concatenate([inside, outside])))


def not_digits_of(folder: Path, most: int) -> dict[str, Iterable[images.Picture]]:
    """The pictures of everything that shows none."""
    rng = np.random.default_rng(0)
    with np.load(folder / "kmnist-test-imgs.npz") as archive:
        kmnist = next(iter(archive.values()))[:most]
    with (folder / "letters.csv").open(encoding="utf-8", newline="") as file:
        letters = [(folder / row["file"], row["character"]) for row in csv.DictReader(file)]
    return {
        "KMNIST": kmnist,
        "letters": [path for path, letter in letters if letter not in LOOK_ALIKES],
        "letters that look like digits": [p for p, letter in letters if letter in LOOK_ALIKES],
        "blanks": blanks(rng),
        "noise": noise(rng),
    }


def main() -> None:
    """Prints both tables and draws the reliability."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--not-digits", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="the bundled model if none")
    parser.add_argument("--rows", type=int, help="read so many of each kind alone")
    parser.add_argument("--kmnist", type=int, default=2000, help="characters of KMNIST to read")
    parser.add_argument("--plot", type=Path, help="write the reliability plots here")
    arguments = parser.parse_args()
    reader = OneDigitReader.load(arguments.model)
    first = reader.digits

    digits = digits_of(reader, arguments.pictures, arguments.rows)
    print(f"threshold {first.threshold:.3f}, temperature {first.info.temperature:.3f}\n")
    print("| digits | n | accuracy | NLL | ECE | kept | right of those kept | silent errors |")
    print("| --- " * 8 + "|")
    for name, report in digits.items():
        calibration(report, name)

    print(f"\nlook-alikes: {' '.join(sorted(LOOK_ALIKES))}\n")
    print("| not digits | n | rejected | sure | AUROC against MNIST test | against pictures |")
    print("| --- " * 6 + "|")
    for name, pictures in not_digits_of(arguments.not_digits, arguments.kmnist).items():
        scores = confidences(reader, few(pictures, arguments.rows))
        rejected = (scores < first.threshold).mean()
        areas = [auroc(digits[k].confidence, scores) for k in ("MNIST test", "pictures")]
        sure = (scores > SURE).mean()
        print(
            f"| {name} | {len(scores):,} | {rejected:.2%} | {sure:.2%} | {areas[0]:.4f} | "
            f"{areas[1]:.4f} |"
        )

    if arguments.plot:
        from scrawl.report import plots

        panels = {
            f"{name}: ECE {metrics.ece(report.confidence, report.right):.4f}": metrics.reliability(
                report.confidence, report.right
            )
            for name, report in digits.items()
        }
        plots.save(plots.reliability(panels), arguments.plot)


if __name__ == "__main__":
    main()
