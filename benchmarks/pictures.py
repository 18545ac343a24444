"""Real pictures of one digit, read in several ways with one and the same network.

    python benchmarks/pictures.py PICTURES [--model RUN] [--others] [--misread OUT.png]

PICTURES is a CSV or a folder of labelled pictures. ``--others`` adds the OCR engines of
lib/peers.py.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from lib import peers
from lib.peers import Ocr
from lib.ways import Way, inverted, otsu, resized, with_network
from scrawl import OneDigitReader, PageReader
from scrawl.bundle import DIGITS
from scrawl.data.pictures import labelled
from scrawl.evaluate import Report, evaluate_pictures
from scrawl.metrics import wilson_interval

SURE = 0.95


def one_digit(read: Ocr) -> Way:
    """An OCR engine as a way: the digit that its text says, if it says exactly one."""
    return lambda pictures: [int(text) if len(text) == 1 else None for text in read(pictures)]


def line(name: str, right: int, n: int, seconds: float) -> str:
    """A row of the table."""
    low, high = wilson_interval(right, n)
    share = f"{right / n:.1%} | {low:.1%} to {high:.1%}"
    return f"| {name} | {share} | {n - right} | {1000 * seconds / n:.2f} ms |"


def describe(report: Report) -> None:
    """Prints what the report says beyond its accuracy."""
    scores = report.to_dict()
    print(f"\nNLL {scores['nll']:.4f}, ECE {scores['ece']:.4f}; ", end="")
    print(f"kept at the threshold {report.threshold:.3f}: {scores['kept']:.1%}, ", end="")
    print(f"of these right: {report.right[report.kept].mean():.2%}; ", end="")
    silent = (report.kept & ~report.right & (report.confidence > SURE)).mean()
    print(f"silent errors (wrong, kept, confidence above {SURE}): {silent:.2%}")
    print("\n| source | pictures | right | kept |\n| --- | --- | --- | --- |")
    for row in report.per_source():
        print(f"| {row['source']} | {row['n']} | {row['accuracy']:.1%} | {row['kept']:.1%} |")
    print("\nmisread:")
    for row in scores["misread"]:
        print(f"  {row['name']}: {row['label']}, read as {row['answer']} ({row['confidence']:.0%})")
    for error in report.errors:
        print(f"  not opened: {error}")


def main() -> None:
    """Reads the pictures in every way and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--others", action="store_true", help="measure OCR engines too")
    parser.add_argument("--misread", type=Path, help="write the misread digits as a picture")
    arguments = parser.parse_args()
    one = OneDigitReader.load(arguments.model)
    reader = one.digits
    items = labelled(arguments.pictures, DIGITS)
    labels = [item.label for item in items]
    one.read(items[0].picture)  # the first call loads

    print(f"{len(items)} pictures, network: {reader.info.recipe}\n")
    print("| way | right | 95% interval | wrong | a picture |\n| --- | --- | --- | --- | --- |")
    start = time.perf_counter()
    report = evaluate_pictures(one, items, "pictures")
    took = time.perf_counter() - start
    print(line("scrawl read --one", int(report.right.sum()), report.n, took), flush=True)
    if arguments.model is None:
        pages = PageReader.load()
        start = time.perf_counter()
        texts = [pages.read(item.picture).text for item in items]
        took = time.perf_counter() - start
        right = sum(text == str(label) for text, label in zip(texts, labels, strict=True))
        print(line("scrawl read", right, len(items), took), flush=True)
    ways = {
        "Otsu, components, MNIST's normalisation": with_network(reader, otsu),
        "resized to 28×28, inverted where light": with_network(reader, inverted),
        "resized to 28×28, as the tutorials do": with_network(reader, resized),
    }
    if arguments.others:
        engines = peers.installed(peers.CHARACTER)
        ways |= {name: one_digit(read) for name, read in engines.items()}
    pictures = [peers.grey(item.picture) for item in items]
    for name, way in ways.items():
        start = time.perf_counter()
        answers = way(pictures)
        took = time.perf_counter() - start
        right = sum(answer == label for answer, label in zip(answers, labels, strict=True))
        print(line(name, right, len(items), took), flush=True)
    describe(report)
    if arguments.misread:
        from scrawl.report import plots

        worst = report.worst(None)
        titles = [f"{report.labels[r]} as {report.predicted[r]}\n{r}" for r in worst]
        plots.save(plots.grid(report.images[worst], titles, 255), arguments.misread)


if __name__ == "__main__":
    main()
