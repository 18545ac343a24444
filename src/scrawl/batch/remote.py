"""Files here and at addresses (``s3://``, ``gs://``), which fsspec opens."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, Any

from scrawl import images
from scrawl.errors import InputError, MissingExtraError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_SUFFIXES = (*images.SUFFIXES, ".pdf", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".parquet")


def is_address(name: str) -> bool:
    """Whether a file is at an address, such as ``s3://bucket/a.png``."""
    return _ADDRESS.match(name) is not None


def find(address: str) -> Iterator[str]:
    """The pictures, tar and parquet files of an address, sorted: of a folder, a glob, or the file.

    Names alone tell what a file of a folder is: none is opened for it.

    Raises:
        InputError: Nothing is there, or it cannot be reached.
        MissingExtraError: The package for such addresses is not installed.
    """
    with _refused(address):
        system, path = _system(address)
        if "*" in address or "?" in address:
            found = sorted(system.glob(path))
        elif system.isfile(path):
            return iter([address])
        else:
            found = sorted(name for name in system.find(path) if _is_wanted(name))
        if not found and not system.exists(path):
            raise InputError(f"{address}: nothing is there")
        return iter([str(system.unstrip_protocol(name)) for name in found])


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """A file, here or at an address.

    Raises:
        InputError: It cannot be opened.
    """
    with _refused(name):
        if is_address(name):
            system, path = _system(name)
            stream = system.open(path, "rb")
        else:
            stream = open(name, "rb")  # noqa: PTH123, SIM115 -- closed below, where errors are others'
    with stream:
        yield stream


def read(name: str) -> bytes:
    """The bytes of a file at an address.

    Raises:
        InputError: It cannot be read.
    """
    with _refused(name):
        system, path = _system(name)
        return bytes(system.cat_file(path))


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Turns what may go wrong on the way to a file into one line."""
    try:
        yield
    except (InputError, MissingExtraError):
        raise
    except Exception as error:  # each store has errors of its own
        lines = str(getattr(error, "strerror", None) or error).strip().splitlines()
        why = lines[0] if lines else type(error).__name__
        raise InputError(f"{name}: cannot be read ({why}){_hint(name)}") from error


def _hint(name: str) -> str:
    """What to look at where a store refuses."""
    if not is_address(name):
        return ""
    return "; is the address right, and are credentials where the store's own tools look for them?"


def _system(address: str) -> tuple[Any, str]:
    for name in ("gcsfs", "s3fs"):  # what they log of each try is in the error after the last
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(address)
    except ImportError as error:
        protocol = address.partition(":")[0]
        raise MissingExtraError(f"{protocol}://", _package(protocol), "cloud") from error
    return system, str(path)


def _package(protocol: str) -> str:
    return {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs"}.get(protocol, f"fsspec for {protocol}")


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.name.startswith(".") and path.suffix.lower() in _SUFFIXES
