"""Reading whole pictures with the model that scrawl carries."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import scrawl.weights
from scrawl import PageReader
from scrawl.errors import InputError, ModelError, PictureError
from scrawl.pages.line_reader import LineReader
from scrawl.pages.strip import HEIGHT

FONT = cv2.FONT_HERSHEY_SIMPLEX
EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"


@pytest.fixture(scope="module")
def reader():
    return PageReader.load()


@pytest.fixture(scope="module")
def strokes():
    """Writes a number with scikit-learn's digits, 8×8 enlarged, on a sheet.

    The first of each digit that is no blot: of the 1s the third, of the 5s the second.
    """
    from sklearn.datasets import load_digits

    glyphs = load_digits()
    first = {
        digit: glyphs.images[np.flatnonzero(glyphs.target == digit)[{1: 2, 5: 1}.get(digit, 0)]]
        / 16
        for digit in range(10)
    }

    def write(sheet, text, x, y, size, dark=200):
        for character in text:
            if character != " ":
                glyph = cv2.resize(
                    first[int(character)], (size, size), interpolation=cv2.INTER_CUBIC
                )
                here = sheet[y : y + size, x : x + size]
                here[:] = np.clip(here - dark * np.clip(glyph, 0, 1), 0, 255).astype(np.uint8)
            x += round(size * 0.9)
        return sheet

    return write


def blank(height, width, level=235):
    return np.full((height, width), level, np.uint8)


@pytest.mark.parametrize("size", [24, 40, 90, 200])
def test_a_number_is_read_whatever_its_size(reader, strokes, size):
    sheet = strokes(blank(2 * size, 8 * size), "3850162", size // 2, size // 2, size)
    assert reader.read(sheet).text == "3850162"


def test_lines_groups_and_boxes(reader, strokes):
    sheet = strokes(blank(400, 700), "472", 60, 60, 50)
    sheet = strokes(sheet, "90", 400, 64, 50)
    sheet = strokes(sheet, "1835", 60, 220, 50)
    reading = reader.read(sheet)
    assert reading.text == "472 90\n1835"
    first = reading.lines[0].digits[0]
    x0, y0, x1, y1 = first.box
    assert 55 <= x0 < x1 <= 115
    assert 55 <= y0 < y1 <= 115
    assert first.probabilities[4] == pytest.approx(first.confidence)
    assert reading.confidence == min(digit.confidence for digit in reading.digits)


@pytest.mark.parametrize(
    "picture",
    [
        blank(1, 1),
        blank(300, 400),
        blank(20, 4000),
    ],
    ids=["1×1", "blank", "a strip"],
)
def test_an_empty_page_is_empty(reader, picture):
    reading = reader.read(picture)
    assert reading.text == ""
    assert reading.confidence == 0
    assert not reading.uncertain


def test_nothing_is_surely_read_in_noise(reader):
    for seed in range(5):
        noise = np.random.default_rng(seed).integers(200, 240, (300, 400), np.uint8)
        assert all(digit.uncertain for digit in reader.read(noise).digits)


def test_light_on_dark_and_colour_are_read(reader, strokes):
    sheet = strokes(blank(100, 300), "5074", 30, 25, 50)
    colour = np.stack([sheet, sheet, np.full_like(sheet, 235)], 2)
    assert reader.read(255 - sheet).text == reader.read(colour).text == "5074"


def test_ruled_lines_are_not_digits(reader, strokes):
    sheet = blank(400, 600)
    for y in range(40, 400, 60):
        cv2.line(sheet, (0, y), (600, y), 120, 2)
    for x in range(20, 600, 80):
        cv2.line(sheet, (x, 0), (x, 400), 120, 2)
    assert reader.read(sheet).digits == ()
    assert reader.read(strokes(sheet, "6", 115, 105, 48)).text == "6"


def test_the_table_is_what_json_prints(reader, strokes):
    table = reader.read(strokes(blank(100, 300), "27", 30, 25, 50)).to_dict()
    assert json.loads(json.dumps(table)) == table
    assert table["text"] == table["lines"][0]["text"] == "27"
    digit = table["lines"][0]["digits"][0]
    keys = {"digit", "text", "confidence", "uncertain", "crossed_out", "box", "probabilities"}
    assert set(digit) == keys


def test_the_drawing_marks_every_digit(reader, strokes):
    sheet = strokes(blank(100, 300), "27", 30, 25, 50)
    sure = np.asarray(PageReader.load(threshold=0).read(sheet).draw()).reshape(-1, 3)
    doubtful = np.asarray(PageReader.load(threshold=1).read(sheet).draw()).reshape(-1, 3)
    blue, red = (0x1D, 0x6F, 0xD1), (0xD3, 0x26, 0x1B)
    assert (sure == blue).all(1).sum() > 500
    assert not (sure == red).all(1).any()
    assert (doubtful == red).all(1).sum() > 500
    assert reader.read(sheet)._repr_png_().startswith(b"\x89PNG")


def test_read_is_the_short_way(strokes):
    assert scrawl.read(strokes(blank(100, 300), "27", 30, 25, 50)).text == "27"


def test_the_models_that_scrawl_carries_are_small():
    folder = scrawl.weights.LINES.parent
    assert sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) < 10e6
    lines = LineReader(scrawl.weights.LINES)
    assert lines.info.recipe == "lines"
    strip = np.random.default_rng(0).integers(0, 256, (HEIGHT, 64), np.uint8)
    for words in (False, True):
        said = lines.digit_steps(strip, words)
        assert said.shape == (32, 11)
        assert np.exp(said).sum(1) == pytest.approx(1, abs=1e-3)


def test_a_model_of_something_else_is_no_reader_of_lines():
    with pytest.raises(ModelError, match=r"reads lines, received a model that reads pages"):
        PageReader.load(lines=scrawl.weights.PAGES)


def test_what_is_no_picture_is_refused(reader, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(PictureError, match=r"text\.png: cannot be opened"):
        reader.read(tmp_path / "text.png")
    with pytest.raises(InputError, match="expected 0 to 1, received 2"):
        PageReader.load(threshold=2)
    with pytest.raises(ModelError, match="no such model"):
        PageReader.load("none.onnx")


def test_the_photos_of_numbers_are_read(reader, shared):
    import csv

    folder = shared("numbers")
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].startswith("photos/")]
    said = [reader.read(folder / row["file"]).text.replace(" ", "") for row in rows]
    right = [a == row["text"].replace("|", "\n") for a, row in zip(said, rows, strict=True)]
    assert all(right)


def test_the_bundled_model_is_small_and_says_what_it_is():
    from scrawl.weights import PAGES

    assert PAGES.stat().st_size < 4e6
    assert PAGES.with_suffix(".md").is_file()


def test_the_examples_of_one_digit_are_read_as_pages(reader):
    assert reader.read(EXAMPLES / "5-canvas.png").text == "5"
    with Image.open(EXAMPLES / "9-chalk.jpg") as image:
        assert reader.read(image).text == "9"


def test_a_reading_is_given_up_between_two_windows(reader):
    """The check is asked before each window, of which a large page has several a level."""

    class EnoughError(Exception):
        pass

    sheet = np.full((1400, 1400, 3), 255, np.uint8)
    for y in range(100, 1400, 150):
        cv2.putText(sheet, "12 34 56 78", (60, y), FONT, 3, (0, 0, 0), 6)
    asked = []
    reader.read(sheet, check=lambda: asked.append(None))
    assert len(asked) > 5

    def check():
        asked.append(None)
        if len(asked) == 5:
            raise EnoughError

    asked.clear()
    with pytest.raises(EnoughError):
        reader.read(sheet, check=check)
    assert len(asked) == 5
