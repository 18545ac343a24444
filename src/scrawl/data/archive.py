"""Files of a data set, from a folder or from the archive in which their origin has them."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scrawl.data.fetch import check, fetch
from scrawl.errors import DataError, MissingExtraError


@dataclass(frozen=True)
class Archive:
    """A zip file at its public origin.

    Attributes:
        name: The file's name.
        sha256: Its checksum.
        mirrors: Addresses of the folders that it is in.
    """

    name: str
    sha256: str
    mirrors: tuple[str, ...]


def places(data_dir: Path, name: str) -> tuple[Path, ...]:
    """Where in a user's folder the files of a data set may lie."""
    return data_dir, data_dir / name, data_dir / "strokes" / name


def members(
    data_dir: Path | None, folder: str, files: Mapping[str, str], archive: Archive
) -> dict[str, bytes]:
    """The contents of files, each checked: unpacked ones, or those of the archive.

    Args:
        data_dir: The user's folder; None downloads the archive, or takes it from the cache.
        folder: The data set's name: of its folder inside ``data_dir`` and inside the cache.
        files: The name of each file and its SHA-256.
        archive: The zip file that holds them, some packed once more by Unix ``compress``.

    Raises:
        DataError: They are not there, or one is truncated or altered; the message names it.
    """
    if data_dir is None:
        return _unpacked(fetch(archive.name, archive.sha256, archive.mirrors, folder), files)
    for place in places(data_dir, folder):
        if all((place / name).is_file() for name in files):
            paths = {name: check(place / name, files[name]) for name in files}
            return {name: path.read_bytes() for name, path in paths.items()}
        if (place / archive.name).is_file():
            return _unpacked(check(place / archive.name, archive.sha256), files)
    raise missing(data_dir, folder, (*files, f"or {archive.name}"))


def missing(data_dir: Path, folder: str, names: tuple[str, ...]) -> DataError:
    """The error for a user's folder that does not hold a data set."""
    return DataError(
        f"{data_dir}: no {folder} here or in its folder '{folder}' (expected {', '.join(names)})"
    )


def _unpacked(path: Path, files: Mapping[str, str]) -> dict[str, bytes]:
    """Files of a zip, whatever folder of it they are in, each checked."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = {PurePosixPath(name).name: name for name in archive.namelist()}
            return {name: _member(path, archive, inside, name, files[name]) for name in files}
    except (OSError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: expected a zip file ({error})") from error


def _member(
    path: Path, archive: zipfile.ZipFile, inside: Mapping[str, str], name: str, expected: str
) -> bytes:
    for known in (name, f"{name}.Z", name.removesuffix(".txt")):
        if known in inside:
            raw = archive.read(inside[known])
            break
    else:
        raise DataError(f"{path}: expected a member {name}, found none")
    if known.endswith(".Z"):
        raw = _decompressed(f"{path}: {known}", raw)
    received = hashlib.sha256(raw).hexdigest()
    if received != expected:
        raise DataError(
            f"{path}: its member {name} is truncated or altered "
            f"(expected SHA-256 {expected}, received {received})"
        )
    return raw


def _decompressed(what: str, raw: bytes) -> bytes:
    """What Unix ``compress`` packed."""
    try:
        from unlzw3 import unlzw
    except ImportError as error:
        raise MissingExtraError("unpacking .Z files", "unlzw3", "data") from error
    try:
        return bytes(unlzw(raw))
    except (ValueError, IndexError) as error:
        raise DataError(f"{what}: damaged ({error})") from error
