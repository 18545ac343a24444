"""The ink map: polarity, light, colour, and nothing where nothing is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scrawl.preprocess import find_digit
from scrawl.preprocess.ink import contrast_channel, ink_of, ink_on_white

STROKE = np.zeros((200, 160), np.float32)
cv2.polylines(STROKE, [np.array([[40, 40], [120, 40], [70, 170]])], False, 1, 9, cv2.LINE_AA)


def on_paper(ink: tuple[int, int, int], paper: tuple[int, int, int]) -> np.ndarray:
    mixed = STROKE[..., None] * np.array(ink) + (1 - STROKE[..., None]) * np.array(paper)
    return mixed.astype(np.uint8)


def error(ink: np.ndarray) -> float:
    return float(np.abs((ink > 0.5).astype(int) - (STROKE > 0.5)).mean())


@pytest.mark.parametrize(
    ("ink", "paper", "light"),
    [
        ((0, 0, 0), (255, 255, 255), False),
        ((255, 255, 255), (0, 0, 0), True),
        ((40, 40, 180), (230, 225, 210), False),
        ((250, 240, 90), (30, 80, 60), True),
        ((120, 120, 120), (140, 140, 140), False),
        ((200, 40, 40), (40, 140, 40), None),  # much the same brightness
        ((0, 60, 255), (0, 255, 255), None),
    ],
)
def test_colours(
    ink: tuple[int, int, int], paper: tuple[int, int, int], light: bool | None
) -> None:
    page = on_paper(ink, paper)
    found = find_digit(page)
    assert found is not None
    assert found.ink.dtype == np.float32
    assert found.ink.min() >= 0
    assert found.ink.max() <= 1
    ink_there = ink_of(contrast_channel(page), found.light_on_dark)[0]
    assert error(ink_there) < 0.01
    if light is not None:
        assert found.light_on_dark is light


def test_uneven_light() -> None:
    page = on_paper((40, 40, 60), (235, 235, 230)).astype(float)
    slope = np.linspace(0.4, 1, 160)[None, :, None]
    shadow = np.ones((200, 160, 1))
    shadow[:, 100:] = 0.6
    for light in (slope, slope[:, ::-1], shadow):
        lit = (page * light).astype(np.uint8)
        found = find_digit(lit)
        assert found is not None
        assert not found.light_on_dark
        assert error(ink_of(contrast_channel(lit), light=False)[0]) < 0.02


def test_blank() -> None:
    rng = np.random.default_rng(0)
    flat = np.full((120, 120), 230, np.uint8)
    slope = np.tile(np.linspace(80, 220, 120), (120, 1)).astype(np.uint8)
    noise = rng.normal(200, 15, (120, 120)).clip(0, 255).astype(np.uint8)
    for blank in (flat, slope, noise, flat[:1, :1], np.zeros((3, 500), np.uint8)):
        assert find_digit(blank) is None


def test_ink_on_nothing_but_white_is_what_is_found_in_any_picture() -> None:
    picture = np.full((72, 60), 255, np.uint8)
    cv2.ellipse(picture, (30, 36), (18, 28), 0, 0, 360, 60, 4, cv2.LINE_AA)
    expected = ink_of(picture.astype(np.float32), light=False)[0]
    assert expected.max() == 1
    np.testing.assert_allclose(ink_on_white(picture), expected, atol=0.01)
    assert not ink_on_white(np.full((72, 60), 255, np.uint8)).any()
