"""What the ways of reading share: opening what the command line names, and writing CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from scrawl import images
from scrawl.errors import PictureError
from scrawl.files import make_folder
from scrawl.images import Unopened as Unopened

STDIN = "-"


def opened(arguments: Sequence[str], enough: int | None = None) -> Iterator[images.Page | Unopened]:
    """Opens pictures one at a time, the pages of a PDF each as one; notes on them go to stderr.

    Args:
        arguments: Paths, folders, or ``-`` for stdin.
        enough: Pixels of the long side that are enough; see ``scrawl.images.pages``.

    Yields:
        The pages, or why a picture cannot be opened: the rest are opened all the same.
    """
    for argument in arguments:
        try:
            names = [STDIN] if argument == STDIN else images.find([argument], pdf=True)
        except PictureError as error:
            yield Unopened(argument, error)
            continue
        for name in map(str, names):
            source = sys.stdin.buffer.read() if name == STDIN else name
            for page in images.attempt(source, name, enough):
                if isinstance(page, images.Page) and page.note:
                    typer.echo(f"note: {page.name}: {page.note}", err=True)
                yield page


class Outputs:
    """Where drawings or tables of what was read go: each has a file of its own.

    A name with a suffix is that of the first page's; the others are numbered after it. A name
    without one is a folder, in which each file is called as its picture.
    """

    def __init__(self, out: Path, suffix: str) -> None:
        """Nothing is made yet.

        Args:
            out: The first file, or a folder.
            suffix: How the names of files in a folder end.
        """
        self._out, self._suffix = out, suffix
        self._taken: set[Path] = set()

    def path(self, page: images.Page) -> Path:
        """Where what belongs to a page goes; never where anything else went."""
        wanted = self._out
        if not wanted.suffix:
            stem = "stdin" if page.file == STDIN else Path(page.file).stem
            number = f"-{page.number}" if page.count > 1 else ""
            wanted = make_folder(self._out) / f"{stem}{number}{self._suffix}"
        path, again = wanted, 2
        while path in self._taken:
            path, again = wanted.with_stem(f"{wanted.stem}-{again}"), again + 1
        self._taken.add(path)
        return path


class Drawings(Outputs):
    """Where pictures of what was read go."""

    def __init__(self, out: Path) -> None:
        """Refuses a name that no drawing can have, before anything is read.

        Raises:
            InputError: It ends as no drawing's does.
        """
        from scrawl import drawing

        super().__init__(out, ".png")
        if out.suffix:
            drawing.check_suffix(out)


def table(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
