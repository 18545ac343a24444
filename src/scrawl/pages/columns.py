"""Where the rows and columns of a table without rules are: from how its numbers are aligned."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Box, Float64, Int64
from scrawl.pages.grids import Grid, clusters
from scrawl.pages.reading import Line
from scrawl.pages.tilt import level, page_tilt, sharpness
from scrawl.pixels import runs

_ALIGNED = 3  # lines that show columns where there are no rules
_CLEAR, _STEP = 0.12, 0.04  # of a digit's height: a clear strip between columns, and a step
_ODD = 0.2  # of the lines, that may reach into the strip
_SPACE = 0.6  # of a digit's height, and
_WIDER = 2.0  # times as wide as usual is the space between the numbers beside it
_NEAR, _FULL = 0.4, 0.35  # of a digit's height: so near come numbers of two columns in so many
# of the rows at most; where they do more often, they are digits of one number
_COLUMN = 0.3  # of a column's cells, that something stands in: a third digit is no column
_FILLED = 0.6  # of the cells of columns without rules, that something stands in
_ASKEW, _TILTS = 0.036, 19  # by which lines may seem to fall otherwise than columns, and steps
_INSET = 0.1  # of a digit's width on either side, that may reach into the strip
_APART, _ROW = 0.6, 0.9  # of a digit's height: between rows at least, and of one at most
_SAME = 0.5  # of a digit's height: lines nearer than this are one row
_ROUNDS = 4  # in which rows and their tilt are fitted


def aligned(lines: Sequence[Line]) -> Grid | None:
    """The table that lines make whose numbers stand in columns."""
    if len(lines) < _ALIGNED:
        return None
    every = [digit.box for line in lines for digit in line.digits]
    height = float(np.median([box[3] - box[1] for box in every]))
    tilt = _tilt(every, page_tilt(every), height)
    tilt, places, which = _rows(every, _starts(lines, tilt, height), tilt)
    if len(places) < _ALIGNED:
        return None
    boxes = [[every[at] for at in np.flatnonzero(which == row)] for row in range(len(places))]
    spans = [sorted(_span(box, tilt) for box in row) for row in boxes]
    spaces = [b[0] - a[1] for row in spans for a, b in itertools.pairwise(row)]
    small = [max(space, 0.0) for space in spaces if space < _SPACE * height]
    least = max(_SPACE * height, _WIDER * float(np.median(small)) if small else 0)
    cuts = _free(spans, height, int(_ODD * len(places)))
    cuts = _columns(cuts, spans, least, _NEAR * height)
    if not cuts:
        return None
    xs = np.array([min(r[0][0] for r in spans), *cuts, max(r[-1][1] for r in spans)])
    xs[0], xs[-1] = xs[0] - 1, xs[-1] + 1
    counts = np.array([np.histogram([(a + b) / 2 for a, b in row], xs)[0] for row in spans])
    thin = [at for at in range(1, len(xs) - 1) if (counts[:, at] > 0).mean() < _COLUMN]
    xs, counts = np.delete(xs, thin), np.delete(counts, thin, 1)
    if counts.max() < 2 or (counts > 0).mean() < _FILLED:
        return None  # digits written wide apart are a number
    half = float(np.median(np.diff(places))) / 2
    between = (places[1:] + places[:-1]) / 2
    return Grid(xs, np.array([places[0] - half, *between, places[-1] + half]), tilt)


def _starts(lines: Sequence[Line], tilt: float, height: float) -> Float64:
    """About how far down the rows of a table are, from the top.

    Seen along its tilt, its digits stand in clusters, each a row; else its lines say where.
    """
    down = [np.array([level(digit.box, tilt)[1] for digit in line.digits]) for line in lines]
    every = np.sort(np.concatenate(down))
    parts = np.split(every, np.flatnonzero(np.diff(every) > _APART * height) + 1)
    if all(np.ptp(part) < _ROW * height for part in parts):
        return np.array([float(part.mean()) for part in parts])
    return clusters([float(row.mean()) for row in down], _SAME * height, 1)


def _rows(boxes: Sequence[Box], places: Float64, tilt: float) -> tuple[float, Float64, Int64]:
    """The tilt of a table, where its rows are, and which each digit stands in (S. Lloyd, 1982)."""
    which = np.zeros(len(boxes), np.int64)
    for _ in range(_ROUNDS):
        x, y = np.array([level(box, tilt) for box in boxes]).T
        which = np.abs(y[:, None] - places).argmin(1)
        which = np.unique(which, return_inverse=True)[1]
        places = np.bincount(which, y) / np.bincount(which)
        across = x - (np.bincount(which, x) / np.bincount(which))[which]
        tilt += float(across @ (y - places[which])) / max(float(across @ across), 1.0)
    return tilt, places, which


def _tilt(boxes: Sequence[Box], lines: float, height: float) -> float:
    """The tilt of a table, near that of its lines: the one along which columns are sharpest too."""
    corners = np.array(boxes, np.float64)
    middles = (corners[:, :2] + corners[:, 2:]) / 2
    lefts = np.column_stack([corners[:, 0], middles[:, 1]])
    tilts = lines + np.linspace(-_ASKEW, _ASKEW, _TILTS)
    down = sharpness(middles[:, 1] - tilts[:, None] * middles[:, 0], height)
    sharp = down * sharpness(lefts[:, 0] + tilts[:, None] * lefts[:, 1], height)
    return float(tilts[int(np.argmax(sharp))])


def _span(box: Box, tilt: float) -> tuple[float, float]:
    """From where to where a digit reaches on the page without its tilt."""
    x, half = level(box, tilt)[0], (0.5 - _INSET) * (box[2] - box[0])
    return x - half, x + half


def _free(spans: list[list[tuple[float, float]]], height: float, few: int) -> list[float]:
    """Where hardly a line has a digit: the middle of each clear strip."""
    every = np.array([span for row in spans for span in row])
    start, step = float(every.min()), _STEP * height
    crossed = np.zeros(int((float(every.max()) - start) / step) + 2, int)
    for a, b in ((every - start) / step).astype(int):
        crossed[a : b + 1] += 1
    found = []
    for a, b in runs(crossed <= few):
        clearest = np.flatnonzero(crossed[a:b] == crossed[a:b].min()) + a
        longest = max(np.split(clearest, np.flatnonzero(np.diff(clearest) > 1) + 1), key=len)
        if b - a >= _CLEAR / _STEP:
            found.append(start + step * (float(longest.mean()) + 0.5))
    return found


def _columns(
    cuts: list[float], spans: list[list[tuple[float, float]]], usual: float, near: float
) -> list[float]:
    """The cuts behind which columns begin: those before the later digits of numbers are left out.

    Args:
        cuts: Where hardly a line has a digit, from the left.
        spans: From where to where each digit of each line reaches.
        usual: What most spaces between columns are at least.
        near: What nearly all are.
    """
    while cuts:
        worth = [
            _width(_spaces(cut, end, spans), near) / usual
            for cut, end in zip(cuts, [*cuts[1:], np.inf], strict=True)
        ]
        worst = int(np.argmin(worth))
        if worth[worst] >= 1:
            break
        cuts = [*cuts[:worst], *cuts[worst + 1 :]]
    return cuts


def _spaces(cut: float, end: float, spans: list[list[tuple[float, float]]]) -> Float64:
    """The spaces before what stands between two cuts, in the lines that have something there."""
    spaces = []
    for row in spans:
        before = [b for a, b in row if (a + b) / 2 <= cut]
        first = [a for a, b in row if cut < (a + b) / 2 <= end]
        if before and first:
            spaces.append(min(first) - max(before))
    return np.array(spaces)


def _width(spaces: Float64, near: float) -> float:
    """How wide spaces are that may part columns; 0 where they do not."""
    if len(spaces) < _ALIGNED - 1 or float((spaces < near).mean()) > _FULL:
        return 0.0
    return float(np.median(spaces))
