"""What is read of a page, as the row that the answer has of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Any

from scrawl.arrays import UInt8
from scrawl.digit_reader import DigitReader
from scrawl.errors import PictureError
from scrawl.forms import FormReader
from scrawl.forms.parse import parse_text
from scrawl.forms.propose import propose
from scrawl.forms.table import Row
from scrawl.images import Page
from scrawl.one_digit import OneDigitReader
from scrawl.pages import PageReader
from scrawl.pages.reading import unread
from scrawl.prediction import Prediction
from scrawl.serve.lanes import Check

PageRow = Callable[[Page, Check], dict[str, Any]]
"""Reads a page and gives its row."""


def of_page(reader: PageReader, number: bool = False, digits: str | None = None) -> PageRow:
    """All digits of a page, or those of its one number, as ``scrawl read --json`` has them."""

    def row(page: Page, check: Check) -> dict[str, Any]:
        reading = reader.read(page, number=number, digits=digits, check=check)
        where = {"file": page.file, "page": page.number}
        return {**where, **reading.to_dict(), "note": page.note, "error": None}

    return row


def of_digit(reader: OneDigitReader) -> PageRow:
    """The one digit of a page, as ``scrawl read --one --json`` has it."""

    def row(page: Page, check: Check) -> dict[str, Any]:
        check()
        return digit_row(reader.read(page), page.file, page.note)

    return row


def of_form(reader: FormReader) -> PageRow:
    """The fields of a form, as ``scrawl form read --json`` has them."""

    def row(page: Page, check: Check) -> dict[str, Any]:
        check()
        try:
            return Row.of(page, reader.read(page)).to_dict()
        except PictureError as error:  # it does not show the form: the next page may
            return Row.of(page, error).to_dict()

    return row


def digit_row(prediction: Prediction, file: str, note: str | None) -> dict[str, Any]:
    """The row of one digit."""
    return {"file": file, "page": 1, **digit(prediction, file, note)}


def digit(prediction: Prediction, file: str, note: str | None) -> dict[str, Any]:
    """One digit, how its picture was opened, and whether there was none."""
    blank = f"{file}: no ink found, the picture is blank"
    return {**prediction.to_dict(), "note": note, "error": None if prediction.box else blank}


def failed(file: str, page: int, reason: str, one: bool) -> dict[str, Any]:
    """The row of a page that could not be opened."""
    where = {"file": file, "page": page}
    if not one:
        return {**where, **unread(), "note": None, "error": reason}
    blank = {**Prediction.blank().to_dict(), "reason": None, "note": None}
    return {**where, **blank, "error": reason}


def proposed(pixels: UInt8, file: str, digits: DigitReader, pages: PageReader) -> dict[str, Any]:
    """A form file that a scan suggests, and where its fields are on that scan.

    Raises:
        PictureError: Nothing is ruled on it.
    """
    try:
        text = propose(pixels, PurePath(file).stem)
    except PictureError as error:
        raise PictureError(f"{file}: {error}") from error
    form = parse_text(text, Path("form.toml"))
    page = Page(file, 1, 1, pixels)
    located = FormReader(form, digits, pages).locate(page)
    return {
        "form": text,
        "page": list(form.page),
        "unit": form.unit,
        "regions": [asdict(region) for region in form.regions],
        "located": Row.of(page, located).to_dict(),
    }
