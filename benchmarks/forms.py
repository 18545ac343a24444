"""Filled sheets read as forms: cells right, seconds and peak memory a page.

    python benchmarks/forms.py FOLDER [--form FORM.toml] [--sheet OUT.png]
    python benchmarks/forms.py FOLDER --page

FOLDER holds scans of one ruled grid, each cell one digit: the one that the scan's name begins with.
Without a form file, one is proposed from the first scan. Each page is read in a process of its own,
so that its peak memory is its own.

A cell counts if anything is written in it. Which cells those are, the reader itself says, so that a
digit it took for a blank would be left out: the number of blanks is printed, and ``--sheet`` draws
every cell that is blank or wrong, to be looked at. Wrong is another digit, or ``?``.

With ``--page`` the scans are read as any page is, without being told of the grid. The form only
says afterwards where the cells are: one is right if the one digit in it is the right one. Digits
outside all cells are counted beside that.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scrawl import PageReader
from scrawl.forms import FormReader, load_form
from scrawl.forms.parse import parse_text
from scrawl.forms.propose import propose
from scrawl.images import find, load
from scrawl.metrics import wilson_interval
from scrawl.pages.digit import Digit

_TILE = 72  # pixels of a cell on the sheet
_ACROSS = 20


def one(form: Path, scan: Path, out: Path | None) -> dict[str, Any]:
    """Reads one page in this process."""
    reader = FormReader.load(load_form(form))
    start, used = time.perf_counter(), time.process_time()
    reading = reader.read(scan)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    truth = scan.stem[0]
    written = [item for item in reading.fields if not item.blank]
    misread = [item for item in written if item.text != truth]
    if out is not None and reading.image is not None:
        tiles = []
        for item in (item for item in reading.fields if item.text != truth):
            x0, y0, x1, y1 = item.box
            tile = cv2.resize(reading.image[y0:y1, x0:x1], (_TILE, _TILE))
            tiles.append(cv2.putText(tile, item.text or "blank", (2, 12), 0, 0.4, 0))
        tiles += [np.full((_TILE, _TILE), 255, np.uint8)] * (-len(tiles) % _ACROSS)
        rows = [np.hstack(tiles[i : i + _ACROSS]) for i in range(0, len(tiles), _ACROSS)]
        if rows:
            cv2.imwrite(str(out), np.vstack(rows))
    return {
        "scan": scan.name,
        "cells": len(reading.fields),
        "written": len(written),
        "right": len(written) - len(misread),
        "checked": sum(item.uncertain for item in written),
        "unnoticed": sum(not item.uncertain for item in misread),
        "seconds": seconds,
        "cpu": used,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "aligned_by": reading.aligned_by,
    }


def one_page(form: Path, scan: Path) -> dict[str, Any]:
    """Reads one page in this process, without the form, and compares it with the form's cells."""
    reader = PageReader.load()
    start, used = time.perf_counter(), time.process_time()
    reading = reader.read(scan)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fields = FormReader.load(load_form(form)).read(scan).fields
    cells = np.array([field.box for field in fields if not field.blank])
    said: list[list[Digit]] = [[] for _ in cells]
    outside = 0
    for digit in reading.digits:
        middle = np.add(digit.box[:2], digit.box[2:]) / 2
        inside = np.all((middle >= cells[:, :2]) & (middle < cells[:, 2:]), axis=1)
        away = np.linalg.norm((cells[:, :2] + cells[:, 2:]) / 2 - middle, axis=1)
        outside += not inside.any()
        if inside.any():  # the boxes of cells that are not quite upright overlap
            said[int(np.where(inside, away, np.inf).argmin())].append(digit)
    wrong = [here for here in said if [digit.digit for digit in here] != [int(scan.stem[0])]]
    return {
        "scan": scan.name,
        "cells": len(cells),
        "written": len(cells),
        "right": len(cells) - len(wrong),
        "checked": sum(digit.uncertain for digit in reading.digits),
        "unnoticed": sum(any(not digit.uncertain for digit in here) for here in wrong),
        "outside": outside,
        "seconds": seconds,
        "cpu": used,
        "megabytes": megabytes,
    }


def main() -> None:
    """Reads the pages and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--form", type=Path, help="a form file; proposed from a scan if none")
    parser.add_argument("--sheet", type=Path, help="draw what is blank or wrong, a picture a page")
    parser.add_argument("--page", action="store_true", help="without being told of the grid")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        form, scan = arguments.form, arguments.one
        page = one_page(form, scan) if arguments.page else one(form, scan, arguments.sheet)
        print(json.dumps(page))
        return
    scans = find([arguments.folder])
    with tempfile.TemporaryDirectory() as folder:
        form = arguments.form
        if form is None:
            form = Path(folder) / "form.toml"
            form.write_text(propose(load(scans[0]), "proposed"))
        described = parse_text(form.read_text(), form)
        print(f"{[(r.name, r.rows, r.columns) for r in described.regions]}\n")
        pages = []
        for scan in scans:
            command = [sys.executable, __file__, str(arguments.folder), "--form", str(form)]
            command += ["--one", str(scan)]
            if arguments.page:
                command.append("--page")
            if arguments.sheet is not None:
                name = f"{arguments.sheet.stem}-{scan.stem}{arguments.sheet.suffix}"
                command += ["--sheet", str(arguments.sheet.with_name(name))]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            pages.append(json.loads(done.stdout))
    print(
        "| scan | cells | blank | right | to check | wrong, not to check | seconds | of CPU | MB |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for page in pages:
        print(
            f"| {page['scan']} | {page['cells']} | {page['cells'] - page['written']} | "
            f"{page['right'] / page['written']:.2%} | {page['checked']} | {page['unnoticed']} | "
            f"{page['seconds']:.1f} | {page['cpu']:.1f} | {page['megabytes']:.0f} |"
        )
    right, written = (sum(page[key] for page in pages) for key in ("right", "written"))
    low, high = wilson_interval(right, written)
    print(f"\nright: {right} of {written}, {right / written:.2%} ({low:.2%} to {high:.2%})")
    if arguments.page:
        print(f"digits outside the cells: {sum(page['outside'] for page in pages)}")


if __name__ == "__main__":
    main()
