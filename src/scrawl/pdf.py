"""The pages of a PDF as pictures, opened by PDFium; `scrawl.images` alone calls this."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from scrawl.arrays import UInt8
from scrawl.errors import PictureError

if TYPE_CHECKING:
    import pypdfium2

MAGIC = b"%PDF-"
WITHIN = 1024
"""Bytes from the start of a file within which a PDF says that it is one."""

DPI = 300
"""Resolution of a page that is no scan."""

A4 = 2480 * 3508
"""Pixels of a page of A4 at `DPI`."""

_POINTS = 72  # of a PDF's unit, in an inch
_FINEST = 1200  # dots an inch that a scan may have
_WHOLE = 0.5  # share of a page that its scan covers, at least

_lock = threading.Lock()  # PDFium is not safe to use from several threads


def is_pdf(data: bytes) -> bool:
    """Whether a file's bytes say that it is a PDF."""
    return MAGIC in data[:WITHIN]


class Document:
    """An open PDF.

    Attributes:
        count: How many pages it has.
    """

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self.count = len(document)

    def render(self, number: int, name: str, max_pixels: int) -> UInt8:
        """Renders a page: a scan at its own resolution, any other at `DPI`, or less if need be.

        Args:
            number: Which page, from 1.
            name: What to call it in a message.
            max_pixels: Width times height of a scan above which it is refused.

        Returns:
            uint8, shape ``(H, W)`` for a grey page or ``(H, W, 3)`` RGB for a coloured one.

        Raises:
            PictureError: It is damaged, or its scan is too large.
        """
        import pypdfium2

        try:
            with _lock:
                page = self._document[number - 1]
                pixels = _render(page, name, max_pixels)
                page.close()
        except pypdfium2.PdfiumError as error:
            raise PictureError(f"{name}: is damaged or cut short (expected a PDF)") from error
        return pixels


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Document]:
    """Opens a PDF.

    Args:
        data: The bytes of the file.
        name: What to call it in a message.

    Raises:
        PictureError: It is damaged or encrypted, or has no pages.
    """
    import pypdfium2

    try:
        with _lock:
            document = pypdfium2.PdfDocument(data)
            opened = Document(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PictureError(
                f"{name}: is encrypted (expected a PDF that opens without a password)"
            ) from error
        raise PictureError(f"{name}: is damaged or cut short (expected a PDF)") from error
    try:
        if not opened.count:
            raise PictureError(f"{name}: has no pages (expected a PDF of scans)")
        yield opened
    finally:
        with _lock:
            document.close()


def _render(page: pypdfium2.PdfPage, name: str, max_pixels: int) -> UInt8:
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise PictureError(f"{name}: has no pixels (received {width:g}×{height:g} points)")
    scale = _resolution(page, width, height, name, max_pixels)
    if scale is None:
        scale = DPI / _POINTS
        scale = min(scale, _fitting(width, height, max_pixels))
    # PDFium rounds up: without the little less, a scan gains a row by the last bit of a float.
    pixels: UInt8 = page.render(scale=scale * (1 - 1e-6), rev_byteorder=True).to_numpy()
    pixels = pixels[..., :3] if pixels.ndim == 3 else pixels[..., None]
    colours = (pixels[..., :1] != pixels[..., 1:]).any() if pixels.shape[2] > 1 else False
    return pixels.copy() if colours else np.ascontiguousarray(pixels[..., 0])


def _fitting(width: float, height: float, max_pixels: int) -> float:
    """The scale up to which the page has no more pixels than it may, its sides rounded up."""
    area, sides = width * height, width + height
    return float((-sides + (sides**2 + 4 * area * (max_pixels - 1)) ** 0.5) / (2 * area))


def _resolution(
    page: pypdfium2.PdfPage, page_width: float, page_height: float, name: str, max_pixels: int
) -> float | None:
    """Pixels a point of the finest scan that covers most of a page; None if there is none."""
    import pypdfium2.raw as raw

    finest: float | None = None
    images: Any = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    for image in images:
        left, bottom, right, top = image.get_bounds()
        covered = abs((right - left) * (top - bottom))
        if covered < _WHOLE * page_width * page_height:
            continue
        width, height = image.get_px_size()
        if width * height > max_pixels:
            raise PictureError(
                f"{name}: is too large (expected at most {max_pixels:,} pixels, "
                f"received {width}×{height})"
            )
        finest = max(finest or 0, (width * height / covered) ** 0.5)
    if not finest:
        return None
    return min(finest, _FINEST / _POINTS, _fitting(page_width, page_height, max_pixels))
