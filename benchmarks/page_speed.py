"""What numbers and pages cost the processor, by kind of picture.

    python benchmarks/page_speed.py [PICTURE ...] [--times 3]

Made pictures, then those that are named. Seconds of the processor over all threads, the least of so
many readings: those of the clock say little where a machine is busy. To compare two versions, run
it with ``PYTHONPATH`` of either, one after the other.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from scrawl import PageReader
from scrawl.arrays import UInt8

_LIGHT = 235  # paper
_DARK = 45  # pen


def drawing() -> UInt8:
    """A number of four digits on a canvas of 640×480."""
    sheet = np.full((480, 640), 255, np.uint8)
    cv2.putText(sheet, "2758", (120, 280), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 4, 0, 8, cv2.LINE_AA)
    return sheet


def photo() -> bytes:
    """A JPEG of 12 megapixels: a light slip with a number on a rough dark table."""
    rng = np.random.default_rng(0)
    table = cv2.GaussianBlur(rng.normal(60, 25, (3000, 4000)).astype(np.float32), (0, 0), 2)
    slip = np.full((800, 2400), _LIGHT, np.uint8)
    cv2.putText(slip, "40395", (250, 600), cv2.FONT_HERSHEY_SIMPLEX, 17, _DARK, 36, cv2.LINE_AA)
    table[1100:1900, 800:3200] = slip + rng.normal(0, 6, slip.shape)
    grey = table.clip(0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", np.dstack([grey] * 3), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def page() -> UInt8:
    """A page of 35 megapixels with 1,150 digits in 46 rows."""
    sheet = np.full((7014, 4962), _LIGHT, np.uint8)
    rng = np.random.default_rng(0)
    for row in range(46):
        for column in range(25):
            at = 150 + 188 * column, 200 + 148 * row
            digit = str(rng.integers(10))
            cv2.putText(sheet, digit, at, cv2.FONT_HERSHEY_SIMPLEX, 4, _DARK, 12, cv2.LINE_AA)
    return sheet


def texture() -> UInt8:
    """12 megapixels of noise, where nothing is to be read."""
    return np.random.default_rng(0).integers(0, 256, (3000, 4000), np.uint8)


MADE: dict[str, Callable[[], UInt8 | bytes]] = {
    "a drawing of 640×480": drawing,
    "a photo of 12 megapixels": photo,
    "a page of 35 megapixels, 1,150 digits": page,
    "12 megapixels of noise": texture,
}


def pictures(paths: list[Path]) -> Iterator[tuple[str, UInt8 | bytes]]:
    """The made pictures, then the files, each with its name."""
    yield from ((name, make()) for name, make in MADE.items())
    yield from ((path.name, path.read_bytes()) for path in paths)


def main() -> None:
    """Reads each picture and prints a row for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", nargs="*", type=Path)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    reader = PageReader.load()
    reader.read(drawing())  # the first is slower
    print("| picture | digits | CPU s |\n| --- | --- | --- |")
    for name, picture in pictures(arguments.pictures):
        taken = []
        for _ in range(arguments.times):
            start = time.process_time()
            digits = len(reader.read(picture).digits)
            taken.append(time.process_time() - start)
        print(f"| {name} | {digits} | {min(taken):.3f} |", flush=True)


if __name__ == "__main__":
    main()
