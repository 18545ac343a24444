import numpy as np
import pytest

from scrawl.explain import explain, occlusion
from scrawl.recogniser import BLANK


class LeftHalf:
    """A model whose answer 3 rests on ink in the left half alone; ink on the right speaks for 5."""

    def probabilities(self, batch):
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
    weight = occlusion(LeftHalf(), strokes)
    assert weight.shape == (28, 28)
    assert (weight[6:22, 6:9] > 0).all()
    assert (weight[6:22, 20:22] < 0).all()
    assert (weight[strokes == 0] == 0).all()


def test_a_blank_picture_can_be_explained():
    image = explain(np.full((40, 60, 3), 255, np.uint8), BLANK, LeftHalf())
    assert image.mode == "RGB"
    assert image.width > image.height
