"""One row a page: as CSV, as parquet, and as rows for JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrawl.errors import InputError, MissingExtraError
from scrawl.files import write_text, writing
from scrawl.forms.form import Form
from scrawl.forms.reading import FieldReading, FormReading

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Row:
    """One page of a scan.

    Attributes:
        file: The scan's name.
        page: The page in it, from 1.
        fields: What was read; none if it could not be read.
        turned, aligned_by: As in `FormReading`.
        error: Why it could not be read, or None.
    """

    file: str
    page: int
    fields: tuple[FieldReading, ...] = ()
    turned: int = 0
    aligned_by: str | None = None
    error: str | None = None

    @classmethod
    def of(cls, file: str, page: int, reading: FormReading) -> Row:
        """The row of a page that was read; it does not hold its picture."""
        return cls(file, page, reading.fields, reading.turned, reading.aligned_by)

    @property
    def check(self) -> tuple[str, ...]:
        """The names of the fields that a person should look at."""
        return tuple(item.name for item in self.fields if item.uncertain)

    def to_dict(self) -> dict[str, Any]:
        """What ``--json`` prints of it."""
        return {
            "file": self.file,
            "page": self.page,
            "check": list(self.check),
            "turned": self.turned,
            "aligned_by": self.aligned_by,
            "fields": [item.to_dict() for item in self.fields],
            "error": self.error,
        }

    def as_record(self, form: Form) -> dict[str, Any]:
        """Its columns: where it is from, what to check, the fields, their confidences."""
        record: dict[str, Any] = {
            "file": self.file,
            "page": self.page,
            "check": "; ".join(self.check),
            "error": self.error,
        }
        record |= dict.fromkeys(form.fields) | {item.name: item.text for item in self.fields}
        record |= dict.fromkeys(f"{name}_confidence" for name in form.fields)
        record |= {f"{item.name}_confidence": round(item.confidence, 4) for item in self.fields}
        return record


def to_csv(rows: Sequence[Row], form: Form) -> str:
    """The table as CSV with a head."""
    text = io.StringIO()
    columns = list(Row("", 0).as_record(form))
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.as_record(form) for row in rows)
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

    texts = ("file", "check", "error", *form.fields)
    types = dict.fromkeys(texts, pa.string()) | {"page": pa.int32()}
    schema = pa.schema(
        [(name, types.get(name, pa.float32())) for name in Row("", 0).as_record(form)]
    )
    with writing(path) as aside:
        pq.write_table(pa.Table.from_pylist([r.as_record(form) for r in rows], schema), aside)
