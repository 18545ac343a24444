"""What a reader of lines gains by pictures of numbers with their text alone, and what it forgets.

    python benchmarks/own_numbers.py NUMBERS [--sizes 50 100 200 311] [--folds 2] [--kind cheques]

NUMBERS is a folder with ``labels.csv``: file, text of digits alone. The pictures of a kind are
dealt into five parts; each of the first ``--folds`` is kept apart once, and ``scrawl train lines
--from bundled --pictures`` learns from so many of the others. Whole numbers right of those kept
apart, as ``scrawl read --number --lines RUN`` reads them, and digits right on the lines that are
synthesised with MNIST's test digits, before and after. The weights are thrown away.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

FOLDS = 5
TRAIN = ("train", "lines", "--from", "bundled", "--json")


def table_of(items: list[dict[str, str]], fold: int, size: int, numbers: Path, path: Path) -> None:
    """Writes a CSV in which a part is to be tested on and so many of the rest to be learnt from."""
    order = np.random.default_rng(0).permutation(len(items))
    rest = [int(row) for at, row in enumerate(order) if at % FOLDS != fold]
    parts = {"test": order[fold::FOLDS].tolist(), "train": rest[:size]}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "text", "split"])
        for split, part in parts.items():
            for at in part:
                rows.writerow([(numbers / items[at]["file"]).resolve(), items[at]["text"], split])


def learn(table: Path, out: Path, more: list[str]) -> dict[str, Any]:
    """What the command says of its gains."""
    command = [sys.executable, "-m", "scrawl", *TRAIN, "--pictures", str(table), "--out", str(out)]
    done = subprocess.run([*command, *more], stdout=subprocess.PIPE, text=True, check=True)
    metrics: dict[str, Any] = json.loads(done.stdout)
    return {**metrics["gains"], "seconds": metrics["seconds"]}


def main() -> None:
    """Learns from each number of pictures of each fold, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 100, 200, 311])
    parser.add_argument("--folds", type=int, default=FOLDS, help="folds that are learnt from")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--kind", default="cheques", help="the folder within NUMBERS")
    parser.add_argument("--set", action="append", default=[], help="as scrawl train takes it")
    arguments = parser.parse_args()
    with (arguments.numbers / "labels.csv").open(encoding="utf-8", newline="") as file:
        items = [row for row in csv.DictReader(file) if row["file"].startswith(arguments.kind)]
    more = [part for setting in arguments.set for part in ("--set", setting)]
    print("| learnt from | fold | of | numbers before | after | lines before | after | s |")
    print("| --- " * 8 + "|")
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes:
            gained = []
            for fold in range(arguments.first, arguments.first + arguments.folds):
                table = Path(folder) / f"{size}-{fold}.csv"
                table_of(items, fold, size, arguments.numbers, table)
                said = learn(table, table.with_suffix(""), more)
                own, old = said["pictures"], said["data"]
                gained.append(own["after"] - own["before"])
                print(
                    f"| {size} | {fold} | {own['n']} | {own['before']:.1%} | {own['after']:.1%} | "
                    f"{old['before']:.2%} | {old['after']:.2%} | {said['seconds']:.0f} |",
                    flush=True,
                )
            print(f"| {size} | all | | | {100 * statistics.mean(gained):+.1f} points | | | |")


if __name__ == "__main__":
    main()
