"""A page on which a person checks what is uncertain: offline, with a picture of each field."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scrawl.arrays import UInt8
from scrawl.files import make_folder, write_text
from scrawl.forms.form import Form
from scrawl.forms.reading import FieldReading, FormReading
from scrawl.forms.table import Row, columns, to_csv

PAGE = "review.html"
TABLE = "table.csv"

_AROUND = 0.35  # of a field's height, that is shown around it
_HEIGHT = 96  # pixels that a field is shown with, at most
_WIDTH = 640  # and its width


class Review:
    """Collects what is to be checked as pages are read, so that no page is kept in memory."""

    def __init__(self) -> None:
        self._items: list[dict[str, Any]] = []

    def add(self, number: int, name: str, reading: FormReading) -> None:
        """Takes a page's uncertain fields with their pictures.

        Args:
            number: The page's row in the table, from 0.
            name: What messages call the page.
            reading: What was read, with its picture.
        """
        if reading.image is None:
            return
        for item in reading.uncertain:
            self._items.append({
                "row": number,
                "page": name,
                "field": item.name,
                "text": item.text,
                "confidence": round(item.confidence, 4),
                "reason": reading.laid_reason or item.reason,
                "crop": _crop(reading.image, item),
            })  # fmt: skip

    def write(self, rows: Sequence[Row], forms: Form | Sequence[Form], folder: Path) -> Path:
        """Writes the page and, beside it, the table as it was read.

        Returns:
            Where the page is.

        Raises:
            InputError: The folder cannot be made or written to.
        """
        data = {
            "columns": columns(forms),
            "rows": [row.to_record(forms) for row in rows],
            "items": self._items,
        }
        # Nothing in it can end the script element that it stands in.
        text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        page = files("scrawl.forms").joinpath(PAGE).read_text(encoding="utf-8")
        make_folder(folder)
        write_text(folder / TABLE, to_csv(rows, forms))
        write_text(folder / PAGE, page.replace("@DATA@", text))
        return folder / PAGE


def _crop(image: UInt8, item: FieldReading) -> str:
    """The field's picture as a data URI."""
    x0, y0, x1, y1 = item.box
    around = round(_AROUND * max(y1 - y0, 1))
    part = image[max(0, y0 - around) : y1 + around, max(0, x0 - around) : x1 + around]
    if not part.size:
        part = np.full((8, 8), 255, np.uint8)
    scale = min(1.0, _HEIGHT / part.shape[0], _WIDTH / part.shape[1])
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    data = cv2.imencode(".png", small)[1].tobytes()
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"
