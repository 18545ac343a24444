"""Files on disk: reading one, and finding the pictures in folders."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
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
        inside = [file for file in walk(path) if is_picture(file, pdf=pdf)]
        if not inside:
            raise PictureError(f"{path}: no pictures in this folder {EXPECTED}")
        found += inside
    return found


def walk(folder: Path) -> Iterator[Path]:
    """All files of a folder and of those below it, sorted, as they are asked for.

    Hidden files and folders are skipped, and no link to a folder is followed.

    Raises:
        PictureError: A folder may not be read.
    """
    try:
        with os.scandir(folder) as entries:
            inside = sorted(
                (entry.name, entry.is_dir(), entry.is_symlink())
                for entry in entries
                if not entry.name.startswith(".")
            )
    except OSError as error:
        raise PictureError(f"{folder}: {_reason(error)}") from error
    for name, is_folder, is_link in inside:
        if not is_folder:
            yield folder / name
        elif not is_link:
            yield from walk(folder / name)


def is_picture(file: Path, *, pdf: bool = False) -> bool:
    """Whether a file of a folder is a picture, as `is_wanted` says."""

    def head() -> bytes:
        try:
            with file.open("rb") as stream:
                return stream.read(HEAD)
        except OSError:  # a pipe, a socket, a secret: nothing says that it is a picture
            return b""

    return is_wanted(file.name, head, pdf=pdf)


def is_wanted(name: str, head: Callable[[], bytes], *, pdf: bool = False) -> bool:
    """Whether a file among others is a picture, by its name or else by its first bytes.

    Args:
        name: Its name, or a path that ends in it.
        head: Gives its first `HEAD` bytes, if the name does not say enough.
        pdf: Whether PDFs are wanted too.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".pdf":
        return pdf
    if suffix in SUFFIXES or suffix in _NO_PICTURES:
        return suffix in SUFFIXES
    start = head()
    return kind_of(start) is not None or (pdf and documents.is_pdf(start))


def _reason(error: OSError) -> str:
    reasons = {
        FileNotFoundError: "no such file",
        IsADirectoryError: "is a folder (expected a picture file)",
        PermissionError: "no permission to read it",
    }
    return reasons.get(type(error), error.strerror or str(error))
