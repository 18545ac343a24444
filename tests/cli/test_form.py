"""``scrawl form``, as a user runs it."""

from __future__ import annotations

import csv
import io
import json
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
import sheets
from PIL import Image

import commands

FORM = """
page = [148, 105]
[[grid]]
name = "c"
box = [20, 18, 128, 90]
rows = 4
columns = 6
"""


def scrawl(*arguments, cwd="."):
    with chdir(cwd):
        done = commands.scrawl(*arguments)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from scrawl.forms import load_form

    folder = tmp_path_factory.mktemp("forms")
    (folder / "form.toml").write_text(FORM)
    form = load_form(folder / "form.toml")
    texts = sheets.values(form, 5)
    page = sheets.draw(form, texts, 150)
    Image.fromarray(page).save(folder / "good.png")
    Image.fromarray(page).save(
        folder / "two.pdf",
        save_all=True,
        resolution=150,
        append_images=[Image.fromarray(np.rot90(page, 2))],
    )
    Image.fromarray(np.full((300, 400), 255, np.uint8)).save(folder / "blank.png")
    (folder / "texts.json").write_text(json.dumps(texts))
    return folder


def texts(folder):
    return json.loads((folder / "texts.json").read_text())


def test_a_row_a_page(folder):
    done = scrawl("form", "read", folder / "form.toml", folder / "good.png", folder / "two.pdf")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(Path(row["file"]).name, row["page"]) for row in rows] == [
        ("good.png", "1"),
        ("two.pdf", "1"),
        ("two.pdf", "2"),
    ]
    for row in rows:
        assert {name: row[name] for name in texts(folder)} == texts(folder)
    assert done.stderr == f"note: {folder / 'two.pdf'}, page 2 of 2: was turned by 180°\n"


def test_json_drawings_and_a_bad_scan(folder, tmp_path):
    done = scrawl(
        "form", "read", folder / "form.toml", "--json", "--threshold", 1,
        "--draw", tmp_path / "d",
        folder / "good.png", folder / "blank.png", folder / "none.png",
    )  # fmt: skip
    assert done.returncode == 1
    good, blank, none = json.loads(done.stdout)
    assert [item["text"] for item in good["fields"]] == list(texts(folder).values())
    assert good["check"] == list(texts(folder))
    assert "expected a ruled grid of 4 × 6 cells, found no ruled grid" in blank["error"]
    assert "no such file" in none["error"]
    lines = done.stderr.splitlines()
    assert f"check: {folder / 'good.png'}: field c_r1_c1: {texts(folder)['c_r1_c1']} (" in lines[1]
    assert sum(line.startswith("scrawl: ") for line in lines) == 2
    with Image.open(tmp_path / "d" / "good.png") as drawing:
        assert drawing.width > drawing.height


def test_a_table_is_written(folder, tmp_path):
    pytest.importorskip("pyarrow")
    import pyarrow.parquet

    for name in ("out.csv", "out.parquet"):
        done = scrawl(
            "form", "read", folder / "form.toml", folder / "good.png", "--out", tmp_path / name
        )
        assert (done.returncode, done.stdout) == (0, "")
    [row] = csv.DictReader((tmp_path / "out.csv").open())
    [record] = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert row["c_r2_c3"] == record["c_r2_c3"] == texts(folder)["c_r2_c3"]


def test_the_fields_are_drawn(folder, tmp_path):
    done = scrawl("form", "draw", folder / "form.toml", folder / "good.png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "24 fields, aligned by their ruled lines" in done.stderr
    with Image.open(tmp_path / "fields.png") as drawing:
        assert len(drawing.convert("RGB").getcolors(1 << 20)) > 10


def test_a_form_is_proposed_and_reads(folder, tmp_path):
    done = scrawl("form", "new", folder / "two.pdf", "--draw", tmp_path / "fields.png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fields.png").is_file()
    (tmp_path / "new.toml").write_text(done.stdout)
    read = scrawl("form", "read", tmp_path / "new.toml", folder / "good.png")
    [row] = csv.DictReader(io.StringIO(read.stdout))
    assert row["grid1_r4_c6"] == texts(folder)["c_r4_c6"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["read", "none.toml", "good.png"], "none.toml: cannot be read"),
        (["read", "form.toml", "--out", "x.ods", "good.png"], "ends in .csv, .parquet or .xlsx"),
        (["read", "form.toml", "--threshold", "2", "good.png"], "expected 0 to 1"),
        (["read", "form.toml", "--device", "abacus", "good.png"], "abacus"),
        (["read", "form.toml", "--model", "none.onnx", "good.png"], "none.onnx: no such model"),
        (["read", "form.toml", "--draw", "x.tif", "good.png"], "ends in .png, .jpg or"),
        (["read", "form.toml", "--draw", "/proc/x.png", "two.pdf"], "cannot be written"),
        (["new", "blank.png"], "blank.png: shows no ruled grid and no ruled box"),
        (["new", "good.png", "--draw", "x.tif"], "ends in .png, .jpg or"),
        (["new", "none.png"], "none.png: no such file"),
        (["draw", "form.toml", "blank.png"], "blank.png: does not show the form"),
        (["draw", "form.toml", "none.png"], "none.png: no such file"),
        (["draw", "form.toml", "good.png", "--out", "x.tif"], "ends in .png, .jpg or"),
    ],
)
def test_bad_input_gets_one_clear_line(arguments, message, folder):
    done = scrawl("form", *arguments, cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert message in done.stderr.splitlines()[-1]


def test_a_page_that_cannot_be_read_is_named(folder, tmp_path):
    page = Image.open(folder / "good.png")
    page.save(tmp_path / "a#2.pdf", save_all=True, append_images=[Image.open(folder / "blank.png")])
    done = scrawl("form", "read", folder / "form.toml", "--json", tmp_path / "a#2.pdf")
    assert done.returncode == 1
    good, bad = json.loads(done.stdout)
    assert (good["page"], good["error"], bad["page"]) == (1, None, 2)
    assert bad["error"].startswith(f"{tmp_path / 'a#2.pdf'}, page 2 of 2: does not show the form")


def test_several_pages_are_drawn_into_several_files(folder, tmp_path):
    done = scrawl(
        "form", "read", folder / "form.toml", folder / "two.pdf", "--draw", tmp_path / "x.png"
    )
    assert done.returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"x.png", "x-2.png"}
