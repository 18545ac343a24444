"""What a file is, told by its first bytes, and what opens it."""

from __future__ import annotations

import re

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "JPEG2000", "PPM", "ICO")
"""What Pillow opens, as Pillow calls it."""

HEIF, SVG = "HEIC", "SVG"

MEDIA_TYPES = (
    "image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff", "image/gif", "image/avif",
    "image/heic", "image/jp2", "image/x-portable-anymap", "image/x-icon", "image/svg+xml",
    "application/pdf",
)  # fmt: skip
"""What a server may be sent."""

SUFFIXES = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".tif", ".tiff"),
        *(".gif", ".avif", ".heic", ".heif", ".hif", ".jp2", ".j2k", ".jpx", ".jpf", ".j2c"),
        *(".pbm", ".pgm", ".ppm", ".pnm", ".ico", ".svg", ".svgz"),
    )
)
"""How the names of pictures end, in lower case."""

EXPECTED = "(expected PNG, JPEG, WebP, BMP, TIFF, GIF, AVIF, HEIC, JPEG 2000, PNM, ICO, SVG or PDF)"

HEAD = 1024
"""Bytes of a file that tell what it is."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"8BPS", "Photoshop"),
    (b"gimp xcf", "GIMP"),
    (b"AT&TFORM", "DjVu"),
    (b"qoif", "QOI"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
)
_PNM = re.compile(rb"P[1-6]\s+[\d#]")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")


def kind_of(data: bytes) -> str | None:
    """What picture a file's first bytes say that it is; None where they say nothing of the kind.

    Args:
        data: `HEAD` bytes or more.
    """
    head = data[:HEAD]
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "BMP"
    if _PNM.match(head):
        return "PNM"
    if head[4:8] == b"ftyp":
        # The first brand may be a general one, with what it is among those that follow.
        brands = [head[8:12], *(head[i : i + 4] for i in range(16, 64, 4))]
        if any(brand in _AVIF_BRANDS for brand in brands):
            return "AVIF"
        return HEIF if any(brand in _HEIF_BRANDS for brand in brands) else None
    return SVG if is_svg(head) else None


def is_svg(head: bytes) -> bool:
    """Whether a file begins as an SVG drawing: XML whose first element is ``svg``."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") and b"<svg" in text and b"<html" not in text.lower()
