"""Open a picture: a path, bytes, a PIL image or an array becomes a uint8 array.

This is the only place that opens a picture; `load` gives the first page of a PDF or a TIFF of
several, `pages` all of them, each with its name. Whatever the source, what leaves here is uint8,
``(H, W)`` for a grey source or ``(H, W, 3)`` RGB for a coloured one, the right way up, with
transparency laid on a ground on which the ink shows. Every refusal is a `PictureError`.

`formats` tells files by their bytes, `decode` opens them, `svg` draws drawings, `animation`
chooses a frame, `folder` reads files and finds those in folders, `page` is what comes out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import cast

import numpy as np
from PIL import Image

from scrawl.arrays import UInt8
from scrawl.errors import InputError, PictureError
from scrawl.images.decode import check_size, from_array, from_bytes, from_pil
from scrawl.images.extent import Extent, extent_of
from scrawl.images.folder import find, is_picture, is_wanted, read, walk
from scrawl.images.formats import HEAD, MEDIA_TYPES, SUFFIXES
from scrawl.images.page import Page, Picture, Unopened, name_of, page_name

__all__ = [
    "HEAD",
    "MAX_PIXELS",
    "MEDIA_TYPES",
    "SUFFIXES",
    "Extent",
    "Page",
    "Picture",
    "Unopened",
    "attempt",
    "find",
    "is_picture",
    "is_wanted",
    "load",
    "measure",
    "name_of",
    "page_name",
    "pages",
    "several",
    "walk",
]

MAX_PIXELS = 100_000_000
"""Width times height above which a picture is refused, before it is decoded."""


def load(picture: Picture, max_pixels: int | None = None, name: str | None = None) -> UInt8:
    """Opens a picture.

    Args:
        picture: A path, the bytes of a file, a PIL image, a `Page`, which is open already, or an
            array of shape ``(H, W)``, ``(H, W, 1)``, ``(H, W, 2)`` (grey and alpha), ``(H, W, 3)``
            (RGB) or ``(H, W, 4)`` (RGBA); one picture as tutorials hold MNIST's, too:
            ``(1, 28, 28)``, ``(1, 28, 28, 1)``, ``(784,)`` or ``(1, 784)``. Its values are bool,
            uint8, integers of up to 16 bits and more, or floats, of which a picture whose largest
            value is at most 1 counts as 0..1 and any other as 0..255.
        max_pixels: The most width times height; None for `MAX_PIXELS`.
        name: What a message calls it; None for `name_of`.

    Returns:
        uint8, shape ``(H, W)`` for a grey source or ``(H, W, 3)`` RGB for a coloured one; of a
        file of several pages the first, of an animation the last frame that adds ink; EXIF
        rotation applied.

    Raises:
        PictureError: It cannot be opened as a picture, is cut short, is empty, or has more
            pixels than it may.
    """
    return next(pages(picture, max_pixels, name)).at_full_size().pixels


def pages(
    picture: Picture,
    max_pixels: int | None = None,
    name: str | None = None,
    enough: int | None = None,
    only: int | None = None,
) -> Iterator[Page]:
    """Opens every page of a PDF or a TIFF, one at a time; anything else is one page.

    Args:
        picture: As `load` takes it.
        max_pixels: The most width times height of a page; None for `MAX_PIXELS`.
        name: What to call the file; None for `name_of`.
        enough: Pixels of the long side that are enough: a JPEG of more comes smaller, in a part of
            the time, if no smaller than that; `Page.at_full_size` gives all of it. None for all.
        only: The number of the one page of a file that is wanted, from 1; None for all.

    Yields:
        The pages. One of a PDF that is a scan comes at the scan's resolution, any other at 300
        dpi.

    Raises:
        PictureError: As `load` does; or the PDF is encrypted.
    """
    name = name_of(picture) if name is None else name
    most = MAX_PIXELS if max_pixels is None else max_pixels
    if isinstance(picture, Page):
        check_size(*picture.size, name, most)
        yield picture
    elif isinstance(picture, np.ndarray):
        yield Page(name, 1, 1, from_array(picture, name, most))
    elif isinstance(picture, Image.Image):
        yield Page(name, 1, 1, from_pil(picture, name, most))
    else:
        yield from from_bytes(_bytes_of(picture, name), name, most, enough, only)


def attempt(picture: Picture, name: str, enough: int | None = None) -> Iterator[Page | Unopened]:
    """`pages` where one broken picture must not end the work on many.

    Yields:
        The pages; where they end in an error, that.
    """
    try:
        yield from pages(picture, name=name, enough=enough)
    except PictureError as error:
        yield Unopened(name, error)


def measure(
    data: bytes,
    max_pixels: int | None = None,
    name: str | None = None,
    max_pages: int | None = None,
) -> Extent:
    """How much there is to a picture's file, of which only the head is looked at.

    Args:
        data: The bytes of the file.
        max_pixels: The most width times height of a page; None for `MAX_PIXELS`.
        name: What a message calls it; None for `name_of`.
        max_pages: Counting ends at the first page beyond so many; None counts all.

    Raises:
        PictureError: It cannot be opened as a picture, is encrypted, or has more pixels than it
            may.
    """
    name = name_of(data) if name is None else name
    return extent_of(data, name, MAX_PIXELS if max_pixels is None else max_pixels, max_pages)


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


def _bytes_of(picture: Picture, name: str) -> bytes:
    if isinstance(picture, bytes | bytearray | memoryview):
        return bytes(picture)
    if isinstance(picture, str | os.PathLike):
        return read(picture, name)
    raise PictureError(
        f"{name}: cannot be opened as a picture "
        f"(expected a path, bytes, a PIL image or an array, received {type(picture).__name__})"
    )
