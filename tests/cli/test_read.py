"""``scrawl read --one`` and the model that scrawl carries, as a user runs them."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from commands import scrawl
from scrawl import DigitReader, OneDigitReader, images
from scrawl.bundle import DIGITS
from scrawl.prediction import REASONS

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"
ANSWERS = {
    row["file"]: int(row["label"]) for row in csv.DictReader((EXAMPLES / "labels.csv").open())
}


def read(*arguments, **options):
    return scrawl("read", *arguments, **options)


def fails(*arguments, **options) -> str:
    done = read(*arguments, **options)
    assert done.returncode == 1, done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    return done.stderr.decode().splitlines()[-1]


@pytest.fixture(scope="module")
def reader():
    return DigitReader.load()


def test_the_examples_are_read(reader):
    predictions = list(reader.read_many(EXAMPLES / name for name in ANSWERS))
    assert [prediction.digit for prediction in predictions] == list(ANSWERS.values())
    scribble = reader.read(EXAMPLES / "scribble.jpg")
    assert scribble.uncertain
    assert scribble.reason in REASONS
    assert scribble.digit is None


def test_the_demo_prints_a_line_a_picture():
    done = read("--one", EXAMPLES)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert len(lines) == len(ANSWERS) + 1
    assert lines[-1].startswith(f"{EXAMPLES / 'scribble.jpg'}: not a digit (")


def test_json_has_the_fields_that_are_promised():
    rows = json.loads(read("--one", "--json", "--top", 3, EXAMPLES).stdout)
    assert len(rows) == len(ANSWERS) + 1
    for row in rows:
        assert {"file", "digit", "text", "confidence", "rejected", "error"} <= row.keys()
        assert row["digit"] == ANSWERS.get(Path(row["file"]).name)
        assert row["error"] is None
        assert len(row["top"]) == 3
        assert row["top"][0]["confidence"] == row["confidence"]


def test_csv_is_csv():
    text = read("--one", "--csv", EXAMPLES / "3-sticky.jpg").stdout.decode()
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["digit"], row["rejected"], row["error"]) == ("3", "False", "")


def test_stdin_is_read():
    done = subprocess.run(
        [sys.executable, "-m", "scrawl", "read", "--one", "-"],
        input=(EXAMPLES / "5-canvas.png").read_bytes(),
        capture_output=True,
    )
    assert done.stdout.decode().startswith("-: 5 (")


def test_explain_writes_a_picture(tmp_path):
    out = tmp_path / "why.png"
    assert read("--one", EXAMPLES / "1-notebook.jpg", "--explain", out).returncode == 0
    with Image.open(out) as image:
        assert image.width > 3 * image.height
        assert len(image.getcolors(1 << 20)) > 100


def test_a_bad_picture_among_good_ones_is_named_and_the_rest_are_read(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    Image.new("RGB", (200, 100), "white").save(tmp_path / "blank.png")
    done = read(
        "--one",
        "--json",
        tmp_path / "text.png",
        tmp_path / "none.png",
        tmp_path / "blank.png",
        EXAMPLES / "4-desk.jpg",
    )
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    assert [row["digit"] for row in rows] == [None, None, None, 4]
    assert "cannot be opened as a picture" in rows[0]["error"]
    assert "no such file" in rows[1]["error"]
    assert "no ink found" in rows[2]["error"]
    told = done.stderr.decode().splitlines()
    assert len(told) == 4
    assert told[-1] == "scrawl: 3 of 4 were not read"


def test_a_drawing_animation_is_read_where_it_is_whole(tmp_path):
    sheet, frames = Image.new("L", (200, 200), 255), []
    for stroke in ((60, 40, 140, 52), (128, 40, 140, 165)):  # a 7, in two strokes
        frames.append(sheet.copy())
        ImageDraw.Draw(sheet).rectangle(stroke, fill=0)
    path = tmp_path / "seven.gif"
    frames[0].save(path, save_all=True, append_images=[*frames[1:], sheet, frames[0]])
    done = read("--one", "--json", path)
    [row] = json.loads(done.stdout)
    assert row["digit"] == 7
    assert row["note"] == "an animation: read frame 3, the last of 4 that adds ink"
    assert done.stderr.decode() == f"note: {path}: {row['note']}\n"


def test_a_picture_of_a_folder_that_is_not_read_is_named_and_counted(tmp_path):
    (tmp_path / "a.psd").write_bytes(b"8BPS\x00\x01" + bytes(20))
    Image.open(EXAMPLES / "4-desk.jpg").save(tmp_path / "b", "PNG")
    done = read("--one", tmp_path)
    assert done.returncode == 1
    named, counted = done.stderr.decode().splitlines()
    assert named.startswith(f"scrawl: {tmp_path / 'a.psd'}: is a Photoshop picture (expected PNG")
    assert counted == "scrawl: 1 of 2 were not read"
    assert done.stdout.decode().startswith(f"{tmp_path / 'b'}: 4 (")


def test_the_box_of_a_large_photo_is_in_its_own_pixels(tmp_path, reader):
    page = Image.new("L", (3000, 2400), 225)
    seven = [(1200, 650), (1800, 650), (1400, 1800)]
    ImageDraw.Draw(page).line(seven, fill=20, width=100, joint="curve")
    page.save(tmp_path / "photo.jpg")
    prediction = OneDigitReader.load().read(tmp_path / "photo.jpg")
    assert prediction.digit == 7
    assert np.abs(np.subtract(prediction.box, (1200, 600, 1850, 1815))).max() < 25


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--one", "--json", "--csv", EXAMPLES], "expected one of --json and --csv"),
        (["--one", "--threshold", "2", EXAMPLES], "threshold: expected 0 to 1, received 2"),
        (["--one", "--explain", "x.xyz", EXAMPLES], "x.xyz: expected a name that ends in .png"),
        (["--one", "--model", "none.onnx", EXAMPLES], "none.onnx: no such model"),
        (["--one", "--explain", "/nowhere/x.png", EXAMPLES / "4-desk.jpg"], "cannot be written"),
    ],
)
def test_bad_input_gets_one_clear_line(arguments, message):
    assert message in fails(*arguments)


def test_a_folder_without_pictures_is_named(tmp_path):
    assert "no pictures" in fails("--one", tmp_path)


def test_threshold_0_gives_every_picture_its_likeliest_digit():
    [row] = json.loads(
        read("--one", "--json", "--threshold", "0", EXAMPLES / "scribble.jpg").stdout
    )
    assert row["digit"] in range(10)
    assert not row["rejected"]


def test_python_takes_paths_bytes_images_and_arrays(reader):
    path = EXAMPLES / "9-chalk.jpg"
    array = images.load(path)
    ways = [str(path), path, path.read_bytes(), Image.open(path), array, array.astype(float) / 255]
    predictions = list(reader.read_many(ways))
    assert [prediction.digit for prediction in predictions] == [9] * len(ways)
    assert len({round(prediction.confidence, 3) for prediction in predictions}) == 1


def test_a_prediction_says_what_it_saw(reader):
    prediction = reader.read(EXAMPLES / "6-small.webp")
    x0, y0, x1, y1 = prediction.box
    assert 350 < x0 < x1 < 450  # a digit 60 pixels high, at four fifths of 500 and 15% of 700
    assert 60 < y0 < y1 < 150
    assert (prediction.image.shape, prediction.image.dtype) == ((28, 28), np.uint8)
    assert prediction.probabilities.shape == (10,)
    assert prediction.top(1) == [(6, pytest.approx(prediction.confidence))]
    assert prediction._repr_png_().startswith(b"\x89PNG")


def test_the_bundled_model_is_small_and_says_what_it_is(reader):
    from scrawl.weights import READER

    assert READER.stat().st_size < 1.8e6
    assert reader.info.classes == (*"0123456789", "not a digit")
    assert 0 < reader.threshold < 1
    assert reader.info.temperature > 0
    assert READER.with_suffix(".md").is_file()


def test_real_pictures_are_read(shared):
    from scrawl.data.pictures import labelled
    from scrawl.evaluate import evaluate_pictures

    report = evaluate_pictures(
        OneDigitReader.load(), labelled(shared("pictures"), DIGITS), "pictures"
    )
    assert report.n == 852
    assert report.accuracy > 0.98
    assert report.kept.mean() > 0.97


def test_mnist_is_read(reader, mnist):
    rows = reader.probabilities(mnist.x_test)[:, :10]
    assert (rows.argmax(axis=1) == mnist.y_test).mean() > 0.993
