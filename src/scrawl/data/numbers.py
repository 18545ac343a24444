"""Pictures of numbers with their text alone, as a bank or an archive has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrawl import images
from scrawl.data.formats import Item, read, refused
from scrawl.errors import DataError

PASSED_OVER = " .,-–=/'*#€$£¥%+:;()"
"""What may stand in a text beside its digits: it is not looked for on the picture."""


@dataclass(frozen=True)
class LabelledNumber:
    """A picture of one number.

    Attributes:
        picture: Where it is, or the picture itself.
        name: What it is called in a report.
        digits: What it shows, for each digit its place in the alphabet; at least one.
        source: Who wrote it, or where it comes from.
        split: ``"train"`` or ``"test"`` where its source says so, else empty.
    """

    picture: images.Picture
    name: str
    digits: tuple[int, ...]
    source: str
    split: str = ""


def numbers(path: Path, alphabet: tuple[str, ...]) -> list[LabelledNumber]:
    """Finds pictures of numbers.

    Args:
        path: A source in one of ``scrawl.data.formats.FORMATS`` whose labels are the numbers' text.
        alphabet: The digits, each of one character.

    Raises:
        DataError: It is in no known format, holds no pictures, or a text is no number. Whether a
            file is a picture shows when it is opened.
    """
    found, wrong = [], []
    for item in read(path):
        try:
            digits = digits_of(item, alphabet)
        except DataError as error:
            wrong.append(str(error))
            continue
        source = item.source or path.name
        found.append(LabelledNumber(item.picture, item.name, digits, source, item.split))
    if wrong:
        raise refused(path, wrong)
    return found


def refuse_numbers(path: Path, items: Sequence[Item]) -> None:
    """Refuses texts of numbers where pictures of one digit are to be learnt from.

    Raises:
        DataError: There are such.
    """
    if any(item.number for item in items):
        raise DataError(
            f"{path}: expected pictures of one digit each and their label, received the texts of "
            "numbers (scrawl train lines --from bundled --pictures learns from these)"
        )


def digits_of(item: Item, alphabet: tuple[str, ...]) -> tuple[int, ...]:
    """The places in the alphabet of the digits of a text.

    Raises:
        DataError: It has no digit, or something that is neither one nor ``PASSED_OVER``.
    """
    place = {name: at for at, name in enumerate(alphabet)}
    strange = [one for one in item.label if one not in place and one not in PASSED_OVER]
    digits = tuple(place[one] for one in item.label if one in place)
    if strange or not digits:
        said = f"'{item.label}'" if item.label else "an empty text"
        raise DataError(
            f"{item.where}: expected the text of one number, digits {alphabet[0]} to "
            f"{alphabet[-1]} and no letters, received {said}"
        )
    return digits
