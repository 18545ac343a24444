"""How fast it reads, beside Keras' ``predict`` of the tutorial's network, all in one run.

    python benchmarks/speed.py --cnn RUN

RUN is a run of the recipe ``cnn``. Medians; a picture in memory goes through the whole path, from
uint8 array to prediction.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

EXAMPLE = Path(__file__).parents[1] / "examples" / "digits"


def median_ms(action: Callable[[], object], times: int) -> float:
    """The median time of an action in milliseconds, after two calls that warm it up."""
    action(), action()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cnn", type=Path, required=True, help="a run of the recipe cnn")
    arguments = parser.parse_args()

    from scrawl import DigitReader, data
    from scrawl.training.network import load_checkpoint

    keras_model = load_checkpoint(arguments.cnn / "checkpoint.keras")
    reader = DigitReader.load()
    digits = data.load("mnist").x_test
    tensor = digits[..., None].astype(np.float32) / 255
    picture = digits[0]

    keras_one = median_ms(lambda: keras_model.predict(tensor[:1], verbose=0), 30)
    ours_one = median_ms(lambda: reader.read(picture), 300)
    network_one = median_ms(lambda: reader.probabilities(digits[:1]), 300)
    print("| one digit | ms | ratio |\n| --- | --- | --- |")
    print(f"| Keras predict, tutorial cnn | {keras_one:.2f} | 1 |")
    print(f"| scrawl, array to prediction | {ours_one:.3f} | {keras_one / ours_one:.0f}× |")
    print(f"| scrawl, network alone | {network_one:.3f} | {keras_one / network_one:.0f}× |")

    keras_all = median_ms(lambda: keras_model.predict(tensor, batch_size=512, verbose=0), 3)
    keras_default = median_ms(lambda: keras_model.predict(tensor, verbose=0), 3)
    ours_all = median_ms(lambda: reader.probabilities(digits), 3)
    path_all = median_ms(lambda: list(reader.read_many(digits)), 3)
    print("\n| 10,000 digits | ms | digits/s | ratio |\n| --- | --- | --- | --- |")
    rows = {
        "Keras predict, tutorial cnn, batch 512": keras_all,
        "Keras predict, its default batch of 32": keras_default,
        "scrawl, network": ours_all,
        "scrawl, arrays to predictions": path_all,
    }
    for name, taken in rows.items():
        print(f"| {name} | {taken:.0f} | {1e7 / taken:,.0f} | {keras_all / taken:.1f}× |")

    example = next(EXAMPLE.glob("*.png"))
    commands = {
        "scrawl read --one, cold": ["-m", "scrawl", "read", "--one", str(example)],
        "python -c 'import scrawl'": ["-c", "import scrawl"],
        "python -c pass": ["-c", "pass"],
    }
    print("\n| command | s |\n| --- | --- |")
    for name, command in commands.items():
        call = [sys.executable, *command]
        taken = median_ms(partial(subprocess.run, call, stdout=subprocess.DEVNULL, check=True), 9)
        print(f"| {name} | {taken / 1000:.2f} |")


if __name__ == "__main__":
    main()
