"""The scales of a picture, its polarity, and its ink."""

import itertools

import cv2
import numpy as np
import pytest

from scrawl.pages.ink import page_ink
from scrawl.pages.levels import Pyramid


def page(paper=230, ink=40, shape=(300, 400)):
    sheet = np.full(shape, paper, np.uint8)
    cv2.putText(sheet, "3850", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 2, ink, 5, cv2.LINE_AA)
    return sheet


def levels(image):
    pyramid = Pyramid(image)
    return pyramid.levels(pyramid.lightness > 0.5)


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (28, 28), (300, 40), (700, 990), (30, 5000)])
def test_each_level_is_twice_as_fine_as_the_one_before(shape):
    scales = [level.scale for level in levels(np.full(shape, 200, np.uint8))]
    assert all(a > b for a, b in itertools.pairwise(scales))
    ratios = np.array(scales[:-1]) / scales[1:]
    np.testing.assert_allclose(ratios, 2, rtol=0.06)


def test_a_small_picture_is_enlarged_and_a_large_one_shrunk():
    assert [level.scale for level in levels(np.full((28, 28), 200, np.uint8))][-1] == 0.25
    large = levels(np.full((6000, 8000), 200, np.uint8))
    assert max(large[-1].ink.shape) == 2400


@pytest.mark.parametrize("colour", [False, True])
def test_light_ink_on_dark_paper_is_ink_too(colour):
    for sheet in (page(), 255 - page()):
        image = np.stack([sheet] * 3, 2) if colour else sheet
        ink = levels(image)[-1].ink
        assert ink[page() < 60].mean() > 200
        assert ink[page() == 230].mean() < 5


@pytest.mark.parametrize("light", [False, True])
def test_where_all_stray_one_way_from_the_paper_that_is_ink(light):
    sheet = np.full((200, 300), 255, np.uint8)
    sheet[20:180, 20:140] = 0  # a blot, wider than what any window forgives
    assert Pyramid(255 - sheet if light else sheet).lightness == light


@pytest.mark.parametrize("ink", [(20, 30, 160), (190, 30, 30), (20, 120, 40)])
def test_coloured_ink_is_seen(ink):
    image = np.full((200, 300, 3), 235, np.uint8)
    cv2.putText(image, "72", (40, 140), cv2.FONT_HERSHEY_SIMPLEX, 3, ink, 6, cv2.LINE_AA)
    seen = levels(image)[-1].ink
    assert seen[(image == ink).all(2)].mean() > 200


def test_a_shadow_is_no_ink():
    light = np.linspace(0.4, 1.0, 400, dtype=np.float32)
    ink = page_ink((page().astype(np.float32) * light).astype(np.uint8))
    assert ink[page() == 230].mean() < 15
    assert ink[page() < 60].mean() > 150
