"""Lines, reading order, groups."""

import numpy as np
import pytest

from scrawl.pages.digit import Digit, Mark
from scrawl.pages.layout import groups, lines
from scrawl.pages.tilt import sharpness

NOTHING = np.zeros(10, np.float32)


def digit(value, x, y, width=20, height=30):
    box = (round(x), round(y), round(x + width), round(y + height))
    return Digit(value, 0.9, box, False, NOTHING, str(value))


def row(text, x, y, step=26, fall=0.0):
    return [
        digit(int(c), x + i * step, y + fall * i * step) for i, c in enumerate(text) if c != " "
    ]


def text(digits, rng):
    order = rng.permutation(len(digits))
    return "\n".join(line.text for line in lines([digits[i] for i in order]))


@pytest.mark.parametrize("fall", [-0.15, -0.05, 0.0, 0.05, 0.15])
def test_lines_are_read_from_the_top_each_from_the_left(fall):
    page = [
        d for y, t in ((10, "1572"), (70, "43890"), (130, "12")) for d in row(t, 30, y, 26, fall)
    ]
    assert text(page, np.random.default_rng(0)) == "1572\n43890\n12"


def test_a_line_that_bends_stays_one_line():
    digits = [digit(i % 10, 26 * i, 40 * np.sin(i / 6)) for i in range(20)]
    assert len(lines(digits)) == 1


def test_columns_far_apart_are_one_line_in_groups():
    page = row("12", 0, 0) + row("34", 300, 2) + row("56", 0, 60) + row("78", 300, 62)
    assert text(page, np.random.default_rng(1)) == "12 34\n56 78"


def test_digits_of_other_heights_join_the_line_they_stand_in():
    page = [*row("12", 0, 0), digit(0, 60, 12, 12, 16), digit(7, 90, -8, 20, 46)]
    assert text(page, np.random.default_rng(2)) == "1207"


@pytest.mark.parametrize(
    ("spaces", "expected"),
    [
        ([4, 5, 30, 4], [3, 2]),
        ([5, 5, 5], [4]),
        ([70, 72, 69], [4]),  # far apart, but evenly: one number
        ([-6, -2, 40], [3, 1]),
        ([], [1]),
    ],
)
def test_a_wide_space_parts_groups(spaces, expected):
    x, digits = 0, [digit(1, 0, 0)]
    for space in spaces:
        x += 20 + space
        digits.append(digit(1, x, 0))
    assert [len(group) for group in groups(digits)] == expected


def test_marks_go_to_the_line_they_stand_in():
    point = Mark(".", 0.9, (46, 26, 50, 31))
    stray = Mark(".", 0.9, (400, 300, 404, 305))
    first, second = lines(row("12", 0, 0) + row("34", 0, 60), [stray, point])
    assert first.marks == (point,)
    assert second.marks == ()


def test_an_empty_page_has_no_lines():
    assert lines([]) == ()


def test_level_lines_are_sharpest_whatever_other_tilts_are_asked_for():
    rng = np.random.default_rng(3)
    x = np.arange(0, 600, 30.0).repeat(3)
    y = np.tile([50.0, 120.0, 190.0], 20) + 0.1 * x + rng.normal(0, 1, len(x))
    slopes = np.linspace(-0.2, 0.2, 41)
    together = sharpness(y - slopes[:, None] * x, 24)
    assert slopes[together.argmax()] == pytest.approx(0.1, abs=0.011)
    alone = [sharpness((y - slope * x)[None], 24)[0] for slope in slopes]
    np.testing.assert_array_equal(together, alone)
