"""Every format, mode and error of the one place that opens pictures."""

from __future__ import annotations

import io
import os
import struct
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from encoded import COLOUR, GREY, encode, far
from PIL import Image

from scrawl import images
from scrawl.errors import PictureError


@pytest.mark.parametrize(
    ("format_", "options", "error"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 95}, 24),
        ("JPEG", {"quality": 98, "subsampling": 0}, 8),
        ("GIF", {}, 40),
    ],
)
def test_formats(format_: str, options: dict[str, object], error: int) -> None:
    loaded = images.load(encode(Image.fromarray(COLOUR), format_, **options))
    assert loaded.dtype == np.uint8
    assert far(loaded, COLOUR) <= error


@pytest.mark.parametrize("format_", ["PNG", "BMP", "TIFF"])
def test_grey_stays_grey(format_: str) -> None:
    assert far(images.load(encode(Image.fromarray(GREY), format_)), GREY) == 0


def test_path_bytes_image_and_array_agree(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(COLOUR).save(path)
    for picture in (path, str(path), path.read_bytes(), Image.fromarray(COLOUR), COLOUR):
        assert far(images.load(picture), COLOUR) == 0


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB", "HSV", "P", "RGBX"])
def test_colour_modes(mode: str) -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 204
    image = Image.fromarray(red)
    if mode == "LAB":
        image = Image.new("LAB", (8, 8), (54, 200, 190))
        red = np.asarray(image.convert("RGB"))
    loaded = images.load(image.convert(mode))
    assert far(loaded, red) <= 4


def test_cmyk_jpeg() -> None:
    red = Image.new("RGB", (16, 16), (200, 0, 0))
    loaded = images.load(encode(red.convert("CMYK"), "JPEG", quality=98))
    assert far(loaded, np.asarray(red)) <= 8


@pytest.mark.parametrize(
    "array",
    [
        GREY > 100,
        GREY.astype(np.uint16) * 257,
        GREY.astype(np.int32),
        GREY.astype(np.int64) * 257,
        GREY / 255,
        (GREY / 255).astype(np.float16),
        GREY.astype(np.float32),
        GREY[..., None],
        COLOUR,
        COLOUR / 255,
        np.dstack([COLOUR, np.full_like(GREY, 255)]),
        np.dstack([GREY, np.full_like(GREY, 255)]),
        np.asfortranarray(COLOUR),
        COLOUR[::-1, ::-1][::-1, ::-1],
    ],
    ids=lambda a: f"{a.dtype}{a.shape}",
)
def test_arrays(array: np.ndarray) -> None:
    expected = COLOUR if array.ndim == 3 and array.shape[2] > 2 else GREY
    if array.dtype == np.bool_:
        expected = np.where(GREY > 100, 255, 0)
    loaded = images.load(array)
    assert loaded.dtype == np.uint8
    assert far(loaded, expected) <= 1


def test_an_array_is_left_as_it_was() -> None:
    array = np.dstack([COLOUR, GREY])
    before = array.copy()
    images.load(array)
    assert (array == before).all()


@pytest.mark.parametrize("depth", [10, 12, 14, 16])
def test_bit_depths(depth: int) -> None:
    top = 2**depth - 1
    array = np.array([[0, top // 2, top]], np.uint16)
    assert far(images.load(array), np.array([[0, 127, 255]])) <= 1


def test_one_bit_16_bit_integer_and_float_images() -> None:
    assert set(np.unique(images.load(Image.fromarray(GREY > 100)))) == {0, 255}
    wide = Image.fromarray(GREY.astype(np.uint16) * 257)
    assert wide.mode == "I;16"
    assert far(images.load(encode(wide, "PNG")), GREY) <= 1
    assert far(images.load(encode(wide, "TIFF")), GREY) <= 1
    assert far(images.load(Image.fromarray(GREY.astype(np.int32))), GREY) <= 1
    assert far(images.load(Image.fromarray(GREY.astype(np.float32))), GREY) <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation(orientation: int) -> None:
    upright = Image.fromarray(COLOUR)
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    loaded = images.load(encode(stored, "PNG", exif=exif))
    assert far(loaded, COLOUR) == 0


@pytest.mark.parametrize("ink", [0, 60, 200, 255])
@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA", "array"])
def test_ink_on_a_transparent_canvas_shows(ink: int, mode: str) -> None:
    alpha = np.zeros((20, 20), np.uint8)
    alpha[4:16, 9:11] = 255
    drawn = np.full((20, 20, 4), ink, np.uint8)
    drawn[..., 3] = alpha
    picture = drawn if mode == "array" else Image.fromarray(drawn).convert(mode)
    loaded = images.load(picture).astype(int)
    assert abs(loaded[10, 10] - loaded[0, 0]).min() >= 128
    assert abs(loaded[10, 10] - ink).max() <= 8


def test_palette_with_a_transparent_colour() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([255, 0, 255, 10, 10, 10] + [0] * 762)
    image.paste(1, (9, 4, 11, 16))
    for format_ in ("PNG", "GIF"):
        loaded = images.load(encode(image, format_, transparency=0))
        assert loaded[10, 10].max() <= 10
        assert loaded[0, 0].min() == 255


def test_transparent_corners_take_the_papers_colour() -> None:
    page = np.full((40, 40, 4), 240, np.uint8)
    page[10:30, 18:22, :3] = 20
    page[..., 3] = 255
    page[:4, :4, 3] = 0
    loaded = images.load(page)
    assert (loaded[0, 0] == 240).all()
    assert (loaded[20, 20] == 20).all()


def test_fully_transparent_is_blank() -> None:
    assert np.ptp(images.load(np.zeros((8, 8, 4), np.uint8))) == 0


BROKEN = {
    "empty": b"",
    "text": b"this is no picture",
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(64),
    "header": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_not_a_picture(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.heic"
    path.write_bytes(BROKEN[kind])
    needs = kind == "heic" and find_spec("pillow_heif") is None
    expected = "is a HEIC picture, which needs pillow-heif" if needs else ".*expected PNG, JPEG"
    with pytest.raises(PictureError, match=rf"photo\.heic: {expected}") as caught:
        images.load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.8])
def test_cut_short(format_: str, share: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encode(Image.fromarray(noise), format_)
    path = tmp_path / "cut"
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(PictureError, match="cut: ") as caught:
        images.load(path)
    assert "\n" not in str(caught.value)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises far more than it holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_001, 10_000), (14_000, 14_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(*_: object) -> None:
        raise AssertionError("the pixels were decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    with pytest.raises(PictureError, match=r"too large .*100,000,000"):
        images.load(bomb(*size))


@pytest.mark.filterwarnings("error")
def test_no_warning_below_the_limit() -> None:
    with pytest.raises(PictureError, match="cut short"):
        images.load(bomb(9_800, 9_800))


def test_the_limit_holds_for_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 100)
    images.load(np.zeros((10, 10), np.uint8))
    with pytest.raises(PictureError, match=r"too large .*received 11×10"):
        images.load(np.zeros((10, 11), np.uint8))


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((0, 5), np.uint8), "no pixels .*received 5×0"),
        (np.zeros((5, 0, 3), np.uint8), "no pixels"),
        (np.zeros(783, np.uint8), r"received \(783,\)"),
        (np.zeros((3, 28, 28), np.uint8), r"received \(3, 28, 28\)"),
        (np.zeros((2, 28, 28, 1), np.uint8), r"received \(2, 28, 28, 1\)"),
        (np.full((5, 5), np.nan), "no numbers"),
        (np.full((5, 5), np.inf), "no numbers"),
        (np.full((5, 5), "x"), "received <U1"),
        (np.zeros((5, 5), complex), "received complex128"),
    ],
)
def test_arrays_refused(array: np.ndarray, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        images.load(array)


@pytest.mark.parametrize("thing", [None, 5, ["a.png"]])
def test_other_things_are_refused(thing: object) -> None:
    with pytest.raises(PictureError, match="expected a path, bytes, a PIL image or an array"):
        images.load(thing)  # type: ignore[arg-type]


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"none\.png: no such file"):
        images.load(tmp_path / "none.png")
    with pytest.raises(PictureError, match="is a folder"):
        images.load(tmp_path)
    with pytest.raises(PictureError, match="no such file"):
        images.load("nul\0l.png")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(PictureError, match=r"secret\.png: no permission to read it"):
        images.load(path)


def test_no_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(PictureError, match=r"secret\.png: no permission to read it"):
        images.load(tmp_path / "secret.png")


def test_names() -> None:
    assert images.name_of("a/b.png") == "a/b.png"
    assert images.name_of(Path("b.png")) == "b.png"
    assert images.name_of(b"12345") == "<5 bytes>"
    assert images.name_of(GREY) == "<array (16, 24) uint8>"
    assert images.name_of(Image.new("L", (3, 2))) == "<image 3×2 L>"


def test_find(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpg", "notes.txt", "deep/er/c.webp", ".hidden.png", ".git/d.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    odd = tmp_path / "notes.txt"
    found = images.find([odd, tmp_path, "missing.png"])
    inside = [tmp_path / name for name in ("a.jpg", "b.PNG", "deep/er/c.webp")]
    assert found == [odd, *inside, Path("missing.png")]


def test_find_takes_pdfs_when_asked(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.PDF"):
        (tmp_path / name).touch()
    assert images.find([tmp_path]) == [tmp_path / "a.jpg"]
    assert images.find([tmp_path], pdf=True) == [tmp_path / "a.jpg", tmp_path / "b.PDF"]


SCAN = np.random.default_rng(0).integers(0, 256, (330, 234), dtype=np.uint8)


def pdf(*scans: np.ndarray, resolution: float = 100) -> bytes:
    """A PDF with a scan on each page, as an office's scanner makes it."""
    first, *rest = [Image.fromarray(scan) for scan in scans]
    return encode(first, "PDF", resolution=resolution, save_all=True, append_images=rest)


def test_the_pages_of_a_pdf_have_their_scans_pixels(tmp_path: Path) -> None:
    red = np.zeros((60, 50, 3), np.uint8)
    red[..., 0] = 200
    smooth = np.tile(np.arange(234, dtype=np.uint8), (330, 1))
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(smooth, red, resolution=163.7))
    first, second = images.pages(path)
    assert (first.file, first.number, first.count) == (str(path), 1, 2)
    assert second.name == f"{path}, page 2 of 2"
    assert first.pixels.shape == smooth.shape
    assert far(first.pixels, smooth) <= 12  # it holds a JPEG
    assert far(second.pixels, red) <= 12
    assert far(images.load(path), smooth) <= 12


def test_a_page_that_is_no_scan_has_300_dpi(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(72, 144)
    out = io.BytesIO()
    document.save(out)
    [page] = images.pages(out.getvalue())
    assert page.pixels.shape == (600, 300)
    assert page.pixels.min() == 255
    monkeypatch.setattr(images, "MAX_PIXELS", 40_000)
    assert images.load(out.getvalue()).size <= 40_000


def test_a_scan_in_a_pdf_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", SCAN.size - 1)
    with pytest.raises(PictureError, match=r"bytes>: is too large .*received 234×330"):
        images.load(pdf(SCAN))


ENCRYPTED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/P -4/O <%s>/U <%s>>>endobj
trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>
""" % (b"11" * 32, b"22" * 32)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n" + bytes(64), "is damaged or cut short .expected a PDF"),
        (pdf(SCAN)[:1000], "is damaged or cut short .expected a PDF"),
        (ENCRYPTED, "is encrypted .expected a PDF that opens without a password"),
    ],
    ids=["header", "cut short", "encrypted"],
)
def test_a_pdf_that_cannot_be_opened(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=rf"scan\.pdf: {message}") as caught:
        list(images.pages(path))
    assert "\n" not in str(caught.value)


def test_the_pages_of_a_tiff() -> None:
    second = Image.new("L", (9, 8), 20)
    data = encode(Image.fromarray(GREY), "TIFF", save_all=True, append_images=[second])
    first, last = images.pages(data, name="scan.tif")
    assert (first.name, last.name) == ("scan.tif, page 1 of 2", "scan.tif, page 2 of 2")
    assert far(first.pixels, GREY) == 0
    assert (last.pixels.shape, last.pixels.max()) == ((8, 9), 20)
    assert far(images.load(data), GREY) == 0


def test_a_thumbnail_in_a_tiff_is_no_page(tmp_path: Path) -> None:
    from PIL import TiffImagePlugin

    small = Image.new("L", (9, 8), 20)
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[254] = 1
    small.encoderinfo = {"tiffinfo": info}
    data = encode(Image.fromarray(GREY), "TIFF", save_all=True, append_images=[small])
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        assert image.tag_v2[254] == 1
    [page] = images.pages(data, name="a#2")
    assert (page.name, page.number) == ("a#2", 1)
    assert far(page.pixels, GREY) == 0


def test_anything_else_is_one_page() -> None:
    frames = [Image.new("L", (9, 9), 200), Image.new("L", (9, 9), 20)]
    animation = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    for picture in (GREY, Image.fromarray(GREY), encode(Image.fromarray(GREY), "PNG"), animation):
        [page] = images.pages(picture)
        assert page.name == images.name_of(picture)
        assert far(page.pixels, images.load(picture)) == 0


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(PictureError, match="no pictures in this folder"):
        images.find([tmp_path])


def test_the_extent_of_a_picture_is_in_its_head() -> None:
    frames = [Image.new("L", (30, 40 + number)) for number in range(5)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    data = buffer.getvalue()
    assert images.measure(data) == images.Extent(5, 30 * 44)
    assert images.measure(data, max_pages=2).pages == 3  # it counted no further
    with pytest.raises(PictureError, match="page 4 of 5: is too large"):
        images.measure(data, max_pixels=30 * 42, name="a.tif")
    with pytest.raises(PictureError, match="cannot be opened"):
        images.measure(b"nothing of the kind", name="x")
