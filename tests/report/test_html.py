import re

import numpy as np
import pytest

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")

from scrawl.evaluate import Report
from scrawl.report.html import render

LOSS = "categorical_crossentropy"
IMAGES = np.random.default_rng(0).integers(0, 255, (4, 28, 28), dtype=np.uint8)


def page(labels):
    rows = np.array([[0.8, 0.2], [0.7, 0.3], [0.4, 0.6], [0.1, 0.9]], np.float32)
    report = Report("<b> & co", ("0", "1"), IMAGES, np.array(labels), rows, LOSS)
    return render(report, 255)


def test_the_page_shows_the_scores_and_loads_nothing():
    html = page([0, 1, 1, 1])
    assert "75.00%" in html
    assert "1 of 1, the least probable truth first" in html
    assert "&lt;b&gt; &amp; co" in html
    assert not re.search(r"(src|href)=\"(?!data:)", html)


def test_a_model_without_mistakes_says_so():
    html = page([0, 0, 1, 1])
    assert "<p>None.</p>" in html
    assert html.count("data:image/png") == 2
