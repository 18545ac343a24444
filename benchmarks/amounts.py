"""Real pictures of numbers, read whole.

    python benchmarks/amounts.py NUMBERS [--model RUN] [--number] [--lines RUN] [--others]

NUMBERS is a folder with ``labels.csv``: file, text of digits alone, where ``|`` parts lines. A
picture counts as right when every digit is, and nothing more was read. ``--lines`` adds another
reader of lines, alone (the picture is one line) and beside the digits. ``--others`` adds the OCR
engines of lib/peers.py, told that there is one line and that all are digits. ``--number`` adds
``scrawl read --number``, also told that an amount has 3 to 7 digits, which goes for all but two,
or how many it has.
Sure are numbers of which no digit is uncertain. ``--every 3`` reads every third picture.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lib import peers
from scrawl import PageReader, images
from scrawl.metrics import wilson_interval
from scrawl.pages.ctc import likeliest
from scrawl.pages.levels import Pyramid
from scrawl.pages.line_reader import LineReader
from scrawl.pages.strip import strip_of_whole

_FOLLOWED = 12  # texts of a line that are weighed

Said = tuple[str, bool | None]
"""The digits, and whether all are sure, where a way says so."""

Reader = Callable[[Sequence[Path]], list[Said]]


def digits_of(text: str) -> str:
    """The digits of a text alone, line after line."""
    return "".join(character for character in text if character.isdigit())


def ours(reader: PageReader, **options: Any) -> Reader:
    """Scrawl read."""

    def read(path: Path) -> Said:
        reading = reader.read(path, **options)
        return digits_of(reading.text), bool(reading.lines) and not reading.uncertain

    return lambda paths: [read(path) for path in paths]


def told(reader: PageReader, counts: dict[str, int]) -> Reader:
    """Scrawl read --number, told how many digits each picture shows, by its name."""
    return lambda paths: [
        ours(reader, number=True, digits=counts[path.name])([path])[0] for path in paths
    ]


def alone(lines: LineReader) -> Reader:
    """A reader of lines that is told that the picture is one line and that all are digits."""

    def read(path: Path) -> str:
        image = images.load(path)
        strip = strip_of_whole(image, Pyramid(image).lightness > 0.5)
        steps = lines.digit_steps(strip.pixels)
        return "".join(lines.info.alphabet[one - 1] for one in likeliest(steps, _FOLLOWED)[0])

    return lambda paths: [(read(path), None) for path in paths]


def theirs(read: peers.Ocr) -> Reader:
    """An OCR engine."""
    return lambda paths: [(text, None) for text in read([peers.grey(path) for path in paths])]


def line(kind: str, name: str, said: list[Said], truth: list[str], seconds: float) -> str:
    """A row of the table."""
    n, right = len(truth), [text == b for (text, _), b in zip(said, truth, strict=True)]
    low, high = wilson_interval(sum(right), n)
    wrong = sum(edit_distance(text, b) for (text, _), b in zip(said, truth, strict=True))
    rate = wrong / sum(map(len, truth))
    share = f"{sum(right)} of {n} | {sum(right) / n:.1%} | {low:.1%} to {high:.1%}"
    sure = [good for good, (_, certain) in zip(right, said, strict=True) if certain]
    certain = f"{len(sure) / n:.1%} | {sum(sure) / len(sure):.1%}" if sure else "|"
    return f"| {kind} | {name} | {share} | {rate:.1%} | {certain} | {1000 * seconds / n:.0f} ms |"


def edit_distance(said: str, truth: str) -> int:
    """The fewest characters to insert, delete or change to make one text of the other.

    Source: V. Levenshtein, "Binary codes capable of correcting deletions, insertions, and
    reversals", 1966.
    """
    row = list(range(len(truth) + 1))
    for i, a in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(truth, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _ways(arguments: argparse.Namespace, rows: Sequence[dict[str, str]]) -> dict[str, Reader]:
    """The ways to read that are compared."""
    plain = PageReader.load(arguments.model)
    ways = {"scrawl read": ours(plain), "its digits alone": ours(plain.by_digits())}
    if arguments.number:
        ways["--number"] = ours(plain, number=True)
        ways["--number --digits 3-7"] = ours(plain, number=True, digits=(3, 7))
        counts = {Path(row["file"]).name: len(digits_of(row["text"])) for row in rows}
        ways["--number, its length"] = told(plain, counts)
    if arguments.lines:
        both = PageReader.load(arguments.model, lines=arguments.lines)
        ways |= {"the line alone": alone(LineReader(arguments.lines)), "both": ours(both)}
        if arguments.number:
            ways["both, --number"] = ours(both, number=True)
    if arguments.others:
        engines = peers.installed(peers.LINE)
        ways |= {name: theirs(read) for name, read in engines.items()}
    return ways


def main() -> None:
    """Reads the pictures in every way and prints the table, then what scrawl misread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", type=Path)
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--number", action="store_true", help="measure scrawl read --number too")
    parser.add_argument("--every", type=int, default=1, help="read one of so many pictures")
    parser.add_argument("--lines", type=Path, help="a run of a reader of lines")
    parser.add_argument("--others", action="store_true", help="measure OCR engines too")
    arguments = parser.parse_args()
    with (arguments.numbers / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        kinds.setdefault(row["file"].partition("/")[0], []).append(row)
    ways = _ways(arguments, rows)
    print(
        "| pictures | way | whole number right | | 95% interval | digit error rate | sure |", end=""
    )
    print(" of these right | a picture |\n" + "| --- " * 9 + "|")
    misread = []
    for kind, items in kinds.items():
        items = items[:: arguments.every]
        paths = [arguments.numbers / row["file"] for row in items]
        truth = [digits_of(row["text"]) for row in items]
        for name, way in ways.items():
            start = time.perf_counter()
            said = way(paths)
            took = time.perf_counter() - start
            print(line(kind, name, said, truth, took), flush=True)
            if name == "scrawl read":
                wrong = zip(paths, truth, said, strict=True)
                misread += [(path, a, b) for path, a, (b, _) in wrong if a != b]
    print("\nmisread:")
    for path, truth_, said_ in misread:
        print(f"  {path.parent.name}/{path.name}: {truth_}, read as {said_ or 'nothing'}")


if __name__ == "__main__":
    main()
