"""Pictures of numbers with their text: shown and scored."""

import json

import numpy as np
import pytest
from PIL import Image

from commands import scrawl
from scrawl.evaluate_numbers import NumberReport, ReadNumber


@pytest.fixture(scope="module")
def amounts(tmp_path_factory):
    """Three numbers that scikit-learn's digits write; the text of the last is another one."""
    from sklearn.datasets import load_digits

    folder, glyphs = tmp_path_factory.mktemp("amounts"), load_digits()
    rows = ["file,text,writer"]
    for number, (shown, text) in enumerate((("1067", "1067"), ("243", "2.43"), ("605", "917"))):
        ink = np.hstack([glyphs.images[np.flatnonzero(glyphs.target == int(c))[0]] for c in shown])
        sheet = 250 - np.pad(np.kron(ink, np.ones((5, 5))), 20) * 14
        Image.fromarray(sheet.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
        rows.append(f"{number}.png,{text},desk-{number % 2}")
    (folder / "amounts.csv").write_text("\n".join(rows) + "\n")
    return folder / "amounts.csv"


def test_they_are_shown(amounts, tmp_path):
    done = scrawl("data", "show", amounts, "--index", 1, "--save", tmp_path)
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "3 pictures of a number each; to test on: by source: desk-1 held out" in said
    assert "train row 1 is 917, by desk-0" in said
    assert "█" in said
    assert Image.open(tmp_path / "amounts-train-grid.png").size[0] > 0
    wrong = scrawl("data", "show", amounts, "--split", "dev")
    assert (wrong.returncode, b"unknown split 'dev'" in wrong.stderr) == (1, True)


def test_they_are_scored_whole_and_what_is_wrong_is_listed(amounts):
    done = scrawl("evaluate", "--pictures", amounts, "--json")
    assert done.returncode == 0, done.stderr.decode()
    table = json.loads(done.stdout)
    assert (table["n"], [row["source"] for row in table["sources"]]) == (3, ["desk-0", "desk-1"])
    assert [row["text"] for row in table["mistakes"]] == ["917"]
    assert table["accuracy"] == pytest.approx(2 / 3)
    refused = scrawl("evaluate", "--pictures", amounts, "--report", "never.html")
    assert (refused.returncode, b"--report" in refused.stderr) == (1, True)


def test_what_nobody_would_look_at_comes_first():
    rows = [
        ReadNumber("a", "x", "12", "12", False),
        ReadNumber("b", "x", "12", "1", True),
        ReadNumber("c", "x", "12", "17", False),
    ]
    report = NumberReport("t", tuple(rows))
    assert [row.name for row in report.mistakes] == ["c", "b"]
    assert (report.silent, report.uncertain) == (1 / 3, 1 / 3)
    assert report.per_source() == []
