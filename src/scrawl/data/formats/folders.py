"""A folder for each class, perhaps within the folders ``train`` and ``test``."""

from __future__ import annotations

from pathlib import Path

from scrawl import images
from scrawl.data.formats.item import Format, Item
from scrawl.errors import PictureError

SPLITS = ("train", "test")


def _read(path: Path) -> list[Item]:
    splits = [name for name in SPLITS if (path / name).is_dir()]
    if not splits:
        return _classes(path, path, "")
    return [item for name in splits for item in _classes(path / name, path, name)]


def _classes(folder: Path, source: Path, split: str) -> list[Item]:
    items = []
    for inner in sorted(inner for inner in folder.iterdir() if inner.is_dir()):
        if inner.name.startswith("."):
            continue
        try:
            files = images.find([inner])
        except PictureError:  # a class may be empty
            continue
        items += [
            Item(file, str(file), inner.name, str(inner), source.name, split, listed=False)
            for file in files
        ]
    return items


FORMAT = Format("a folder for each class", Path.is_dir, _read)
