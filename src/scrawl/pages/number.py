"""A picture of exactly one number: how long it may be."""

from __future__ import annotations

from scrawl.errors import InputError
from scrawl.pages.lattice import LONGEST, Lengths


def lengths(
    number: bool, digits: int | Lengths | str | None, name: str = "digits"
) -> Lengths | None:
    """How many digits the number of a picture may have; None where it need not show one.

    Args:
        number: Whether a picture shows exactly one number.
        digits: How many digits it has, the fewest and the most, or either as text: ``6``, ``4-7``.
        name: What an error calls ``digits``.

    Raises:
        InputError: It is neither, not from 1 to ``LONGEST``, the most first, or without a number.
    """
    if digits is None:
        return (1, LONGEST) if number else None
    if not number:
        raise InputError(f"{name}: expected with number")
    pair: tuple[int, ...]
    if isinstance(digits, str):
        parts = digits.split("-")
        pair = tuple(int(part) if part.strip().isdecimal() else 0 for part in parts)
    else:
        pair = (digits,) if isinstance(digits, int) else tuple(digits)
    if len(pair) not in (1, 2) or not 1 <= pair[0] <= pair[-1] <= LONGEST:
        raise InputError(
            f"{name}: expected how many, such as 6, or from how many to how many, such as 4-7, "
            f"from 1 to {LONGEST}; received {digits}"
        )
    return pair[0], pair[-1]
