"""Pen digits: 10,992 digits of 44 people, as pen strokes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrawl.data.archive import Archive, members
from scrawl.data.dataset import DatasetInfo, Source
from scrawl.data.strokes import StrokeDataset, StrokeSample
from scrawl.data.unipen import segments

FILES = {
    "pendigits-orig.tra": "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4",
    "pendigits-orig.tes": "ddb1c19e277a56c7ffe682cc024d6ab73696f9adcc1643ef9ed5aa753007e081",
}
ARCHIVE = Archive(
    "pen+based+recognition+of+handwritten+digits.zip",
    "1e02bea023613c2b11c9492f6f34caf975420455934f3527d270cee9a1f03b64",
    ("https://archive.ics.uci.edu/static/public/81/",),
)


def load(data_dir: Path | None = None) -> StrokeDataset:
    """Loads the digits: 30 writers to train on, 14 others to test.

    Raises:
        DataError: The files are not to be had, or not those expected.
    """
    files = members(data_dir, SOURCE.info.name, FILES, ARCHIVE)
    train, test = (_samples(name, raw) for name, raw in files.items())
    return StrokeDataset.of(SOURCE.info, train, test)


def _samples(name: str, raw: bytes) -> list[StrokeSample]:
    """The digits of a file, y turned downwards; the second number of a comment is the writer."""
    part = name[-3:]
    turn = np.array([1, -1], np.float32)
    return [
        StrokeSample(label, f"{part}-{comments[0].split()[1]}", tuple(s * turn for s in strokes))
        for label, strokes, comments in segments(name, raw.decode("latin-1"))
    ]


SOURCE = Source(
    DatasetInfo(
        name="pendigits",
        title="10,992 handwritten digits of 44 people in Istanbul, as pen strokes",
        classes=tuple("0123456789"),
        image_shape=(28, 28),
        pixel_max=255,
        n_train=7_494,
        n_test=3_498,
        split="as published: 30 writers to train on, 14 others to test",
        licence="CC BY 4.0",
        source="E. Alpaydin, F. Alimoglu: Pen-Based Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository, doi 10.24432/C5MG6K",
    ),
    load,
)
