"""SVG drawings as pictures, rendered by resvg, which the extra ``svg`` installs."""

from __future__ import annotations

import gzip
import re
import zlib
from io import BytesIO

from scrawl.errors import PictureError
from scrawl.images.formats import is_svg

SIDES = 400, 4000
"""Pixels of the long side of what is drawn: a drawing's own, within these."""

MOST_BYTES = 20_000_000
"""That a drawing may have, unpacked."""

_GZIP = b"\x1f\x8b"
# What a drawing would fetch: files of this machine, or addresses. Entities could hide such.
_OUTSIDE = re.compile(rb"<!ENTITY|href\s*=\s*[\"']\s*(?!#|data:)[^\"']", re.IGNORECASE)
_DPI = 96  # of CSS
_UNIT = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 960 / 25.4, "in": 96.0}
_LENGTH = re.compile(r"\s*([0-9.eE+-]+)\s*([a-z]*)\s*")


def unpacked(data: bytes) -> bytes | None:
    """The text of an SVG drawing, packed or not; None where the bytes are none."""
    if data[:2] != _GZIP:
        return data if is_svg(data[:1024]) else None
    try:
        with gzip.open(BytesIO(data)) as file:
            text = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return text if is_svg(text[:1024]) else None


def render(text: bytes, name: str, most: int) -> bytes:
    """Draws an SVG.

    Args:
        text: As `unpacked` gives it.
        name: What to call it in a message.
        most: Pixels that it may have.

    Returns:
        A PNG, transparent where nothing is drawn.

    Raises:
        PictureError: It is damaged, too large, draws on other files, or resvg is not installed.
    """
    if len(text) > MOST_BYTES:
        raise PictureError(
            f"{name}: is too large (expected an SVG of at most {MOST_BYTES:,} bytes)"
        )
    if _OUTSIDE.search(text):
        raise PictureError(
            f"{name}: draws on other files (expected an SVG that holds all it shows)"
        )
    try:
        import resvg_py
    except ImportError as error:
        raise PictureError(
            f"{name}: is an SVG drawing, which needs resvg-py: pip install 'scrawl[svg]'"
        ) from error
    try:
        width, height = _size(text)
        if width * height > most:
            raise PictureError(
                f"{name}: is too large (expected at most {most:,} pixels, "
                f"received {width}×{height})"
            )
        drawn = resvg_py.svg_to_bytes(
            svg_string=text.decode(), width=width, height=height, dpi=_DPI
        )
        return bytes(drawn)
    except ValueError as error:
        if isinstance(error, PictureError):
            raise
        why = " ".join(str(error).split())
        raise PictureError(f"{name}: is damaged or cut short (expected an SVG: {why})") from error


def _size(text: bytes) -> tuple[int, int]:
    """Width and height in pixels: as the drawing says, its long side within `SIDES`.

    Raises:
        ValueError: It says none that can be used.
    """
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(text)  # noqa: S314 (entities are refused above)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    box = [float(value) for value in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if value]
    own = (_pixels(root.get("width")), _pixels(root.get("height")))
    width, height = own[0], own[1]
    if len(box) == 4:
        width = width or (own[1] * box[2] / box[3] if own[1] and box[3] else box[2])
        height = height or (width * box[3] / box[2] if box[2] else box[3])
    width, height = width or 300.0, height or 150.0  # what browsers take where nothing is said
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError(f"no size that can be drawn: {width}×{height}")
    low, high = SIDES
    scale = min(max(low / max(width, height), 1), high / max(width, height))
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _pixels(length: str | None) -> float | None:
    """A length in pixels; None where it is missing or a share of something."""
    found = _LENGTH.fullmatch(length or "")
    if found is None or found[2] not in _UNIT:
        return None
    return float(found[1]) * _UNIT[found[2]]
