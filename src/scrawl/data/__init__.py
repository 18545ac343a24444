"""Data sets: what there is, and how to get it.

A data set is a module of ``scrawl.data.sets``, or an entry point of the group ``scrawl.datasets``
in a package of one's own: a ``Source`` by its name. A file or folder of labelled pictures is one,
too, by its path.
"""

from __future__ import annotations

import os
from pathlib import Path

from scrawl.data import sets
from scrawl.data.dataset import Dataset, DatasetInfo, Source
from scrawl.data.strokes import StrokeDataset, StrokeSample
from scrawl.errors import DataError
from scrawl.registry import Registry, modules

__all__ = [
    "DATASETS",
    "Dataset",
    "DatasetInfo",
    "Source",
    "StrokeDataset",
    "StrokeSample",
    "get",
    "is_path",
    "load",
    "require",
]

DATASETS: Registry[Source] = Registry(
    "data set",
    "scrawl.datasets",
    modules(sets.__name__, sets.__path__, "SOURCE"),
    Source,
    lambda source: source.info.name,
)


def get(name: str) -> Source:
    """The entry of a data set, or that of a file or folder of one's own.

    Raises:
        InputError: There is none of that name; the message suggests the nearest.
        DataError: No data set can be made of the file or folder.
    """
    if name in DATASETS or not is_path(name):
        return DATASETS[name]
    from scrawl.data import own

    return own.source(Path(name))


def require(name: str) -> None:
    """Raises an ``InputError`` where there is no data set of a name; loads nothing.

    A path is looked for when it is loaded: a run may be opened where its data are not.
    """
    if not is_path(name):
        DATASETS.require(name)


def is_path(name: str) -> bool:
    """Whether a name is meant as the path of a file or folder."""
    return name not in DATASETS and (os.sep in name or Path(name).exists())


def load(name: str, data_dir: str | os.PathLike[str] | None = None) -> Dataset:
    """Loads a data set, downloading it first where it has to come from outside.

    Args:
        name: A key of ``DATASETS``, or a file or folder in one of ``scrawl.data.formats.FORMATS``.
        data_dir: A folder that holds the files; they are taken instead of a download. Where it is
            None, the environment variable ``SCRAWL_DATA`` is asked.

    Returns:
        The data set, its files checked against their checksums.

    Raises:
        InputError: There is no data set of that name.
        DataError: A file is missing and cannot be downloaded, or it is not the one expected.
    """
    source = get(name)
    if is_path(name):
        return source.load(None)
    folder = Path(data_dir or os.environ.get("SCRAWL_DATA", "") or os.devnull)
    if folder == Path(os.devnull):
        return source.load(None)
    if not folder.is_dir():
        raise DataError(f"{folder}: expected a folder with data sets, found none")
    return source.load(folder)
