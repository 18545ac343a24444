"""Open a picture: a path, bytes, a PIL image or an array becomes a uint8 array.

This is the only place that opens a picture. Whatever the source, what leaves here is uint8,
``(H, W)`` for a grey source or ``(H, W, 3)`` RGB for a coloured one, the right way up, with
transparency laid on a ground on which the ink shows. Every refusal is a `PictureError`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from scrawl.errors import PictureError

Picture = str | os.PathLike[str] | bytes | Image.Image | npt.NDArray[Any]
"""Whatever `load` opens."""

Pixels = npt.NDArray[np.uint8]

MAX_PIXELS = 100_000_000
"""Width times height above which a picture is refused, before it is decoded."""

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif")
)
"""How the names of pictures end, in lower case."""

_EXPECTED = "(expected PNG, JPEG, WebP, BMP, TIFF or GIF)"


def load(picture: Picture) -> Pixels:
    """Opens a picture.

    Args:
        picture: A path, the bytes of a file, a PIL image, or an array of shape ``(H, W)``,
            ``(H, W, 1)``, ``(H, W, 2)`` (grey and alpha), ``(H, W, 3)`` (RGB) or ``(H, W, 4)``
            (RGBA): bool, uint8, integers of up to 16 bits and more, or floats, of which a
            picture whose largest value is at most 1 counts as 0..1 and any other as 0..255.

    Returns:
        uint8, shape ``(H, W)`` for a grey source or ``(H, W, 3)`` RGB for a coloured one; of an
        animation or a multi-page file the first frame; EXIF rotation applied.

    Raises:
        PictureError: It cannot be opened as a picture, is cut short, is empty, or has more than
            `MAX_PIXELS` pixels.
    """
    name = name_of(picture)
    if isinstance(picture, np.ndarray):
        return _from_array(picture, name)
    if isinstance(picture, Image.Image):
        return _from_pil(picture, name)
    if isinstance(picture, bytes | bytearray | memoryview):
        data = bytes(picture)
    elif isinstance(picture, str | os.PathLike):
        data = _read(Path(picture), name)
    else:
        raise PictureError(
            f"{name}: cannot be opened as a picture "
            f"(expected a path, bytes, a PIL image or an array, received {_kind(picture)})"
        )
    return _from_bytes(data, name)


def name_of(picture: Picture) -> str:
    """What to call a picture in a message: its path, or what it is in memory."""
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


def find(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Expands folders into the pictures in them.

    Args:
        paths: Files and folders. A file is passed on whatever its name; a folder is searched,
            with the folders below it, for names that end as a picture's do (`SUFFIXES`).
            Hidden files and folders are skipped.

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
        inside = sorted(_walk(path))
        if not inside:
            raise PictureError(f"{path}: no pictures in this folder {_EXPECTED}")
        found += inside
    return found


def _walk(folder: Path) -> Iterable[Path]:
    def refuse(error: OSError) -> None:
        raise PictureError(f"{error.filename}: {_reason(error)}") from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
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


def _from_bytes(data: bytes, name: str) -> Pixels:
    if not data:
        raise PictureError(f"{name}: is empty {_EXPECTED}")
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb from 89 megapixels on; the limit here is its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise PictureError(f"{name}: cannot be opened as a picture {_EXPECTED}") from error
    except Image.DecompressionBombError as error:
        raise PictureError(
            f"{name}: is too large (expected at most {MAX_PIXELS:,} pixels)"
        ) from error
    except Exception as error:  # a damaged header: Pillow's plugins raise what they like
        raise PictureError(f"{name}: cannot be opened as a picture {_EXPECTED}") from error
    with image:
        return _from_pil(image, name)


def _from_pil(image: Image.Image, name: str) -> Pixels:
    _check_size(image.width, image.height, name)
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Exception as error:  # damaged pixels: Pillow's plugins raise what they like
        why = " ".join(str(error).split()) or _kind(error)
        raise PictureError(f"{name}: is damaged or cut short ({why})") from error
    return _from_array(_array_of(upright), name)


def _array_of(image: Image.Image) -> npt.NDArray[Any]:
    """The pixels of a PIL image of any mode: grey, grey and alpha, RGB or RGBA."""
    transparent = image.has_transparency_data
    if image.mode in ("1", "L", "LA", "RGB", "RGBA", "F") and not (
        transparent and image.mode in ("1", "L", "RGB")
    ):
        return np.asarray(image)
    if image.mode == "I" or image.mode.startswith("I;16"):
        return np.asarray(image)
    return np.asarray(image.convert("RGBA" if transparent else "RGB"))


def _check_size(width: int, height: int, name: str) -> None:
    if width < 1 or height < 1:
        raise PictureError(f"{name}: has no pixels (received {width}×{height})")
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name}: is too large (expected at most {MAX_PIXELS:,} pixels, "
            f"received {width}×{height})"
        )


def _from_array(array: npt.NDArray[Any], name: str) -> Pixels:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise PictureError(
            f"{name}: cannot be opened as a picture (expected an array of shape (H, W), "
            f"(H, W, 1), (H, W, 3) or (H, W, 4), received {array.shape})"
        )
    _check_size(array.shape[1], array.shape[0], name)
    pixels = _to_uint8(array, name)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels in (2, 4):
        pixels = _composite(pixels[..., :-1], pixels[..., -1])
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels


def _to_uint8(array: npt.NDArray[Any], name: str) -> Pixels:
    """Scales any dtype to 0..255: floats from 0..1, integers from the bit depth they show."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind not in "iuf":
        raise PictureError(
            f"{name}: cannot be opened as a picture "
            f"(expected bool, integers or floats, received {array.dtype})"
        )
    top = float(array.max())
    if not np.isfinite(top) or not np.isfinite(array.min()):
        raise PictureError(f"{name}: has values that are no numbers (expected 0..1 or 0..255)")
    if array.dtype.kind == "f" and top <= 1:
        scale = 1.0
    else:
        # 10, 12, 14 or 16 bits: the smallest depth that holds the largest value.
        scale = next((d for d in (255.0, 1023.0, 4095.0, 16383.0, 65535.0) if top <= d), top)
    scaled = array.astype(np.float32) * np.float32(255 / scale)
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def _composite(colour: Pixels, alpha: Pixels) -> Pixels:
    """Lays a picture with alpha on a ground on which what is drawn shows.

    A drawing on a transparent canvas (opaque in its strokes alone) gets white or black,
    whichever is farther from the strokes. A picture opaque nearly everywhere has its own paper:
    its holes are filled with that paper's colour.
    """
    if alpha.min() == 255:
        return colour
    weight = alpha.astype(np.float32) / 255
    share = float(weight.mean())
    ground: npt.NDArray[Any]
    if share > 0.65:  # more than the strokes of any digit cover
        ground = np.median(colour[alpha > 127], axis=0)
    else:
        mean = float((colour.mean(axis=2) * weight).sum()) / max(share * weight.size, 1e-9)
        ground = np.full(colour.shape[2], 255 if mean < 128 else 0)
    mixed = colour * weight[..., None] + ground * (1 - weight[..., None])
    return np.rint(mixed).astype(np.uint8)
