"""Files that hold many pictures: tar, packed or not, and parquet with the bytes of pictures."""

from __future__ import annotations

import lzma
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO, Any, Self

from scrawl import images
from scrawl.batch import remote
from scrawl.data.formats.parquet import bytes_of, column_of
from scrawl.errors import InputError

TAR = (".tar",)
PACKED = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
PARQUET = (".parquet",)

_ROWS = 64  # of parquet, decoded at once
_BUFFER = 1 << 20  # bytes of a column that are read at once, instead of all of a row group
_DAMAGED = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError)


def is_container(name: str) -> bool:
    """Whether a file's name says that it holds many pictures."""
    return name.lower().endswith((*TAR, *PACKED, *PARQUET))


def pictures(stream: IO[bytes], name: str) -> Iterator[tuple[str, bytes | None]]:
    """The pictures within a file, each with its name; None where a row holds no bytes.

    Args:
        stream: The file, opened; of a tar file nothing is held but one member.
        name: What it is called.

    Raises:
        InputError: It is damaged, or not what its name says.
        DataError: It is parquet without a column of pictures.
    """
    return _parquet(stream, name) if name.lower().endswith(PARQUET) else _tar(stream, name)


def count(name: str) -> int | None:
    """How many pictures a file holds, by its head alone; None where only unpacking it would say."""
    if name.lower().endswith(PACKED):
        return None
    with remote.opened(name) as stream:
        if name.lower().endswith(PARQUET):
            return int(_opened(stream, name).metadata.num_rows)
        if remote.is_address(name):
            return None
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                return sum(1 for member in _members(archive) if _wanted(archive, member))
        except _DAMAGED:
            return None


def _tar(stream: IO[bytes], name: str) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=stream, mode="r|*", tarinfo=_Member) as archive:
            for member in _members(archive):
                file = archive.extractfile(member)
                data = b"" if file is None else file.read()
                if images.is_wanted(member.name, partial(bytes, data), pdf=True):
                    yield f"{name}/{member.name}", data
    except _DAMAGED as error:
        raise InputError(f"{name}: expected a tar file, whole ({error})") from error


class _Member(tarfile.TarInfo):
    """A member; where a file ends without saying so, tarfile would take that for its end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        """The next member.

        Raises:
            ReadError: The file was cut short.
        """
        try:
            return super().fromtarfile(archive)
        except (tarfile.TruncatedHeaderError, tarfile.EmptyHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError("it was cut short") from error


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined] # it would remember every one
        hidden = any(part.startswith(".") for part in member.name.removeprefix("./").split("/"))
        if member.isfile() and not hidden:
            yield member


def _wanted(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bool:
    def head() -> bytes:
        file = archive.extractfile(member)
        return b"" if file is None else file.read(images.HEAD)

    return images.is_wanted(member.name, head, pdf=True)


def _parquet(stream: IO[bytes], name: str) -> Iterator[tuple[str, bytes | None]]:
    file = _opened(stream, name)
    column = column_of(name, file.schema_arrow.names)
    row = 0
    for batch in file.iter_batches(_ROWS, columns=[column]):
        for picture in batch.column(0):
            yield f"{name}, row {row}", bytes_of(picture.as_py())
            row += 1


def _opened(stream: IO[bytes], name: str) -> Any:
    from pyarrow import ArrowException, parquet

    try:
        return parquet.ParquetFile(stream, buffer_size=_BUFFER)
    except (OSError, ArrowException) as error:
        raise InputError(f"{name}: expected a parquet file ({error})") from error
