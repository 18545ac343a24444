"""What two readers say of a picture of one digit: how far each is to be trusted in doubt.

    python benchmarks/second_look.py [--model RUN] [--fit] [--count 300]

Made pictures on which the digit reader is in doubt: MNIST's held-out rows and drawn digits, worn as
synthesis wears them; digits under shadows, in frames, beside others (`made.py`); two digits; 1s of
one stroke; letters, characters of no script, scribbles, digits on their sides; digits of six people
that no network learns from, as drawings and as crops of old ledgers (`lib/ledgers.py`). ``--fit``
gives the weights of `scrawl.one_digit` under which what is there is likeliest, a kind of truth (a
digit, several, none) counting as much as another, and says what asking below other confidences
would change. Silent is the share that is wrong at more than 0.95.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import made
from hands import PENS, drawing
from lib.ledgers import ledger, writers
from scrawl import DigitReader, PageReader, Prediction, Reading, data, one_digit
from scrawl.prediction import SEVERAL
from scrawl.training.synthesis.digits import drawn_digits
from scrawl.training.synthesis.not_digits import characters, letters, scribbles, turned
from scrawl.training.synthesis.warp import affine, bent
from scrawl.training.synthesis.wear import worn

Floats = NDArray[np.float64]
Item = tuple[str, NDArray[np.uint8], str]
"""Kind, picture and text: a digit, two digits, or nothing."""

HELD_OUT = 5000
SURE = 0.95
WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0, 1.2)
"""That are tried for each reader."""

TOUCHING = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7)
"""Likewise, for the share of what is no digit that is several which touch."""

OVERLOOKED = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Likewise, for how often a 1 is nothing to the page reader."""

ASKED = (0.9, 0.95, 0.98, 0.99, 0.995)
"""Confidences below which the page reader may be asked."""


def items(count: int) -> Iterator[Item]:
    """All pictures, kind by kind."""
    rng = np.random.default_rng(8)
    mnist = data.load("mnist")
    rows = rng.choice(np.arange(len(mnist.x_train) - HELD_OUT, len(mnist.x_train)), count, False)
    sheets = worn(bent(affine(mnist.x_train[rows], rng), rng, 0.35), rng, 1.5)
    yield from (
        ("MNIST, worn", s, str(t)) for s, t in zip(sheets, mnist.y_train[rows], strict=True)
    )
    drawn, labels = drawn_digits(count, rng)
    yield from (("drawn, worn", s, str(t)) for s, t in zip(worn(drawn, rng), labels, strict=True))
    for name, pictures in made.all_kinds(11).items():
        some = pictures[: max(count // 20, 1)]
        yield from ((name.split(",")[0], picture, text) for picture, text in some)
    hands = writers()
    for at in rng.choice(len(hands), count, False):
        yield "six writers", drawing(hands[at], float(rng.choice(PENS))), hands[at].label
    yield from (("ledgers", *ledger(hands, rng)) for _ in range(count))
    for is_drawn in (True, False):
        yield from (
            ("two digits", picture, text) for picture, text in made.pairs(is_drawn, count // 4)
        )
    for is_drawn in (True, False):
        strokes = made.strokes(is_drawn, count // 2)
        yield from (("a stroke by itself", picture, text) for picture, text in strokes)
    for make in (letters, characters, scribbles):
        name = make.__name__
        yield from ((name, sheet, "") for sheet in worn(make(count, rng), rng, 0.7))
    yield from (("turned", sheet, "") for sheet in worn(turned(drawn, labels, rng), rng, 0.7))


def truth(text: str) -> int:
    """The row of a text in what `one_digit.pool` gives."""
    return int(text) if len(text) == 1 else 10 + (not text)


def loss(answers: Floats, truths: NDArray[np.int_]) -> float:
    """The mean negative log-likelihood, each of digit, several and none counting a third."""
    own = -np.log(np.maximum(answers[np.arange(len(truths)), truths], 1e-6))
    kinds = np.maximum(truths, 9)
    return float(np.mean([own[kinds == kind].mean() for kind in np.unique(kinds)]))


def fit(before: list[Prediction], readings: dict[int, Reading], texts: list[str]) -> None:
    """Prints the weights that do best, and sets them: the kind's, the digit's, what touches."""
    asked = [i for i in readings if before[i].reason != SEVERAL]  # the others are settled
    truths = np.array([truth(texts[i]) for i in asked])

    def cost() -> float:
        pairs = [one_digit.views(before[i], readings[i]) for i in asked]
        firsts, seconds = (np.array(side) for side in zip(*pairs, strict=True))
        return loss(one_digit.pool(firsts, seconds), truths)

    pairs = list(product(WEIGHTS, repeat=2))
    print(f"as they are: {cost():.4f}")
    shares = (("_TOUCHING", TOUCHING), ("_OVERLOOKED", OVERLOOKED))
    for name, tried in (("KIND", pairs), ("WHICH", pairs), *shares) * 2:
        costs = {}
        for weights in tried:
            setattr(one_digit, name, weights)
            costs[weights] = cost()
        best = min(costs, key=lambda weights: costs[weights])
        setattr(one_digit, name, best)
        print(f"{name} = {best}: {costs[best]:.4f}", flush=True)


def where_to_ask(
    before: list[Prediction], readings: dict[int, Reading], texts: list[str], threshold: float
) -> None:
    """Prints what asking below each confidence gives, over all pictures."""
    print(
        "\n| asked below | asked | right and kept | wrong and kept | silent |\n"
        + "| --- " * 5
        + "|"
    )
    for sure in ASKED:
        asked = {i for i in readings if before[i].confidence < sure}
        after = [
            one_digit.settle(one, readings[i], threshold) if i in asked else one
            for i, one in enumerate(before)
        ]
        print(f"| {sure} | {len(asked)} | " + " | ".join(map(str, _scores(texts, after))) + " |")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="a run; the bundled model if none")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--count", type=int, default=300)
    arguments = parser.parse_args()
    digits = DigitReader.load(arguments.model)
    pages = PageReader.load(reader=arguments.model)
    everything = list(items(arguments.count))
    before = list(digits.read_many(picture for _, picture, _ in everything))
    texts = [text for _, _, text in everything]
    if arguments.fit:
        one_digit.SURE = max(ASKED)
    asked = [i for i, prediction in enumerate(before) if one_digit.in_doubt(prediction)]
    readings = {i: pages.read(everything[i][1]) for i in asked}
    print(f"{len(everything):,} pictures, {len(asked):,} of them in doubt\n")
    if arguments.fit:
        fit(before, readings, texts)
        where_to_ask(before, readings, texts, digits.threshold)
    after = list(before)
    for i in asked:
        after[i] = one_digit.settle(before[i], readings[i], digits.threshold)
    print("\n| kind | n | right and kept: first, both | wrong and kept | silent |")
    print("| --- " * 5 + "|")
    for kind in dict.fromkeys(kind for kind, _, _ in everything):
        here = [i for i, item in enumerate(everything) if item[0] == kind]
        cells = (
            _scores([everything[i][2] for i in here], [p[i] for i in here]) for p in (before, after)
        )
        joined = " | ".join(f"{a}, {b}" for a, b in zip(*cells, strict=True))
        print(f"| {kind} | {len(here)} | {joined} |")


def _scores(texts: list[str], read: list[Prediction]) -> tuple[int, int, int]:
    """Rightly kept or refused as what they are; wrong and kept; silently so."""
    right = wrong = silent = 0
    for text, prediction in zip(texts, read, strict=True):
        single = len(text) == 1
        right += prediction.text == text if single else bool(prediction.reason)
        bad = prediction.text not in ("", text)
        wrong += bad
        silent += bad and prediction.confidence > SURE
    return right, wrong, silent


if __name__ == "__main__":
    main()
