"""The Python of the README and of the pages runs, on pictures of the examples."""

import shutil

import docpages as pages
import pytest
from pyarrow import parquet

from scrawl.batch.table import failed, to_arrow

EXAMPLES = pages.ROOT / "examples"
PICTURES = {
    "photo.jpg": "digits/1-notebook.jpg",
    "amount.jpg": "numbers/amount.jpg",
    "note.jpg": "numbers/note.jpg",
    "scan.jpg": "numbers/form.png",
}
"""The pictures that the pages name, and what stands for each."""

ELSEWHERE = {"docs/reference/service.md", "docs/how-to/train.md", "docs/how-to/own-numbers.md"}
"""Compiled, not run: a server, a training or its run is needed (tests/serve, the tutorials)."""


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder with the pictures that the pages name, a form file, and what a batch wrote."""
    (tmp_path / "read").mkdir()
    rows = to_arrow([failed("scans/1.png", 1, "scans/1.png: is empty")])
    parquet.write_table(rows, tmp_path / "read" / "part-000000.parquet")
    for name, example in PICTURES.items():
        shutil.copy(EXAMPLES / example, tmp_path / name)
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    (tmp_path / "form.toml").write_text(
        'name = "form"\npage = [660, 420]\nunit = "pixels"\n\n[[grid]]\nname = "cell"\n'
        "box = [15, 10, 644, 409]\nrows = 4\ncolumns = 7\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _pages():
    tutorials = "docs/tutorials/"  # test_tutorials.py runs those with a number
    return [
        page
        for page in pages.PAGES
        if pages.blocks(page, "python")
        and not (pages.name(page).startswith(tutorials) and page.stem[0].isdigit())
    ]


@pytest.mark.parametrize("page", _pages(), ids=pages.name)
def test_the_python_of_a_page_runs(page, folder):
    namespace: dict[str, object] = {}
    for block in pages.blocks(page, "python"):
        code = compile(block, str(page), "exec")
        if pages.name(page) not in ELSEWHERE:
            exec(code, namespace)  # noqa: S102 - our own page


def test_the_readme_says_what_is_read(folder):
    import scrawl

    assert scrawl.read("note.jpg").text == "20731\n95846"
    assert scrawl.read("amount.jpg").text == "16480"
