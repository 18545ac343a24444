import numpy as np

from scrawl.pages.detections import Detections
from scrawl.pages.digit import Digit
from scrawl.pages.levels import Level
from scrawl.pages.reading import Line
from scrawl.pages.strays import in_company, off_walls, only_writing, without_strays
from scrawl.ruling.walls import Walls

ROW = np.zeros(10, np.float32)


def digit(confidence, left, top, height=40):
    box = (left, top, left + height // 2, top + height)
    return Digit(7, confidence, box, confidence < 0.8, ROW, "7")


SURE = [digit(0.95, 10, 100), digit(0.9, 40, 104)]


def test_a_doubtful_digit_stays_beside_sure_ones():
    beside = digit(0.5, 70, 110, 34)
    assert without_strays([*SURE, beside]) == [*SURE, beside]


def test_a_sure_digit_among_doubtful_ones_is_doubtful():
    word = (digit(0.95, 10, 100), digit(0.5, 40, 100), digit(0.5, 70, 100))
    number = (digit(0.95, 200, 100), digit(0.7, 230, 100))
    (line,) = in_company([Line((word, number))], 0.8)
    assert [[one.uncertain for one in group] for group in line.groups] == [
        [True, True, True],
        [False, True],
    ]
    assert in_company([Line((word, number))], 0.0) == [Line((word, number))]


def test_doubtful_specks_and_what_is_off_the_line_go():
    assert without_strays([digit(0.6, 70, 110, 12), *SURE, digit(0.6, 30, 20)]) == SURE


def test_what_is_sure_stays_wherever_it_is():
    apart = digit(0.85, 300, 400, 12)
    assert without_strays([*SURE, apart]) == [*SURE, apart]


def test_where_none_is_sure_all_stay():
    doubtful = [digit(0.5, 10, 100), digit(0.6, 300, 10, 12)]
    assert without_strays(doubtful) == doubtful
    assert without_strays([]) == []


def test_beside_sheets_a_number_of_sure_digits_is_left_and_nothing_else():
    number, lone = Line((tuple(SURE),)), Line(((digit(0.95, 300, 400),),))
    doubtful = Line(((digit(0.95, 10, 10), digit(0.5, 40, 10), digit(0.5, 70, 10)),))
    assert only_writing([lone, number, doubtful]) == [number]
    assert only_writing([Line((*lone.groups, *number.groups))]) == [number]


def test_what_is_narrow_and_stands_on_a_wall_is_a_piece_of_it():
    cells = np.array([[[x, 0], [x + 40, 0], [x + 40, 60], [x, 60]] for x in range(0, 160, 40)])
    bare = np.zeros((60, 160), np.uint8)
    level = Level(bare, 2.0, Walls(bare, [cells.astype(np.float32)]))
    boxes = [(76, 20, 84, 90), (95, 20, 105, 90), (60, 20, 100, 90), (76, 130, 84, 190)]
    found = Detections(np.array(boxes, np.float32), np.zeros((4, 12), np.float32), 10)
    assert off_walls(found, [level]).tolist() == [False, True, True, True]
    few = Level(bare, 2.0, Walls(bare, [cells[:2].astype(np.float32)]))
    assert off_walls(found, [few]).all()
