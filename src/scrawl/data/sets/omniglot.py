"""Omniglot's two small background sets: signs of eight alphabets, 20 drawings of each."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scrawl.arrays import Float32
from scrawl.data.archive import missing, places
from scrawl.data.dataset import DatasetInfo, Source
from scrawl.data.fetch import check, fetch
from scrawl.data.strokes import StrokeDataset, StrokeSample
from scrawl.errors import DataError

FILES = {
    "strokes_background_small1.zip": (
        "8cb3960fb6cf4ccf5f064ad83169f828c36c36782a0f6e7faacb7ecfae4468a2"
    ),
    "strokes_background_small2.zip": (
        "345bf2141efbea062833dbb2828abbc23d9e07825e46f2afdd4daecddfed6e78"
    ),
}
MIRRORS = ("https://raw.githubusercontent.com/brendenlake/omniglot/master/python/",)
SIGNS = {
    "Balinese": 24,
    "Greek": 24,
    "Japanese_(katakana)": 47,
    "Korean": 40,
    "Latin": 26,
    "Sanskrit": 42,
    "Early_Aramaic": 22,
    "Tagalog": 17,
}
"""How many signs each alphabet has."""

TEST_ALPHABETS = ("Early_Aramaic", "Tagalog")
"""Named before anything was trained or measured."""


def load(data_dir: Path | None = None) -> StrokeDataset:
    """Loads the signs: six alphabets to train on, two others to test.

    Raises:
        DataError: The files are not to be had, or not those expected.
    """
    samples: dict[tuple[str, str], StrokeSample] = {}
    for path in _paths(data_dir):
        # Greek and Latin are in both files, drawing for drawing.
        samples |= {(sample.label, sample.writer): sample for sample in _samples(path)}
    ordered = [samples[key] for key in sorted(samples)]
    train = [sample for sample in ordered if _alphabet(sample) not in TEST_ALPHABETS]
    test = [sample for sample in ordered if _alphabet(sample) in TEST_ALPHABETS]
    return StrokeDataset.of(SOURCE.info, train, test)


def _alphabet(sample: StrokeSample) -> str:
    return sample.label.partition("/")[0]


def _paths(data_dir: Path | None) -> list[Path]:
    """Both files, checked."""
    if data_dir is None:
        return [fetch(name, value, MIRRORS, SOURCE.info.name) for name, value in FILES.items()]
    for place in places(data_dir, SOURCE.info.name):
        if all((place / name).is_file() for name in FILES):
            return [check(place / name, value) for name, value in FILES.items()]
    raise missing(data_dir, SOURCE.info.name, tuple(FILES))


def _samples(path: Path) -> Iterator[StrokeSample]:
    """The drawings of a file: ``…/alphabet/characterNN/SIGN_PERSON.txt``."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                parts = name.split("/")
                if len(parts) == 4 and parts[3].endswith(".txt") and parts[0] != "__MACOSX":
                    label = f"{parts[1]}/{parts[2].removeprefix('character')}"
                    writer = f"{parts[1]}-{parts[3][-6:-4]}"
                    strokes = _strokes(f"{path}: {name}", archive.read(name))
                    yield StrokeSample(label, writer, strokes)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}: expected a zip file ({error})") from error


def _strokes(name: str, raw: bytes) -> tuple[Float32, ...]:
    """Strokes of ``x,y,milliseconds`` a line, ``BREAK`` where the pen lifts; y is 0 to -105."""
    turn = np.array([1, -1], np.float32)
    try:
        parts = raw.decode("ascii").replace("START", "").split("BREAK")
        strokes = [[line.split(",")[:2] for line in part.split()] for part in parts]
        return tuple(np.array(stroke, np.float32) * turn for stroke in strokes if stroke)
    except ValueError as error:
        raise DataError(f"{name}: expected lines of x,y,milliseconds ({error})") from error


SOURCE = Source(
    DatasetInfo(
        name="omniglot",
        title="4,840 drawings of 242 signs of eight alphabets by 20 people each, as strokes",
        classes=tuple(
            f"{alphabet}/{at:02d}" for alphabet, n in SIGNS.items() for at in range(1, n + 1)
        ),
        image_shape=(28, 28),
        pixel_max=255,
        n_train=4_060,
        n_test=780,
        split=f"the alphabets {' and '.join(TEST_ALPHABETS)} are the test",
        licence="MIT",
        source="B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum: Omniglot, "
        "https://github.com/brendenlake/omniglot, strokes_background_small1 and small2",
    ),
    load,
)
