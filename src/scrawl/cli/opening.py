"""What the ways of reading share: opening what the command line names, and writing CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scrawl import images
from scrawl.errors import PictureError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

STDIN = "-"


def opened(arguments: Sequence[str]) -> Iterator[tuple[str, Image | PictureError]]:
    """Opens pictures one at a time, the pages of a PDF each as one.

    Args:
        arguments: Paths, folders, or ``-`` for stdin.

    Yields:
        What to call the picture, and its pixels or why it cannot be opened: the rest are opened
        all the same.
    """
    for argument in arguments:
        try:
            names = [STDIN] if argument == STDIN else images.find([argument], pdf=True)
        except PictureError as error:
            yield argument, error
            continue
        for name in map(str, names):
            try:
                source = sys.stdin.buffer.read() if name == STDIN else name
                for page, image in images.pages(source):
                    yield STDIN if name == STDIN and page.startswith("<") else page, image
            except PictureError as error:
                yield name, error


def table(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
