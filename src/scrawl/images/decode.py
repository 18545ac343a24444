"""The bytes of a file, a PIL image or an array become uint8 pixels, the right way up."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError, features

from scrawl import pdf as documents
from scrawl.arrays import UInt8
from scrawl.errors import PictureError
from scrawl.images import animation, plain, svg
from scrawl.images.formats import EXPECTED, FORMATS, HEIF, kind_of
from scrawl.images.page import Page, page_name
from scrawl.pixels import array_of, composite, to_uint8

_MOST_FRAMES = 10_000  # of a TIFF: each takes Pillow longer than the one before
_REDUCED = 254  # the tag of a TIFF whose lowest bit says that a frame is another's thumbnail
_TURNED = (5, 6, 7, 8)  # orientations of EXIF that change width and height about
_ORIENTATION = 0x0112
_ROW = 784  # of MNIST's pixels, as tutorials flatten them


def from_bytes(
    data: bytes, name: str, most: int, enough: int | None, only: int | None = None
) -> Iterator[Page]:
    """The pages of a file.

    Args:
        data: Its bytes.
        name: What to call it.
        most: Width times height that a page may have.
        enough: Pixels of the long side that are enough, where fewer are quicker to decode.
        only: The number of the one page that is wanted, from 1; None for all.

    Raises:
        PictureError: It cannot be opened.
    """
    if not data:
        raise PictureError(f"{name}: is empty {EXPECTED}")
    if documents.is_pdf(data):
        with documents.opened(data, name) as document:
            for number in range(1, document.count + 1):
                if only not in (None, number):
                    continue
                page = page_name(name, number, document.count)
                yield Page(name, number, document.count, document.render(number, page, most))
        return
    if (size := plain.size(data)) is not None:
        check_size(*size, name, most)
        if only in (None, 1) and (pixels := plain.decode(data)) is not None:
            yield Page(name, 1, 1, from_array(pixels, name, most))
            return
    drawing = svg.unpacked(data)
    with opened(data if drawing is None else svg.render(drawing, name, most), name, most) as image:
        if image.format == "JPEG" and enough is not None:
            yield _scaled(image, data, name, most, enough)
            return
        if image.format in animation.ANIMATED and getattr(image, "n_frames", 1) > 1:
            yield _moment(image, name, most)
            return
        frames = frames_of(image, name)
        for number, frame in enumerate(frames, 1):
            if only not in (None, number):
                continue
            if frame:
                image.seek(frame)
            page = page_name(name, number, len(frames))
            yield Page(name, number, len(frames), from_pil(image, page, most))


def _scaled(image: Image.Image, data: bytes, name: str, most: int, enough: int) -> Page:
    """A JPEG decoded to no less than what is enough: its blocks hold smaller pictures, too."""
    width, height = image.size
    check_size(width, height, name, most)
    if image.getexif().get(_ORIENTATION) in _TURNED:
        width, height = height, width
    share = enough / max(image.size)
    if share < 1:
        image.draft(None, (int(image.width * share), int(image.height * share)))
    pixels = from_pil(image, name, most)
    if (pixels.shape[1], pixels.shape[0]) == (width, height):
        return Page(name, 1, 1, pixels)

    def whole() -> UInt8:
        with opened(data, name, most) as again:
            return from_pil(again, name, most)

    return Page(name, 1, 1, pixels, whole=whole, whole_size=(width, height))


def _moment(image: Image.Image, name: str, most: int) -> Page:
    """The last frame of an animation that adds ink."""
    check_size(image.width, image.height, name, most)
    count: int = image.n_frames  # type: ignore[attr-defined]
    try:
        number = animation.last_with_more_ink(image, most)
    except Exception as error:  # damaged frames: Pillow's plugins raise what they like
        raise PictureError(f"{name}: is damaged or cut short") from error
    what = f"the last of {count} that adds ink" if number else f"of {count}, none of which adds ink"
    note = f"an animation: read frame {number + 1}, {what}"
    return Page(name, 1, 1, from_pil(image, name, most), note)


def frames_of(image: Image.Image, name: str, most: int | None = None) -> list[int]:
    """The frames of a picture that are pages: all of a TIFF but thumbnails, else the first.

    Counting ends at the first page beyond ``most``.

    Raises:
        PictureError: It is damaged, or has too many frames.
    """
    if image.format != "TIFF":
        return [0]
    frames: list[int] = []
    try:
        for frame in range(_MOST_FRAMES):
            image.seek(frame)
            if frame == 0 or not int(image.tag_v2.get(_REDUCED, 0)) & 1:  # type: ignore[attr-defined]
                frames.append(frame)
            if most is not None and len(frames) > most:
                break
        else:
            raise PictureError(f"{name}: is too large (expected at most {_MOST_FRAMES:,} frames)")
    except EOFError:  # the one before was the last
        pass
    except PictureError:
        raise
    except Exception as error:  # a damaged directory: Pillow raises what it likes
        raise PictureError(f"{name}: is damaged or cut short") from error
    image.seek(0)
    return frames


def opened(data: bytes, name: str, most: int) -> Image.Image:
    """A file of pixels, of which nothing is decoded yet.

    Raises:
        PictureError: It cannot be opened.
    """
    kind = kind_of(data)
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb from 89 megapixels on; the limit here is its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if kind == HEIF:
                return _open_heif(data, name)
            return Image.open(BytesIO(data), formats=FORMATS)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name}: is too large (expected at most {most:,} pixels)") from error
    except UnidentifiedImageError as error:
        raise PictureError(_unopened(name, kind)) from error
    except Exception as error:  # a damaged header: Pillow's plugins raise what they like
        raise PictureError(_unopened(name, kind)) from error


def _open_heif(data: bytes, name: str) -> Image.Image:
    """A photo as iPhones take them: its main picture."""
    try:
        from pillow_heif import HeifImageFile
    except ImportError as error:
        raise PictureError(
            f"{name}: is a HEIC picture, which needs pillow-heif: pip install 'scrawl[heic]'"
        ) from error
    return HeifImageFile(BytesIO(data))


def _unopened(name: str, kind: str | None) -> str:
    """Why a file was not opened: what it says that it is, where that is known."""
    if kind == "AVIF" and not features.check("avif"):
        return f"{name}: is an AVIF picture, which Pillow as installed cannot open {EXPECTED}"
    if kind is None:
        return f"{name}: cannot be opened as a picture {EXPECTED}"
    if kind in EXPECTED:
        return f"{name}: is damaged or cut short, or a kind of {kind} that is not read {EXPECTED}"
    return f"{name}: is a {kind} picture {EXPECTED}"


def from_pil(image: Image.Image, name: str, most: int) -> UInt8:
    """The pixels of a PIL image."""
    check_size(image.width, image.height, name, most)
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Exception as error:  # damaged pixels: Pillow's plugins raise what they like
        why = " ".join(str(error).split()) or type(error).__name__
        raise PictureError(f"{name}: is damaged or cut short ({why})") from error
    return from_array(array_of(upright), name, most)


def check_size(width: int, height: int, name: str, most: int) -> None:
    """Refuses what has no pixels, or too many.

    Raises:
        PictureError: It has.
    """
    if width < 1 or height < 1:
        raise PictureError(f"{name}: has no pixels (received {width}×{height})")
    if width * height > most:
        raise PictureError(
            f"{name}: is too large (expected at most {most:,} pixels, received {width}×{height})"
        )


def from_array(array: npt.NDArray[Any], name: str, most: int) -> UInt8:
    """The pixels of an array of any form that `scrawl.images.load` takes."""
    picture = _unflattened(array)
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (1, 2, 3, 4)):
        raise PictureError(
            f"{name}: cannot be opened as a picture (expected an array of shape (H, W), "
            f"(H, W, 1), (H, W, 3) or (H, W, 4), received {array.shape})"
        )
    check_size(picture.shape[1], picture.shape[0], name, most)
    pixels = to_uint8(picture, name)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels in (2, 4):
        pixels = composite(pixels[..., :-1], pixels[..., -1])
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels


def _unflattened(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """One picture as tutorials hold it: a row of MNIST's pixels, or a batch of one."""
    if array.shape in ((_ROW,), (1, _ROW)):
        return array.reshape(28, 28)
    batch = array.ndim == 4 or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4))
    return array[0] if batch and array.shape[0] == 1 else array
