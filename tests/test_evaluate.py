import dataclasses
import json

import numpy as np
import pytest

from scrawl.evaluate import Report

CLASSES = ("a", "b", "c")
PROBABILITIES = np.array(
    [[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8], [0.9, 0.05, 0.05]], np.float32
)


@pytest.fixture
def report():
    labels = np.array([0, 1, 2, 1])
    images = np.zeros((4, 28, 28), np.uint8)
    loss = "categorical_crossentropy"
    return Report("a model on data", CLASSES, images, labels, PROBABILITIES, loss)


def test_scores(report):
    assert report.accuracy == 0.5
    assert report.loss == pytest.approx(-np.log([0.8, 0.3, 0.8, 0.05]).mean(), rel=1e-5)
    low, high = report.interval
    assert low < 0.5 < high


def test_per_class(report):
    rows = {row["class"]: row for row in report.per_class()}
    assert rows["a"] == {"class": "a", "n": 1, "recall": 1.0, "precision": pytest.approx(1 / 3)}
    assert rows["b"] == {"class": "b", "n": 2, "recall": 0.0, "precision": None}


def test_the_worst_come_first(report):
    assert report.worst().tolist() == [3, 1]
    assert report.worst(1).tolist() == [3]


def test_json_is_plain(report):
    table = json.loads(json.dumps(report.to_dict()))
    assert table["n"] == 4
    assert table["confusion"] == [[1, 0, 0], [2, 0, 0], [0, 0, 1]]


def test_disputed_labels_are_left_out_of_a_second_figure(report):
    assert "undisputed" not in report.to_dict()
    without = dataclasses.replace(report, disputed=(3,))
    assert without.accuracy == 0.5
    assert without.to_dict()["undisputed"] == pytest.approx(2 / 3)
