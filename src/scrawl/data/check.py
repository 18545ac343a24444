"""What is wrong with a source of labelled pictures, before anything is trained on it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scrawl import images, preprocess
from scrawl.arrays import UInt8
from scrawl.data.formats import Item
from scrawl.data.own import class_order
from scrawl.errors import PictureError

FEW = 10
"""Pictures of a class below which it can be neither learnt nor measured."""

UNEVEN = 5.0
"""Times as many pictures of one class as of another, from which on a network prefers the first."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        kind: What: ``"unreadable"``, ``"blank"``, ``"outside"``, ``"contradiction"``, ``"leak"``,
            ``"duplicate"``, ``"few"``, ``"uneven"`` or ``"otherwise"``.
        fatal: Whether training should wait until it is mended.
        text: It in words.
        names: The pictures that it is about.
    """

    kind: str
    fatal: bool
    text: str
    names: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """It as plain values, for ``--json``."""
        return {
            "kind": self.kind,
            "fatal": self.fatal,
            "text": self.text,
            "names": list(self.names),
        }


def check(items: Sequence[Item], classes: Sequence[str] | None = None) -> list[Finding]:
    """What is wrong with labelled pictures, what is fatal first.

    Every picture is opened, one at a time.

    Args:
        items: The pictures.
        classes: What a label may be; None takes any.
    """
    found: list[Finding] = []
    same: dict[bytes, list[Item]] = {}
    for item in items:
        try:
            pixels = images.load(item.picture)
        except PictureError as error:
            found.append(Finding("unreadable", True, str(error), (item.name,)))
            continue
        same.setdefault(_digest(pixels), []).append(item)
        if not item.rows and preprocess.find_digit(pixels) is None:
            found.append(Finding("blank", True, f"{item.name}: no ink", (item.name,)))
    found += _outside(items, classes)
    for copies in same.values():
        if len(copies) > 1:
            found.append(_copies(copies))
    found += _balance(Counter(item.label for item in items if not item.number))
    return sorted(found, key=lambda one: not one.fatal)


def _digest(pixels: UInt8) -> bytes:
    head = repr(pixels.shape).encode()
    return hashlib.sha256(head + pixels.tobytes()).digest()


def _outside(items: Sequence[Item], classes: Sequence[str] | None) -> list[Finding]:
    if classes is None:
        return []
    known = set(classes)
    strange: dict[str, list[Item]] = {}
    for item in items:
        if item.label not in known:
            strange.setdefault(item.where, []).append(item)
    found = []
    for where, same in strange.items():  # of a folder, all of its pictures
        count = f" ({len(same):,} pictures)" if len(same) > 1 else ""
        text = f"{where}: '{same[0].label}' is no class{count}"
        found.append(Finding("outside", True, text, tuple(item.name for item in same)))
    return found


def _copies(copies: Sequence[Item]) -> Finding:
    """What it means that the same pixels are there more than once."""
    names = tuple(item.name for item in copies)
    listed = " = ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    labels = sorted({item.label for item in copies})
    if len(labels) > 1:
        text = f"{listed}: one picture, the labels {' and '.join(labels)}"
        return Finding("contradiction", True, text, names)
    if len({item.split for item in copies}) > 1:
        return Finding("leak", True, f"{listed}: to train on and to test on", names)
    return Finding("duplicate", False, f"{listed}: the same picture", names)


def _balance(counts: Counter[str]) -> list[Finding]:
    found = []
    few = [f"{label} ({counts[label]})" for label in class_order(counts) if counts[label] < FEW]
    if few:
        text = f"expected at least {FEW} pictures of a class; fewer of {', '.join(few)}"
        found.append(Finding("few", False, text))
    if not counts:
        return found
    (most, high), (least, low) = counts.most_common(1)[0], counts.most_common()[-1]
    if high > UNEVEN * low:
        text = f"class {most} has {high:,} pictures, class {least} only {low:,}"
        found.append(Finding("uneven", False, text))
    return found
