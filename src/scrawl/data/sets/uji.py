"""UJI pen characters: digits and letters of 11 people, as pen strokes; version 2, of 60, too."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from scrawl.arrays import Float32
from scrawl.data.archive import Archive, members, places
from scrawl.data.dataset import DatasetInfo, Source
from scrawl.data.fetch import check
from scrawl.data.strokes import StrokeDataset, StrokeSample, writers
from scrawl.data.unipen import segments
from scrawl.errors import DataError

_SHA256 = (
    "fdbaac66233c05fbf685a977807ec7555a8753d9c20702b40ac99f3e1fb635f6",
    "d576a82ec0ddd72456051437cd5818e357e00df6f224a78236a10348d1ee9cbd",
    "f4f8ce957dac7f67cda197f2bfa2ef8e8cb7ce8bdfd1f6a298d0f0f9f580e1cc",
    "ff40fe0cfa9b0a1bd5a23971978f71b0b5f212d2bce1662551c651f597996256",
    "6aacaad8bc19efec531ef8cb9cbf93deac4ddc6547a7177f5004bf7430b2e6c7",
    "3a96f361394cb208ac6182bb9c513edca42332473fe71fda8aeb4ebe4ab7e6be",
    "e1e42923f74924b70455803741596bd5e387e60c1e111ff289bc2606bd82f855",
    "b06b620c24df8e25179dac8e65b812086891d0909e767f37e0b0218a8a2f7528",
    "7d7c0d6a77f66f26820605a679adb27e4eeafc93a42f454d9ec1bb50bb381d21",
    "84fbc105f23a11dd5edb819af883be76b09a0ae1535ea04141c20c2b97b27e4e",
    "93d341a429b55936fc975ba9beff9049352563935d16696878e988513fe1a99d",
)
FILES = {f"UJIpenchars-w{at:02d}.txt": value for at, value in enumerate(_SHA256, 1)}
ARCHIVE = Archive(
    "uji+pen+characters.zip",
    "06e484103d21ead80ec7675059d3ffe66f39f51bfcb9c77a00fbbfb1c85546dc",
    ("https://archive.ics.uci.edu/static/public/160/",),
)
TEST_WRITERS = ("w10", "w11")
"""Of version 1, which has no split of its own; version 2 names its test writers."""

VERSION_2 = "ujipenchars2.txt"
ARCHIVE_2 = Archive(
    "uji+pen+characters+version+2.zip",
    "0881b522911b99d9922820289441b50fd3d307f71cd7f9cc70e86872424a5f90",
    ("https://archive.ics.uci.edu/static/public/177/",),
)


def load(data_dir: Path | None = None) -> StrokeDataset:
    """Loads the characters: version 1, or version 2 where the folder holds that alone.

    The text of version 2 has no checksum here, only its archive has.

    Raises:
        DataError: The files are not to be had, or not those expected.
    """
    try:
        files = members(data_dir, SOURCE.info.name, FILES, ARCHIVE)
    except DataError:
        second = data_dir and _second(data_dir)
        if not second:
            raise
        return second
    samples = [
        StrokeSample(label, name[-7:-4], strokes)
        for name, raw in files.items()
        for label, strokes, _ in segments(name, raw.decode("latin-1"))
    ]
    train = [sample for sample in samples if sample.writer not in TEST_WRITERS]
    test = [sample for sample in samples if sample.writer in TEST_WRITERS]
    return StrokeDataset.of(SOURCE.info, train, test)


def _second(data_dir: Path) -> StrokeDataset | None:
    """Version 2, where a folder has it."""
    for place in places(data_dir, SOURCE.info.name):
        archive, text = place / ARCHIVE_2.name, place / VERSION_2
        if text.is_file():
            return version_2(str(text), text.read_bytes())
        if archive.is_file():
            check(archive, ARCHIVE_2.sha256)
            return version_2(str(archive), _only_text(archive))
    return None


def _only_text(archive: Path) -> bytes:
    import zipfile

    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            if name.rpartition("/")[2] == VERSION_2:
                return packed.read(name)
    raise DataError(f"{archive}: expected a member {VERSION_2}, found none")


def version_2(name: str, raw: bytes) -> StrokeDataset:
    """The data set in a text of version 2: ``WORD c writer``, ``NUMSTROKES n``, ``POINTS k # …``.

    Args:
        name: What a message calls the text.
        raw: UTF-8, or Latin-1 where it is not that.

    Raises:
        DataError: A line is none of these, or a stroke has fewer points than it says.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    samples = list(_words(name, text))
    train = [sample for sample in samples if sample.writer.startswith("trn")]
    test = [sample for sample in samples if not sample.writer.startswith("trn")]
    info = replace(
        SOURCE.info,
        title=f"{len(samples):,} handwritten characters of {len(writers(samples))} people in "
        "Spain, as pen strokes (version 2)",
        classes=tuple(sorted({sample.label for sample in samples})),
        n_train=len(train),
        n_test=len(test),
        split="as published",
        source=SOURCE.info.source.replace("C5FG8S", "C5R021"),
    )
    return StrokeDataset.of(info, train, test)


def _words(name: str, text: str) -> Iterator[StrokeSample]:
    lines = [line.split() for line in text.splitlines()]
    lines = [line for line in lines if line and not line[0].startswith("//")]
    at = 0
    while at < len(lines):
        try:
            (_, label, session), (_, count) = lines[at : at + 2]
            strokes = [_points(line) for line in lines[at + 2 : at + 2 + int(count)]]
            if (lines[at][0], lines[at + 1][0]) != ("WORD", "NUMSTROKES") or not strokes:
                raise ValueError
            if len(strokes) != int(count):
                raise ValueError
        except ValueError as error:
            where = " ".join(lines[at][:3])
            raise DataError(
                f"{name}: expected WORD, NUMSTROKES and POINTS with as many numbers as they say, "
                f"received other lines after '{where}'"
            ) from error
        yield StrokeSample(label, session.partition("-")[0], tuple(strokes))
        at += 2 + int(count)


def _points(line: list[str]) -> Float32:
    """The points of ``POINTS k # x y …``."""
    if line[0] != "POINTS" or line[2] != "#" or len(line) != 3 + 2 * int(line[1]):
        raise ValueError
    return np.array(line[3:], np.float32).reshape(-1, 2)


SOURCE = Source(
    DatasetInfo(
        name="uji",
        title="1,364 handwritten digits and letters of 11 people in Spain, as pen strokes",
        classes=tuple(string.digits + string.ascii_uppercase + string.ascii_lowercase),
        image_shape=(28, 28),
        pixel_max=255,
        n_train=1_116,
        n_test=248,
        split="the last two of the writers are the test",
        licence="CC BY 4.0",
        source="F. Prat, M. J. Castro, D. Llorens, A. Marzal, J. M. Vilar: UJI Pen Characters, "
        "UCI Machine Learning Repository, doi 10.24432/C5FG8S",
    ),
    load,
)
