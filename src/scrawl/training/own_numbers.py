"""A person's own pictures of numbers, with their text alone, among rows of lines."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.data.formats import refused
from scrawl.data.numbers import LabelledNumber, numbers
from scrawl.data.own import held_out
from scrawl.digit_reader import DigitReader
from scrawl.errors import DataError, PictureError
from scrawl.pages.detector import Detector
from scrawl.pages.lattice import LONGEST as MOST_DIGITS
from scrawl.pages.line_reader import LineReader
from scrawl.pages.reader import PageReader
from scrawl.pages.strip import HEIGHT, STEP
from scrawl.training.rows import Rows
from scrawl.training.synthesis.lines import LONGEST, UNTOLD, WIDTH
from scrawl.weights import LINES, pages_for

_FEWEST = 600  # rows of them an epoch: twenty batches, so that few pictures teach something too
_OFTEN = 40  # times an epoch that each picture is taken, at most
_SLANT, _STRETCH, _SIZE = 0.08, 0.08, 0.06  # deviations of what is done to a strip each time
_MOVED = 1.0  # pixels that it is moved up or down
_PEN = 0.2  # deviation of the logarithm of the power that its ink is raised to


@dataclass(frozen=True, eq=False)
class OwnNumbers:
    """A person's pictures of numbers.

    Attributes:
        strips: Of those to train on, as the reader of lines sees them, uint8, ``(HEIGHT, W)``.
        texts: What stands in each: classes from 1 on.
        test: Those held out; perhaps none.
        how: How they were told apart.
        lost: Pictures to train on in which no such number was found.
    """

    strips: tuple[UInt8, ...]
    texts: tuple[tuple[int, ...], ...]
    test: tuple[LabelledNumber, ...]
    how: str
    lost: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows an epoch has of them."""
        once = -(-sum(strip.shape[1] for strip in self.strips) // WIDTH)
        return max(once, min(_FEWEST, _OFTEN * once))

    def epoch(self, rng: np.random.Generator) -> Rows:
        """Rows of them as they were never photographed: each time a little other.

        Returns:
            uint8, shape ``(rows, HEIGHT, WIDTH)``, and what is written on each, uint8, shape
            ``(rows, LONGEST)``; the last column is `UNTOLD`.
        """
        pixels = np.zeros((self.rows, HEIGHT, WIDTH), np.uint8)
        labels = np.zeros((self.rows, LONGEST), np.uint8)
        order: list[int] = []
        for row, what in zip(pixels, labels, strict=True):
            x, said = 0, 0
            while True:
                order = order or rng.permutation(len(self.strips)).tolist()
                strip, text = worn(self.strips[order[-1]], rng), self.texts[order[-1]]
                if (x and x + strip.shape[1] > WIDTH) or said + len(text) > LONGEST - 1:
                    break
                order.pop()
                wide = min(strip.shape[1], WIDTH - x)
                row[:, x : x + wide] = strip[:, :wide]
                what[said : said + len(text)] = text
                x, said = x + wide, said + len(text)
        labels[:, -1] = UNTOLD
        return pixels, labels


def own_numbers(path: Path, alphabet: tuple[str, ...]) -> OwnNumbers:
    """The pictures of a source, a part of them held out as ``scrawl.data.own.held_out`` says.

    Where the line is on a picture is found as it is when it is read, by the models that scrawl
    carries, which are told how many digits there are.

    Args:
        path: As ``scrawl.data.numbers.numbers`` takes it.
        alphabet: The digits.

    Raises:
        DataError: It holds no such pictures, one cannot be opened, or on none its number is found.
    """
    items = numbers(path, alphabet)
    test, how = held_out(items)
    learnt = [item for item, apart in zip(items, test, strict=True) if not apart]
    lost, strips, texts = [], [], []
    for item, strip in zip(learnt, strips_of(path, learnt), strict=True):
        text = tuple(1 + digit for digit in item.digits)
        if strip is None or not _has_room(strip, text):
            lost.append(item.name)
        else:
            strips.append(strip)
            texts.append(text)
    if not strips:
        raise DataError(
            f"{path}: expected pictures of a number each, found none of the {len(items)} texts on "
            "its picture"
        )
    apart = tuple(item for item, one in zip(items, test, strict=True) if one)
    return OwnNumbers(tuple(strips), tuple(texts), apart, how, tuple(lost))


def strips_of(path: Path, items: Sequence[LabelledNumber]) -> list[UInt8 | None]:
    """What the reader of lines is shown of each picture; None where nothing may be a digit.

    Raises:
        DataError: A picture cannot be opened.
    """
    watched = _Watched(LINES)
    reader = PageReader(Detector(pages_for("cpu")), DigitReader.load(), lines=lambda: watched)
    found: list[UInt8 | None] = []
    wrong = []
    for item in items:
        watched.seen = None
        try:
            reader.read(item.picture, number=True, digits=min(len(item.digits), MOST_DIGITS))
        except PictureError as error:
            wrong.append(str(error))
        found.append(watched.seen)
    if wrong:
        raise refused(path, wrong)
    return found


def worn(strip: UInt8, rng: np.random.Generator) -> UInt8:
    """A strip as the same hand might have written it: slanted, stretched, its ink paler or not."""
    size = np.exp(rng.normal(0, _SIZE))
    across = float(size * np.exp(rng.normal(0, _STRETCH)))
    slant = rng.normal(0, _SLANT)
    width = min(WIDTH, max(HEIGHT // 2, round(strip.shape[1] * across)))
    across = width / strip.shape[1]
    y = HEIGHT / 2 * (1 - size) + rng.normal(0, _MOVED)
    move = np.array([[across, -slant, slant * HEIGHT / 2], [0, size, y]])
    moved = cv2.warpAffine(
        strip, move, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    power = np.exp(rng.normal(0, _PEN))
    return np.asarray(255 * (moved / np.float32(255)) ** np.float32(power), np.uint8)


class _Watched(LineReader):
    """A reader of lines that keeps what it was shown last."""

    def __init__(self, model: str | os.PathLike[str]) -> None:
        super().__init__(model)
        self.seen: UInt8 | None = None

    def digit_steps(self, strip: UInt8, words: bool = True) -> Float32:
        self.seen = strip
        return super().digit_steps(strip, words)


def _has_room(strip: UInt8, text: Sequence[int]) -> bool:
    """Whether a row has a step for each character, and one between two of a kind."""
    twice = sum(a == b for a, b in itertools.pairwise(text))
    width = min(strip.shape[1], WIDTH) * (1 - 4 * _STRETCH)
    return len(text) < LONGEST and width // STEP >= len(text) + twice
