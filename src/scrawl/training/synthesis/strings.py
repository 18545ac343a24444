"""What people write in numbers: amounts, dates, codes, sums, and words beside them."""

from __future__ import annotations

import numpy as np

ANY_LETTER = "a"
"""Stands for any letter in a written text."""

_SIGN = "¤"

_FIRST = np.log10(1 + 1 / np.arange(1, 10))
"""How often an amount begins with 1 to 9 (F. Benford, "The law of anomalous numbers", 1938)."""


def written_text(rng: np.random.Generator, longest: int) -> str:
    """One line of writing.

    Args:
        rng: Source of randomness.
        longest: The most characters that have room, at least 1.

    Returns:
        Digits, spaces, the marks ``. , - = / ¤``, and ``a`` for any letter.
    """
    maker = _MAKERS[rng.choice(len(_MAKERS), p=_SHARES)]
    return maker(rng, longest)[:longest].strip() or str(rng.integers(0, 10))


def _digits(rng: np.random.Generator, count: int) -> str:
    """So many digits; now and then one is repeated, and round numbers end in zeros."""
    digits = rng.integers(0, 10, max(1, count))
    repeat = rng.random(len(digits)) < 0.12
    for at in np.flatnonzero(repeat[1:]) + 1:
        digits[at] = digits[at - 1]
    if len(digits) > 2 and rng.random() < 0.3:
        digits[-int(rng.integers(1, len(digits))) :] = 0
    return "".join(map(str, digits))


def _number(rng: np.random.Generator, longest: int) -> str:
    return _digits(rng, int(rng.integers(1, longest + 1)))


def _amount(rng: np.random.Generator, longest: int) -> str:
    """Thousands parted by points, commas or spaces, cents, and what keeps others from adding."""
    text = _digits(rng, int(rng.integers(1, 9)))
    text = str(rng.choice(9, p=_FIRST) + 1) + text[1:]
    if rng.random() < 0.7:
        mark = str(rng.choice([".", ",", " ", "."]))
        head = len(text) % 3 or 3
        text = mark.join([text[:head], *(text[i : i + 3] for i in range(head, len(text), 3))])
    ending = rng.random()
    if ending < 0.2:
        text += str(rng.choice([",", "."])) + _digits(rng, 2)
    elif ending < 0.5:
        text += str(rng.choice([".-", ",-", "-", "=", ".=", ".", ",", "--", ".--", "/", "¤"]))
    if rng.random() < 0.06:  # signs that keep others from adding digits
        text = ANY_LETTER + text + ANY_LETTER
    if rng.random() < 0.25:
        text = str(rng.choice([_SIGN, _SIGN + " ", "-", "=", "/"])) + text
    return text


def _date(rng: np.random.Generator, longest: int) -> str:
    mark = str(rng.choice(["/", ".", "-", " "]))
    parts = [_digits(rng, int(rng.integers(1, 3))), _digits(rng, int(rng.integers(1, 3)))]
    return mark.join([*parts, _digits(rng, int(rng.choice([2, 4])))])


def _groups(rng: np.random.Generator, longest: int) -> str:
    size = int(rng.integers(1, 6))
    count = int(rng.integers(1, 2 + longest // (size + 1)))
    return " ".join(_digits(rng, size) for _ in range(count))


def _words(rng: np.random.Generator, longest: int) -> str:
    lengths = rng.integers(2, 9, 1 + longest // 8)
    return " ".join(ANY_LETTER * int(length) for length in lengths)


def _labelled(rng: np.random.Generator, longest: int) -> str:
    """A word and a number, in either order."""
    word, number = ANY_LETTER * int(rng.integers(2, 7)), _number(rng, max(1, longest // 2))
    return f"{word} {number}" if rng.random() < 0.7 else f"{number} {word}"


_MAKERS = (_number, _amount, _date, _groups, _words, _labelled)
_SHARES = (0.3, 0.32, 0.06, 0.14, 0.09, 0.09)
