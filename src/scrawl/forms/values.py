"""Values of a form file, each refused by name where it is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrawl.errors import InputError, unknown


def numbers(of: str, value: Any, n: int, form: str) -> tuple[float, ...]:
    """So many numbers; ``form`` says what they are."""
    good = isinstance(value, list) and len(value) == n
    if not good or any(type(v) not in (int, float) or not abs(v) < 1e9 for v in value):
        received = "none" if value is None else repr(value)
        raise InputError(f"{of}: expected {form}, {n} numbers, received {received}")
    return tuple(float(v) for v in value)


def count(of: str, value: Any) -> int:
    """A whole number above 0."""
    if type(value) is not int or value < 1:
        received = "none" if value is None else repr(value)
        raise InputError(f"{of}: expected a whole number above 0, received {received}")
    return value


def keys(of: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuses keys that are not known."""
    for key in table:
        if key not in known:
            raise InputError(f"{of}: {unknown('key', key, known)}")


def texts(of: str, value: Any, n: int) -> tuple[str, ...]:
    """So many names, each another, in one line of text each."""
    good = isinstance(value, list) and len(value) == n
    if not good or any(
        not isinstance(v, str) or not v.strip() or not v.isprintable() for v in value
    ):
        raise InputError(f"{of}: expected a list of {n} names, received {value!r}")
    if len(set(value)) < n:
        raise InputError(f"{of}: expected names that differ, received {value!r}")
    return tuple(value)


def sizes(of: str, value: Any, n: int) -> tuple[float, ...]:
    """So many relative sizes above 0."""
    found = numbers(of, value, n, "a list")
    if min(found) <= 0:
        raise InputError(f"{of}: expected sizes above 0, received {value!r}")
    return found


def flag(of: str, value: Any) -> bool | None:
    """Yes, no, or nothing said."""
    if value is not None and not isinstance(value, bool):
        raise InputError(f"{of}: expected true or false, received {value!r}")
    return value
