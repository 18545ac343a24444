"""What makes a cell or a laying doubtful: another reader, a wall's rest, a thumb, uneven lines."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scrawl.forms import Region
from scrawl.forms.align import Place
from scrawl.forms.cells import Cell, cut
from scrawl.forms.digits import DISAGREED, second_look
from scrawl.forms.doubts import doubt, hidden
from scrawl.forms.numbers import Numbers
from scrawl.forms.refine import _through
from scrawl.forms.rivals import told_apart

SURE_7 = np.eye(10, dtype=np.float32)[7] * np.float32(0.99)


def row(**of: float) -> np.ndarray:
    out = np.zeros(10, np.float32)
    for digit, probability in of.items():
        out[int(digit[1:])] = probability
    return out


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """What the page reader says of each cell that it is asked about."""
    rows: list[np.ndarray] = []

    def read_numbers(_pages: object, cells: list[Cell]) -> list[Numbers]:
        assert len(cells) == len(rows)
        found = [SimpleNamespace(probabilities=one) for one in rows]
        return [Numbers([one], [], 0.0) for one in found]  # type: ignore[list-item]

    monkeypatch.setattr("scrawl.forms.digits.read_numbers", read_numbers)
    return rows


def most(*rows: np.ndarray | None) -> list[float]:
    ink = Cell(np.zeros((9, 9), np.uint8), 0.5)
    return second_look(lambda: None, [ink] * len(rows), rows, 0.85)  # type: ignore[arg-type, return-value]


def test_only_digits_nearly_in_doubt_are_seen_again(said: list[np.ndarray]) -> None:
    said.append(row(d1=0.7, d7=0.2))
    kept, blank, doubted, anew = most(SURE_7, None, row(d7=0.6, d1=0.35), row(d7=0.9, d1=0.08))
    assert (kept, blank, doubted) == (1.0, 1.0, 1.0)
    assert anew <= DISAGREED


def test_a_page_reader_that_leans_elsewhere_makes_a_digit_doubtful(said: list[np.ndarray]) -> None:
    said.append(row(d7=0.5, d1=0.45))
    [anew] = most(row(d7=0.86, d1=0.13))
    assert DISAGREED < anew < 0.85


def test_readers_who_agree_leave_a_digit_as_sure_as_it_is(said: list[np.ndarray]) -> None:
    said.append(row(d7=0.9))
    [anew] = most(row(d7=0.9, d1=0.05))
    assert anew > 0.9


def test_nobody_is_asked_where_nothing_is_in_doubt() -> None:
    def never() -> None:
        pytest.fail("the page reader was loaded")

    assert second_look(never, [Cell(None, 0.0)], [None], 0.85) == [1.0]  # type: ignore[arg-type]


@pytest.mark.parametrize(("x", "beside"), [(25, True), (50, False), (78, True)])
def test_ink_along_a_wall_is_told(x: int, beside: bool) -> None:
    page = np.full((120, 120), 240, np.uint8)
    page[35:85, x : x + 3] = 20
    mesh = np.stack(np.meshgrid([20.0, 85.0], [20.0, 100.0]), -1)
    [cell] = cut(page, mesh)
    assert cell.picture is not None
    assert cell.beside is beside


def test_cells_beside_hidden_ones_are_hidden_where_not_all_their_sides_are_seen() -> None:
    seen = np.ones((3, 4))
    seen[0, :2] = 0.1, 0.7
    seen[2, 3] = 0.7
    assert np.argwhere(hidden(seen)).tolist() == [[0, 0], [0, 1]]


@pytest.mark.parametrize(("off", "widths", "even"), [
    (0.02, (), True), (0.12, (), False), (0.12, (1,) * 8 + (1.2,), True),
])  # fmt: skip
def test_lines_of_alike_cells_are_evenly_spaced(
    off: float, widths: tuple[float, ...], even: bool
) -> None:
    region = Region("s", (0, 0, 900, 900), 9, 9, widths=widths, grid=True)
    mesh = np.stack(np.meshgrid(region.xs, region.ys), -1)
    mesh[:, 1:-1:2, 0] += off * 100
    place = Place(np.eye(3), "lines")
    reason = doubt(place, [region], [mesh], [np.ones((9, 9))], (901, 901))
    assert (reason is None) is even
    assert even or "not spaced" in str(reason)


def test_a_line_that_is_askew_at_one_end_is_not_even() -> None:
    region = Region("s", (0, 0, 900, 900), 9, 9, grid=True)
    mesh = np.stack(np.meshgrid(region.xs, region.ys), -1)
    mesh[7:, 8, 0] += 20
    reason = doubt(Place(np.eye(3), "lines"), [region], [mesh], [np.ones((9, 9))], (901, 901))
    assert "not spaced" in str(reason)


@pytest.mark.parametrize(("doubted", "chosen", "sure"), [(1, "right", True), (3, "right", False)])
def test_broken_checks_say_more_against_a_place_than_doubted_digits(
    doubted: int, chosen: str, sure: bool
) -> None:
    def laying(name: str, place: Place) -> SimpleNamespace:
        there = {"right": 0.45, "wrong": 0.55}
        return SimpleNamespace(
            name=name,
            place=place,
            at=lambda other: laying(
                next(k for k in there if abs(there[k] - other.seen) < 0.01), other
            ),
        )

    def read(one: SimpleNamespace) -> SimpleNamespace:
        bad = ["expected a date"] * 2 if one.name == "wrong" else ["is not sure"] * doubted
        reasons = [*bad, *[None] * (30 - len(bad))]
        return SimpleNamespace(fields=[SimpleNamespace(reason=r, blank=False) for r in reasons])

    rival = Place(np.eye(3), "lines", 0.45, seen=0.45)
    best = laying("wrong", Place(np.eye(3), "lines", 0.55, seen=0.55, rivals=(rival,)))
    where, _ = told_apart(best, read(best), read)  # type: ignore[arg-type]
    assert where.name == chosen  # type: ignore[attr-defined]
    assert (where.place.confidence >= 0.9) is sure


@pytest.mark.parametrize(("narrow", "sure"), [(0.8, True), (0.68, False)])
def test_cells_that_no_usual_slant_explains_are_doubtful(narrow: float, sure: bool) -> None:
    region = Region("s", (0, 0, 900, 900), 9, 9, grid=True)
    mesh = np.stack(np.meshgrid(region.xs * narrow, region.ys), -1)
    reason = doubt(Place(np.eye(3), "lines"), [region], [mesh], [np.ones((9, 9))], (901, 901))
    assert (reason is None) is sure
    assert sure or "1.5 times" in str(reason)


def test_lines_of_one_direction_alone_say_no_homography() -> None:
    x, y = np.meshgrid(np.arange(6.0), np.arange(4.0))
    points = np.stack([x.ravel(), y.ravel()], -1)
    level, none = np.ones(len(points), bool), np.zeros(len(points))
    found = _through(points, points * 10, none, level)
    assert found is None or np.isfinite(found).all()
    both = _through(points, points * 10, none, np.arange(len(points)) % 2 == 0)
    assert both is not None
    np.testing.assert_allclose(both, np.diag([10.0, 10, 1]), atol=1e-6)
