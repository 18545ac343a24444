"""Pictures that scrawl once got wrong: which are read rightly now.

    python benchmarks/cases.py CASES

CASES is a folder with ``labels.csv`` (file, text, kind). A text of one digit is read as one digit
and right if it is kept; any other as a page. The form among them is left to `scrawl form read`.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from scrawl import OneDigitReader, PageReader


def main() -> None:
    """Prints a row a picture, then how many of each way are right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=Path)
    folder = parser.parse_args().cases
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["kind"].startswith("form:")]
    one, pages = OneDigitReader.load(), PageReader.load()
    right: dict[str, list[bool]] = {"one digit": [], "page": []}
    print("| picture | is | read | confidence | |\n| --- | --- | --- | --- | --- |")
    for row in rows:
        way = "one digit" if len(row["text"]) == 1 else "page"
        if way == "page":
            reading = pages.read(folder / row["file"])
            said, sure = reading.text, min((d.confidence for d in reading.digits), default=0.0)
        else:
            prediction = one.read(folder / row["file"])
            said, sure = str(prediction.digit), prediction.confidence
        right[way].append(said == row["text"])
        mark = "" if right[way][-1] else "wrong"
        texts = (text.replace("\n", " / ") for text in (row["text"], said))
        print(f"| {row['file']} | {' | '.join(texts)} | {sure:.0%} | {mark} |")
    for way, each in right.items():
        print(f"{way}: {sum(each)} of {len(each)}")


if __name__ == "__main__":
    main()
