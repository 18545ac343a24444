"""Walls of boxes, combs and tables; what is none; strokes that cross them."""

from unittest.mock import patch

import cv2
import numpy as np
import pytest

from scrawl.ruling.walls import find_walls, without


def blank(height=140, width=420):
    return np.zeros((height, width), np.uint8)


def comb(thick=2, cells=6):
    ink = blank()
    for cell in range(cells):
        cv2.rectangle(ink, (30 + 60 * cell, 30), (90 + 60 * cell, 100), 255, thick)
    return ink


@pytest.mark.parametrize("thick", [1, 3, 7])
def test_a_comb_has_its_cells_and_its_walls(thick):
    ink = comb(thick)
    cv2.line(ink, (60, 45), (60, 85), 255, 4)  # a 1
    rules = find_walls(ink)
    assert [len(row) for row in rules.rows] == [6]
    assert rules.mask[60, 90] == rules.mask[30, 120] == 1
    assert not rules.mask[45:86, 55:66].any()
    left = ink * (1 - rules.mask)
    assert left[:, 80:100].sum() < 0.1 * ink[:, 80:100].sum()


@pytest.mark.parametrize("thick", [12, 16])
def test_walls_as_thick_as_digits_are_found_at_half_the_scale(thick):
    ink = cv2.resize(comb(1), None, None, 2, 2, cv2.INTER_NEAREST) * 0
    for cell in range(6):
        cv2.rectangle(ink, (60 + 120 * cell, 60), (180 + 120 * cell, 200), 255, thick)
    cv2.line(ink, (120, 66), (120, 150), 255, 14)  # a 1 that hangs from the rule
    rules = find_walls(ink)
    assert [len(row) for row in rules.rows] == [6]
    assert rules.mask[130, 180] == 1
    assert not rules.mask[90:150, 114:127].any()


@pytest.mark.parametrize(("wide", "boxes"), [(16, False), (60, True)])
def test_cells_as_slim_as_columns_of_digits_are_no_boxes(wide, boxes):
    ink = blank()
    for cell in range(6):
        cv2.rectangle(ink, (30 + wide * cell, 20), (30 + wide * (cell + 1), 120), 255, 1)
    rules = find_walls(ink)
    assert [len(row) for row in rules.rows] == [6]
    assert rules.has_boxes == boxes


@pytest.mark.parametrize("wall", [3, 6])
def test_hatched_walls_go_to_their_ragged_edges(wall):
    ink = comb(wall)
    down, across = np.indices(ink.shape)
    ink[(down + across) % (2 * wall + 4) < wall + 1] = 0
    rules = find_walls(ink)
    assert [len(row) for row in rules.rows] == [6]
    left = ink * (1 - rules.mask)
    assert left[:, 80:100].sum() < 0.1 * ink[:, 80:100].sum()


def test_boxes_that_are_apart_keep_both_their_walls():
    ink = blank(140, 520)
    for cell in range(6):
        cv2.rectangle(ink, (30 + 75 * cell, 30), (90 + 75 * cell, 100), 255, 3)
        cv2.line(ink, (90 + 75 * cell, 30), (105 + 75 * cell, 30), 255, 3)
        cv2.line(ink, (90 + 75 * cell, 100), (105 + 75 * cell, 100), 255, 3)
    rules = find_walls(ink)
    assert all(rules.mask[60, x + 75 * cell] for cell in range(6) for x in (30, 90))


@pytest.mark.parametrize(("thick", "apart"), [(8, 4), (9, 12)])
def test_boxes_apart_are_found_though_digits_hide_a_piece_of_their_rule(thick, apart):
    ink, step = blank(140, 620), 60 + thick + apart
    for cell in range(6):
        cv2.rectangle(ink, (30 + step * cell, 30), (90 + step * cell, 100), 255, thick)
    x = 30 + 2 * step
    cv2.rectangle(ink, (x + 5, 28), (x + 55, 48), 255, -1)  # the top of a 7 on the rule
    cv2.line(ink, (x + 46, 48), (x + 25, 88), 255, 8)
    rules = find_walls(ink)
    assert rules.has_boxes
    widths = [np.ptp(cell[:, 0]) for line in rules.rows for cell in line]
    assert sum(45 < wide < 75 for wide in widths) == 6


def test_a_1_from_rule_to_rule_is_no_wall_of_boxes_that_stand_apart():
    ink = blank(140, 400)
    for x in range(30, 330, 75):
        cv2.rectangle(ink, (x, 30), (x + 66, 100), 255, 7)
    cv2.line(ink, (285, 36), (288, 96), 255, 3)  # in the last but one, of strokes finer than walls
    rules = find_walls(ink)
    assert rules.has_boxes
    assert all(rules.mask[60, x] for x in (30, 96, 105, 171, 180, 246, 255, 321))
    assert not rules.mask[45:90, 280:292].any()


def test_among_the_hundreds_of_walls_of_a_texture_no_1s_are_looked_for():
    ink = np.zeros((120, 2400), np.uint8)
    ink[[20, 21, 90, 91]] = 255
    for x in np.cumsum(np.random.default_rng(0).integers(18, 28, 100)):
        ink[20:92, x : x + 2] = 255
    with patch("itertools.combinations", side_effect=AssertionError("pairs of all walls")):
        assert len(find_walls(ink).rows[0]) > 60


def test_boxes_far_apart_whose_digits_touch_them_are_boxes():
    ink = blank(140, 560)
    for x in range(30, 550, 130):
        cv2.rectangle(ink, (x, 30), (x + 66, 100), 255, 5)
        cv2.ellipse(ink, (x + 45, 66), (20, 24), 0, 0, 360, 255, 4)  # a 0 on the right wall
    rules = find_walls(ink)
    assert rules.has_boxes
    assert all(rules.mask[60, x] for x in range(30, 550, 130))


def test_darker_ink_on_a_wall_stays():
    sheet = np.full((140, 300), 230, np.uint8)
    cv2.rectangle(sheet, (30, 30), (270, 110), 150, 8)
    mask = (sheet < 200).astype(np.uint8)
    cv2.line(sheet, (60, 15), (60, 60), 40, 5)
    painted = without(sheet, mask)
    assert (painted[mask > 0] > 200).mean() > 0.9
    assert painted[30, 60] < 80  # the stroke goes on across the wall
    assert painted[110, 60] > 200


def test_walls_of_a_tilted_comb_are_found():
    turn = cv2.getRotationMatrix2D((210, 70), 3, 1)
    rules = find_walls(cv2.warpAffine(comb(3), turn, (420, 140)))
    assert [len(row) for row in rules.rows] == [6]


def test_the_walls_of_an_open_comb_are_found_and_a_1_is_none():
    ink = blank()
    cv2.line(ink, (30, 100), (390, 100), 255, 3)
    for x in range(30, 391, 60):
        cv2.line(ink, (x, 70), (x, 100), 255, 3)
    cv2.line(ink, (60, 40), (60, 92), 255, 5)  # a 1
    rules = find_walls(ink)
    assert rules.mask[85, 30] == rules.mask[85, 210] == rules.mask[100, 130] == 1
    assert not rules.mask[40:93, 55:66].any()


def test_a_stroke_that_crosses_a_wall_stays_whole():
    ink = comb(2)
    cv2.line(ink, (75, 50), (105, 80), 255, 5)
    rules = find_walls(ink)
    assert [len(row) for row in rules.rows] == [6]
    assert not rules.mask[64:67, 89:92].any()
    assert rules.mask[90, 90] == 1


@pytest.mark.parametrize("text", ["1111", "0000", "8888", "7272", "H"])
def test_writing_is_no_rule(text):
    ink = blank()
    cv2.putText(ink, text, (40, 110), cv2.FONT_HERSHEY_SIMPLEX, 3, 255, 8)
    assert not find_walls(ink).mask.any()


def test_one_empty_box_may_be_a_0():
    ink = blank()
    cv2.rectangle(ink, (150, 30), (190, 100), 255, 4)
    assert not find_walls(ink).mask.any()


def test_texture_is_no_table():
    ink = blank()
    ink[::4] = 200
    ink[:, ::40] = 200
    ink[1::4] = 100
    assert find_walls(ink).rows == []


def test_a_rule_from_side_to_side_goes():
    ink = blank()
    cv2.line(ink, (5, 100), (415, 108), 255, 3)
    assert find_walls(ink).mask[104, 200:220].all()
