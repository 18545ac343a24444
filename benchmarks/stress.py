"""Made pictures of one digit, a difficulty each: scrawl beside a dozen lines, with one network.

    python benchmarks/stress.py [--model RUN] [--digits 100] [--seed 0] [--sheet OUT.png]

Each kind shows MNIST's test digits, the same for every kind, on a paper or in a light that people
photograph. The dozen lines are Otsu's threshold, the largest components and MNIST's normalisation
(lib/ways.py); both ways ask one network. An answer is right whether or not it is a sure one. The
kinds were written before anything had read them; the set chooses nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lib import papers, peers
from lib.papers import Float, Picture, Rng, Sheet, finished, put
from lib.ways import inverted, otsu, resized, with_network
from scrawl import DigitReader, data

PAPER, PEN = 235.0, 40.0
"""Grey levels of a white sheet and of a dark pen."""

Kind = Callable[[Picture, Rng], Picture]


def plain(change: Callable[[Sheet, Rng], Float], share: float = 0.5, noise: float = 3) -> Kind:
    """The kind that puts a digit on a sheet of 200×200, changes it so and photographs it."""
    return lambda digit, rng: finished(change(put(digit, rng, share), rng), rng, noise)


def lit(light: Callable[[Sheet, Rng], Float]) -> Kind:
    """Dark ink on white paper in this light."""
    return plain(lambda sheet, rng: sheet.on() * light(sheet, rng))


def neighbours(digit: Picture, rng: Rng) -> Picture:
    """The digit between others (the digit itself, mirrored) that the edges cut off."""
    sheet = put(digit, rng)
    return finished(papers.with_neighbours(sheet, sheet.on(), digit[:, ::-1], PEN), rng)


def salt_and_pepper(digit: Picture, rng: Rng) -> Picture:
    """One pixel of 50 is black or white."""
    picture = finished(put(digit, rng).on(), rng)
    chance = rng.random(picture.shape)
    picture[chance < 0.01], picture[chance > 0.99] = 0, 255
    return picture


def specks(sheet: Sheet, rng: Rng) -> Float:
    """Thirty dark specks of 1 to 3 pixels."""
    grey = sheet.on()
    for row, column, radius in rng.integers((0, 0, 1), (*grey.shape, 4), (30, 3)):
        cv2.circle(grey, (int(column), int(row)), int(radius) // 2, PEN + 30, -1)
    return grey


def dry_pen(sheet: Sheet, rng: Rng) -> Float:
    """A pen that skips: a third of the ink is missing, in patches."""
    missing = papers.texture(sheet.ink.shape, rng, 6, 1.0) > 0.43
    return Sheet(np.where(missing, 0, sheet.ink).astype(np.float32), *sheet_place(sheet)).on()


def sheet_place(sheet: Sheet) -> tuple[int, tuple[int, int]]:
    """Where the digit is, for another sheet."""
    return sheet.height, sheet.middle


def stroke(times: float) -> Callable[[Sheet, Rng], Float]:
    """Strokes made thicker (above 1) or thinner by a share of the digit's height."""

    def change(sheet: Sheet, _: Rng) -> Float:
        side = max(2, round(sheet.height * abs(times)))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        do = cv2.dilate if times > 0 else cv2.erode
        return Sheet(np.asarray(do(sheet.ink, kernel), np.float32), *sheet_place(sheet)).on()

    return change


def sized(height: int, width: int, share: float) -> Kind:
    """A picture of this size."""
    return lambda digit, rng: finished(put(digit, rng, share, (height, width)).on(), rng)


def phone(digit: Picture, rng: Rng) -> Picture:
    """A phone's photo of a notebook: squares, a soft shadow, noise, JPEG."""
    sheet = put(digit, rng, 0.3, (480, 640))
    grey = papers.ruled(sheet.on(215, 60), 32, rng, 170, both=True)
    grey = cv2.GaussianBlur(grey, (0, 0), 1.2) * papers.shadow(sheet, rng, 0.55, 120)
    return papers.compressed(finished(grey * papers.slope(grey.shape, rng, 0.7), rng, 6), 60)


def receipt(digit: Picture, rng: Rng) -> Picture:
    """A form's box on creased paper under a lamp."""
    sheet = put(digit, rng, 0.4, (300, 300))
    grey = papers.framed(sheet, sheet.on(225, 90), 110)
    grey += papers.texture(grey.shape, rng, 40, 8)
    return finished(grey * papers.vignette(grey.shape, 0.5), rng, 5)


def blackboard(digit: Picture, rng: Rng) -> Picture:
    """Chalk on a wiped board in falling light."""
    sheet = put(digit, rng, 0.4, (300, 400))
    grey = sheet.on(70 + papers.texture(sheet.ink.shape, rng, 30, 8), 190)
    return papers.compressed(finished(grey * papers.slope(grey.shape, rng, 0.5), rng, 6), 50)


KINDS: dict[str, Kind] = {
    "plain": plain(lambda s, _: s.on()),
    "fills the picture": sized(120, 120, 0.95),
    "small on a large sheet": sized(600, 800, 0.08),
    "12 pixels high": sized(32, 32, 0.375),
    "picture of 16×16": sized(16, 16, 0.8),
    "light on dark": plain(lambda s, _: s.on(40, 220)),
    "light on dark, falling light": plain(
        lambda s, r: s.on(60, 230) * papers.slope(s.ink.shape, r, 0.35)
    ),
    "pencil": plain(lambda s, _: s.on(225, 170)),
    "faint": plain(lambda s, _: s.on(225, 200)),
    "blue on yellow": plain(lambda s, _: papers.in_colour(s, (245, 225, 110), (40, 60, 170))),
    "red on green, equally light": plain(
        lambda s, _: papers.in_colour(s, (80, 160, 80), (205, 94, 90))
    ),
    "falling light": lit(lambda s, r: papers.slope(s.ink.shape, r, 0.3)),
    "dark corners": lit(lambda s, _: papers.vignette(s.ink.shape, 0.3)),
    "soft shadow": lit(lambda s, r: papers.shadow(s, r, 0.45, 60)),
    "hard shadow": lit(lambda s, r: papers.shadow(s, r, 0.5, 2)),
    "hard shadow, pencil": plain(lambda s, r: s.on(225, 150) * papers.shadow(s, r, 0.5, 2)),
    "dim": lit(lambda s, _: np.full_like(s.ink, 0.25)),
    "noise": plain(lambda s, _: s.on(), noise=30),
    "salt and pepper": salt_and_pepper,
    "blurred": plain(lambda s, _: cv2.GaussianBlur(s.on(), (0, 0), 0.04 * s.height)),
    "JPEG of quality 8": lambda d, r: papers.compressed(finished(put(d, r).on(), r), 8),
    "rough paper": plain(lambda s, r: s.on(205 + papers.texture(s.ink.shape, r, 12, 14))),
    "stained paper": plain(lambda s, r: s.on(200 + papers.texture(s.ink.shape, r, 60, 25))),
    "specks": plain(specks),
    "ruled": plain(lambda s, r: papers.ruled(s.on(), 24, r, 150)),
    "squared": plain(lambda s, r: papers.ruled(s.on(), 20, r, 165, both=True)),
    "ruled as dark as the pen": plain(lambda s, r: papers.ruled(s.on(), 40, r, PEN)),
    "on a rule": plain(lambda s, _: papers.underlined(s, s.on(), PEN)),
    "in a box": plain(lambda s, _: papers.framed(s, s.on(), PEN)),
    "dark desk": plain(lambda s, r: papers.on_desk(s.on(), r, 50)),
    "wooden desk": plain(
        lambda s, r: papers.on_desk(s.on(), r, 120 + papers.texture(s.ink.shape, r, 8, 12))
    ),
    "neighbours cut off": neighbours,
    "thin pen": plain(stroke(-0.04)),
    "marker": plain(stroke(0.07)),
    "dry pen": plain(dry_pen),
    "phone photo of a notebook": phone,
    "box on creased paper": receipt,
    "chalk on a board": blackboard,
}
"""What makes the picture hard, by name. The last three combine several."""


def pictures(kind: Kind, digits: NDArray[np.uint8], seed: int) -> list[Picture]:
    """The digits as pictures of a kind, a function of its place in `KINDS` and the seed alone."""
    rng = np.random.default_rng([seed, list(KINDS.values()).index(kind)])
    return [kind(digit, rng) for digit in digits]


def measure(reader: DigitReader, made: list[Picture], labels: NDArray[np.integer]) -> list[float]:
    """The shares of a row of the table.

    Returns:
        What scrawl reads rightly, what it reads wrongly without a doubt, and what the same network
        reads behind the other ways of lib/ways.py.
    """
    predictions = list(reader.read_many(made))
    read = np.array([p.probabilities.argmax() if p.box else -1 for p in predictions])
    silent = (read != labels) & ~np.array([p.uncertain for p in predictions])
    shares = [float((read == labels).mean()), float(silent.mean())]
    grey = [peers.grey(picture) for picture in made]
    for prepare in (otsu, inverted, resized):
        answers = with_network(reader, prepare)(grey)
        shares.append(float((np.array(answers) == labels).mean()))
    return shares


COLUMNS = ("kind", "scrawl", "wrong and kept", "Otsu, components", "resized, inverted", "resized")


def sheet(digits: NDArray[np.uint8], seed: int, out: Path) -> None:
    """Writes one picture of each kind, ten in a row, in the order of `KINDS`."""
    size, across = 96, 10
    canvas = np.full((-(-len(KINDS) // across) * size, across * size, 3), 255, np.uint8)
    for place, kind in enumerate(KINDS.values()):
        picture = pictures(kind, digits[place : place + 1], seed)[0]
        height, width = size * np.array(picture.shape[:2]) // max(picture.shape[:2])
        small = cv2.resize(colour(picture), (width, height), interpolation=cv2.INTER_AREA)
        top, left = place // across * size, place % across * size
        canvas[top : top + height, left : left + width] = small
    cv2.imwrite(str(out), canvas[..., ::-1])


def colour(picture: Picture) -> Picture:
    """The picture in RGB."""
    return picture if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)


def main() -> None:
    """Prints the share that each way reads of each kind, and of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--digits", type=int, default=100, help="a kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheet", type=Path, help="draw one of each kind here, read nothing")
    arguments = parser.parse_args()
    mnist = data.load("mnist")
    rows = np.random.default_rng(arguments.seed).permutation(len(mnist.y_test))
    rows = rows[: arguments.digits]
    digits, labels = mnist.x_test[rows], mnist.y_test[rows]
    if arguments.sheet:
        sheet(digits, arguments.seed, arguments.sheet)
        return
    reader = DigitReader.load(arguments.model)
    print("| " + " | ".join(COLUMNS) + " |\n" + "| --- " * len(COLUMNS) + "|")
    all_shares = []
    for name, kind in KINDS.items():
        shares = measure(reader, pictures(kind, digits, arguments.seed), labels)
        all_shares.append(shares)
        print(f"| {name} | " + " | ".join(f"{share:.0%}" for share in shares) + " |", flush=True)
    mean = np.mean(all_shares, axis=0)
    print("| all | " + " | ".join(f"{share:.1%}" for share in mean) + " |")


if __name__ == "__main__":
    main()
