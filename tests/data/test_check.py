"""What ``scrawl data check`` finds."""

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from scrawl.cli import main
from scrawl.data.check import check
from scrawl.data.formats import read


@pytest.fixture(scope="module")
def glyphs():
    from sklearn.datasets import load_digits

    return load_digits()


@pytest.fixture
def folder(tmp_path, glyphs):
    """Twelve pictures each of 0 and 1; one 0 is labelled 1."""
    for label in (0, 1):
        (tmp_path / str(label)).mkdir()
        for number, row in enumerate(np.flatnonzero(glyphs.target == label)[:12]):
            save(tmp_path / str(label) / f"{number}.png", glyphs.images[row])
    (tmp_path / "0" / "11.png").unlink()
    ring = Image.new("L", (64, 64), 255)
    ImageDraw.Draw(ring).ellipse((16, 8, 48, 56), outline=0, width=6)
    ring.save(tmp_path / "1" / "wrong.png")
    return tmp_path


def save(path, image):
    Image.fromarray(255 - np.kron(image * 15, np.ones((8, 8))).astype(np.uint8)).save(path)


def kinds(folder, classes=None):
    return {(one.kind, one.fatal) for one in check(read(folder), classes)}


def test_a_good_source_has_nothing_wrong(folder):
    assert kinds(folder, ("0", "1")) == set()


def test_each_fault_is_found(folder, glyphs):
    (folder / "0" / "broken.png").write_bytes(b"no picture")
    Image.new("L", (30, 30), 255).save(folder / "0" / "blank.png")
    (folder / "0" / "twice.png").write_bytes((folder / "0" / "1.png").read_bytes())
    (folder / "1" / "other.png").write_bytes((folder / "0" / "2.png").read_bytes())
    (folder / "two").mkdir()
    save(folder / "two" / "a.png", glyphs.images[2])
    assert kinds(folder, ("0", "1")) == {
        ("unreadable", True),
        ("blank", True),
        ("duplicate", False),
        ("contradiction", True),
        ("outside", True),
        ("few", False),
        ("uneven", False),
    }


def test_a_picture_to_train_on_and_to_test_on_is_a_leak(folder):
    rows = "".join(f"{label}/{n}.png,{label},train\n" for label in (0, 1) for n in range(11))
    (folder / "labels.csv").write_text(f"file,label,split\n{rows}0/1.png,0,test\n")
    assert kinds(folder) == {("leak", True)}


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["scrawl", "data", "check", *map(str, arguments)])
    with pytest.raises(SystemExit) as done:
        main()
    return done.value.code or 0


def test_the_command_shows_likely_wrong_labels(folder, monkeypatch, capsys, tmp_path):
    out = tmp_path / "doubts.png"
    assert run(monkeypatch, folder, "--save", out) == 0
    said = capsys.readouterr().out
    assert "wrong.png: labelled 1, read as 0" in said
    assert "0 to mend before training, 1 to look at" in said
    assert Image.open(out).size[0] > 0


def test_many_faults_of_a_kind_are_a_screen_of_lines(folder, monkeypatch, capsys):
    for number in range(23):
        (folder / "1" / f"broken{number}.png").write_bytes(b"no picture")
    assert run(monkeypatch, folder) == 1
    said = capsys.readouterr().out
    assert said.count("wrong unreadable") == 20
    assert "…     unreadable    and 3 more (--json lists all)" in said


def test_classes_of_few_pictures_are_one_line(folder):
    for number in range(9):
        (folder / "1" / f"{number}.png").unlink()
    few = [one.text for one in check(read(folder)) if one.kind == "few"]
    assert few == ["expected at least 10 pictures of a class; fewer of 1 (4)"]


def test_a_folder_that_is_no_class_is_one_line(folder):
    (folder / "1").rename(folder / "one")
    texts = [one.text for one in check(read(folder), ("0", "1")) if one.kind == "outside"]
    assert texts == [f"{folder / 'one'}: 'one' is no class (13 pictures)"]


def test_the_command_fails_for_what_must_be_mended(folder, monkeypatch, capsys):
    (folder / "1" / "broken.png").write_bytes(b"no picture")
    assert run(monkeypatch, folder, "--json") == 1
    table = json.loads(capsys.readouterr().out)
    assert table["classes"] == {"0": 11, "1": 14}
    assert {one["kind"] for one in table["findings"]} == {"unreadable", "otherwise"}
