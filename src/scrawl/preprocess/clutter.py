"""What stands by a digit and is no part of it: frames, full stops, commas."""

from __future__ import annotations

import numpy as np

from scrawl.arrays import Bool, Int32, UInt8

# A full stop: in heights of the digit, its size at most, and where it lies, at least.
_DOT, _DOT_AT = 0.2, 0.35
_COMMA, _COMMA_AT = 0.35, 0.6

# A frame: in sides of the picture, its height and width at least, or such as frames a digit.
_FRAME, _BOX = 0.3, 0.1
_SOLID = 0.5  # of its box that a frame covers, at most
_CORNER = 8  # the part of its side that its corner is, as 1 of so many
_TALL = 0.4  # of a box's height: what stands in it and is a digit


def full_stops(stats: Int32, labels: Int32, main: int) -> Bool:
    """Whether each component is a full stop or a comma: small, at the right of the digit's foot.

    The head of a digit may hang over its stop: what counts is what stands at the stop's height.
    """
    x, y, w, h, _ = stats.T
    size = np.maximum(w, h)
    tiny = (size < _DOT * h[main]) & (y > y[main] + _DOT_AT * h[main])
    stop = tiny | ((size < _COMMA * h[main]) & (y > y[main] + _COMMA_AT * h[main]))
    for i in np.flatnonzero(stop):
        beside = labels[max(y[i] - size[i], 0) : y[i] + h[i] + size[i]] == main + 1
        columns = np.flatnonzero(beside.any(axis=0))
        stop[i] = not columns.size or x[i] > columns[-1]
    return np.asarray(stop)


def frames_of(labels: Int32 | UInt8, stats: Int32, side: int) -> Bool:
    """Components that frame something: ink in all four corners of their box, none inside."""
    frames = np.zeros(len(stats), bool)
    for i, (x, y, w, h, area) in enumerate(stats.tolist()):
        small = min(w, h) < _FRAME * side
        if min(w, h) < (_BOX if small else _FRAME) * side or area > _SOLID * w * h:
            continue
        own = labels[y : y + h, x : x + w] == i + 1
        a, b = max(1, h // _CORNER), max(1, w // _CORNER)
        corners = (own[:a, :b], own[:a, -b:], own[-a:, :b], own[-a:, -b:])
        inside = own[2 * a : -2 * a, 2 * b : -2 * b]
        frames[i] = all(corner.any() for corner in corners) and not inside.any()
        if small:  # it frames a digit, if any: something tall is inside
            left, top, wide, high, _ = stats.T
            within = (left > x) & (left + wide < x + w) & (top > y) & (top + high < y + h)
            frames[i] &= bool((within & (high > _TALL * h)).any())
    return frames
