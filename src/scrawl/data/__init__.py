"""Data sets: what there is, and how to get it.

A data set is one module that exports a ``Source``, and one line in ``DATASETS``.
"""

from __future__ import annotations

import os
from pathlib import Path

from scrawl.data import digits8x8, mnist, omniglot, optdigits, pendigits, uji
from scrawl.data.dataset import Dataset, DatasetInfo, Source
from scrawl.data.strokes import StrokeDataset, StrokeSample
from scrawl.errors import DataError, unknown

__all__ = [
    "DATASETS",
    "Dataset",
    "DatasetInfo",
    "Source",
    "StrokeDataset",
    "StrokeSample",
    "get",
    "load",
]

DATASETS: dict[str, Source] = {
    module.SOURCE.info.name: module.SOURCE
    for module in (mnist, digits8x8, pendigits, uji, omniglot, optdigits)
}


def get(name: str) -> Source:
    """The entry of a data set.

    Raises:
        InputError: There is none of that name; the message suggests the nearest.
    """
    if name not in DATASETS:
        raise unknown("data set", name, DATASETS)
    return DATASETS[name]


def load(name: str, data_dir: str | os.PathLike[str] | None = None) -> Dataset:
    """Loads a data set, downloading it first where it has to come from outside.

    Args:
        name: A key of ``DATASETS``.
        data_dir: A folder that holds the files; they are taken instead of a download. Where it is
            None, the environment variable ``SCRAWL_DATA`` is asked.

    Returns:
        The data set, its files checked against their checksums.

    Raises:
        InputError: There is no data set of that name.
        DataError: A file is missing and cannot be downloaded, or it is not the one expected.
    """
    source = get(name)
    folder = Path(data_dir or os.environ.get("SCRAWL_DATA", "") or os.devnull)
    if folder == Path(os.devnull):
        return source.load(None)
    if not folder.is_dir():
        raise DataError(f"{folder}: expected a folder with data sets, found none")
    return source.load(folder)
