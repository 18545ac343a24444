"""Files on disk: reading one, and finding the pictures in folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from scrawl import pdf as documents
from scrawl.errors import PictureError
from scrawl.images.formats import EXPECTED, HEAD, SUFFIXES, kind_of

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)  # Path() takes one of two slashes
_NO_PICTURES = frozenset((".csv", ".txt", ".md", ".json", ".toml", ".xml", ".html", ".py", ".npz"))


def read(path: str | os.PathLike[str], name: str) -> bytes:
    """The bytes of a file.

    Raises:
        PictureError: It cannot be read, or its name is an address on the web.
    """
    if _ADDRESS.match(os.fspath(path)) and not Path(path).exists():
        raise PictureError(
            f"{name}: is an address (expected a file; download it first, or: "
            "curl -L ADDRESS | scrawl read -)"
        )
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise PictureError(f"{name}: {_reason(error)}") from error
    except ValueError as error:  # a null byte in the name
        raise PictureError(f"{name!r}: no such file") from error


def find(paths: Iterable[str | os.PathLike[str]], *, pdf: bool = False) -> list[Path]:
    """Expands folders into the pictures in them.

    Args:
        paths: Files and folders. A file is passed on whatever its name; a folder is searched,
            with the folders below it, for names that end as a picture's do (`SUFFIXES`), and for
            files that their first bytes say are pictures, also of kinds that cannot be opened:
            opening them says so. Hidden files and folders are skipped.
        pdf: Whether a folder's PDFs are wanted too.

    Returns:
        The files, in the order given, sorted inside each folder.

    Raises:
        PictureError: A folder has no pictures, or may not be read.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in _walk(path) if _wanted(file, pdf))
        if not inside:
            raise PictureError(f"{path}: no pictures in this folder {EXPECTED}")
        found += inside
    return found


def _walk(folder: Path) -> Iterable[Path]:
    def refuse(error: OSError) -> None:
        raise PictureError(f"{error.filename}: {_reason(error)}") from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root, name) for name in files if not name.startswith("."))


def _wanted(file: Path, pdf: bool) -> bool:
    """Whether a file of a folder is a picture, by its name or else by its first bytes."""
    suffix = file.suffix.lower()
    if suffix == ".pdf":
        return pdf
    if suffix in SUFFIXES or suffix in _NO_PICTURES:
        return suffix in SUFFIXES
    try:
        with file.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:  # a pipe, a socket, a secret: nothing says that it is a picture
        return False
    return kind_of(head) is not None or (pdf and documents.is_pdf(head))


def _reason(error: OSError) -> str:
    reasons = {
        FileNotFoundError: "no such file",
        IsADirectoryError: "is a folder (expected a picture file)",
        PermissionError: "no permission to read it",
    }
    return reasons.get(type(error), error.strerror or str(error))
