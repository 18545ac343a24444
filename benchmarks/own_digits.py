"""What few pictures of one's own digits give, to the carried reader and to a network without it.

    python benchmarks/own_digits.py PICTURES [--sizes 10 30 100] [--ways tuned scratch] [--set K=V]

PICTURES is a folder with ``labels.csv``: file, label, source. Sources of fewer than 100 pictures
are kept apart, all of them; so many pictures a class are learnt from, or all that there are, of the
others. *tuned* is ``scrawl train reader --from bundled --pictures``, *scratch* ``scrawl train cnn
--data`` with nothing else; ``--set`` goes to the first. The weights are thrown away.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

FEW = 100
"""A source of as many pictures is learnt from: one of fewer has too few of a class."""

WAYS = ("tuned", "scratch")

HEAD = "| a class | learnt from | of | way | own before | own after | MNIST before | after | s |"


def tables(pictures: Path, size: int, path: Path) -> tuple[int, int]:
    """Writes what is learnt from and what is kept apart; gives how many they are."""
    with (pictures / "labels.csv").open(encoding="utf-8", newline="") as file:
        items = list(csv.DictReader(file))
    sources = Counter(item["source"] for item in items)
    taken: Counter[str] = Counter()
    rows = []
    for at in np.random.default_rng(0).permutation(len(items)):
        item = items[at]
        split = "test" if sources[item["source"]] < FEW else "train"
        if split == "train":
            taken[item["label"]] += 1
            if taken[item["label"]] > size:
                continue
        rows.append([(pictures / item["file"]).resolve(), item["label"], item["source"], split])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["file", "label", "source", "split"], *rows])
    learnt = sum(row[-1] == "train" for row in rows)
    return learnt, len(rows) - learnt


def train(out: Path, *arguments: str) -> dict[str, Any]:
    """What the command says of itself."""
    command = [sys.executable, "-m", "scrawl", "train", *arguments, "--out", str(out), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    metrics: dict[str, Any] = json.loads(done.stdout)
    return metrics


def cells(way: str, table: Path, more: list[str]) -> str:
    """The figures of a training."""
    out = table.with_name(f"{table.stem}-{way}")
    if way == "scratch":
        said = train(out, "cnn", "--data", str(table))
        return f"| {said['test']['accuracy']:.1%} | | | {said['seconds']:.0f} |"
    said = train(out, "reader", "--from", "bundled", "--pictures", str(table), *more)
    own, old = said["gains"]["pictures"], said["gains"]["data"]
    return (
        f"{own['before']:.1%} | {own['after']:.1%} | {old['before']:.2%} | {old['after']:.2%} | "
        f"{said['seconds']:.0f} |"
    )


def main() -> None:
    """Learns from each number of pictures in each way, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 30, 100])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--set", action="append", default=[], help="as scrawl train takes it")
    arguments = parser.parse_args()
    more = [part for setting in arguments.set for part in ("--set", setting)]
    print(f"{HEAD}\n{'| --- ' * 9}|")
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes:
            table = Path(folder) / f"{size}.csv"
            learnt, kept = tables(arguments.pictures, size, table)
            for way in arguments.ways:
                found = cells(way, table, more)
                print(f"| {size} | {learnt} | {kept} | {way} | {found}", flush=True)


if __name__ == "__main__":
    main()
