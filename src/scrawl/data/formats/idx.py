"""IDX files as MNIST has them, packed by gzip or not: images beside their labels."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np

from scrawl.arrays import UInt8
from scrawl.data.formats.item import Format, Item, class_names, of_arrays
from scrawl.errors import DataError

IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"
SPLITS = {"train": "train", "t10k": "test", "test": "test"}
"""How a file's name begins, and of which split it is."""


def read_idx(path: Path) -> UInt8:
    """The array of one IDX file, the format that LeCun's page describes.

    Raises:
        DataError: It is damaged, not IDX, or shorter or longer than its header says.
    """
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: expected a gzip file ({error})") from error
    # Magic number: two zero bytes, 8 for unsigned bytes, the number of dimensions.
    if len(raw) < 4 or raw[:3] != b"\0\0\x08" or len(raw) < 4 + 4 * raw[3]:
        raise DataError(f"{path}: expected an IDX file of unsigned bytes, received another format")
    shape = tuple(np.frombuffer(raw, ">u4", count=raw[3], offset=4).astype(int).tolist())
    body = np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3])
    if body.size != int(np.prod(shape)):
        raise DataError(f"{path}: expected {shape} = {np.prod(shape)} bytes, received {body.size}")
    return body.reshape(shape)


def _files(path: Path) -> list[Path]:
    """The files of images: the path itself, or those in a folder; one of each split."""
    if path.is_file():
        return [path] if IMAGES in path.name else []
    found = sorted(path.glob(f"*{IMAGES}*")) if path.is_dir() else []
    return list({file.name.removesuffix(".gz"): file for file in found}.values())


def _read(path: Path) -> list[Item]:
    items = []
    for file in _files(path):
        bare = file.name.removesuffix(".gz").replace(IMAGES, LABELS)
        beside = [file.with_name(name) for name in (bare, f"{bare}.gz")]
        labels = next((one for one in beside if one.is_file()), None)
        if labels is None:
            raise DataError(f"{file}: expected its labels beside it, {bare}, found none")
        images = read_idx(file)
        if images.ndim != 3:
            raise DataError(f"{file}: expected images, received {images.ndim} dimensions")
        split = next((v for k, v in SPLITS.items() if file.name.startswith(k)), "")
        names = class_names(file.parent)
        items += of_arrays(file, images, read_idx(labels), names, split)
    return items


FORMAT = Format("IDX files of images and labels", lambda path: bool(_files(path)), _read)
