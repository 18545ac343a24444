"""What a client wants read of pictures, as a job keeps it."""

from __future__ import annotations

import base64
import tempfile
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from scrawl import images
from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError
from scrawl.forms import Form, FormReader, FormReading
from scrawl.forms.parse import parse_text
from scrawl.forms.table import Row, to_csv
from scrawl.pages import PageReader
from scrawl.pages.number import lengths
from scrawl.serve import rows
from scrawl.serve.refusal import RefusalError

FORM_BYTES = 2**18
"""Bytes of a form file."""


@dataclass(frozen=True)
class FormSent:
    """A form file that a client sent.

    Attributes:
        name: What the client calls it.
        data: Its bytes.
        reference: The scan of the empty form, where it names one.
    """

    name: str
    data: bytes
    reference: bytes | None = None

    def form(self, folder: Path, pixels: int) -> Form:
        """The form; its reference, if any, is put into a folder of one's own.

        A form file names its reference by a path: a client's leads to no file of the server's.

        Raises:
            RefusalError: It is too large, 413.
            InputError: It is no form file, or its reference was not sent.
            PictureError: The reference is no picture, or has too many pixels.
        """
        if len(self.data) > FORM_BYTES:
            raise RefusalError(413, f"{self.name}: expected at most {FORM_BYTES:,} bytes")
        try:
            text = self.data.decode("utf-8-sig")
            reference = tomllib.loads(text).get("reference")
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise InputError(f"{self.name}: is no form file (expected TOML: {error})") from error
        if isinstance(reference, str):
            if self.reference is None or PurePath(reference).name != reference:
                raise InputError(
                    f"{self.name}: reference: expected the scan as the file 'reference' of the "
                    f"request, named without a folder, received {reference!r:.80}"
                )
            images.measure(self.reference, pixels, reference)
            (folder / reference).write_bytes(self.reference)
        path = folder / "form.toml"
        try:
            return parse_text(text, path)
        except InputError as error:
            raise InputError(str(error).replace(str(path), self.name)) from error

    def reader(self, digits: DigitReader, pages: PageReader, pixels: int) -> FormReader:
        """What reads it.

        Raises:
            RefusalError, InputError, PictureError: As `form` does.
        """
        with tempfile.TemporaryDirectory(prefix="scrawl-form-") as folder:
            return FormReader(self.form(Path(folder), pixels), digits, pages)

    def to_csv(self, table: list[dict[str, Any]], pixels: int) -> str:
        """Rows of its sheets, as `FormReading` and `Row` give them, as CSV."""
        with tempfile.TemporaryDirectory(prefix="scrawl-form-") as folder:
            form = self.form(Path(folder), pixels)
        read = [
            Row(
                row["file"],
                row["page"],
                row["file"],
                None if row["error"] else FormReading.from_dict(row),
                row["error"],
            )
            for row in table
        ]
        return to_csv(read, form)


@dataclass(frozen=True)
class Wanted:
    """What is to be read.

    Attributes:
        one: Exactly one digit on each picture, rather than all.
        model: The name of the model that reads it; None for the server's own.
        version: Of that model; None for the newest.
        threshold: Doubts digits below this confidence; None goes by the model's.
        form: The form whose fields are to be read, rather than digits wherever they are.
        number: Exactly one number on each picture, rather than all digits.
        digits: How many digits that number has, as `scrawl.PageReader.read` takes them.
    """

    one: bool = False
    model: str | None = None
    version: str | None = None
    threshold: float | None = None
    form: FormSent | None = None
    number: bool = False
    digits: str | None = None

    def __post_init__(self) -> None:
        """Refuses what cannot be wanted together.

        Raises:
            InputError: It is one digit and one number, a form and one of these, or ``digits`` is
                no number of digits.
        """
        lengths(self.number, self.digits)
        if self.number and (self.one or self.form is not None):
            raise InputError("number: expected without one, and without a form")

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        table = asdict(self)
        if self.form is not None:
            table["form"] = {
                key: base64.b64encode(value).decode() if isinstance(value, bytes) else value
                for key, value in asdict(self.form).items()
            }
        return table

    @classmethod
    def from_dict(cls, table: dict[str, Any]) -> Wanted:
        """What `to_dict` gave."""
        form = table["form"]
        if form is not None:
            blank = form["reference"]
            form = FormSent(
                form["name"],
                base64.b64decode(form["data"]),
                None if blank is None else base64.b64decode(blank),
            )
        return cls(**{**table, "form": form})

    def failed(self, file: str, page: int, reason: str) -> dict[str, Any]:
        """The row of a page that could not be opened."""
        if self.form is not None:
            return Row(file, page, file, error=reason).to_dict()
        return rows.failed(file, page, reason, self.one)
