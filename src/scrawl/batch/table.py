"""What was read as a table: the columns of a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrawl.images import Page
from scrawl.pages import Reading
from scrawl.prediction import BLANK, Prediction

Record = Mapping[str, Any]

EMPTY: Record = {
    "text": "",
    "confidence": 0.0,
    "uncertain": False,
    "lines": [],
    "digits": [],
    "boxes": [],
    "probabilities": [],
    "reason": None,
    "note": None,
    "error": None,
}
"""What a row holds besides file and page where nothing was read."""


def failed(file: str, page: int, error: str) -> Record:
    """The row of a picture that could not be read."""
    return {**EMPTY, "file": file, "page": page, "error": error}


def of_reading(page: Page, reading: Reading) -> Record:
    """The row of a page with any number of digits."""
    return {
        **EMPTY,
        "file": page.file,
        "page": page.number,
        "text": reading.text,
        "confidence": reading.confidence,
        "uncertain": reading.uncertain,
        "lines": [line.text for line in reading.lines],
        "digits": [digit.text for digit in reading.digits],
        "boxes": [list(digit.box) for digit in reading.digits],
        "probabilities": [digit.probabilities.tolist() for digit in reading.digits],
        "note": page.note,
    }


def of_prediction(page: Page, prediction: Prediction) -> Record:
    """The row of a picture of one digit: one entry each of digits, boxes, probabilities.

    The entry of the digits is null where none is given; a blank picture has no entries.
    """
    row = {
        **EMPTY,
        "file": page.file,
        "page": page.number,
        "text": prediction.text,
        "confidence": prediction.confidence,
        "uncertain": prediction.uncertain,
        "lines": [prediction.text] if prediction.text else [],
        "reason": prediction.reason,
        "note": page.note,
    }
    if prediction.reason == BLANK or prediction.box is None:
        return row
    return {
        **row,
        "digits": [prediction.text or None],
        "boxes": [list(prediction.box)],
        "probabilities": [prediction.probabilities.tolist()],
    }


def to_arrow(records: Sequence[Record]) -> Any:
    """Rows as a ``pyarrow.Table``."""
    import pyarrow as pa

    text, share, whole = pa.string(), pa.float32(), pa.int32()
    schema = pa.schema(
        {
            "file": text,
            "page": whole,
            "text": text,
            "confidence": share,
            "uncertain": pa.bool_(),
            "lines": pa.list_(text),
            "digits": pa.list_(text),
            "boxes": pa.list_(pa.list_(whole, 4)),
            "probabilities": pa.list_(pa.list_(share)),
            "reason": text,
            "note": text,
            "error": text,
        }.items()
    )
    return pa.Table.from_pylist([dict(record) for record in records], schema)
