"""The checks of a form file, checked themselves: one that nothing can satisfy is refused."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from scrawl.errors import InputError, unknown
from scrawl.forms.checks import DATES, Check
from scrawl.forms.form import Form
from scrawl.forms.values import count, keys, numbers

_KEYS = ("range", "digits", "sum", "luhn", "date", "iban", "pattern")
_WORDS = ("luhn", "date")
_IBAN = (11, 32)  # digits that follow the country's letters, at least and at most (ISO 13616)
_GREATEST = 1e18  # number that a range may go up to


def read_check(
    of: str, value: Any, boxes: int | None, columns: Sequence[str] | None = None
) -> Check | None:
    """What a field has to satisfy.

    Args:
        of: What messages call the field.
        value: What the file says: a word, a table, or None.
        boxes: How many boxes it has, where each takes a digit; None for any number of digits.
        columns: The names that a sum may have in a grid; None if it may have any field's.

    Raises:
        InputError: It is no check, or nothing can satisfy it.
    """
    of = f"{of}: check"
    if value is None:
        return None
    if isinstance(value, str):
        if value not in _WORDS:
            raise InputError(f"{of}: {unknown('check', value, _WORDS)}")
        value = {value: True}
    if not isinstance(value, dict) or not value:
        raise InputError(f"{of}: expected a word or a table, received {value!r}")
    keys(of, value, _KEYS)
    parts: dict[str, Any] = {}
    for key, part in value.items():
        parts[key] = _PARTS[key](f"{of}: {key}", part)
    check = Check(**parts)
    _check_length(of, check, boxes)
    for term in check.sum:
        if columns is not None and term not in columns:
            raise InputError(f"{of}: sum: {unknown('column', term, tuple(columns))}")
    return check


def check_sums(form: Form) -> None:
    """Refuses sums of fields that there are not, and those that are parts of themselves.

    Raises:
        InputError: There is one.
    """
    sums = {name: terms for region in form.regions for name, terms in region.sums()}
    for name, terms in sums.items():
        for term in terms:
            if term not in form.fields:
                raise InputError(
                    f"field '{name}': check: sum: {unknown('field', term, form.fields)}"
                )
    for name in sums:
        below = list(sums[name])
        seen: set[str] = set()
        while below:
            term = below.pop()
            if term == name:
                raise InputError(
                    f"field '{name}': check: expected a sum of other fields, received one of itself"
                )
            if term not in seen:
                seen.add(term)
                below += sums.get(term, ())


def _range(of: str, value: Any) -> tuple[float, float]:
    low, high = numbers(of, value, 2, "[least, greatest]")
    if not 0 <= low <= high or high > _GREATEST:
        raise InputError(f"{of}: expected 0 ≤ least ≤ greatest, received {value!r}")
    if math.ceil(low) > high:
        raise InputError(f"{of}: cannot hold (expected a whole number between, received {value!r})")
    return low, high


def _digits(of: str, value: Any) -> tuple[int, int]:
    every = value if isinstance(value, list) else [value, value]
    if len(every) != 2:
        raise InputError(f"{of}: expected a number, or [least, greatest], received {value!r}")
    low, high = (count(of, part) for part in every)
    if low > high:
        raise InputError(f"{of}: expected least ≤ greatest, received {value!r}")
    return low, high


def _sum(of: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise InputError(f"{of}: expected a list of names, received {value!r}")
    return tuple(value)


def _luhn(of: str, value: Any) -> bool:
    if value is not True:
        raise InputError(f"{of}: expected true, received {value!r}")
    return True


def _date(of: str, value: Any) -> str:
    value = next(iter(DATES)) if value is True else value
    if value not in DATES:
        raise InputError(f"{of}: {unknown('order', str(value), tuple(DATES))}")
    return str(value)


def _iban(of: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        raise InputError(f"{of}: expected a country's two letters, such as DE, received {value!r}")
    return value


def _pattern(of: str, value: Any) -> str:
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        raise InputError(
            f"{of}: expected a regular expression, received {value!r} ({error})"
        ) from error
    return str(value)


_PARTS: dict[str, Callable[[str, Any], Any]] = {
    "range": _range,
    "digits": _digits,
    "sum": _sum,
    "luhn": _luhn,
    "date": _date,
    "iban": _iban,
    "pattern": _pattern,
}


def _check_length(of: str, check: Check, boxes: int | None) -> None:
    """Refuses what asks for more digits than there are boxes, or for two lengths at once."""
    wanted = []
    if check.digits is not None:
        wanted.append(("digits", *check.digits))
    if check.date is not None:
        wanted.append(("date", len(check.date), len(check.date)))
    if check.iban is not None:
        wanted.append(("iban", *_IBAN))
    if check.luhn:
        wanted.append(("luhn", 2, 10**6))
    if check.range is not None:
        wanted.append(("range", len(str(int(check.range[0]))), 10**6))
    if boxes is not None:
        wanted.append(("the boxes", 1, boxes))
    for (name, low, _), (other, _, most) in itertools.permutations(wanted, 2):
        if low > most:
            raise InputError(
                f"{of}: cannot hold (expected at most {most} digits, as of {other}; {name} needs "
                f"{low})"
            )
