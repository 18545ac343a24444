"""Reads UNIPEN text: pen strokes in segments, each with its label."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scrawl.arrays import Float32
from scrawl.errors import DataError


def segments(name: str, text: str) -> Iterator[tuple[str, tuple[Float32, ...], list[str]]]:
    """The segments of a UNIPEN text.

    Args:
        name: What a message calls the text.
        text: Its lines. Only ``.SEGMENT``, ``.COMMENT``, ``.PEN_DOWN`` and ``.PEN_UP`` count.

    Yields:
        The label between the quotes, the strokes as ``(n, 2)`` in the file's own axes, and the
        segment's comments.

    Raises:
        DataError: A segment has no label, no stroke, or a point that is not two numbers.

    Source:
        I. Guyon, L. Schomaker et al., "UNIPEN project of on-line data exchange and recognizer
        benchmarks", 1994.
    """
    for part in text.split(".SEGMENT ")[1:]:
        head, *lines = part.splitlines()
        strokes: list[list[list[float]]] = []
        comments, down = [], False
        for line in lines:
            if line.startswith("."):
                key, _, rest = line.partition(" ")
                down = key == ".PEN_DOWN" or (down and key != ".PEN_UP")
                if key == ".PEN_DOWN":
                    strokes.append([])
                elif key == ".COMMENT":
                    comments.append(rest)
            elif down and line.strip():
                strokes[-1].append(_point(name, line))
        label = head.partition('"')[2].rpartition('"')[0]
        kept = tuple(np.array(stroke, np.float32) for stroke in strokes if stroke)
        if not (label and kept):
            raise DataError(f"{name}: expected a label and strokes, found none (.SEGMENT {head})")
        yield label, kept, comments


def _point(name: str, line: str) -> list[float]:
    try:
        x, y = line.split()
        return [float(x), float(y)]
    except ValueError as error:
        raise DataError(f"{name}: expected two numbers, received '{line.strip()}'") from error
