"""Made pictures of one digit and of two, read with ``--one``: shadows, frames, strokes.

    python benchmarks/lone.py [--seed 0] [--misread FOLDER]

Silent is the share that is wrong at a confidence of more than 0.95. `benchmarks/made.py` draws
them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from made import all_kinds, pairs, strokes
from scrawl import OneDigitReader
from scrawl.arrays import UInt8

SURE = 0.95
"""The confidence above which what is wrong is a silent error."""


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="", help="kinds whose names begin so")
    parser.add_argument("--misread", type=Path, help="a folder for the pictures that are misread")
    arguments = parser.parse_args()
    reader = OneDigitReader.load(arguments.model)
    print("| kind | likeliest right | right and kept | wrong and kept | silent |")
    print("| --- " * 5 + "|")
    singles = all_kinds(arguments.seed) | {
        "a stroke by itself, drawn": strokes(True),
        "a stroke by itself, on paper": strokes(False),
    }
    for name, rows in singles.items():
        if not name.startswith(arguments.kind):
            continue
        first = right = wrong = silent = 0
        for number, (picture, text) in enumerate(rows):
            prediction = reader.read(picture)
            best = str(prediction.probabilities.argmax())
            first += best == text
            right += prediction.text == text
            wrong += prediction.text not in ("", text)
            silent += best != text and prediction.confidence > SURE
            if arguments.misread and prediction.text != text:
                answer = f"{best}_{prediction.confidence:.2f}"
                write(arguments.misread, f"{name[:22]}_{number}_{text}_{answer}", picture)
        print(f"| {name} | {first} | {right} | {wrong} | {silent} | of {len(rows)}", flush=True)
    print("\n| two digits | says several | refuses | one digit instead | … silently |")
    print("| --- " * 5 + "|")
    for drawn in (True, False):
        rows = pairs(drawn)
        several = refused = silent = 0
        for number, (picture, text) in enumerate(rows):
            prediction = reader.read(picture)
            reason = getattr(prediction, "reason", None)
            several += reason == "several digits"
            refused += not prediction.text
            silent += bool(prediction.text) and prediction.confidence > SURE
            if arguments.misread and reason != "several digits":
                write(arguments.misread, f"pair{drawn}_{number}_{text}_{prediction.text}", picture)
        name = "drawn" if drawn else "on paper"
        print(
            f"| {name} | {several} | {refused} | {len(rows) - refused} | {silent} | of {len(rows)}"
        )


def write(folder: Path, name: str, picture: UInt8) -> None:
    """Keeps a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{name}.png"), picture)


if __name__ == "__main__":
    main()
