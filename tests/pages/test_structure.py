"""Tables, from rules and from alignment; the tilt of a page."""

import numpy as np
import pytest

from scrawl.pages.digit import Digit, Mark
from scrawl.pages.levels import Level
from scrawl.pages.reading import Reading
from scrawl.pages.structure import arranged
from scrawl.pages.table import Table
from scrawl.pages.tilt import page_tilt
from scrawl.ruling.walls import Walls

NOTHING = np.zeros(10, np.float32)
BARE = [Level(np.zeros((9, 9), np.uint8), 1.0, Walls(np.zeros((9, 9), np.uint8)))]


def write(rows, tilt=0.0, wide=130, high=60, seed=0):
    """The digits of cells, each a little off its place."""
    rng, digits = np.random.default_rng(seed), []
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            at = column * wide + rng.uniform(0, 25), row * high + rng.uniform(-8, 8)
            for place, character in enumerate(text):
                x, y = at[0] + place * 27, at[1]
                left, top = round(200 + x - tilt * y), round(200 + y + tilt * x)
                box = (left, top, left + 22, top + 32)
                digits.append(Digit(int(character), 0.9, box, False, NOTHING, character))
    rng.shuffle(digits)
    return digits


ROWS = [["51", "8", "302"], ["5", "", "31"], ["53", "83", "3"], ["155", "85", ""]]


def ruled(rows, columns, tilt=0.0, wide=130, high=60):
    corners = []
    for row in range(rows):
        cells = []
        for column in range(columns):
            x, y = column * wide - 10, row * high - 12
            quad = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]], float)
            turned = 200 + quad @ np.array([[1, tilt], [-tilt, 1]])
            cells.append(turned)
        corners.append(np.array(cells, np.float32))
    return [Level(np.zeros((9, 9), np.uint8), 1.0, Walls(np.zeros((9, 9), np.uint8), corners))]


@pytest.mark.parametrize("tilt", [-0.05, 0.0, 0.05])
def test_a_table_without_rules(tilt):
    found, [table] = arranged(write(ROWS, tilt), [], BARE)
    assert table.texts == ROWS
    assert [line.text for line in found] == ["51 8 302", "5 31", "53 83 3", "155 85"]


@pytest.mark.parametrize("tilt", [-0.05, 0.0, 0.05])
def test_a_ruled_table_has_its_empty_cells_and_what_stands_beside_it_is_apart(tilt):
    mark = Mark("-", 0.9, (340, 270, 350, 274))
    rows = [["51", "", "302"], ["", "", ""], ["3", "83", "3"]]
    above = write([["2026"]], high=60, tilt=tilt)
    moved = [Digit(d.digit, 0.9, (d.box[0], d.box[1] - 90, d.box[2], d.box[3] - 90), False,
                   NOTHING, d.text) for d in above]  # fmt: skip
    found, [table] = arranged([*write(rows, tilt), *moved], [mark], ruled(3, 3, tilt))
    assert table.texts == rows
    assert [line.text for line in found] == ["2026", "51 302", "3 83 3"]
    box = table.rows[2][1].box
    assert all(box[0] < d.box[0] and d.box[2] < box[2] for d in found[2].groups[1])
    assert table.rows[1][1].confidence == 1


def test_a_row_of_boxes_and_numbers_written_wide_are_no_table():
    assert arranged(write([["1", "2", "3"]]), [], ruled(1, 3))[1] == []
    wide = [["1", "2", "3", "4"], ["5", "6", "7", "8"], ["9", "0", "1", "2"]]
    found, tables = arranged(write(wide, wide=60), [], BARE)
    assert tables == []
    assert [line.text for line in found] == ["1234", "5678", "9012"]


def test_lines_of_numbers_are_no_table():
    assert arranged(write([["13924579"], ["536878"], ["13582"]]), [], BARE)[1] == []
    assert arranged([], [], BARE) == ([], [])


def test_a_third_digit_is_no_column():
    rows = [["1", "92"], ["9", "67"], ["7", "45"], ["24", "208"], ["6", "5"]]
    assert arranged(write(rows), [], BARE)[1][0].texts == rows


@pytest.mark.parametrize("tilt", [-0.05, 0.0, 0.05])
@pytest.mark.parametrize("seed", range(3))
def test_numbers_of_neighbouring_columns_are_apart_where_some_nearly_touch(seed, tilt):
    rows = [["518", "830", "302"], ["5", "177", "31"], ["53", "8", "307"],
            ["155", "85", "4"], ["712", "46", "95"], ["6", "209", "180"]]  # fmt: skip
    assert arranged(write(rows, tilt, wide=102, seed=seed), [], BARE)[1][0].texts == rows


@pytest.mark.parametrize("tilt", [-0.12, -0.04, 0.0, 0.03, 0.1])
def test_the_tilt_of_a_page_is_that_of_all_its_lines(tilt):
    boxes = [digit.box for digit in write(ROWS * 2, tilt)]
    assert page_tilt(boxes) == pytest.approx(tilt, abs=0.02)


def test_tables_go_to_json_and_back():
    lines, tables = arranged(write(ROWS), [], BARE)
    reading = Reading(tuple(lines), (800, 600), tables=tuple(tables))
    again = Reading.from_dict(reading.to_dict())
    assert again.tables == reading.tables
    assert again.to_dict() == reading.to_dict()
    assert Table.from_dict(tables[0].to_dict()) == tables[0]
    old = {key: value for key, value in reading.to_dict().items() if key != "tables"}
    assert Reading.from_dict(old).tables == ()
