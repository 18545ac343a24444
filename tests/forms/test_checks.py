"""Checks of fields: what they ask for, and what they make of a doubtful reading."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from scrawl.errors import InputError
from scrawl.forms.cells import Cell
from scrawl.forms.checks import Check
from scrawl.forms.digits import crossed_out
from scrawl.forms.form import Form, Region
from scrawl.forms.parse import parse_text
from scrawl.forms.sums import settled
from scrawl.forms.written import Written, answer

HEAD = "page = [210, 297]\n"
BOX = "box = [10, 10, 90, 20]\n"


def written(*places: dict[int, float] | None) -> Written:
    """Digits with their probabilities; None for a blank box."""
    rows = []
    for place in places:
        row = None if place is None else np.zeros(10, np.float32)
        if row is not None and place is not None:
            row[list(place)] = list(place.values())
        rows.append(row)
    return Written(tuple(rows), 0.99, 0.9)


def sure(text: str) -> Written:
    return written(*({int(digit): 0.98} for digit in text))


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (Check(range=(10, 99)), ("10", "99", "010"), ("9", "100")),
        (Check(digits=(2, 3)), ("12", "123"), ("1", "1234")),
        (
            Check(luhn=True),
            ("79927398713", "4539578763621486"),
            ("79927398710", "4539578763621487"),
        ),
        (Check(date="YYYYMMDD"), ("20240229",), ("20230229", "20241301", "202402")),
        (Check(date="DDMMYYYY"), ("31121999",), ("32121999",)),
        (Check(iban="DE"), ("89370400440532013000",), ("89370400440532013001",)),
        (Check(pattern="[1-9][0-9]{2}"), ("120",), ("012", "12", "1200")),
    ],
)
def test_a_check_holds_for_what_it_says(
    check: Check, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    assert [check.broken(text) for text in good] == [None] * len(good)
    assert all(check.broken(text) for text in bad)
    assert check.broken("1?2") == "expected digits alone"


def test_the_reading_that_satisfies_a_check_is_preferred_where_it_is_near() -> None:
    near = written({7: 0.98}, {1: 0.6, 7: 0.38})
    assert answer(near).text == "71"
    said = answer(near, Check(range=(75, 79)))
    assert (said.text, said.reason) == ("77", None)
    assert said.confidence > 0.9
    far = written({7: 0.98}, {1: 0.98, 7: 0.001})
    said = answer(far, Check(range=(75, 79)))
    assert (said.text, said.reason) == ("71", "expected 75 to 79")
    assert said.confidence < 0.9


def test_a_check_that_nearly_all_satisfy_makes_nothing_surer() -> None:
    doubtful = written({7: 0.98}, {1: 0.6, 7: 0.38})
    assert answer(doubtful, Check(digits=(2, 2))).confidence == pytest.approx(0.6)


def test_blank_fields() -> None:
    blank = written(None, None)
    assert answer(blank).confidence == pytest.approx(0.99)
    assert answer(blank, optional=False).reason == "is missing"
    assert answer(blank, Check(luhn=True)).confidence == 0
    assert answer(blank, Check(luhn=True), optional=True).confidence == pytest.approx(0.99)


TABLE = Form(
    "table",
    (100, 100),
    "mm",
    (
        Region(
            "t", (0, 0, 90, 30), 1, 3, grid=True, column_names=("a", "b", "sum"),
            kinds=("digit", "digit", "number"),
            checks=(None, None, Check(sum=("a", "b"))),
        ),
    ),
)  # fmt: skip


def totals(*fields: Written) -> list[tuple[str, bool]]:
    check = TABLE.regions[0].check_of
    answers = [answer(one, check(at)) for at, one in enumerate(fields)]
    [said] = settled(TABLE, [fields], [answers])
    return [(one.text, one.confidence >= 0.9) for one in said]


def test_sums_settle_the_total_or_a_part() -> None:
    assert totals(sure("4"), sure("7"), sure("11")) == [("4", True), ("7", True), ("11", True)]
    unsure = written({1: 0.98}, {7: 0.5, 1: 0.48})
    assert totals(sure("4"), sure("7"), unsure)[2] == ("11", True)
    assert totals(sure("4"), written({1: 0.55, 7: 0.44}), sure("11"))[1] == ("7", True)
    assert totals(sure("4"), sure("7"), sure("12"))[2] == ("12", False)
    assert totals(sure("4"), written(None), sure("4"))[2] == ("4", True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('kind = "digits"', "expected digits, how many boxes it has"),
        ('digits = 6\ncheck = "date"', "cannot hold"),
        ('kind = "number"\ncheck = {range = [5, 1]}', "expected 0 ≤ least ≤ greatest"),
        ('kind = "number"\ncheck = {range = [0.2, 0.8]}', "expected a whole number between"),
        ('kind = "number"\ncheck = {sum = ["a"]}', "received one of itself"),
        ('kind = "number"\ncheck = {sum = ["b"]}', "unknown field 'b'"),
        ('kind = "number"\ncheck = {pattern = "["}', "expected a regular expression"),
        ('kind = "number"\ncheck = {digits = [3, 2]}', "expected least ≤ greatest"),
        ('kind = "number"\ncheck = {iban = "de"}', "expected a country's two letters"),
        ('kind = "number"\ncheck = {date = "YMD"}', "unknown order 'YMD'"),
        ('kind = "number"\ncheck = "lunh"', "unknown check 'lunh'"),
        ('kind = "number"\ncheck = 3', "expected a word or a table"),
        ("optional = 1", "expected true or false"),
    ],
)
def test_a_check_that_cannot_hold_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(InputError, match="field 'a'") as error:
        parse_text(f'{HEAD}[[field]]\nname = "a"\n{BOX}{text}\n', Path("x.toml"))
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('columns = ["a", "b"]\nkind = ["digit"]', "or 2 for its columns, received 1"),
        ('columns = ["a", "a"]', "expected names that differ"),
        ("columns = 2\nwidths = [1, 0]", "expected sizes above 0"),
        ('columns = 2\nkind = "digits"', "unknown kind 'digits'"),
        ('columns = 2\ncheck = "date"', "expected a table from columns to checks"),
        ("columns = 2\ncheck = {c3 = {range = [0, 1]}}", "unknown key 'c3'"),
        ('columns = ["a", "b"]\ncheck = {b = {sum = ["c"]}}', "unknown column 'c'"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(InputError, match="grid 'g'") as error:
        parse_text(f'{HEAD}[[grid]]\nname = "g"\n{BOX}rows = 2\n{text}\n', Path("x.toml"))
    assert says in str(error.value)


def test_overlapping_fields_are_refused() -> None:
    text = f'{HEAD}[[field]]\nname = "a"\n{BOX}[[field]]\nname = "b"\nbox = [50, 10, 99, 20]\n'
    with pytest.raises(InputError, match="'a' and 'b': expected boxes apart"):
        parse_text(text, Path("x.toml"))


def test_a_grid_has_names_kinds_and_widths() -> None:
    text = (
        f'{HEAD}[[grid]]\nname = "g"\n{BOX}rows = ["Ann", "Bo"]\ncolumns = ["q1", "all"]\n'
        'kind = ["digit", "number"]\nwidths = [1, 3]\ncheck = {all = {sum = ["q1"]}}\n'
    )
    form = parse_text(text, Path("x.toml"))
    assert form.fields == ("g_Ann_q1", "g_Ann_all", "g_Bo_q1", "g_Bo_all")
    [region] = form.regions
    assert region.xs.tolist() == [10, 30, 90]
    assert [region.kind_of(at) for at in (0, 1)] == ["digit", "number"]
    assert dict(region.sums()) == {"g_Ann_all": ("g_Ann_q1",), "g_Bo_all": ("g_Bo_q1",)}


def test_a_digit_with_a_cross_over_it_is_crossed_out_and_a_bare_one_is_not() -> None:
    picture = np.full((72, 60), 255, np.uint8)
    cv2.ellipse(picture, (30, 36), (18, 28), 0, 0, 360, 40, 4)
    assert not crossed_out(Cell(picture, 0.8))
    cv2.line(picture, (8, 8), (52, 64), 40, 4)
    cv2.line(picture, (8, 64), (52, 8), 40, 4)
    assert crossed_out(Cell(picture, 0.8))
    assert not crossed_out(Cell(None, 0.0))
