"""Optical digits: 2,880 digits of 30 people on paper, bitmaps of 32×32."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.data.archive import Archive, members
from scrawl.data.dataset import Dataset, DatasetInfo, Source
from scrawl.errors import DataError

SIDE = 32
FILES = {
    "optdigits-orig.tra": "6f1012a107d37856f83cb332b26d54738647c1d197278f8ff74c5f55312124ca",
    "optdigits-orig.cv": "29b0ea16767a56815aa39b608520aa18d4acc087b9db85847f4c79addb7d09d3",
}
ARCHIVE = Archive(
    "optical+recognition+of+handwritten+digits.zip",
    "0d7b054fea010270e9b3f06411c654c5e59547732ad626381980baffe0a23fb0",
    ("https://archive.ics.uci.edu/static/public/80/",),
)


def load(data_dir: Path | None = None) -> Dataset:
    """Loads the digits; the part that its makers validated with is the test.

    Raises:
        DataError: The files are not to be had, or not those expected.
    """
    files = members(data_dir, SOURCE.info.name, FILES, ARCHIVE)
    train, test = (bitmaps(name, raw) for name, raw in files.items())
    return Dataset(SOURCE.info, *train, *test)


def bitmaps(name: str, raw: bytes) -> tuple[UInt8, Int64]:
    """Bitmaps and labels of a text: 32 lines of 0 and 1, then the label.

    Args:
        name: What a message calls the text.
        raw: The text; lines that are neither, such as its header, may come before.

    Returns:
        1 for ink, shape ``(n, 32, 32)``, and labels ``(n,)``.

    Raises:
        DataError: A bitmap is short, or a label is no digit.
    """
    words = raw.decode("latin-1").split()
    first = next((at for at, word in enumerate(words) if _is_row(word)), len(words))
    body = words[first:]
    rows, labels = [w for w in body if _is_row(w)], body[SIDE :: SIDE + 1]
    whole = len(body) % (SIDE + 1) == 0 and len(rows) == SIDE * len(labels)
    if not (whole and rows and all(len(label) == 1 and label.isdigit() for label in labels)):
        raise DataError(f"{name}: expected bitmaps of 32 lines of 0 and 1, each with its label")
    pixels = np.frombuffer("".join(rows).encode(), np.uint8) - np.uint8(ord("0"))
    return pixels.reshape(-1, SIDE, SIDE), np.array(labels, np.int64)


def _is_row(word: str) -> bool:
    return len(word) == SIDE and not word.strip("01")


SOURCE = Source(
    DatasetInfo(
        name="optdigits",
        title="2,880 handwritten digits of 30 people in Turkey, bitmaps of 32×32",
        classes=tuple("0123456789"),
        image_shape=(SIDE, SIDE),
        pixel_max=1,
        n_train=1_934,
        n_test=946,
        split="its makers' validation part is the test; the same writers",
        licence="CC BY 4.0",
        source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository, doi 10.24432/C50P49",
    ),
    load,
)
