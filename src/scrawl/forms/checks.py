"""What the text of a field has to satisfy."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

DATES = {"YYYYMMDD": "%Y%m%d", "DDMMYYYY": "%d%m%Y", "MMDDYYYY": "%m%d%Y", "DDMMYY": "%d%m%y"}
"""Orders of a date's digits; the first is ISO 8601's basic form."""


@dataclass(frozen=True)
class Check:
    """Conditions on a field's digits; each that is None asks for nothing.

    Attributes:
        range: The least and the greatest number.
        digits: The least and the greatest number of digits.
        sum: Names of the fields whose numbers make this one's; a blank one counts as 0.
        luhn: Whether the last digit is the others' check digit (ISO/IEC 7812-1).
        date: The order of a date's digits, a key of `DATES`.
        iban: The country's letters of an IBAN (ISO 13616); the digits are what follows them.
        pattern: A regular expression that the whole text matches.
    """

    range: tuple[float, float] | None = None
    digits: tuple[int, int] | None = None
    sum: tuple[str, ...] = ()
    luhn: bool = False
    date: str | None = None
    iban: str | None = None
    pattern: str | None = None

    def broken(self, text: str) -> str | None:
        """What a text of digits does not satisfy, in words; None if it satisfies all.

        Sums need other fields: `scrawl.forms.sums` looks at them.
        """
        if not text.isdigit():
            return "expected digits alone"
        if self.range is not None and not self.range[0] <= int(text) <= self.range[1]:
            return f"expected {self.range[0]:g} to {self.range[1]:g}"
        if self.digits is not None and not self.digits[0] <= len(text) <= self.digits[1]:
            low, high = self.digits
            return f"expected {low} digits" if low == high else f"expected {low} to {high} digits"
        if self.luhn and not luhn(text):
            return "expected a check digit that fits (Luhn)"
        if self.date is not None and not is_date(text, self.date):
            return f"expected a date ({self.date})"
        if self.iban is not None and not is_iban(self.iban + text):
            return f"expected an IBAN of {self.iban} whose check digits fit"
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            return f"expected what matches {self.pattern}"
        return None


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0 and len(digits) > 1


def is_date(digits: str, order: str) -> bool:
    """Whether digits are a day of the calendar."""
    if len(digits) != len(order):
        return False
    try:
        datetime.datetime.strptime(digits, DATES[order])
    except ValueError:
        return False
    return True


def is_iban(text: str) -> bool:
    """Whether an IBAN's check digits fit: the remainder of 97 is 1 (ISO 7064, MOD 97-10)."""
    turned = text[4:] + text[:4]
    return len(text) > 4 and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
