"""Ruled lines: what crosses the whole picture straight and thin is no digit."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8

_SMALLEST = 100  # short side, in pixels, from which on lines can be told from strokes
_INKED = 0.2  # ink above which a pixel may be a line's; they are often paler than strokes
_COVERED = 0.7  # share of a line's way across the picture that is inked, at least
_ENDS = 0.2  # how much less of its two ends may be inked
_BESIDE = 0.35  # share of the way just above and below a line that may be inked: it is thin
_OWN = 0.25  # share of the way along a row from which on that row is the line's
_STEEPEST = 1 / 3  # rise of a line, at most: paper is not photographed more aslant
_THICKEST = 0.02  # of the picture's long side
_DARKER = 0.2  # how much darker than a line a stroke is that crosses it
_USUAL = 80  # percentile of a line's ink that is as dark as it usually is
_BRIDGE = 5  # pixels by which what joins a stroke across a line is longer than that is thick
_ALIKE = 0.03  # of the short side: lines nearer to each other are one

# Segments that may be of lines: steps of the angle in half a turn; length and gaps in parts of the
# short side; how many are looked at, the longest first.
_TURNS, _LONG, _GAP, _MOST = 360, 0.6, 0.05, 200


def without_lines(ink: Float32) -> tuple[Float32, int]:
    """Takes ruled lines out of an ink map, and leaves the strokes that cross them.

    Lines are found by the probabilistic Hough transform (J. Matas, C. Galambos, J. Kittler,
    2000) and followed to both edges of the picture.

    Args:
        ink: float32, shape ``(H, W)``, in [0, 1].

    Returns:
        The ink without lines, and how many lines there were.
    """
    side = min(ink.shape)
    if side < _SMALLEST:
        return ink, 0
    inked = (ink > _INKED).astype(np.uint8)
    if not (_reaches_across(inked) or _reaches_across(inked.T)):
        return ink, 0  # looking for segments costs more than all the rest
    ruled, count, thickest = _rules(inked, side)
    if not count:
        return ink, 0
    # A stroke shows on both sides of the line it crosses, or is darker than the line.
    usual = float(np.percentile(ink[ruled > 0], _USUAL))
    ruled = cv2.dilate(ruled, np.ones((3, 3), np.uint8))
    rest = inked & (1 - ruled)
    gap = np.ones((thickest + _BRIDGE,) * 2, np.uint8)
    stroke = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, gap)
    stroke |= (ink > usual + _DARKER).astype(np.uint8)
    return ink * (1 - (ruled & (1 - stroke))), count


def _rules(inked: UInt8, side: int) -> tuple[UInt8, int, int]:
    """Where ruled lines are, how many, and how thick the thickest is, in pixels."""
    segments = cv2.HoughLinesP(
        inked, 1, np.pi / _TURNS, side // 2, minLineLength=_LONG * side, maxLineGap=_GAP * side
    )
    ruled = np.zeros_like(inked)
    lines: set[tuple[bool, int]] = set()
    thickest = 0
    for x0, y0, x1, y1 in () if segments is None else segments.reshape(-1, 4)[:_MOST].astype(float):
        level = abs(x1 - x0) > abs(y1 - y0)
        # A line nearer to upright is followed down the picture, by turning that on its side.
        ends = (x0, y0, x1, y1) if level else (y0, x0, y1, x1)
        across, out = (inked, ruled) if level else (inked.T, ruled.T)
        rule = _rule(across, out, *ends)
        if rule is not None:
            middle, thick = rule
            thickest = max(thickest, thick)
            lines.add((level, round(middle / (_ALIKE * side))))
    return ruled, len(lines), thickest


def _reaches_across(inked: UInt8) -> bool:
    """Whether there is as much ink at the left and at the right as a line across would leave."""
    columns = np.asarray(inked.any(axis=0))
    tenth = len(columns) // 10
    return bool(min(columns[:tenth].mean(), columns[-tenth:].mean()) >= _COVERED - _ENDS)


def _rule(
    inked: UInt8, ruled: UInt8, x0: float, y0: float, x1: float, y1: float
) -> tuple[float, int] | None:
    """Marks a line that crosses the whole width in `ruled`.

    Returns:
        Its height half-way and its thickness, or None if it is no such line.
    """
    slope = (y1 - y0) / (x1 - x0)
    if abs(slope) > _STEEPEST:
        return None
    xs = np.arange(inked.shape[1])
    ys = y0 + (xs - x0) * slope
    limit = max(3, int(_THICKEST * max(inked.shape))) + 1
    offsets = np.arange(-limit, limit + 1)
    rows = np.rint(ys + offsets[:, None]).astype(int)
    inside = (rows >= 0) & (rows < inked.shape[0])
    hits = np.where(inside, inked[np.clip(rows, 0, inked.shape[0] - 1), xs], 0)
    tenth = len(xs) // 10
    # Both ends have to reach the edge, or nearly: a long stroke does not.
    covered = np.minimum(
        hits.mean(axis=1), _ENDS + np.minimum(hits[:, :tenth].mean(1), hits[:, -tenth:].mean(1))
    )
    if covered.max() < _COVERED or covered[0] > _BESIDE or covered[-1] > _BESIDE:
        return None
    thick = np.nonzero(covered > _OWN)[0]
    band = np.zeros_like(inside)
    band[thick[0] : thick[-1] + 1] = True
    band &= inside
    ruled[rows[band], np.broadcast_to(xs, rows.shape)[band]] = 1
    return float(ys[len(ys) // 2]), int(thick[-1] - thick[0] + 1)
