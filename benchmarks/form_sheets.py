"""Photographed sheets that a pen has filled in: fields right, and wrong without being marked.

    python benchmarks/form_sheets.py read [invoices marks combs] [--n 30] [--first 0] [--seed 0]
    python benchmarks/form_sheets.py new  [invoices marks combs] [--n 30] [--first 0] [--photo]

*read* reads each sheet by its own form: at an angle, curled, half of them in shadow, on a table.
*new* proposes a form from the blank sheet, a scan or with ``--photo`` a photo, and from the filled
one (``--filled``), and counts which fields are there and which too many. ``--first`` says which
sheet to begin with, so that shares of many can be read one after the other.

A field is right if it says what was written. One that is crossed out is right if it is marked.
*Silent* is wrong and not marked. Hands are those of six people that no network learns from.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lib import camera, filled, layouts
from lib.hand import Hand
from scrawl.digit_reader import DigitReader
from scrawl.errors import PictureError
from scrawl.forms import Form, FormReader, FormReading
from scrawl.forms.parse import parse_text
from scrawl.forms.propose import propose
from scrawl.pages import PageReader

NEAR = 1 / 3  # of a field's short side, that its middle may be off
ALIKE = 0.6  # of a field's area, that a proposed one has at least, and the other way round
SIZE = (1500, 2000)
"""Pixels of a photo: three megapixels."""


def photograph(page: camera.Float, rng: camera.Rng) -> tuple[NDArray[np.uint8], camera.Camera]:
    """A phone's photo of a sheet on a table, at an angle, and the camera."""
    wide, high = page.shape[1], page.shape[0]
    room = rng.uniform(0.02, 0.12) * wide
    window = (-room, -room, wide + room, high + room)
    seen = camera.aim((wide, high), SIZE, rng, 0.05, 7, window, curl=rng.choice([0.005, 0.03]))
    shot = seen.photograph(page, rng.uniform(40, 150))
    return camera.developed(camera.light(shot, rng, rng.random() < 0.5), rng), seen


def quads(form: Form, seen: camera.Camera | None) -> NDArray[np.float64]:
    """The corners of each field, shape ``(n, 4, 2)``, on the photo or on the flat sheet."""
    out = []
    for region in form.regions:
        xs, ys = region.xs, region.ys
        if not region.grid:
            xs, ys = xs[[0, -1]], ys[[0, -1]]
        for y0, y1 in itertools.pairwise(ys):
            out += [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
                    for x0, x1 in itertools.pairwise(xs)]  # fmt: skip
    flat = np.array(out) * layouts.DOTS
    return flat if seen is None else seen.to_photo(flat.reshape(-1, 2)).reshape(-1, 4, 2)


def judge(sheet: filled.Filled, truth: NDArray[np.float64], reading: FormReading) -> Counter[str]:
    """What became of a sheet's fields."""
    score: Counter[str] = Counter(sheets=1)
    places = np.array([item.corners for item in reading.fields])
    off = np.linalg.norm(places.mean(axis=1) - truth.mean(axis=1), axis=1)
    short = np.linalg.norm(np.roll(truth, 1, axis=1) - truth, axis=2).min(axis=1)
    laid = bool((off <= NEAR * short).all())
    marked = all(item.uncertain for item in reading.fields)
    score["laid" if laid else "wrongly laid"] += 1
    score["all marked"] += reading.laid == "doubtful"
    score["laid wrongly, not marked"] += not laid and not marked
    for item in reading.fields:
        text, crossed = sheet.texts[item.name], item.name in sheet.crossed
        right = item.uncertain if crossed else item.text == text
        score["fields"] += 1
        score["right"] += right
        score["marked"] += item.uncertain
        score["silent"] += not right and not item.uncertain
        score["crossed"] += crossed
        score["crossed, marked"] += crossed and item.uncertain
        if not right and not item.uncertain:
            why = "crossed out" if crossed else repr(text)
            print(f"  silent {item.name}: {why} as {item.text!r} ({item.confidence:.0%})")
    return score


def read(kind: str, numbers: range, seed: int, hand: Hand, save: Path | None) -> Counter[str]:
    """Reads sheets of a kind."""
    digits, pages = DigitReader.load(), PageReader.load(lines=False)
    score: Counter[str] = Counter()
    for number in numbers:
        rng = np.random.default_rng([seed, [*layouts.LAYOUTS].index(kind), number])
        sheet = filled.fill(kind, hand, rng)
        picture, seen = photograph(sheet.page, rng)
        if save is not None:
            cv2.imwrite(str(save / f"{kind}-{seed}-{number}.png"), picture)
        try:
            reading = FormReader(sheet.form, digits, pages).read(picture)
        except PictureError as error:
            score += Counter(sheets=1, refused=1)
            print(f"{kind} {number}: refused: {error}", flush=True)
            continue
        one = judge(sheet, quads(sheet.form, seen), reading)
        score += one
        wrong = one["fields"] - one["right"]
        print(f"{kind} {number}: {wrong} wrong of {one['fields']}, {one['silent']} silent, "
              f"{one['marked']} marked, {'laid' if one['laid'] else 'WRONGLY LAID'}"
              f"{', doubtful: ' + str(reading.laid_reason) if one['all marked'] else ''}",
              flush=True)  # fmt: skip
    return score


def new(
    kind: str, numbers: range, seed: int, hand: Hand, *, photo: bool, written: bool
) -> Counter[str]:
    """Proposes forms of sheets of a kind, blank ones, or as they are filled in."""
    digits, pages = DigitReader.load(), PageReader.load(lines=False)
    score: Counter[str] = Counter()
    for number in numbers:
        rng = np.random.default_rng([seed, 10 + [*layouts.LAYOUTS].index(kind), number])
        sheet = filled.fill(kind, hand, rng)
        page = sheet.page if written else sheet.blank
        seen = None
        picture = camera.developed(page, rng)
        if photo:
            picture, seen = photograph(page, rng)
        score["sheets"] += 1
        score["there"] += len(sheet.form.fields)
        try:
            form = parse_text(propose(picture, "proposed"), Path("proposed.toml"))
            located = FormReader(form, digits, pages).locate(picture)
        except PictureError as error:
            score["not proposed"] += 1
            print(f"{kind} {number}: {error}", flush=True)
            continue
        found, kinds = matched(sheet.form, quads(sheet.form, seen), form, located)
        score["found"] += found
        score["kinds right"] += kinds
        score["too many"] += len(form.fields) - found
        print(f"{kind} {number}: {found} of {len(sheet.form.fields)}, "
              f"{len(form.fields) - found} too many", flush=True)  # fmt: skip
    return score


def matched(
    true: Form, truth: NDArray[np.float64], form: Form, located: FormReading
) -> tuple[int, int]:
    """How many fields of a form are proposed, and how many of them with their kind."""
    places = np.array([item.corners for item in located.fields])
    middles, areas = places.mean(axis=1), np.array([_area(quad) for quad in places])
    kinds, boxes = _kinds(form), _kinds(true)
    found = right = 0
    for quad, kind in zip(truth, boxes, strict=True):
        short = np.linalg.norm(np.roll(quad, 1, axis=0) - quad, axis=1).min()
        off = np.linalg.norm(middles - quad.mean(axis=0), axis=1)
        size = areas / _area(quad)
        here = np.flatnonzero((off < NEAR * short) & (size > ALIKE) & (size < 1 / ALIKE))
        if len(here):
            found += 1
            right += kinds[here[0]] == kind
    return found, right


def _kinds(form: Form) -> list[tuple[str, int]]:
    """The kind of each field, and how many boxes it has."""
    return [
        (region.kind_of(at % region.columns), 1 if region.grid else region.columns)
        for region in form.regions
        for at in range(len(region.names))
    ]


def _area(quad: NDArray[np.float64]) -> float:
    return float(cv2.contourArea(quad.astype(np.float32)))


def main() -> None:
    """Makes the sheets, reads them, prints a row a kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("read", "new"))
    parser.add_argument("kinds", nargs="*", help=", ".join(layouts.LAYOUTS))
    parser.add_argument("--n", type=int, default=30, help="sheets of a kind")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, help="where pendigits is")
    parser.add_argument("--photo", action="store_true", help="new: of a photo, not of a scan")
    parser.add_argument("--filled", action="store_true", help="new: of the sheet as it is filled")
    parser.add_argument("--save", type=Path, help="read: a folder for the photos")
    arguments = parser.parse_args()
    hand = Hand(arguments.data_dir)
    numbers = range(arguments.first, arguments.first + arguments.n)
    rows = {}
    for kind in arguments.kinds or layouts.LAYOUTS:
        if arguments.what == "read":
            rows[kind] = read(kind, numbers, arguments.seed, hand, arguments.save)
        else:
            how = {"photo": arguments.photo, "written": arguments.filled}
            rows[kind] = new(kind, numbers, arguments.seed, hand, **how)
    total = sum(rows.values(), Counter())
    keys = [*total]
    print(f"\n| kind | {' | '.join(keys)} |\n|{' --- |' * (len(keys) + 1)}")
    for kind, score in [*rows.items(), ("all", total)]:
        print(f"| {kind} | {' | '.join(str(score[key]) for key in keys)} |")


if __name__ == "__main__":
    main()
