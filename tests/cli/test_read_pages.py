"""``scrawl read`` on numbers and pages, as a user runs it."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from commands import scrawl

NUMBERS = Path(__file__).parents[2] / "examples" / "numbers"
TEXTS = {
    row["file"]: row["text"].replace("|", "\n")
    for row in csv.DictReader((NUMBERS / "labels.csv").open())
}


def read(*arguments, **options):
    return scrawl("read", *arguments, **options)


def test_the_examples_are_read():
    done = read("--json", NUMBERS)
    assert done.returncode == 0, done.stderr.decode()
    rows = json.loads(done.stdout)
    assert {Path(row["file"]).name: row["text"] for row in rows} == TEXTS
    amount = next(row for row in rows if row["file"].endswith("amount.jpg"))
    assert "-" in [mark["mark"] for mark in amount["lines"][0]["marks"]]
    for digit in amount["lines"][0]["digits"]:
        x0, y0, x1, y1 = digit["box"]
        assert 0 <= x0 < x1 <= 520
        assert 0 <= y0 < y1 <= 150


def test_a_person_sees_a_line_a_line():
    done = read(NUMBERS / "note.jpg", NUMBERS / "amount.jpg", "--threshold", "0", "--marks")
    lines = done.stdout.decode().splitlines()
    texts = [line.split()[1] for line in lines]
    shown = ["".join(sign for sign in text if sign.isdecimal()) for text in texts]
    assert shown == ["20731", "95846", "16480"]
    assert "-" in texts[2]


def test_doubtful_digits_are_named():
    line = read(NUMBERS / "canvas.png", "--threshold", "1").stdout.decode()
    assert "check 2 at " in line


def test_csv_has_a_row_a_line():
    rows = list(csv.DictReader(io.StringIO(read("--csv", NUMBERS / "note.jpg").stdout.decode())))
    assert [(row["line"], row["text"]) for row in rows] == [("1", "20731"), ("2", "95846")]
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)


def test_draw_writes_a_picture(tmp_path):
    out = tmp_path / "seen.png"
    assert read(NUMBERS / "amount.jpg", "--draw", out).returncode == 0
    with Image.open(out) as image:
        assert image.width == 900


def test_each_page_is_drawn_into_a_file_of_its_own(tmp_path):
    with Image.open(NUMBERS / "note.jpg") as note, Image.open(NUMBERS / "amount.jpg") as amount:
        note.save(tmp_path / "two.tif", save_all=True, append_images=[amount.convert("RGB")])
    done = read(tmp_path / "two.tif", "--draw", tmp_path / "seen.png")
    assert done.stderr.decode().count("wrote") == 2
    sizes = [Image.open(tmp_path / name).size for name in ("seen.png", "seen-2.png")]
    assert sizes[0] != sizes[1]
    read(tmp_path / "two.tif", NUMBERS / "note.jpg", "--draw", tmp_path / "folder")
    names = {path.name for path in (tmp_path / "folder").iterdir()}
    assert names == {"two-1.png", "two-2.png", "note.png"}


def test_stdin_and_a_pdf_are_read(tmp_path):
    with Image.open(NUMBERS / "note.jpg") as note, Image.open(NUMBERS / "amount.jpg") as amount:
        rest = [amount.convert("RGB")]
        note.save(tmp_path / "scan.pdf", save_all=True, append_images=rest, quality=95)
    rows = json.loads(read("--json", tmp_path / "scan.pdf").stdout)
    assert [(Path(row["file"]).name, row["page"]) for row in rows] == [
        ("scan.pdf", 1),
        ("scan.pdf", 2),
    ]
    assert [row["text"] for row in rows] == [TEXTS["note.jpg"], TEXTS["amount.jpg"]]
    done = read("-", stdin=(NUMBERS / "canvas.png").read_bytes())
    assert done.stdout.decode().startswith("-: 2026 (")


def test_an_empty_page_is_no_error(tmp_path):
    Image.new("L", (300, 200), 240).save(tmp_path / "empty.png")
    done = read(tmp_path / "empty.png")
    assert done.returncode == 0
    assert done.stdout.decode() == f"{tmp_path / 'empty.png'}: no digits\n"
    [row] = csv.DictReader(io.StringIO(read("--csv", tmp_path / "empty.png").stdout.decode()))
    assert (row["text"], row["error"]) == ("", "")


def test_bad_pictures_among_good_ones_are_named_and_the_rest_are_read(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    whole = (NUMBERS / "note.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 3])
    Image.fromarray(np.zeros((1, 1), np.uint8)).save(tmp_path / "dot.png")
    done = read("--json", tmp_path, NUMBERS / "canvas.png")
    assert done.returncode == 1
    rows = {Path(row["file"]).name: row for row in json.loads(done.stdout)}
    assert "cannot be opened as a picture" in rows["text.png"]["error"]
    assert "cut short" in rows["cut.jpg"]["error"]
    assert (rows["dot.png"]["text"], rows["dot.png"]["error"]) == ("", None)
    assert rows["canvas.png"]["text"] == "2026"
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "--csv", NUMBERS], "expected one of --json and --csv"),
        (["--threshold", "2", NUMBERS], "threshold: expected 0 to 1, received 2"),
        (["--draw", "x.xyz", NUMBERS], "x.xyz: expected a name that ends in .png, .jpg or .webp"),
        (["--one", "--draw", "x.png", NUMBERS / "canvas.png"], "--draw: expected without --one"),
        (["--explain", "x.png", NUMBERS / "canvas.png"], "--explain: expected with --one"),
        (["--top", 3, NUMBERS / "canvas.png"], "--top: expected with --one"),
        (["--model", "none.onnx", NUMBERS], "none.onnx: no such model"),
        (["--draw", "/nowhere/x.png", NUMBERS / "canvas.png"], "cannot be written"),
    ],
)
def test_bad_input_gets_one_clear_line(arguments, message):
    done = read(*arguments)
    assert done.returncode == 1
    assert message in done.stderr.decode().splitlines()[-1]
    assert "Traceback" not in done.stderr.decode()


def test_a_number_of_a_length(tmp_path):
    done = read("--number", "--digits", "3-6", "--json", NUMBERS / "amount.jpg")
    [row] = json.loads(done.stdout)
    assert row["text"] == TEXTS["amount.jpg"].replace(" ", "")
    assert row["lines"][0]["groups"] == [len(row["text"])]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--number", "--digits", "7-4"), "--digits: expected how many, such as 6"),
        (("--digits", "4"), "--digits: expected with --number"),
        (("--one", "--number"), "--number: expected without --one"),
    ],
)
def test_what_is_no_number_of_digits_is_refused(arguments, told):
    done = read(*arguments, NUMBERS / "amount.jpg")
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"scrawl: {told}")
    assert done.stdout == b""
