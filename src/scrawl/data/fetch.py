"""Files from public mirrors, each checked against its checksum before anything reads it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scrawl.errors import DataError, MissingExtraError

CONNECT_SECONDS = 15


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: Path, expected: str) -> Path:
    """Returns the path of a file whose checksum is the one expected.

    Raises:
        DataError: It is another; the message names the file and both checksums.
    """
    received = sha256(path)
    if received != expected:
        raise DataError(
            f"{path}: truncated or altered (expected SHA-256 {expected}, received {received})"
        )
    return path


def fetch(name: str, expected: str, mirrors: tuple[str, ...], folder: str) -> Path:
    """Downloads a file into the platform's cache folder, or takes it from there.

    The file appears in the cache only when it is whole and its checksum is right; a progress bar
    goes to stderr. ``docs/how-to/train.md`` says where the cache is.

    Args:
        name: The file's name, the same on every mirror.
        expected: Its SHA-256.
        mirrors: Addresses of folders, asked in this order.
        folder: The folder inside the cache.

    Raises:
        DataError: No mirror gave the file; the message says where it looked and where to put it.
    """
    try:
        import pooch
    except ImportError as error:
        raise MissingExtraError("downloading a data set", "pooch", "data") from error
    pooch.get_logger().setLevel("ERROR")  # its notes repeat what the progress bar shows
    cache = Path(pooch.os_cache("scrawl")) / folder
    reasons = []
    for mirror in mirrors:
        try:
            return Path(
                pooch.retrieve(
                    url=mirror + name,
                    known_hash=f"sha256:{expected}",
                    fname=name,
                    path=cache,
                    downloader=pooch.HTTPDownloader(progressbar=True, timeout=CONNECT_SECONDS),
                )
            )
        except PermissionError as error:
            raise DataError(f"{error.filename}: the cache cannot be written") from error
        except (OSError, ValueError) as error:  # no connection, an HTTP error; a wrong checksum
            reasons.append(f"{mirror} ({_reason(error)})")
    raise DataError(
        f"{name}: not in the cache {cache}, and not to be had from {' or '.join(reasons)}; "
        "put the files into a folder and name it with --data-dir or SCRAWL_DATA"
    )


def _reason(error: Exception) -> str:
    """Says in a few words why a download failed; the library gives a paragraph."""
    if isinstance(error, ValueError) and "hash" in str(error):
        return "the file there is truncated or altered: its SHA-256 is not the expected one"
    return type(error).__name__
