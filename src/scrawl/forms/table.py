"""One row a page: as CSV, Excel, parquet, and for JSON."""

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

SUFFIXES = (".csv", ".parquet", ".xlsx")

_NEEDS = {".parquet": ("pyarrow", "parquet"), ".xlsx": ("openpyxl", "excel")}

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
        form: The name of the form that it shows, where there are several; else None.
    """

    file: str
    page: int
    name: str
    reading: FormReading | None = None
    error: str | None = None
    form: str | None = None

    @classmethod
    def of(cls, page: Page, result: FormReading | PictureError, form: str | None = None) -> Row:
        """The row of a page that was read or refused."""
        row = cls(page.file, page.number, page.name, form=form)
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
            **({} if self.form is None else {"form": self.form}),
        }

    def _laid_confidence(self) -> float | None:
        return None if self.reading is None else round(self.reading.laid_confidence, 4)

    def to_record(self, forms: Form | Sequence[Form]) -> dict[str, Any]:
        """Its columns: where it is from, what to check, how it lies, fields, their confidences."""
        record: dict[str, Any] = {
            "file": self.file,
            "page": self.page,
            "check": "; ".join(item.name for item in self.uncertain),
            "error": self.error,
            "laid": None if self.reading is None else self.reading.laid,
            "laid_confidence": self._laid_confidence(),
        }
        if not isinstance(forms, Form):
            record["form"] = self.form
        fields = _fields(forms)
        record |= dict.fromkeys(fields) | {item.name: item.text for item in self.fields}
        record |= dict.fromkeys(f"{name}_confidence" for name in fields)
        record |= {f"{item.name}_confidence": round(item.confidence, 4) for item in self.fields}
        return record


def columns(forms: Form | Sequence[Form]) -> list[str]:
    """The columns of the table of a form, or of several."""
    return list(Row("", 0, "").to_record(forms))


def _fields(forms: Form | Sequence[Form]) -> list[str]:
    """The names of the fields of a form, or of several, each once."""
    several = [forms] if isinstance(forms, Form) else forms
    return list(dict.fromkeys(name for form in several for name in form.fields))


def to_csv(rows: Sequence[Row], forms: Form | Sequence[Form]) -> str:
    """The table as CSV with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(forms), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.to_record(forms) for row in rows)
    return text.getvalue()


def check_suffix(path: Path) -> None:
    """Refuses a file that `write` has no format for, before anything is read.

    Raises:
        InputError: Its name ends as neither format's does.
        MissingExtraError: It is parquet, and pyarrow is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path}: expected a name that ends in .csv, .parquet or .xlsx")
    try:
        if suffix == ".parquet":
            import pyarrow.parquet  # noqa: F401
        if suffix == ".xlsx":
            import openpyxl  # noqa: F401
    except ImportError as error:
        package, extra = _NEEDS[suffix]
        raise MissingExtraError(f"writing {suffix[1:]}", package, extra) from error


def write(rows: Sequence[Row], forms: Form | Sequence[Form], path: Path) -> None:
    """Writes the table, as its name says.

    Raises:
        InputError: It cannot be written, or its name ends as no format's does.
        MissingExtraError: Its format needs a package that is not installed.
    """
    check_suffix(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_text(path, to_csv(rows, forms))
    elif suffix == ".parquet":
        _write_parquet(rows, forms, path)
    else:
        _write_excel(rows, forms, path)


def to_arrow(rows: Sequence[Row], forms: Form | Sequence[Form]) -> Any:
    """The table as a ``pyarrow.Table``, whose texts keep their zeros."""
    import pyarrow as pa

    texts = ("file", "check", "error", "laid", "form", *_fields(forms))
    types = dict.fromkeys(texts, pa.string()) | {"page": pa.int32()}
    schema = pa.schema([(name, types.get(name, pa.float32())) for name in columns(forms)])
    return pa.Table.from_pylist([row.to_record(forms) for row in rows], schema)


def _write_parquet(rows: Sequence[Row], forms: Form | Sequence[Form], path: Path) -> None:
    import pyarrow.parquet as pq

    with writing(path) as aside:
        pq.write_table(to_arrow(rows, forms), aside)


def _write_excel(rows: Sequence[Row], forms: Form | Sequence[Form], path: Path) -> None:
    """A sheet whose fields are text, so that they keep their zeros."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("fields")
    sheet.freeze_panes = "A2"
    sheet.append(columns(forms))
    for row in rows:
        sheet.append(list(row.to_record(forms).values()))
    with writing(path) as aside, aside.open("wb") as file:
        book.save(file)
