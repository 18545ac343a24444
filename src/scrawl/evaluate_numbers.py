"""Scores of the page reader on pictures of numbers: whole ones right, and wrong ones unmarked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scrawl import metrics
from scrawl.data.numbers import LabelledNumber
from scrawl.errors import InputError, PictureError
from scrawl.pages.reader import PageReader


@dataclass(frozen=True)
class ReadNumber:
    """What was read from a picture of a number.

    Attributes:
        name: What the picture is called.
        source: Who wrote it, or where it comes from.
        text: The digits that it shows.
        read: Those that were read.
        uncertain: Whether a person should look.
    """

    name: str
    source: str
    text: str
    read: str
    uncertain: bool

    @property
    def right(self) -> bool:
        """Whether every digit is."""
        return self.text == self.read


@dataclass(frozen=True)
class NumberReport:
    """The scores of a reader on pictures of numbers.

    Attributes:
        title: Which model on which data.
        rows: What was read of each picture.
        errors: A line for each picture that could not be opened; it counts in no score.
    """

    title: str
    rows: tuple[ReadNumber, ...]
    errors: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        """The share of numbers that were read whole."""
        return _share([row.right for row in self.rows])

    @property
    def interval(self) -> tuple[float, float]:
        """That of 95% about the accuracy (E. B. Wilson, 1927)."""
        return metrics.wilson_interval(sum(row.right for row in self.rows), len(self.rows))

    @property
    def uncertain(self) -> float:
        """The share that a person is asked to look at."""
        return _share([row.uncertain for row in self.rows])

    @property
    def silent(self) -> float:
        """The share that is wrong and not marked."""
        return _share([not row.right and not row.uncertain for row in self.rows])

    @property
    def mistakes(self) -> tuple[ReadNumber, ...]:
        """What was read wrongly, those first that nobody is asked to look at."""
        wrong = [row for row in self.rows if not row.right]
        return tuple(sorted(wrong, key=lambda row: row.uncertain))

    def per_source(self) -> list[tuple[str, NumberReport]]:
        """The same of each source apart, where there are several."""
        names = sorted({row.source for row in self.rows})
        if len(names) < 2:
            return []
        return [
            (name, NumberReport(name, tuple(row for row in self.rows if row.source == name)))
            for name in names
        ]

    def to_dict(self) -> dict[str, Any]:
        """It as plain values."""
        return {
            **self._shares(),
            "title": self.title,
            "sources": [{"source": name, **one._shares()} for name, one in self.per_source()],
            "mistakes": [asdict(row) for row in self.mistakes],
            "errors": list(self.errors),
        }

    def _shares(self) -> dict[str, Any]:
        shares = {
            key: getattr(self, key) for key in ("accuracy", "interval", "uncertain", "silent")
        }
        return {"n": len(self.rows), **shares}


def evaluate_numbers(
    reader: PageReader, items: Sequence[LabelledNumber], title: str
) -> NumberReport:
    """Reads pictures of a number each, as ``scrawl read --number`` does.

    Args:
        reader: The models.
        items: The pictures, and what they show.
        title: Which model on which data.

    Raises:
        InputError: None of them can be opened.
    """
    rows, errors = [], []
    for item in items:
        try:
            reading = reader.read(item.picture, number=True)
        except PictureError as error:
            errors.append(str(error))
            continue
        text = "".join(map(str, item.digits))
        read = "".join(digit.text for digit in reading.digits)
        rows.append(ReadNumber(item.name, item.source, text, read, reading.uncertain))
    if not rows:
        raise InputError(f"{title}: expected pictures, none of the {len(items)} can be opened")
    return NumberReport(title, tuple(rows), tuple(errors))


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers)
