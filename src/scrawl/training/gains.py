"""What fine-tuning on a person's own pictures gained on them, and what it lost on the old data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.arrays import Bool
from scrawl.data import Dataset
from scrawl.data.numbers import LabelledNumber
from scrawl.digit_reader import DigitReader
from scrawl.errors import ScrawlError
from scrawl.evaluate import Report, evaluate
from scrawl.evaluate_numbers import evaluate_numbers
from scrawl.network import Network
from scrawl.pages.reader import PageReader
from scrawl.training.beforehand import BUNDLED
from scrawl.training.own import OwnPictures
from scrawl.training.own_numbers import OwnNumbers
from scrawl.training.rows import Rows
from scrawl.weights import LINES, READER


def gains(start: str, bundle: Path, own: OwnPictures, dataset: Dataset) -> dict[str, Any]:
    """Accuracy before and after, on own pictures held out and on the data set's test split.

    Args:
        start: Whose weights the run started from, as a recipe names it; empty for none.
        bundle: The model that the run ends in.
        own: The pictures.
        dataset: The old data.

    Returns:
        ``pictures`` and ``data``, each with ``n``, ``before`` and ``after``; ``before`` is None
        where there was no model of the same alphabet, ``pictures`` where none were held out. Where
        these are of several sources, ``sources`` has the same of each.
    """
    after, before = DigitReader.load(bundle), _started_from(start)
    if before is not None and (before.info.alphabet, before.info.image_shape) != (
        after.info.alphabet,
        after.info.image_shape,
    ):
        before = None
    digits = own.test[1] < len(after.info.alphabet)
    rows = {"pictures": (own.test[0][digits], own.test[1][digits]), "data": dataset.split("test")}
    sources = {"pictures": np.array(own.sources)[digits].tolist(), "data": []}
    table: dict[str, Any] = {
        name: _row(
            None if before is None else _right(before, part), _right(after, part), sources[name]
        )
        for name, part in rows.items()
        if len(part[0])
    }
    if "pictures" in table:
        table["pictures"]["held_out"] = own.how
    return {"gains": {"pictures": None, **table}}


def gains_of_lines(
    start: str, bundle: Path, own: OwnNumbers, old: Callable[[Path], Report]
) -> dict[str, Any]:
    """Whole numbers right before and after, on own pictures held out; digits on the old lines.

    Pictures are read as ``scrawl read --number --lines MODEL`` reads them.

    Args:
        start: As `gains` takes it.
        bundle: The model that the run ends in.
        own: The pictures.
        old: Given a model, its report on the lines of the test split.

    Returns:
        As `gains` does; ``pictures`` has ``lost``, too: how many pictures trained nothing, since no
        such number was found on them.
    """
    before = _bundle_of(start, LINES)
    was = None if before is None else old(before).right
    table: dict[str, Any] = {"pictures": None, "data": _row(was, old(bundle).right)}
    if own.test:
        was = None if before is None else _numbers_right(own.test, before)
        sources = [item.source for item in own.test]
        table["pictures"] = _row(was, _numbers_right(own.test, bundle), sources)
        table["pictures"] |= {"held_out": own.how, "lost": len(own.lost)}
    return {"gains": table}


def _row(before: Bool | None, after: Bool, sources: Sequence[str] = ()) -> dict[str, Any]:
    """What was right before and after, of all and of each source where there are several."""

    def shares(rows: Bool) -> dict[str, Any]:
        was = None if before is None else float(before[rows].mean())
        return {"n": int(rows.sum()), "before": was, "after": float(after[rows].mean())}

    row = shares(np.ones(len(after), bool))
    names = sorted(set(sources))
    if len(names) > 1:
        of = np.array(sources)
        row["sources"] = [{"source": name, **shares(of == name)} for name in names]
    return row


def _numbers_right(items: Sequence[LabelledNumber], lines: Path) -> Bool:
    """Which numbers are read whole with a reader of lines."""
    report = evaluate_numbers(PageReader.load(lines=lines), items, str(lines))
    return np.array([row.right for row in report.rows])


def _started_from(start: str) -> DigitReader | None:
    """The model whose weights a run started from; None where there is no bundle of it."""
    path = _bundle_of(start, READER)
    return None if path is None else DigitReader.load(path)


def _bundle_of(start: str, carried: Path) -> Path | None:
    """The file of the model whose weights a run started from; None where there is none."""
    if not start or Path(start).suffix == ".keras":
        return None
    path = carried if start == BUNDLED else Path(start)
    try:
        Network(path)
    except ScrawlError:  # a run that was interrupted has weights but no bundle yet
        return None
    return path


def _right(reader: DigitReader, rows: Rows) -> Bool:
    images, labels = rows
    return evaluate(reader, images, labels.astype(np.int64), reader.info.recipe).right
