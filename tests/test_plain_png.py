"""Plain PNGs are decoded by OpenCV, to the same pixels; all others are left to Pillow."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from scrawl import images
from scrawl.errors import PictureError
from scrawl.images import decode, plain

COLOURS = {"L": (0, 1), "RGB": (2, 3), "RGBA": (6, 4)}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(rows: bytes, colour: int, extra: bytes = b"", interlaced: int = 0) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 53, 37, 8, colour, 0, 0, interlaced))
    body = head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def noise(mode: str) -> tuple[np.ndarray, bytes]:
    """Pixels, and the rows of a PNG that has them."""
    pixels = np.random.default_rng(0).integers(0, 256, (37, 53, COLOURS[mode][1]), np.uint8)
    return pixels.squeeze(), b"".join(b"\0" + row.tobytes() for row in pixels)


def by_pillow(data: bytes) -> np.ndarray:
    with decode.opened(data, "made", images.MAX_PIXELS) as image:
        return decode.from_pil(image, "made", images.MAX_PIXELS)


@pytest.mark.parametrize("mode", COLOURS)
@pytest.mark.parametrize("extra", [b"", chunk(b"gAMA", struct.pack(">I", 100_000))])
def test_the_pixels_are_those_of_the_file_and_of_pillow(mode, extra):
    pixels, rows = noise(mode)
    data = png(rows, COLOURS[mode][0], extra)
    assert np.array_equal(plain.decode(data), pixels)
    assert np.array_equal(images.load(data), by_pillow(data))


def test_what_is_not_plain_is_left_to_pillow():
    made = {}
    for name, image in {
        "palette": Image.new("P", (9, 9)),
        "16 bits": Image.new("I;16", (9, 9)),
        "one bit": Image.new("1", (9, 9)),
        "grey and alpha": Image.new("LA", (9, 9)),
    }.items():
        image.save(buffer := io.BytesIO(), "PNG")
        made[name] = buffer.getvalue()
    turned = PngImagePlugin.PngInfo()
    turned.add_text("Raw profile type exif", "\nexif\n0\n")
    Image.new("L", (9, 9)).save(buffer := io.BytesIO(), "PNG", pnginfo=turned)
    made["a text, which may hold an orientation"] = buffer.getvalue()
    Image.new("L", (9, 9)).save(buffer := io.BytesIO(), "PNG", transparency=0)
    made["a colour that is transparent"] = buffer.getvalue()
    made["interlaced"] = png(noise("L")[1], 0, interlaced=1)
    assert [name for name, data in made.items() if plain.decode(data) is not None] == []


def test_an_animation_is_measured_by_its_frames():
    frames = [Image.new("L", (9, 9), shade) for shade in (0, 255)]
    frames[0].save(buffer := io.BytesIO(), "PNG", save_all=True, append_images=frames[1:])
    assert plain.size(buffer.getvalue()) is None
    assert images.measure(buffer.getvalue()).pixels == 2 * 81


@pytest.mark.parametrize("damage", ["cut", "a bit", "too few rows"])
def test_damage_is_named(damage):
    _, rows = noise("RGB")
    data = png(rows if damage != "too few rows" else rows[: len(rows) // 2], 2)
    if damage == "cut":
        data = data[: len(data) // 2]
    if damage == "a bit":
        data = data[:500] + bytes([data[500] ^ 1]) + data[501:]
    assert plain.decode(data) is None
    with pytest.raises(PictureError, match="made: is damaged or cut short"):
        images.load(data, name="made")
