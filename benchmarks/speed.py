"""How fast it reads, beside Keras' ``predict`` of the tutorial's network, all in one run.

    python benchmarks/speed.py [--cnn RUN]

RUN is a run of the recipe ``cnn``. Medians; a picture in memory goes through the whole path, from
uint8 array to prediction. Seconds of the processor beside those of the clock tell more where a
machine is busy: one call's, the least of all calls.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from scrawl import DigitReader, OneDigitReader, data
from scrawl.arrays import UInt8

EXAMPLE = Path(__file__).parents[1] / "examples" / "digits"


def ms(action: Callable[[], object], times: int) -> tuple[float, float]:
    """The median milliseconds of the clock and the least of the processor, after two calls."""
    action(), action()
    taken, busy = [], []
    for _ in range(times):
        start, started = time.perf_counter(), time.process_time()
        action()
        taken.append(time.perf_counter() - start)
        busy.append(time.process_time() - started)
    return 1000 * statistics.median(taken), 1000 * min(busy)


def seven(height: int, width: int, pen: int, paper: int, ink: int) -> UInt8:
    """A 7 in the middle of a sheet."""
    sheet = np.full((height, width), paper, np.uint8)
    side = min(height, width) // 4
    x, y = width // 2 - side // 2, height // 2 - side
    points = np.array([(x, y), (x + side, y), (x + side // 3, y + 2 * side)], np.int32)
    cv2.polylines(sheet, [points], False, ink, pen, cv2.LINE_AA)
    return sheet


def photo() -> bytes:
    """A JPEG of 12 megapixels with grain and uneven light, as a phone takes it."""
    rng = np.random.default_rng(0)
    light = cv2.resize(rng.normal(0, 12, (6, 8)).astype(np.float32), (4000, 3000), interpolation=2)
    page = seven(3000, 4000, 60, 190, 40) + light + rng.normal(0, 4, (3000, 4000))
    grey = np.clip(page, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(np.dstack([grey, grey, grey - grey // 20])).save(out, "JPEG", quality=90)
    return out.getvalue()


def keras(run: Path, digits: UInt8) -> tuple[float, float, float]:
    """Milliseconds of the tutorial's network: one digit, all in batches of 512, of 32."""
    from scrawl.training.network import load_checkpoint

    model = load_checkpoint(run / "checkpoint.keras")
    tensor = digits[..., None].astype(np.float32) / 255
    return (
        ms(lambda: model.predict(tensor[:1], verbose=0), 30)[0],
        ms(lambda: model.predict(tensor, batch_size=512, verbose=0), 3)[0],
        ms(lambda: model.predict(tensor, verbose=0), 3)[0],
    )


def one_picture(reader: DigitReader, digits: UInt8) -> None:
    """Prints what one picture takes."""
    whole, drawing, jpeg = OneDigitReader.load(), seven(280, 280, 18, 0, 255), photo()
    rows: dict[str, tuple[Callable[[], object], int]] = {
        "one of MNIST, network alone": (lambda: reader.probabilities(digits[:1]), 300),
        "one of MNIST, array to prediction": (lambda: whole.read(digits[0]), 300),
        "a drawing of 280×280": (lambda: whole.read(drawing), 200),
        "a JPEG of 12 megapixels": (lambda: whole.read(jpeg), 9),
    }
    print("| one picture | ms | of the processor |\n| --- | --- | --- |")
    for name, (action, times) in rows.items():
        clock, busy = ms(action, times)
        print(f"| {name} | {clock:.2f} | {busy:.2f} |", flush=True)


def many(reader: DigitReader, digits: UInt8, run: Path | None) -> None:
    """Prints what 10,000 digits take, beside Keras where there is a run."""
    rows = {
        "scrawl, network": ms(lambda: reader.probabilities(digits), 3)[0],
        "scrawl, arrays to predictions": ms(lambda: list(reader.read_many(digits)), 3)[0],
    }
    if run is not None:
        alone, large, small = keras(run, digits)
        print(f"\nKeras predict, tutorial cnn, one digit: {alone:.2f} ms")
        rows |= {"Keras predict, batch 512": large, "Keras predict, its default batch": small}
    print("\n| 10,000 digits | ms | digits/s |\n| --- | --- | --- |")
    for name, taken in rows.items():
        print(f"| {name} | {taken:.0f} | {1e7 / taken:,.0f} |")


def processor(call: list[str]) -> float:
    """Seconds of the processor that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(call, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands() -> None:
    """Prints what commands take from a cold start."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's second start is what counts
    example = next(EXAMPLE.glob("*.png"))
    calls = {
        "scrawl read --one, cold": ["-m", "scrawl", "read", "--one", str(example)],
        "its libraries": ["-c", "import numpy, cv2, PIL.Image, onnxruntime"],
        "python -c 'import scrawl'": ["-c", "import scrawl"],
        "python -c pass": ["-c", "pass"],
    }
    print("\n| command | s | of the processor |\n| --- | --- | --- |")
    for name, options in calls.items():
        busy, taken = [], []
        for _ in range(9):
            start = time.perf_counter()
            busy.append(processor([sys.executable, *options]))
            taken.append(time.perf_counter() - start)
        print(f"| {name} | {statistics.median(taken):.2f} | {min(busy):.2f} |", flush=True)


def main() -> None:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cnn", type=Path, help="a run of the recipe cnn, beside scrawl")
    parser.add_argument("--only", choices=("one", "many", "commands"), help="one table")
    arguments = parser.parse_args()
    digits, reader = data.load("mnist").x_test, DigitReader.load()
    if arguments.only in (None, "one"):
        one_picture(reader, digits)
    if arguments.only in (None, "many"):
        many(reader, digits, arguments.cnn)
    if arguments.only in (None, "commands"):
        commands()


if __name__ == "__main__":
    main()
