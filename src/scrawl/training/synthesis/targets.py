"""What the detector is to say of a strip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import Bool, Float32, Int64, UInt8
from scrawl.bundle import DIGITS
from scrawl.pages.grid import CELL_HEIGHT, CELL_WIDTH
from scrawl.training.synthesis.bank import LETTER
from scrawl.training.synthesis.pages import HIGH, LOW, written_strips
from scrawl.training.synthesis.writing import HEIGHT, WIDTH, Written

ROWS, COLUMNS = HEIGHT // CELL_HEIGHT, WIDTH // CELL_WIDTH
TARGETS = 7
"""Numbers a cell: heat of 255, whether the heat counts, the class, and the distances in halves of
a pixel."""

MARKED = 128
"""The heat of 255 from which on a cell learns class and box."""

HOT = 255
"""The heat of the cell that holds a middle."""

STRIPS = 8
"""Digits of the data set for one strip of an epoch."""

_INSIDE = 0.6  # the part of a digit's width and height that must be on the strip
_REACH = 4  # cells about the middle that have any heat


def detector_epoch(images: UInt8, labels: Int64, rng: np.random.Generator) -> tuple[UInt8, UInt8]:
    """One epoch of strips and their targets.

    Args:
        images: MNIST's digits, 255 for ink, shape ``(n, 28, 28)``.
        labels: What they are, shape ``(n,)``.
        rng: Source of randomness.

    Returns:
        uint8 ``(n // STRIPS, HEIGHT, WIDTH)`` and uint8 ``(n // STRIPS, ROWS, COLUMNS, TARGETS)``.
    """
    strips, written = written_strips(images, labels, epoch_strips(len(images)), rng)
    return strips, np.stack([targets(what) for what in written])


def epoch_strips(count: int) -> int:
    """How many strips an epoch has, of so many digits."""
    return max(1, count // STRIPS)


def targets(written: list[Written]) -> UInt8:
    """What each cell of a strip is to say, shape ``(ROWS, COLUMNS, TARGETS)``."""
    cells = np.zeros((ROWS, COLUMNS, TARGETS), np.uint8)
    cells[..., 1] = 1
    for what in written:
        x0, y0, x1, y1 = what.box
        if what.label == LETTER or x1 - x0 < 1 or y1 - y0 < 1:  # faded away
            continue
        if what.label >= 0 and _readable(what):
            _warm(cells, what)
        else:
            _leave_out(cells, what)
    return cells


def _readable(what: Written) -> bool:
    x0, y0, x1, y1 = what.box
    inside = (min(x1, WIDTH) - max(x0, 0)) / (x1 - x0), (min(y1, HEIGHT) - max(y0, 0)) / (y1 - y0)
    tall = LOW * 0.9 <= y1 - y0 <= HIGH * 1.1 or what.label >= len(DIGITS)
    return tall and x1 - x0 <= 1.6 * HIGH and min(inside) > _INSIDE


def _leave_out(cells: UInt8, what: Written) -> None:
    x0, y0, x1, y1 = (max(0, int(value)) for value in what.box)
    here = np.s_[y0 // CELL_HEIGHT : y1 // CELL_HEIGHT + 1, x0 // CELL_WIDTH : x1 // CELL_WIDTH + 1]
    cells[here][..., 1] = cells[here][..., 0] >= MARKED


def _warm(cells: UInt8, what: Written) -> None:
    x0, y0, x1, y1 = what.box
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    column = int(np.clip(x / CELL_WIDTH, 0, COLUMNS - 1))
    row = int(np.clip(y / CELL_HEIGHT, 0, ROWS - 1))
    top, left = max(row - _REACH, 0), max(column - _REACH, 0)
    here = cells[top : row + _REACH + 1, left : column + _REACH + 1]
    rows = np.arange(top, top + here.shape[0])
    columns = np.arange(left, left + here.shape[1])
    across = (columns - column) * CELL_WIDTH / (1.2 + 0.08 * (x1 - x0))
    down = (rows - row) * CELL_HEIGHT / (1.5 + 0.08 * (y1 - y0))
    heat = (255 * np.exp(-0.5 * (down[:, None] ** 2 + across**2))).astype(np.uint8)
    hotter = heat > here[..., 0]
    here[..., 0][hotter] = heat[hotter]
    here[..., 1] |= heat >= MARKED
    middle_x = (columns + 0.5) * CELL_WIDTH + 0 * rows[:, None]
    middle_y = (rows[:, None] + 0.5) * CELL_HEIGHT + 0 * columns
    sides = [middle_x - x0, middle_y - y0, x1 - middle_x, y1 - middle_y]
    mine = hotter & (heat >= MARKED)
    here[..., 2][mine] = what.label
    for channel, side in enumerate(sides, 3):
        here[..., channel][mine] = np.clip(2 * side, 0, 255)[mine].astype(np.uint8)


def wanted(targets: NDArray[np.integer]) -> tuple[Int64, Float32]:
    """What is written on a strip: labels of shape ``(n,)``, boxes of shape ``(n, 4)`` in pixels."""
    rows, columns = np.nonzero(targets[..., 0] == HOT)
    here = targets[rows, columns].astype(np.float32)
    x, y = (columns + 0.5) * CELL_WIDTH, (rows + 0.5) * CELL_HEIGHT
    sides = here[:, 3:] / 2
    boxes = np.stack([x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]], 1)
    return here[:, 2].astype(np.int64), boxes.astype(np.float32)


def ignored(targets: NDArray[np.integer], boxes: Float32) -> Bool:
    """Whether the middle of each box lies where anything would do."""
    columns = np.clip((boxes[:, 0] + boxes[:, 2]) / 2 / CELL_WIDTH, 0, COLUMNS - 1).astype(int)
    rows = np.clip((boxes[:, 1] + boxes[:, 3]) / 2 / CELL_HEIGHT, 0, ROWS - 1).astype(int)
    return np.asarray(targets[rows, columns, 1] == 0)
