"""The one digit of a picture, under everything that pictures do to it."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrawl.data import Dataset
from scrawl.preprocess import find_digit, normalise

PATHS = {
    2: [[10, 25], [30, 8], [55, 22], [45, 45], [10, 90], [60, 88]],
    4: [[45, 90], [45, 8], [8, 60], [62, 60]],
    5: [[55, 10], [18, 10], [14, 45], [45, 42], [56, 66], [40, 90], [10, 84]],
    7: [[8, 12], [58, 12], [28, 92]],
}


def drawn(digit: int, size: int = 100, thickness: int = 8) -> np.ndarray:
    """The ink of a digit, float (size, 0.7 size)."""
    ink = np.zeros((400, 280), np.uint8)
    points = np.array(PATHS[digit]) * 4
    width = max(1, round(thickness * 4 * 100 / size)) if size < 100 else thickness * 4
    cv2.polylines(ink, [points], False, 255, width, cv2.LINE_AA)
    small = cv2.resize(ink, (round(size * 0.7), size), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / 255


def sheet(
    digit: int = 5,
    shape: tuple[int, int] = (300, 240),
    at: tuple[int, int] = (90, 80),
    size: int = 120,
    paper: int = 235,
    pen: int = 40,
) -> np.ndarray:
    page = np.full(shape, paper, np.float32)
    ink = drawn(digit, size)
    window = page[at[0] : at[0] + ink.shape[0], at[1] : at[1] + ink.shape[1]]
    window += (pen - paper) * ink[: window.shape[0], : window.shape[1]]
    return page


def as_picture(page: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(page), 0, 255).astype(np.uint8)


def likeness(image: np.ndarray, digit: int) -> float:
    """Correlation of a picture's normalised digit with that digit's, drawn on nothing.

    The barycentre decides the place to a pixel, so one pixel more or less is the same.
    """
    found = find_digit(image)
    assert found is not None
    expected = normalise(drawn(digit, 120))
    return max(
        float(
            np.corrcoef(np.roll(found.normalised, (i, j), (0, 1)).ravel(), expected.ravel())[0, 1]
        )
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    )


@pytest.mark.parametrize("digit", PATHS)
@pytest.mark.parametrize("inverted", [False, True])
def test_dark_on_light_and_light_on_dark(digit: int, inverted: bool) -> None:
    image = as_picture(sheet(digit))
    found = find_digit(255 - image if inverted else image)
    assert found is not None
    assert found.light_on_dark is inverted
    assert likeness(255 - image if inverted else image, digit) > 0.97


def test_what_is_found() -> None:
    found = find_digit(as_picture(sheet(4, at=(90, 80), size=120)))
    assert found is not None
    ys, xs = np.nonzero(drawn(4, 120) > 0.3)
    expected = (xs.min() + 80, ys.min() + 90, xs.max() + 81, ys.max() + 91)
    assert np.abs(np.subtract(found.box, expected)).max() <= 2
    assert all(type(edge) is int for edge in found.box)
    assert found.ink.dtype == np.float32
    assert 0 <= found.ink.min() <= found.ink.max() <= 1
    assert (normalise(found.ink) == found.normalised).all()


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(PATHS)),
    st.integers(0, 180),
    st.integers(0, 150),
    st.integers(60, 255),
    st.floats(0.3, 0.9),
)
def test_place_and_contrast(digit: int, top: int, left: int, paper: int, drop: float) -> None:
    page = sheet(digit, at=(top, left), paper=paper, pen=int(paper * (1 - drop)))
    assert likeness(as_picture(page), digit) > 0.93


@pytest.mark.parametrize("scale", [0.25, 0.5, 2, 6])
def test_scale(scale: float) -> None:
    page = cv2.resize(sheet(2), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert likeness(as_picture(page), 2) > (0.9 if scale >= 0.5 else 0.65)


def test_a_small_digit_on_a_big_sheet_is_looked_at_closely() -> None:
    page = sheet(5, shape=(3000, 2200), at=(2500, 1900), size=120)
    found = find_digit(as_picture(page))
    assert found is not None
    assert found.ink.shape[0] > 90
    ys, xs = np.nonzero(drawn(5, 120) > 0.3)
    expected = (xs.min() + 1900, ys.min() + 2500, xs.max() + 1901, ys.max() + 2501)
    assert np.abs(np.subtract(found.box, expected)).max() <= 4
    assert likeness(as_picture(page), 5) > 0.95


def light(kind: str, shape: tuple[int, int]) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return {
        "slope": 0.7 + 0.3 * x,
        "vignette": 1 - 0.35 * (x * x + y * y),
        "shadow": np.where(x + 0.3 * y > 0.4, 0.55, 1.0),
    }[kind]


@pytest.mark.parametrize("kind", ["slope", "vignette", "shadow"])
def test_uneven_light(kind: str) -> None:
    page = sheet(5)
    assert likeness(as_picture(page * light(kind, page.shape)), 5) > 0.9


@pytest.mark.parametrize("sigma", [5, 20])
def test_noise(sigma: int) -> None:
    page = sheet(5) + np.random.default_rng(0).normal(0, sigma, (300, 240))
    assert likeness(as_picture(page), 5) > 0.93


def test_specks() -> None:
    page = sheet(5)
    rng = np.random.default_rng(0)
    for x, y in rng.integers(5, 235, (12, 2)):
        cv2.circle(page, (int(x), int(y) // 4), 2, 60, -1)  # above the digit
    assert likeness(as_picture(page), 5) > 0.95


@pytest.mark.parametrize("both", [False, True])
def test_ruled_and_squared_paper(both: bool) -> None:
    page = sheet(5, paper=245, pen=20)
    ruled = page.copy()
    ruled[5::37] = ruled[6::37] = 90
    if both:
        ruled[:, 10::37] = ruled[:, 11::37] = 90
    page = np.minimum(page, ruled)
    assert likeness(as_picture(page), 5) > 0.85


@pytest.mark.parametrize("inset", [0, 6])
def test_a_frame(inset: int) -> None:
    page = sheet(5)
    cv2.rectangle(page, (inset, inset), (239 - inset, 299 - inset), 0, 3)
    assert likeness(as_picture(page), 5) > 0.95


def test_a_sheet_on_a_dark_table() -> None:
    table = np.full((460, 420), 40, np.float32)
    table[70:370, 90:330] = sheet(5)
    assert likeness(as_picture(table), 5) > 0.93


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_neighbour_cut_off_at_the_edge(side: str) -> None:
    page = sheet(5)
    other = drawn(4, 120)
    if side == "left":
        page[90:210, :25] -= 195 * other[:, 40:65]
    else:
        page[90:210, -25:] -= 195 * other[:, 2:27]
    assert likeness(as_picture(page), 5) > 0.95


def test_a_broken_five_is_whole() -> None:
    ink = drawn(5, 120)
    ink[30:42] = 0  # between the hat and the bowl
    page = np.full((300, 240), 235, np.float32)
    page[90:210, 80:164] -= 195 * ink
    found = find_digit(as_picture(page))
    assert found is not None
    assert (np.abs(found.normalised.astype(int) - normalise(ink)) > 80).mean() < 0.03


def test_a_digit_that_touches_the_edges() -> None:
    ink = drawn(7, 120)
    ys, xs = np.nonzero(ink > 0.5)
    crop = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    for image in (as_picture(240 - 200 * crop), as_picture(20 + 200 * crop)):
        assert likeness(image, 7) > 0.95


def test_blank_is_none() -> None:
    rng = np.random.default_rng(0)
    for image in (
        np.zeros((28, 28), np.uint8),
        np.full((400, 300, 3), 255, np.uint8),
        np.full((1, 1), 9, np.uint8),
        np.full((1, 700), 9, np.uint8),
        rng.normal(220, 8, (300, 300)).clip(0, 255).astype(np.uint8),
        np.tile(np.linspace(90, 210, 300), (200, 1)).astype(np.uint8),
    ):
        assert find_digit(image) is None


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**31), st.booleans())
def test_any_picture_gives_a_digit_inside_it_or_none(
    height: int, width: int, seed: int, colour: bool
) -> None:
    shape = (height, width, 3) if colour else (height, width)
    image = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    found = find_digit(image)
    if found is not None:
        x0, y0, x1, y1 = found.box
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height
        assert found.normalised.max() == 255


def test_an_image_is_left_as_it_was() -> None:
    image = as_picture(sheet(5))
    before = image.copy()
    find_digit(image)
    assert (image == before).all()


def test_mnist_comes_out_nearly_as_it_went_in(mnist: Dataset) -> None:
    digits = mnist.x_train[:500]
    same, dark = 0, 0
    for digit in digits:
        found, inverted = find_digit(digit), find_digit(255 - digit)
        assert found is not None
        assert inverted is not None
        same += int(np.abs(found.normalised.astype(int) - digit).max() <= 3)
        dark += int((inverted.normalised == found.normalised).all())
    assert same / len(digits) > 0.9
    assert dark / len(digits) > 0.97


def test_fifty_megapixels_are_made_small_before_anything_else() -> None:
    page = np.full((7000, 7100), 235, np.uint8)
    cv2.polylines(page, [np.array(PATHS[7]) * 40 + 1500], False, 30, 200)
    tracemalloc.start()
    found = find_digit(page)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found is not None
    assert peak < page.nbytes / 10  # about a sixteenth; one float32 of each pixel would be 4 times


def test_colour_beside_the_ink_is_not_taken_for_it():
    """Colours differ most between the stripe and the paper; the ink is the darkest."""
    picture = np.full((200, 200, 3), (0, 255, 255), np.uint8)
    cv2.line(picture, (20, 0), (110, 199), (255, 210, 0), 24, cv2.LINE_AA)
    cv2.ellipse(picture, (120, 80), (34, 42), 0, 0, 360, (0, 20, 250), 8, cv2.LINE_AA)
    found = find_digit(picture)
    assert found is not None
    x0, y0, x1, y1 = found.box
    assert abs(x0 - 82) < 8 and abs(x1 - 158) < 8
    assert abs(y0 - 34) < 8 and abs(y1 - 126) < 8


def test_a_digit_that_fills_a_small_picture_is_no_sheet():
    sets = pytest.importorskip("sklearn.datasets")
    digits = (sets.load_digits().images * 255 / 16).round().astype(np.uint8)
    found = [find_digit(image) for image in digits[::5]]
    light = [item is not None and item.light_on_dark for item in found]
    assert np.mean(light) > 0.995


@pytest.mark.parametrize("hanging", [False, True])
def test_a_full_stop_is_no_part_of_the_digit(hanging: bool) -> None:
    page = sheet(7)
    without = find_digit(as_picture(page))
    assert without is not None
    _, _, right, bottom = without.box
    cv2.circle(page, (right - 18 if hanging else right + 12, bottom - 6), 5, 40, -1)
    found = find_digit(as_picture(page))
    assert found is not None
    assert np.abs(np.subtract(found.box, without.box)).max() <= 2
    assert likeness(found.normalised, 7) > 0.9


def test_the_faint_side_of_a_stroke_is_kept() -> None:
    page = sheet(7)
    left, _, _, bottom = find_digit(as_picture(page)).box  # type: ignore[union-attr]
    cv2.line(page, (left + 8, bottom - 10), (left + 8, bottom - 42), 205, 2)  # pale, joined below
    cv2.line(page, (left + 8, bottom - 10), (left + 38, bottom - 14), 40, 8)
    with_it = find_digit(as_picture(page))
    assert with_it is not None
    x = round(
        (left + 8 - with_it.box[0]) / (with_it.box[2] - with_it.box[0]) * with_it.ink.shape[1]
    )
    y = round((bottom - 30 - with_it.box[1]) / (with_it.box[3] - with_it.box[1]) * len(with_it.ink))
    column = with_it.ink[y, max(x - 2, 0) : x + 3]
    assert 0.05 < column.max() < 0.4


@pytest.mark.parametrize("to_edge", [False, True])
def test_a_pale_stroke_completes_a_digit_unless_it_runs_to_an_edge(to_edge: bool) -> None:
    page = np.full((200, 160), 235, np.float32)
    cv2.line(page, (40, 45), (110, 45), 40, 8)
    cv2.line(page, (108, 48), (62, 160), 195, 4)  # as a nib leaves it
    if to_edge:
        cv2.line(page, (62, 160), (62, 199), 195, 4)
    page += np.random.default_rng(0).normal(0, 2, page.shape)
    found = find_digit(as_picture(page))
    assert found is not None
    assert (found.box[3] > 150) is not to_edge


def test_a_pale_stroke_of_a_small_noisy_picture_is_kept() -> None:
    page = np.full((64, 48), 200, np.float32)
    cv2.line(page, (12, 14), (34, 14), 80, 3)
    cv2.line(page, (33, 15), (20, 52), 165, 2)
    for seed in range(5):
        noise = np.random.default_rng(seed).normal(0, 4, page.shape)
        found = find_digit(as_picture(cv2.GaussianBlur(page, (0, 0), 0.6) + noise))
        assert found is not None
        assert found.box[3] > 45


def test_the_edge_of_a_shadow_above_a_digit_is_not_taken_for_it() -> None:
    page = sheet(5, (300, 225), at=(110, 60), size=150).astype(np.float32)
    page[57:] *= 0.6  # the light strip above it looks like a sheet
    page[52:57, 100:140] *= 0.9
    found = find_digit(as_picture(np.clip(page, 0, 255).astype(np.uint8)))
    assert found is not None
    assert found.box[1] > 90
    assert found.box[3] - found.box[1] > 130
