import numpy as np
import pytest

from scrawl.explain import PATCH, explain, occlusion, summary
from scrawl.prediction import Prediction


def left_half(batch):
    """Its answer 3 rests on ink in the left half alone; ink on the right speaks for 5."""
    left = batch[:, :, :14].mean(axis=(1, 2)) / 255
    right = batch[:, :, 14:].mean(axis=(1, 2)) / 255
    logits = np.zeros((len(batch), 10))
    logits[:, 3], logits[:, 5] = 40 * left, 20 * right
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.fixture
def strokes():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 6:9] = 255
    image[4:24, 20:22] = 255
    return image


def test_occlusion_finds_the_ink_that_the_answer_rests_on(strokes):
    weight = occlusion(left_half, strokes)
    assert weight.shape == (28, 28)
    assert (weight[6:22, 6:9] > 0).all()
    assert (weight[6:22, 20:22] < 0).all()
    assert (weight[strokes == 0] == 0).all()


def test_only_squares_with_ink_are_covered():
    asked = []
    image = np.zeros((28, 28), np.uint8)
    image[10, 10], image[0, 0] = 255, 90

    def alike(batch):
        asked.append(len(batch))
        return np.full((len(batch), 10), 0.1)

    assert not occlusion(alike, image).any()
    assert asked == [2 * PATCH**2 + 1]  # the last is the picture itself


def test_a_blank_picture_can_be_explained():
    blank = Prediction.blank()
    weights = occlusion(left_half, blank.image)
    picture = np.full((40, 60, 3), 255, np.uint8)
    answer = blank.probabilities, blank.alphabet, blank.verdict
    image = explain(picture, blank.box, blank.image, weights, *answer)
    assert image.mode == "RGB"
    assert image.width > image.height
    assert summary(blank.image, *answer).startswith(b"\x89PNG")
