"""Open a picture: a path, bytes, a PIL image or an array becomes a uint8 array.

This is the only place that opens a picture; `load` gives the first page of a PDF or a TIFF of
several, `pages` all of them, each with its name. Whatever the source, what leaves here is uint8,
``(H, W)`` for a grey source or ``(H, W, 3)`` RGB for a coloured one, the right way up, with
transparency laid on a ground on which the ink shows. Every refusal is a `PictureError`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from scrawl import pdf as documents
from scrawl.arrays import UInt8
from scrawl.errors import InputError, PictureError
from scrawl.pixels import array_of, composite, to_uint8

MAX_PIXELS = 100_000_000
"""Width times height above which a picture is refused, before it is decoded."""

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif")
)
"""How the names of pictures end, in lower case."""

_EXPECTED = "(expected PNG, JPEG, WebP, BMP, TIFF, GIF or PDF)"
_REDUCED = 254  # the tag of a TIFF whose lowest bit says that a frame is another's thumbnail


@dataclass(frozen=True, eq=False)
class Page:
    """A page of a picture.

    Attributes:
        file: What the picture is called.
        number: Which of its pages it is, from 1.
        count: How many it has.
        pixels: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB, as `load` gives it.
    """

    file: str
    number: int
    count: int
    pixels: UInt8 = field(repr=False)

    @property
    def name(self) -> str:
        """What a message calls it: its file, and which page of several it is."""
        return page_name(self.file, self.number, self.count)


Picture = str | os.PathLike[str] | bytes | Image.Image | npt.NDArray[Any] | Page
"""Whatever `load` opens; a page that is open already brings its name with it."""


def page_name(file: str, number: int, count: int) -> str:
    """What a message calls a page: its file, and which page of several it is."""
    return file if count == 1 else f"{file}, page {number} of {count}"


def load(picture: Picture, max_pixels: int | None = None, name: str | None = None) -> UInt8:
    """Opens a picture.

    Args:
        picture: A path, the bytes of a file, a PIL image, or an array of shape ``(H, W)``,
            ``(H, W, 1)``, ``(H, W, 2)`` (grey and alpha), ``(H, W, 3)`` (RGB) or ``(H, W, 4)``
            (RGBA): bool, uint8, integers of up to 16 bits and more, or floats, of which a
            picture whose largest value is at most 1 counts as 0..1 and any other as 0..255; or a
            `Page`, which is open already.
        max_pixels: The most width times height; None for `MAX_PIXELS`.
        name: What a message calls it; None for `name_of`.

    Returns:
        uint8, shape ``(H, W)`` for a grey source or ``(H, W, 3)`` RGB for a coloured one; of an
        animation or a file of several pages the first; EXIF rotation applied.

    Raises:
        PictureError: It cannot be opened as a picture, is cut short, is empty, or has more
            pixels than it may.
    """
    return next(pages(picture, max_pixels, name)).pixels


def pages(
    picture: Picture, max_pixels: int | None = None, name: str | None = None
) -> Iterator[Page]:
    """Opens every page of a PDF or a TIFF, one at a time; anything else is one page.

    Args:
        picture: As `load` takes it.
        max_pixels: The most width times height of a page; None for `MAX_PIXELS`.
        name: What to call the file; None for `name_of`.

    Yields:
        The pages. One of a PDF that is a scan comes at the scan's resolution, any other at 300
        dpi.

    Raises:
        PictureError: As `load` does; or the PDF is encrypted.
    """
    name = name_of(picture) if name is None else name
    most = MAX_PIXELS if max_pixels is None else max_pixels
    if isinstance(picture, Page):
        _check_size(picture.pixels.shape[1], picture.pixels.shape[0], name, most)
        yield picture
    elif isinstance(picture, np.ndarray):
        yield Page(name, 1, 1, _from_array(picture, name, most))
    elif isinstance(picture, Image.Image):
        yield Page(name, 1, 1, _from_pil(picture, name, most))
    else:
        yield from _from_bytes(_bytes_of(picture, name), name, most)


def name_of(picture: Picture) -> str:
    """What to call a picture in a message: its path, its page, or what it is in memory."""
    if isinstance(picture, Page):
        return picture.name
    if isinstance(picture, str | os.PathLike):
        return os.fspath(picture)
    if isinstance(picture, bytes | bytearray | memoryview):
        return f"<{len(picture)} bytes>"
    if isinstance(picture, np.ndarray):
        return f"<array {picture.shape} {picture.dtype}>"
    if isinstance(picture, Image.Image):
        filename = getattr(picture, "filename", "")
        return str(filename or f"<image {picture.width}×{picture.height} {picture.mode}>")
    return f"<{_kind(picture)}>"


def several(pictures: Iterable[Picture]) -> Iterator[Picture]:
    """Several pictures, one after the other.

    Raises:
        InputError: It is one picture: the letters of a path are none, nor the rows of an array.
    """
    one = isinstance(pictures, str | os.PathLike | bytes | Image.Image | Page)
    if isinstance(pictures, np.ndarray):
        one = pictures.ndim == 2 or (pictures.ndim == 3 and pictures.shape[2] <= 4)
    if one:
        received = name_of(cast(Picture, pictures))
        raise InputError(f"expected several pictures, received one ({received}): read() takes one")
    return iter(pictures)


def find(paths: Iterable[str | os.PathLike[str]], *, pdf: bool = False) -> list[Path]:
    """Expands folders into the pictures in them.

    Args:
        paths: Files and folders. A file is passed on whatever its name; a folder is searched,
            with the folders below it, for names that end as a picture's do (`SUFFIXES`).
            Hidden files and folders are skipped.
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
        inside = sorted(_walk(path, SUFFIXES | {".pdf"} if pdf else SUFFIXES))
        if not inside:
            raise PictureError(f"{path}: no pictures in this folder {_EXPECTED}")
        found += inside
    return found


def _walk(folder: Path, suffixes: frozenset[str]) -> Iterable[Path]:
    def refuse(error: OSError) -> None:
        raise PictureError(f"{error.filename}: {_reason(error)}") from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in suffixes:
                yield Path(root, name)


def _kind(thing: object) -> str:
    return type(thing).__name__


def _reason(error: OSError) -> str:
    reasons = {
        FileNotFoundError: "no such file",
        IsADirectoryError: "is a folder (expected a picture file)",
        PermissionError: "no permission to read it",
    }
    return reasons.get(type(error), error.strerror or str(error))


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PictureError(f"{name}: {_reason(error)}") from error
    except ValueError as error:  # a null byte in the name
        raise PictureError(f"{name!r}: no such file") from error


def _bytes_of(picture: Picture, name: str) -> bytes:
    if isinstance(picture, bytes | bytearray | memoryview):
        return bytes(picture)
    if isinstance(picture, str | os.PathLike):
        return _read(Path(picture), name)
    raise PictureError(
        f"{name}: cannot be opened as a picture "
        f"(expected a path, bytes, a PIL image or an array, received {_kind(picture)})"
    )


def _from_bytes(data: bytes, name: str, most: int) -> Iterator[Page]:
    if not data:
        raise PictureError(f"{name}: is empty {_EXPECTED}")
    if documents.is_pdf(data):
        with documents.opened(data, name) as document:
            for number in range(1, document.count + 1):
                page = page_name(name, number, document.count)
                yield Page(name, number, document.count, document.render(number, page, most))
        return
    with _open(data, name, most) as image:
        frames = _frames(image, name)
        for number, frame in enumerate(frames, 1):
            if frame:
                image.seek(frame)
            page = page_name(name, number, len(frames))
            yield Page(name, number, len(frames), _from_pil(image, page, most))


def _frames(image: Image.Image, name: str) -> list[int]:
    """The frames of a picture that are pages: all of a TIFF but thumbnails, else the first."""
    if image.format != "TIFF":
        return [0]
    try:
        frames = []
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            if frame == 0 or not int(image.tag_v2.get(_REDUCED, 0)) & 1:  # type: ignore[attr-defined]
                frames.append(frame)
        image.seek(0)
    except Exception as error:  # a damaged directory: Pillow raises what it likes
        raise PictureError(f"{name}: is damaged or cut short") from error
    return frames


def _open(data: bytes, name: str, most: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb from 89 megapixels on; the limit here is its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise PictureError(f"{name}: cannot be opened as a picture {_EXPECTED}") from error
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name}: is too large (expected at most {most:,} pixels)") from error
    except Exception as error:  # a damaged header: Pillow's plugins raise what they like
        raise PictureError(f"{name}: cannot be opened as a picture {_EXPECTED}") from error


def _from_pil(image: Image.Image, name: str, most: int) -> UInt8:
    _check_size(image.width, image.height, name, most)
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Exception as error:  # damaged pixels: Pillow's plugins raise what they like
        why = " ".join(str(error).split()) or _kind(error)
        raise PictureError(f"{name}: is damaged or cut short ({why})") from error
    return _from_array(array_of(upright), name, most)


def _check_size(width: int, height: int, name: str, most: int) -> None:
    if width < 1 or height < 1:
        raise PictureError(f"{name}: has no pixels (received {width}×{height})")
    if width * height > most:
        raise PictureError(
            f"{name}: is too large (expected at most {most:,} pixels, received {width}×{height})"
        )


def _from_array(array: npt.NDArray[Any], name: str, most: int) -> UInt8:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise PictureError(
            f"{name}: cannot be opened as a picture (expected an array of shape (H, W), "
            f"(H, W, 1), (H, W, 3) or (H, W, 4), received {array.shape})"
        )
    _check_size(array.shape[1], array.shape[0], name, most)
    pixels = to_uint8(array, name)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels in (2, 4):
        pixels = composite(pixels[..., :-1], pixels[..., -1])
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels
