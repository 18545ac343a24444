"""The site builds without a warning, and its pages load nothing from elsewhere."""

import os
import re
import subprocess
import sys

import docpages as pages
import pytest

pytest.importorskip("mkdocs")

LOADED = re.compile(r"<(?:script|img|iframe|link (?!rel=.?canonical))[^>]*(?:src|href)=.?https?://")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=pages.ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_nothing_is_loaded_from_elsewhere(site):
    html = list(site.rglob("*.html"))
    assert html
    assert not [page for page in html if LOADED.search(page.read_text("utf-8"))]


@pytest.mark.slow
def test_every_public_name_has_a_place(site):
    import scrawl

    text = "".join(page.read_text("utf-8") for page in (site / "reference").rglob("*.html"))
    missing = [
        name for name in scrawl.__all__ if not re.search(rf'id="scrawl\.(\w+\.)*{name}"', text)
    ]
    assert not missing
