"""The grid of the detector's output: its cells, its classes, its channels.

The detector is a fully convolutional network. Of each cell of 4 × 2 pixels it says whether a digit
or mark has its middle there, which, and how far it reaches (objects as points: X. Zhou, D. Wang and
P. Krähenbühl, "Objects as points", 2019; distances to the sides: Z. Tian et al., "FCOS", 2019).
Cells are narrow because digits are: two 1s side by side are a few pixels apart.
"""

from __future__ import annotations

from scrawl.bundle import DIGITS

MARKS = ".,-=/¤"
"""The marks that are told from digits; ¤ is any sign of a currency."""

CLASSES = (*DIGITS, *MARKS)
"""What the bundled detector is trained to tell apart; a bundle states its own."""

CELL_HEIGHT, CELL_WIDTH = 4, 2
"""In pixels of the network's input."""

SIDE = 8
"""Height and width of the input are multiples of it."""

UNIT = 8.0
"""Pixels that a distance of 1 stands for."""

HEAT = 0
"""The channel of the logit that a middle is here; logits of the classes follow, then distances to
left, top, right and bottom before their softplus."""


def channels(classes: int) -> int:
    """Numbers a cell: heat, a logit a class, four distances."""
    return 1 + classes + 4


CHANNELS = channels(len(CLASSES))
"""Those of a network that knows ``CLASSES``."""
