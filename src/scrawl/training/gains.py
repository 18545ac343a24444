"""What fine-tuning on a person's own pictures gained on them, and what it lost on the old data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scrawl.data import Dataset
from scrawl.digit_reader import DigitReader
from scrawl.errors import ScrawlError
from scrawl.evaluate import evaluate
from scrawl.training.network import BUNDLED
from scrawl.training.own import OwnPictures
from scrawl.training.rows import Rows
from scrawl.weights import READER


def gains(start: str, bundle: Path, own: OwnPictures, dataset: Dataset) -> dict[str, Any]:
    """Accuracy before and after, on own pictures held out and on the data set's test split.

    Args:
        start: Whose weights the run started from, as a recipe names it; empty for none.
        bundle: The model that the run ends in.
        own: The pictures.
        dataset: The old data.

    Returns:
        ``pictures`` and ``data``, each with ``n``, ``before`` and ``after``; ``before`` is None
        where there was no model of the same alphabet, ``pictures`` where none were held out.
    """
    after, before = DigitReader.load(bundle), _started_from(start)
    if before is not None and (before.info.alphabet, before.info.image_shape) != (
        after.info.alphabet,
        after.info.image_shape,
    ):
        before = None
    digits = own.test[1] < len(after.info.alphabet)
    rows = {"pictures": (own.test[0][digits], own.test[1][digits]), "data": dataset.split("test")}
    table: dict[str, Any] = {
        name: {
            "n": len(part[0]),
            "before": None if before is None else _accuracy(before, part),
            "after": _accuracy(after, part),
        }
        for name, part in rows.items()
        if len(part[0])
    }
    if "pictures" in table:
        table["pictures"]["held_out"] = own.how
    return {"gains": {"pictures": None, **table}}


def _started_from(start: str) -> DigitReader | None:
    """The model whose weights a run started from; None where there is no bundle of it."""
    if not start or Path(start).suffix == ".keras":
        return None
    try:
        return DigitReader.load(READER if start == BUNDLED else Path(start))
    except ScrawlError:  # a run that was interrupted has weights but no bundle yet
        return None


def _accuracy(reader: DigitReader, rows: Rows) -> float:
    images, labels = rows
    return evaluate(reader, images, labels.astype(np.int64), reader.info.recipe).accuracy
