"""What the detector's output says, and what becomes of overlaps."""

import cv2
import numpy as np
import pytest

from scrawl import DigitReader
from scrawl.errors import ModelError
from scrawl.pages.detections import Detections
from scrawl.pages.detector import Detector, decode
from scrawl.pages.grid import CHANNELS, CLASSES, UNIT
from scrawl.pages.suppression import company, iou, non_maximum_suppression
from scrawl.weights import PAGES, PAGES_INT8, READER, READER_INT8, pages_for, reader_for


@pytest.fixture(scope="module")
def detector():
    return Detector(PAGES)


def output(*middles):
    """An output of 48 × 96 pixels that says: at row, column, this class, 8 pixels to each side."""
    cells = np.zeros((12, 48, CHANNELS), np.float32)
    cells[..., 0] = -12
    for row, column, kind in middles:
        cells[row, column, 0] = 6
        cells[row, column, 1 + kind] = 9
        cells[row, column, -4:] = np.log(np.expm1(8 / UNIT))
    return cells.reshape(12, 24, 2 * CHANNELS)


def test_peaks_become_boxes(detector):
    found = decode(output((4, 10, 7), (8, 30, 11)), detector.info)
    assert [CLASSES[k] for k in found.probabilities.argmax(1)] == ["7", ","]
    np.testing.assert_allclose(found.boxes[0], [21 - 8, 18 - 8, 21 + 8, 18 + 8], atol=1e-3)
    assert (found.confidence > 0.9).all()
    assert (found.probabilities.sum(1) < 1).all()


def test_silence_is_nothing(detector):
    found = decode(output(), detector.info)
    assert found.boxes.shape == (0, 4)
    assert found.confidence.shape == (0,)


def test_any_size_is_taken(detector):
    for shape in ((1, 1), (7, 300), (33, 17)):
        assert len(detector.find(np.zeros(shape, np.uint8)).boxes) == 0


def test_a_model_of_the_other_kind_is_refused():
    with pytest.raises(ModelError, match="reads pages, received a model of single"):
        Detector(READER)
    with pytest.raises(ModelError, match="expected a model of single digits"):
        DigitReader.load(PAGES)


def test_with_8_bits_it_finds_the_same(detector):
    ink = np.zeros((96, 240), np.uint8)
    cv2.putText(ink, "2 7,5 0 34", (8, 64), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 3, cv2.LINE_AA)
    plain, small = (non_maximum_suppression(d.find(ink)) for d in (detector, Detector(PAGES_INT8)))
    sure = plain.confidence > 0.5
    assert sure.sum() >= 6
    for box, said in zip(plain.boxes[sure], plain.probabilities[sure].argmax(1), strict=True):
        same = small.only(np.abs(small.boxes - box).max(1) < 3)
        assert said in same.probabilities.argmax(1)


def test_a_processor_gets_8_bits_and_any_other_device_floats():
    assert (pages_for("cpu"), reader_for("cpu")) == (PAGES_INT8, READER_INT8)
    assert (pages_for("cuda"), reader_for("cuda")) == (PAGES, READER)
    assert Detector(PAGES_INT8).info.recipe == Detector(PAGES).info.recipe == "pages"


def found(*boxes_and_confidence):
    probabilities = np.zeros((len(boxes_and_confidence), len(CLASSES)), np.float32)
    probabilities[:, 3] = [sure for _, sure in boxes_and_confidence]
    boxes = np.array([box for box, _ in boxes_and_confidence], np.float32)
    return Detections(boxes, probabilities, 10)


def test_of_boxes_of_one_thing_the_surest_stays():
    kept = non_maximum_suppression(
        found(
            ((0, 0, 20, 30), 0.8),
            ((1, 1, 21, 31), 0.9),  # the same digit
            ((4, 4, 12, 12), 0.5),  # a loop within it
            ((16, 0, 36, 30), 0.7),  # its neighbour, which overlaps it a little
        )
    )
    assert kept.boxes.tolist() == [[1, 1, 21, 31], [16, 0, 36, 30]]


def test_the_same_digit_twice_overlaps_sooner_than_two_digits():
    boxes = [((0, 0, 20, 30), 0.9), ((8, 0, 28, 30), 0.8)]  # 60% of each, 43% of their union
    twice = found(*boxes)
    assert len(non_maximum_suppression(twice).boxes) == 1
    two = Detections(twice.boxes, twice.probabilities.copy(), 10)
    two.probabilities[1, [3, 4]] = two.probabilities[1, [4, 3]]
    assert len(non_maximum_suppression(two).boxes) == 2


def test_overlaps_are_found_however_sizes_differ():
    kept = non_maximum_suppression(
        found(((0, 0, 2000, 3000), 0.9), ((900, 900, 920, 930), 0.8), ((5000, 0, 5020, 30), 0.7))
    )
    assert len(kept.boxes) == 2


def test_a_digit_in_a_line_is_worth_more_than_a_piece_of_one():
    line = [((x, 0, x + 20, 30), 0.7) for x in range(0, 100, 25)]
    alone = ((300, 200, 320, 230), 0.7)
    worth = company(found(*line, alone))
    assert (worth[:4] > 1.5).all()
    assert worth[4] == pytest.approx(1)
    pieces = found(((0, 0, 20, 30), 0.6), ((2, 2, 19, 28), 0.7))
    assert non_maximum_suppression(pieces, np.array([1.6, 1.0], np.float32)).boxes.tolist() == [
        [0, 0, 20, 30]
    ]
    assert company(Detections.none(len(CLASSES), 10)).shape == (0,)


def test_iou():
    box = np.array([0, 0, 10, 10], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    np.testing.assert_allclose(iou(box, others), [1, 1 / 3, 0], atol=1e-6)
