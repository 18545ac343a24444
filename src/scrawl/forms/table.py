"""One row a page: as CSV, as parquet, and for JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scrawl.errors import InputError, MissingExtraError, PictureError
from scrawl.files import write_text, writing
from scrawl.forms.form import Form
from scrawl.forms.reading import FieldReading, FormReading
from scrawl.images import Page

SUFFIXES = (".csv", ".parquet")

_NOT_READ: dict[str, Any] = {
    "turned": 0,
    "aligned_by": None,
    "laid": None,
    "laid_confidence": None,
    "laid_reason": None,
    "to_page": None,
    "fields": [],
}


@dataclass(frozen=True)
class Row:
    """One page of a scan.

    Attributes:
        file: The scan's name.
        page: The page in it, from 1.
        name: What messages call the page.
        reading: What was read, without its picture; None if it could not be read.
        error: Why it could not be read, or None.
    """

    file: str
    page: int
    name: str
    reading: FormReading | None = None
    error: str | None = None

    @classmethod
    def of(cls, page: Page, result: FormReading | PictureError) -> Row:
        """The row of a page that was read or refused."""
        row = cls(page.file, page.number, page.name)
        if isinstance(result, PictureError):
            return replace(row, error=str(result))
        return replace(row, reading=replace(result, image=None))

    @property
    def fields(self) -> tuple[FieldReading, ...]:
        """What was read; none if it could not be read."""
        return () if self.reading is None else self.reading.fields

    @property
    def uncertain(self) -> tuple[FieldReading, ...]:
        """The fields that a person should look at."""
        return () if self.reading is None else self.reading.uncertain

    def to_dict(self) -> dict[str, Any]:
        """What ``scrawl form read --json`` prints of it."""
        return {
            "file": self.file,
            "page": self.page,
            "check": [item.name for item in self.uncertain],
            **(_NOT_READ if self.reading is None else self.reading.to_dict()),
            "error": self.error,
        }

    def _laid_confidence(self) -> float | None:
        return None if self.reading is None else round(self.reading.laid_confidence, 4)

    def to_record(self, form: Form) -> dict[str, Any]:
        """Its columns: where it is from, what to check, how it lies, fields, their confidences."""
        record: dict[str, Any] = {
            "file": self.file,
            "page": self.page,
            "check": "; ".join(item.name for item in self.uncertain),
            "error": self.error,
            "laid": None if self.reading is None else self.reading.laid,
            "laid_confidence": self._laid_confidence(),
        }
        record |= dict.fromkeys(form.fields) | {item.name: item.text for item in self.fields}
        record |= dict.fromkeys(f"{name}_confidence" for name in form.fields)
        record |= {f"{item.name}_confidence": round(item.confidence, 4) for item in self.fields}
        return record


def columns(form: Form) -> list[str]:
    """The columns of a form's table."""
    return list(Row("", 0, "").to_record(form))


def to_csv(rows: Sequence[Row], form: Form) -> str:
    """The table as CSV with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(form), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.to_record(form) for row in rows)
    return text.getvalue()


def check_suffix(path: Path) -> None:
    """Refuses a file that `write` has no format for, before anything is read.

    Raises:
        InputError: Its name ends as neither format's does.
        MissingExtraError: It is parquet, and pyarrow is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path}: expected a name that ends in .csv or .parquet")
    if suffix == ".parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("writing parquet", "pyarrow", "parquet") from error


def write(rows: Sequence[Row], form: Form, path: Path) -> None:
    """Writes the table, as its name says.

    Raises:
        InputError: It cannot be written, or its name ends as neither format's does.
        MissingExtraError: It is parquet, and pyarrow is not installed.
    """
    check_suffix(path)
    if path.suffix.lower() == ".csv":
        write_text(path, to_csv(rows, form))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = ("file", "check", "error", "laid", *form.fields)
    types = dict.fromkeys(texts, pa.string()) | {"page": pa.int32()}
    schema = pa.schema([(name, types.get(name, pa.float32())) for name in columns(form)])
    records = [row.to_record(form) for row in rows]
    with writing(path) as aside:
        pq.write_table(pa.Table.from_pylist(records, schema), aside)
