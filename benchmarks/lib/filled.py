"""Made sheets that a pen has filled in: what is written, and what is crossed out.

Hands, pens and what they write change from sheet to sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from lib.camera import Float, Rng
from lib.hand import Hand
from lib.layouts import DOTS, LAYOUTS
from scrawl.forms import Form, Region
from scrawl.forms.checks import Check, is_iban


@dataclass
class Filled:
    """A sheet, its form and what is written in it.

    Attributes:
        page: float32, the sheet in grey.
        blank: The same, with nothing written.
        form: Its form, in millimetres.
        texts: What each field says; empty for nothing.
        crossed: The fields whose digits are crossed out.
    """

    page: Float
    form: Form
    blank: Float
    texts: dict[str, str] = field(default_factory=dict)
    crossed: set[str] = field(default_factory=set)


def fill(kind: str, hand: Hand, rng: Rng, layout: Rng | None = None) -> Filled:
    """A sheet of a kind, filled in; with ``layout``, of the form that this generator gives."""
    at, name = LAYOUTS[kind](layout or rng)
    form = Form(name, (210, 297), "mm", tuple(at.regions))
    sheet = Filled(at.page, form, at.page.copy())
    _say(sheet, kind, rng)
    writer, pen = hand.writer(rng), rng.uniform(20, 110)
    size = rng.uniform(0.6, 0.8)
    for region in form.regions:
        names = iter(region.names)
        for row in range(region.rows):
            for column in range(region.columns):
                x0, x1 = (region.xs[column + i] * DOTS for i in (0, 1))
                y0, y1 = (region.ys[row + i] * DOTS for i in (0, 1))
                box = (x0, y0, x1, y1)
                if region.grid:
                    of = next(names)
                    hand.write(sheet.page, sheet.texts[of], box, writer, rng, pen, size)
                    if of in sheet.crossed:
                        cross(sheet.page, box, rng, pen)
                elif region.columns == 1:
                    text = sheet.texts[region.name]
                    hand.write(sheet.page, text, box, writer, rng, pen, size)
                else:
                    text = sheet.texts[region.name][column : column + 1]
                    hand.write(sheet.page, text, box, writer, rng, pen, size)
    return sheet


def _say(sheet: Filled, kind: str, rng: Rng) -> None:
    """Decides what is written."""
    if kind == "combs":
        for region in sheet.form.regions:
            sheet.texts[region.name] = _word(region, rng)
        return
    grid = next(region for region in sheet.form.regions if region.grid)
    columns = grid.column_names
    for row in range(1, grid.rows + 1):
        if kind == "marks":
            values = [int(v) for v in rng.integers(0, 10, len(columns) - 1)]
            there = rng.random(len(values)) > 0.08
            for column, value, on in zip(columns, values, there, strict=False):
                sheet.texts[f"mark_r{row}_{column}"] = str(value) if on else ""
                if on and rng.random() < 0.03:
                    sheet.crossed.add(f"mark_r{row}_{column}")
            total = sum(v for v, on in zip(values, there, strict=True) if on)
            sheet.texts[f"mark_r{row}_sum"] = str(total)
            continue
        on = rng.random() > 0.15 or row == 1
        count, price = int(rng.integers(1, 30)), int(rng.integers(2, 400))
        for column, value in zip(columns, (count, price, count * price), strict=True):
            sheet.texts[f"item_r{row}_{column}"] = str(value) if on else ""
    for region in sheet.form.regions:
        if region.grid:
            continue
        sums = dict(region.sums())
        if sums:
            total = sum(int(sheet.texts[t] or 0) for t in sums[region.name])
            sheet.texts[region.name] = str(total)
        else:
            sheet.texts[region.name] = _word(region, rng)


def _word(region: Region, rng: Rng) -> str:
    """Digits that satisfy a field's check."""
    check = region.check_of(0) or Check()
    digits = region.columns if region.columns > 1 else int(rng.integers(4, 7))
    if check.date:
        return f"{rng.integers(1, 29):02}{rng.integers(1, 13):02}{rng.integers(1950, 2027)}"
    text = "".join(map(str, rng.integers(0, 10, digits)))
    if check.luhn:
        return next(t for d in range(10) if check.broken(t := text[:-1] + str(d)) is None)
    if check.iban:
        tail = text[2:]
        return next(t for d in range(2, 99) if is_iban(check.iban + (t := f"{d:02}{tail}")))
    if region.optional and region.columns > 1 and rng.random() < 0.1:
        return ""
    return text


def cross(page: Float, box: tuple[float, float, float, float], rng: Rng, pen: float) -> None:
    """Crosses out what is written in a box: two strokes, a zigzag or a thick bar."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    left, right = x0 + rng.uniform(0.15, 0.25) * w, x1 - rng.uniform(0.15, 0.25) * w
    top, bottom = y0 + rng.uniform(0.15, 0.25) * h, y1 - rng.uniform(0.15, 0.25) * h
    kind = rng.integers(3)
    if kind == 0:
        lines = [[(left, top), (right, bottom)], [(left, bottom), (right, top)]]
    elif kind == 1:
        n = int(rng.integers(5, 9))
        zigzag = [(left + (right - left) * i / n, (top, bottom)[i % 2]) for i in range(n + 1)]
        lines = [zigzag]
    else:
        middle = [y0 + h * rng.uniform(0.35, 0.65) for _ in range(3)]
        lines = [[(left, y), (right, y + rng.uniform(-0.1, 0.1) * h)] for y in middle]
    for line in lines:
        points = np.rint(np.array(line)).astype(np.int32)
        cv2.polylines(page, [points], False, pen, max(2, round(h * 0.05)), cv2.LINE_AA)
