"""Runs every command and every line of Python of docs/tutorials, on fewer rows and epochs."""

import dataclasses
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl import data
from scrawl.cli import app
from scrawl.training import recipes

PAGES = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("[0-9]*.md"))
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ROWS = 640


@pytest.fixture(params=PAGES, ids=lambda page: page.stem)
def page(request, monkeypatch, tmp_path):
    """A page, with a folder to work in, data sets of 640 rows and one epoch a recipe."""
    needs_mnist = "digits8x8" not in request.param.stem
    folder = request.getfixturevalue("mnist_folder") if needs_mnist else None
    monkeypatch.chdir(tmp_path)
    real = data.load

    def load(name, data_dir=None):
        whole = real(name, data_dir or folder)
        keys = ("x_train", "y_train", "x_test", "y_test")
        return dataclasses.replace(whole, **{key: getattr(whole, key)[:ROWS] for key in keys})

    monkeypatch.setattr(data, "load", load)
    for name, recipe in recipes.RECIPES.items():
        monkeypatch.setitem(recipes.RECIPES, name, recipe.change({"epochs": 1}))
    return request.param


@pytest.mark.slow
def test_the_code_of_a_page_runs(page):
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert {language for language, _ in blocks} == {"sh", "python"}
    namespace: dict[str, object] = {}
    for language, code in blocks:
        if language == "python":
            exec(compile(code, str(page), "exec"), namespace)  # noqa: S102 - our own page
            continue
        for line in code.splitlines():
            words = shlex.split(line)
            assert words[0] == "scrawl"
            if "--epochs" in words:
                words[words.index("--epochs") + 1] = "2"
            done = CliRunner().invoke(app, words[1:], catch_exceptions=False)
            assert done.exit_code == 0, (line, done.output)


def test_there_is_a_page_for_each_tutorial():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(PAGES) == 5
    for name in ("cnn", "mlp-512", "mlp-256x2", "cnn-8x8", "mlp-deep", "cnn-small"):
        assert re.search(rf"scrawl (train|compare) .*\b{name}\b", text), name
