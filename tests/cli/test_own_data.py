"""Classes of one's own, from a folder to what is read, by the command line."""

import json

import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from PIL import Image, ImageDraw

from commands import scrawl


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Thirty bars called ``l`` and thirty rings called ``o``."""
    folder = tmp_path_factory.mktemp("letters")
    for label in "lo":
        (folder / label).mkdir()
        for number in range(30):
            picture(label, number).save(folder / label / f"{number}.png")
    return folder


def picture(label, number):
    sheet, at = Image.new("L", (60, 60), 255), 8 + number % 12
    pen, width = ImageDraw.Draw(sheet), 3 + number % 4
    if label == "l":
        pen.line((28 + number % 5, at, 30, 52), 0, width)
    else:
        pen.ellipse((at, 12, 52, 50), None, 0, width)
    return sheet


def said(*arguments):
    done = scrawl(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_letters_are_trained_scored_and_read(folder, tmp_path):
    shown = said("data", "show", folder)
    assert "60 pictures of the user's own" in shown
    run = tmp_path / "run"
    changes = ("--epochs", 8, "--batch-size", 8, "--set", "units=32")
    said("train", "mlp-512", "--data", folder, "--out", run, *changes)
    table = json.loads(said("evaluate", run, "--json"))  # on the data that the bundle names
    assert (table["classes"], table["n"]) == (["l", "o"], 12)
    assert table["accuracy"] == 1
    for label in "lo":
        picture(label, 40).save(tmp_path / f"{label}.png")
        [row] = json.loads(
            said("read", "--one", "--json", tmp_path / f"{label}.png", "--model", run)
        )
        assert (row["text"], row["alphabet"]) == (label, ["l", "o"])
