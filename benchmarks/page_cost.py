"""Time and memory of reading against the size of a page and the number of its digits.

    python benchmarks/page_cost.py [--model RUN]

Pages of scikit-learn's digits, 1/80 of the page high, on grey paper with noise. Each page is read
in a process of its own, twice; the second time counts. Memory is the peak of that process, page
and models included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

import cv2
import numpy as np
from numpy.typing import NDArray

MEGAPIXELS = (1, 4, 10, 35, 100)
COUNTS = (0, 100, 1000)


def page(megapixels: int, digits: int) -> NDArray[np.uint8]:
    """A page of so many digits, upright as A4 is, dark on light."""
    from sklearn.datasets import load_digits

    height = round(1000 * (megapixels * 2**0.5) ** 0.5)
    width = round(height / 2**0.5)
    rng = np.random.default_rng(0)
    sheet = rng.integers(215, 236, (height, width), np.uint8)
    size = max(10, height // 80)
    glyphs = load_digits().images
    places = [(row, column) for row in range(40) for column in range(28)]
    for place in rng.permutation(len(places))[:digits]:
        row, column = places[place]
        glyph = cv2.resize(glyphs[rng.integers(0, len(glyphs))] / 16, (size, size))
        y, x = round((row + 0.7) * height / 42), round((column + 0.7) * width / 30)
        here = sheet[y : y + size, x : x + size]
        here[:] = (here * (1 - 0.8 * np.clip(glyph, 0, 1))).astype(np.uint8)
    return sheet


def measure(megapixels: int, digits: int, model: str | None) -> dict[str, float]:
    """Seconds, digits found and peak memory in MiB; run in a process of its own."""
    from scrawl import PageReader

    reader, sheet = PageReader.load(model), page(megapixels, digits)
    for _ in range(2):
        start = time.perf_counter()
        found = sum(1 for _ in reader.read(sheet).digits)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "found": found, "peak": peak}


def main() -> None:
    """Prints a row a page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="a run; the bundled model if none")
    parser.add_argument("--one", nargs=2, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], arguments.one[1], arguments.model)))
        return
    print("| megapixels | digits | found | seconds | peak memory |\n" + "| --- " * 5 + "|")
    for megapixels in MEGAPIXELS:
        for digits in COUNTS:
            command = [sys.executable, __file__, "--one", str(megapixels), str(digits)]
            command += ["--model", arguments.model] if arguments.model else []
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            row = json.loads(done.stdout)
            cells = f"{row['found']} | {row['seconds']:.2f} | {row['peak']:.0f} MiB"
            print(f"| {megapixels} | {digits} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
