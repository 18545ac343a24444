from itertools import pairwise

import pytest

pytest.importorskip("matplotlib")

from scrawl.report.plots import scatter


def test_scatter_tells_apart_what_is_near_the_top():
    figure = scatter({"one": [(10.0, 99.7)], "way": [(5.0, 98.0), (50.0, 99.8)]}, "seconds")
    (axes,) = figure.axes
    assert axes.get_xlabel() == "seconds"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["99.80 way", "99.70 one"]
    heights = axes.transData.transform([(1, 100 - value) for value in (98.0, 99.0, 99.7, 99.8)])
    steps = [high - low for (_, low), (_, high) in pairwise(heights)]
    assert all(step > 0 for step in steps)  # better is higher
    assert steps[2] > 0.4 * steps[0]  # 99.7 to 99.8 takes more room than 98 to 98.2
