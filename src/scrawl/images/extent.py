"""How much there is to a picture's file, by its head."""

from __future__ import annotations

from dataclasses import dataclass

from scrawl import pdf as documents
from scrawl.errors import PictureError
from scrawl.images import animation, plain, svg
from scrawl.images.decode import check_size, frames_of, opened
from scrawl.images.formats import EXPECTED
from scrawl.images.page import page_name


@dataclass(frozen=True)
class Extent:
    """How much there is to a picture's file.

    Attributes:
        pages: How many pages it has.
        pixels: Width times height of its largest page, or of all frames of an animation; of a
            PDF, whose scans are not looked at, those of A4 at 300 dpi; of a drawing as many as it
            may have.
    """

    pages: int
    pixels: int


def extent_of(data: bytes, name: str, most: int, max_pages: int | None = None) -> Extent:
    """Looks at the head of a file alone.

    Args:
        data: The bytes of the file.
        name: What a message calls it.
        most: Width times height that a page may have.
        max_pages: Counting ends at the first page beyond so many; None counts all.

    Raises:
        PictureError: It cannot be opened as a picture, is encrypted, or has more pixels than it
            may.
    """
    if not data:
        raise PictureError(f"{name}: is empty {EXPECTED}")
    if (size := plain.size(data)) is not None:
        check_size(*size, name, most)
        return Extent(1, size[0] * size[1])
    if documents.is_pdf(data):
        with documents.opened(data, name) as document:
            return Extent(document.count, min(documents.A4, most))
    if svg.unpacked(data) is not None:
        return Extent(1, min(svg.SIDES[1] ** 2, most))
    with opened(data, name, most) as image:
        if image.format in animation.ANIMATED:
            check_size(image.width, image.height, name, most)
            moments = min(getattr(image, "n_frames", 1), animation.MOST_FRAMES)
            return Extent(1, min(image.width * image.height * moments, most))
        frames = frames_of(image, name, max_pages)
        sizes = []
        for number, frame in enumerate(frames, 1):
            image.seek(frame)
            sizes.append(image.width * image.height)
            check_size(image.width, image.height, page_name(name, number, len(frames)), most)
        return Extent(len(frames), max(sizes))
