"""Layouts of made sheets: invoices, mark sheets and combs, with print, and the form of each.

A sheet is drawn flat at `DOTS` pixels a millimetre. Layouts change from sheet to sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from lib.camera import Float, Rng
from lib.hand import print_text
from scrawl.forms import Region
from scrawl.forms.checks import Check

DOTS = 8
"""Pixels of a millimetre: 203 to the inch."""

_WORDS = ("Schrauben", "Papier A4", "Kabel 3 m", "Lampe", "Porto", "Stuhl", "Ordner", "Kaffee")
_NAMES = (
    "Ann Lee",
    "B. Okafor",
    "Chen W.",
    "D. Novak",
    "E. Silva",
    "F. Haas",
    "G. Rossi",
    "H. Ito",
)


@dataclass
class Layout:
    """A sheet that is being drawn.

    Attributes:
        page: float32, the sheet in grey.
        rng: Where chance comes from.
        rule: Grey of its rules.
        thick: And their thickness in pixels.
    """

    page: Float
    rng: Rng
    rule: float
    thick: int
    regions: list[Region] = field(default_factory=list)

    def print(self, text: str, x: float, y: float, size: float = 3.4) -> None:
        """Prints text with its left, middle at a place in millimetres."""
        print_text(self.page, text, (x * DOTS, y * DOTS), size * DOTS, self.rng.uniform(20, 60))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Rules a line, in millimetres."""
        a, b = ((round(x * DOTS), round(y * DOTS)) for x, y in ((x0, y0), (x1, y1)))
        cv2.line(self.page, a, b, self.rule, self.thick)

    def table(self, xs: list[float], ys: list[float]) -> None:
        """Rules a table whose lines are there, in millimetres."""
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)

    def comb(self, name: str, x: float, y: float, digits: int, check: Check | None) -> None:
        """Rules a row of boxes, and makes them a field."""
        wide, high = self.rng.uniform(5.0, 6.5), self.rng.uniform(6.5, 8.5)
        wide = min(wide, (205 - x) / digits)
        self.table([x + i * wide for i in range(digits + 1)], [y, y + high])
        checks = () if check is None else (check,)
        optional = True if check is None else None
        box = (x, y, x + digits * wide, y + high)
        self.regions.append(Region(name, box, 1, digits, checks=checks, optional=optional))

    def box(self, name: str, x: float, y: float, wide: float, check: Check | None) -> None:
        """Rules a box for a number."""
        high = self.rng.uniform(8, 11)
        self.table([x, x + wide], [y, y + high])
        checks = () if check is None else (check,)
        self.regions.append(Region(name, (x, y, x + wide, y + high), kind="number", checks=checks))


def _layout(rng: Rng) -> Layout:
    page = np.full((297 * DOTS, 210 * DOTS), rng.uniform(215, 250), np.float32)
    return Layout(page, rng, rng.uniform(20, 140), int(rng.integers(1, 4)))


def invoice(rng: Rng) -> tuple[Layout, str]:
    """Numbers, a date, an IBAN, a table of items beside their printed names, a total."""
    at = _layout(rng)
    left = rng.uniform(12, 20)
    at.print("Rechnung / Invoice", left, 18, 7)
    at.print("Muster GmbH, Ringstr. 12, 04109 Leipzig", left, 27)
    y = rng.uniform(36, 44)
    at.print("Datum", left, y + 4)
    at.comb("date", left + 28, y, 8, Check(date="DDMMYYYY"))
    at.print("Nr.", left + 100, y + 4)
    at.box("number", left + 112, y, rng.uniform(40, 60), Check(digits=(4, 6)))
    y += rng.uniform(14, 18)
    at.print("IBAN DE", left, y + 4)
    at.comb("iban", left + 28, y, 20, Check(iban="DE"))
    y += rng.uniform(16, 24)
    rows, high = int(rng.integers(5, 9)), rng.uniform(9, 12)
    xs = [left, left + rng.uniform(45, 60)]
    for wide in (rng.uniform(18, 24), rng.uniform(24, 30), rng.uniform(30, 40)):
        xs.append(xs[-1] + wide)
    ys = [y + i * high for i in range(rows + 2)]
    at.table(xs, ys)
    for title, x in zip(("Artikel", "Menge", "Preis", "Betrag"), xs, strict=False):
        at.print(title, x + 2, y + high / 2)
    for row in range(rows):
        at.print(str(rng.choice(_WORDS)), left + 2, ys[row + 1] + high / 2)
    names = ("count", "price", "amount")
    box = (xs[1], ys[1], xs[-1], ys[-1])
    widths = tuple(np.diff(xs[1:]).tolist())
    at.regions.append(Region("item", box, rows, 3, "number", grid=True, widths=widths,
                             column_names=names))  # fmt: skip
    terms = tuple(f"item_r{row}_amount" for row in range(1, rows + 1))
    y = ys[-1] + rng.uniform(6, 12)
    at.print("Summe", xs[2], y + 4)
    at.box("total", xs[3], y, xs[-1] - xs[3], Check(sum=terms))
    at.print("Zahlbar in 14 Tagen ohne Abzug. USt-Id 27 183 905 4", left, y + 25, 3)
    return at, "invoice"


def marks(rng: Rng) -> tuple[Layout, str]:
    """A table of printed names and of marks, its last column their sum; some are empty."""
    at = _layout(rng)
    left = rng.uniform(12, 20)
    at.print(f"Klasse {rng.integers(5, 13)}b    2026", left, 16, 6)
    y = rng.uniform(26, 40)
    rows, columns = int(rng.integers(10, 19)), int(rng.integers(3, 7))
    high, wide = rng.uniform(9, 11.5), rng.uniform(11, 14)
    xs = [left, left + rng.uniform(40, 55)]
    xs += [xs[1] + (i + 1) * wide for i in range(columns)]
    xs.append(xs[-1] + rng.uniform(20, 28))
    ys = [y + i * high for i in range(rows + 2)]
    at.table(xs, ys)
    for i, x in enumerate(xs[1:-2], 1):
        at.print(f"A{i}", x + 2, y + high / 2)
    at.print("Summe", xs[-2] + 2, y + high / 2)
    for row in range(rows):
        at.print(str(rng.choice(_NAMES)), left + 2, ys[row + 1] + high / 2)
    names = tuple(f"a{i}" for i in range(1, columns + 1))
    kinds = ("digit",) * columns + ("number",)
    box = (xs[1], ys[1], xs[-1], ys[-1])
    checks = (None,) * columns + (Check(sum=names),)
    at.regions.append(Region("mark", box, rows, columns + 1, grid=True, kinds=kinds,
                             widths=tuple(np.diff(xs[1:]).tolist()), checks=checks,
                             column_names=(*names, "sum")))  # fmt: skip
    return at, "marks"


def combs(rng: Rng) -> tuple[Layout, str]:
    """ZIP, phone, date of birth, card and account, a box a digit, each with a printed label."""
    at = _layout(rng)
    left, y = rng.uniform(12, 20), rng.uniform(30, 50)
    at.print("Anmeldung  Registration form 2026", left, 18, 6)
    kinds = [
        ("zip", "PLZ", 5, Check(digits=(5, 5))),
        ("phone", "Telefon", int(rng.integers(9, 12)), None),
        ("born", "Geburtstag", 8, Check(date="DDMMYYYY")),
        ("card", "Karte", 16, Check(luhn=True)),
        ("account", "Konto", 10, None),
        ("members", "Personen", 2, None),
    ]
    for name, label, digits, check in kinds:
        at.print(label, left, y + 4)
        at.comb(name, left + rng.uniform(26, 34), y, digits, check)
        y += rng.uniform(15, 26)
    at.print("Bitte deutlich schreiben. Stand 01/2026, Seite 1 von 1", left, y + 12, 3)
    return at, "combs"


LAYOUTS: dict[str, Callable[[Rng], tuple[Layout, str]]] = {
    "invoices": invoice, "marks": marks, "combs": combs,
}  # fmt: skip
