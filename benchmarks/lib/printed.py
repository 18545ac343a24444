"""Printed forms without any digit: labels, lines to write on, boxes, combs, a table."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rng = np.random.Generator

WORDS = (
    "Name", "Address", "Postcode", "Date of birth", "Signature", "Account", "Telephone", "Amount",
    "Please write clearly", "For office use only", "Total", "City", "First name", "Member",
    "Remarks", "Claim", "Invoice", "Receipt", "Bank details", "Department", "Yes", "No", "Quantity",
    "Price",
)  # fmt: skip

FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
)  # fmt: skip


def printed_form(rng: Rng) -> Floats:
    """The ink of a form: float32, shape ``(H, W)``, 0 to 1."""
    width, unit = int(rng.integers(700, 1400)), float(rng.uniform(0.55, 1.1))
    ink = np.zeros((round(width * rng.uniform(1, 1.4)), width), np.uint8)
    font, thick = FONTS[int(rng.integers(len(FONTS)))], 1 + int(unit > 0.9)
    step, edge = round(64 * unit), round(0.06 * width)
    title = " ".join(rng.choice(WORDS, 2))
    cv2.putText(ink, title, (edge, step), font, 1.6 * unit, 255, thick + 1, cv2.LINE_AA)
    y = 2 * step
    while y < ink.shape[0] - step:
        x = edge
        for _ in range(int(rng.integers(1, 3))):
            word = str(rng.choice(WORDS))
            (long, _), _ = cv2.getTextSize(word, font, 0.8 * unit, thick)
            cv2.putText(ink, word, (x, y), font, 0.8 * unit, 255, thick, cv2.LINE_AA)
            x += long + round(14 * unit)
            x = _field(ink, rng, x, y, round(36 * unit))
        y += step
    return (ink / 255).astype(np.float32)


def _field(ink: NDArray[np.uint8], rng: Rng, x: int, y: int, size: int) -> int:
    """Something to fill in from a point on; where it ends."""
    kind = rng.choice(["rule", "comb", "box", "dots", "tick"])
    rule = max(1, size // 18)
    if kind == "comb":
        count = int(rng.integers(3, 9))
        for cell in range(count):
            corner = (x + cell * size, y - size + 6)
            cv2.rectangle(ink, corner, (corner[0] + size, y + 6), 200, rule)
        return x + (count + 1) * size
    long = int(rng.integers(3, 8)) * size
    if kind == "rule":
        cv2.line(ink, (x, y + 4), (x + long, y + 4), 255, rule)
    if kind == "box":
        cv2.rectangle(ink, (x, y - size + 6), (x + long, y + 8), 255, rule)
    if kind == "dots":
        for at in range(x, x + long, 3 * rule + 4):
            cv2.circle(ink, (at, y + 2), rule, 255, -1)
    if kind == "tick":
        cv2.rectangle(ink, (x, y - size // 2), (x + size // 2, y), 255, rule)
        long = size
    return x + long + size
