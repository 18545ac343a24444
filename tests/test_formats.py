"""Formats beyond the usual ones, animations, decoding no more than is needed, folders."""

import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from encoded import COLOUR, GREY, encode, far
from PIL import Image, ImageDraw, features

from scrawl import images
from scrawl.errors import PictureError
from scrawl.images.formats import kind_of


def heic(image: Image.Image, **options: object) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("format_", "options", "error"),
    [
        ("JPEG2000", {"irreversible": False}, 0),
        ("PPM", {}, 0),
        ("AVIF", {"quality": 100, "subsampling": "4:4:4"}, 8),
    ],
)
def test_formats(format_: str, options: dict[str, object], error: int) -> None:
    if format_ == "AVIF" and not features.check("avif"):
        pytest.skip("Pillow as installed has no AVIF")
    assert far(images.load(encode(Image.fromarray(COLOUR), format_, **options)), COLOUR) <= error


def test_grey_and_bits_of_pnm() -> None:
    assert far(images.load(encode(Image.fromarray(GREY), "PPM")), GREY) == 0
    assert set(np.unique(images.load(b"P1\n3 1\n0 1 0\n"))) == {0, 255}


def test_the_largest_picture_of_an_icon() -> None:
    icon = encode(Image.new("RGB", (64, 64), (9, 9, 9)), "ICO", sizes=[(16, 16), (64, 64)])
    assert images.load(icon).shape[:2] == (64, 64)


def test_heic() -> None:
    assert far(images.load(heic(Image.fromarray(COLOUR), quality=100, chroma=444)), COLOUR) <= 12


def test_heic_is_turned_as_its_camera_says() -> None:
    page = Image.new("L", (64, 48), 255)
    ImageDraw.Draw(page).rectangle((0, 0, 20, 47), fill=0)  # dark at the left
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned clockwise: dark at the top
    loaded = images.load(heic(page, quality=90, exif=exif.tobytes()))
    assert loaded.shape[:2] == (64, 48)
    assert loaded[:15].mean() < 60 < 200 < loaded[30:].mean()


def test_heic_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    photo = b"\x00\x00\x00\x18ftypheic" + bytes(64)
    with pytest.raises(PictureError, match=r"is a HEIC picture.*pip install 'scrawl\[heic\]'"):
        images.load(photo)


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    '<line x1="50" y1="10" x2="50" y2="190" stroke="black" stroke-width="12"/>{more}</svg>'
)


def svg(size: str = 'width="600" height="200"', more: str = "") -> bytes:
    return SVG.format(size=size, more=more).encode()


def test_svg() -> None:
    pytest.importorskip("resvg_py")
    drawing = svg()
    for data in (
        drawing,
        b'<?xml version="1.0"?>\n<!-- drawn -->' + drawing,
        gzip.compress(drawing),
    ):
        loaded = images.load(data)
        assert loaded.shape[:2] == (200, 600)
        assert loaded[100, 50].max() == 0
        assert loaded[100, 300].min() == 255


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ('viewBox="0 0 60 200"', (400, 120)),
        ('width="1in" height="5in"', (480, 96)),
        ('width="100%" viewBox="0 0 1000 500"', (500, 1000)),
        ('viewBox="0 0 100000 50000"', (2000, 4000)),
    ],
)
def test_the_size_of_an_svg(size: str, shape: tuple[int, int]) -> None:
    pytest.importorskip("resvg_py")
    assert images.load(svg(size)).shape[:2] == shape


def test_an_svg_without_a_size_is_cropped_to_what_it_draws() -> None:
    pytest.importorskip("resvg_py")
    assert images.load(svg("")).shape[0] == 200


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (svg()[:80], "damaged or cut short .expected an SVG"),
        (svg(more='<image href="/etc/secret.png"/>'), "draws on other files"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(), "draws on other files"),
        (svg('width="1" height="1e9"'), "no size that can be drawn"),
    ],
)
def test_an_svg_that_is_refused(data: bytes, message: str) -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(PictureError, match=message) as caught:
        images.load(data)
    assert "\n" not in str(caught.value)


def test_svg_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    with pytest.raises(PictureError, match=r"is an SVG drawing.*pip install 'scrawl\[svg\]'"):
        images.load(svg())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"8BPS\x00\x01", "Photoshop"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00mif1avif", "AVIF"),
        (b"<html><svg></svg></html>", None),
        (b"P5 has five points", None),
        (b"file,label\n", None),
    ],
)
def test_what_the_first_bytes_say(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind


def test_a_picture_of_a_kind_that_is_not_read_is_named() -> None:
    with pytest.raises(PictureError, match=r"^a\.psd: is a Photoshop picture .expected PNG"):
        images.load(b"8BPS\x00\x01" + bytes(20), name="a.psd")


def frames(*strokes: tuple[int, int, int, int] | None) -> list[Image.Image]:
    """A sheet to which strokes are added one by one; None clears it."""
    sheet, all_ = Image.new("L", (120, 90), 255), []
    for stroke in strokes:
        if stroke is None:
            sheet = Image.new("L", (120, 90), 255)
        else:
            ImageDraw.Draw(sheet).rectangle(stroke, fill=0)
        all_.append(sheet.copy())
    return all_


A, B, C = (10, 10, 20, 80), (40, 10, 50, 80), (70, 10, 80, 80)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize(
    ("drawn", "expected"),
    [((None, A, B, C), 3), ((A, B, C, C, C), 2), ((None, A, B, None), 2), ((C, None), 0)],
)
def test_the_last_frame_that_adds_ink(
    format_: str, drawn: tuple[tuple[int, int, int, int] | None, ...], expected: int
) -> None:
    first, *rest = frames(*drawn)
    options = {"lossless": True} if format_ == "WEBP" else {}
    data = encode(first, format_, save_all=True, append_images=rest, duration=50, **options)
    [page] = images.pages(data)
    wanted = np.asarray(frames(*drawn)[expected])
    shown = page.pixels if page.pixels.ndim == 2 else page.pixels[..., 0]
    assert far(shown, wanted) <= 2
    assert page.note is not None
    assert page.note.startswith(f"an animation: read frame {expected + 1}, ")


def test_a_still_gif_needs_no_note() -> None:
    [page] = images.pages(encode(Image.fromarray(GREY), "GIF"))
    assert page.note is None


def photo(width: int = 2400, height: int = 1800, **options: object) -> bytes:
    page = Image.new("L", (width, height), 230)
    ImageDraw.Draw(page).rectangle((1200, 600, 1260, 1200), fill=20)
    return encode(page, "JPEG", quality=90, **options)


def test_no_more_of_a_jpeg_is_decoded_than_is_enough() -> None:
    data = photo()
    [page] = images.pages(data, enough=1000)
    assert page.pixels.shape == (900, 1200)
    assert page.size == (2400, 1800)
    assert page.in_own_pixels((600, 300, 631, 600)) == (1200, 600, 1262, 1200)
    full = page.at_full_size()
    assert full.pixels.shape == (1800, 2400)
    assert full.in_own_pixels((3, 4, 5, 6)) == (3, 4, 5, 6)
    assert images.load(data).shape == images.load(page).shape == (1800, 2400)


def test_a_turned_jpeg_has_its_size_the_right_way_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    [page] = images.pages(photo(exif=exif), enough=500)
    assert page.size == (1800, 2400)
    assert page.pixels.shape == (600, 450)


def test_the_limit_of_pixels_is_that_of_the_whole_jpeg() -> None:
    with pytest.raises(PictureError, match=r"too large .*received 2400×1800"):
        next(images.pages(photo(), 1_000_000, enough=500))


@pytest.mark.parametrize("shape", [(784,), (1, 784), (1, 28, 28), (1, 28, 28, 1)])
def test_one_of_mnist_as_tutorials_hold_it(shape: tuple[int, ...]) -> None:
    digit = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    assert far(images.load(digit.reshape(shape)), digit) == 0
    assert far(images.load(digit.reshape(shape) / 255), digit) <= 1


@pytest.mark.parametrize(
    "address", ["https://example.org/7.png", "http://a.b/c", Path("ftp://x/y")]
)
def test_an_address_says_what_to_do(address: str | Path) -> None:
    with pytest.raises(PictureError, match=r"is an address .expected a file; download it first"):
        images.load(address)


def test_a_folder_gives_all_that_its_bytes_say_are_pictures(tmp_path: Path) -> None:
    png = encode(Image.fromarray(GREY), "PNG")
    contents = {
        "a.png": png, "b.psd": b"8BPS\x00\x01", "c": png, "d.txt": png, "e.bin": b"other",
        "f.heic": b"", "g.docx": b"PK\x03\x04",
    }  # fmt: skip
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    found = [path.name for path in images.find([tmp_path])]
    assert found == ["a.png", "b.psd", "c", "f.heic"]
