"""Ruled lines: what crosses the whole picture straight is no digit."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def without_lines(ink):
    """Takes ruled lines out of an ink map, and leaves the strokes that cross them."""
    height, width = ink.shape
    if min(ink.shape) < 60:
        return ink
    inked = (ink > 0.2).astype(np.uint8)
    side = min(height, width)
    lines = cv2.HoughLinesP(inked, 1, np.pi / 360, int(0.5 * side), minLineLength=0.6 * side, maxLineGap=0.05 * side)
    if lines is None:
        return ink
    ruled = np.zeros_like(inked)
    for x0, y0, x1, y1 in lines.reshape(-1, 4)[:200]:
        _rule(inked, ruled, float(x0), float(y0), float(x1), float(y1))
    if not ruled.any():
        return ink
    rest = inked & ~ruled
    crossing = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return ink * (1 - (ruled & ~crossing & 1))


def _rule(inked, ruled, x0, y0, x1, y1):
    height, width = inked.shape
    dx, dy = x1 - x0, y1 - y0
    if abs(dx) > 3 * abs(dy):
        xs = np.arange(width, dtype=float)
        ys = y0 + (xs - x0) * dy / dx
    elif abs(dy) > 3 * abs(dx):
        ys = np.arange(height, dtype=float)
        xs = x0 + (ys - y0) * dx / dy
    else:
        return
    across = (0, 1) if abs(dx) > abs(dy) else (1, 0)
    limit = max(3, int(0.02 * max(inked.shape)))
    shares = []
    for offset in range(-limit - 1, limit + 2):
        px = np.rint(xs + offset * across[0]).astype(int)
        py = np.rint(ys + offset * across[1]).astype(int)
        inside = (px >= 0) & (py >= 0) & (px < width) & (py < height)
        if inside.sum() < 0.8 * len(px):
            shares.append(0.0)
            continue
        hit = inked[py[inside], px[inside]]
        tenth = len(hit) // 10
        shares.append(min(hit.mean(), hit[:tenth].mean() + 0.2, hit[-tenth:].mean() + 0.2))
    if max(shares) < 0.7 or shares[0] > 0.35 or shares[-1] > 0.35:
        return
    on = [i - limit - 1 for i, s in enumerate(shares) if s > 0.25]
    for offset in range(min(on) , max(on) + 1):
        a = (round(xs[0] + offset * across[0]), round(ys[0] + offset * across[1]))
        b = (round(xs[-1] + offset * across[0]), round(ys[-1] + offset * across[1]))
        cv2.line(ruled, a, b, 1, 1)
