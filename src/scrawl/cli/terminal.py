"""What is shown in a terminal as text: images, bars, tables."""

from __future__ import annotations

from collections.abc import Sequence

from scrawl.arrays import Floats, UInt8

BAR = 30
BLOCKS = " ░▒▓█"


def pixel_matrix(image: UInt8) -> str:
    """The value of every pixel, a line a row."""
    width = len(str(int(image.max())))
    return "\n".join(" ".join(f"{value:{width}d}" for value in row) for row in image.tolist())


def picture(image: UInt8, pixel_max: int) -> str:
    """The image as characters, the more ink the denser; two characters make a square pixel."""
    levels = image.astype(int) * (len(BLOCKS) - 1)
    shade = -(-levels // pixel_max)
    return "\n".join("".join(BLOCKS[v] * 2 for v in row).rstrip() for row in shade.tolist())


def bars(names: Sequence[str], values: Floats) -> str:
    """A line for each probability: its name, a bar, its percentage."""
    width = max(map(len, names))
    lines = []
    for name, value in zip(names, values.tolist(), strict=True):
        bar = "█" * round(BAR * value)
        lines.append(f"{name:>{width}} {bar:<{BAR}} {value:7.2%}")
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of equal width; the first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
