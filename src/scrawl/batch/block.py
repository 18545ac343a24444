"""The rows of a block: the one function that both executors call."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from scrawl import images
from scrawl.batch import remote
from scrawl.batch.job import Job, Way
from scrawl.batch.source import Block, Input
from scrawl.errors import InputError, PictureError, ScrawlError
from scrawl.images import Page, Unopened

INPUTS = b"scrawl.inputs"
"""The key of a part's metadata under which the names of its pictures stand, as a list in JSON."""


class Reader:
    """Loads what a job needs and gives the function that reads a block."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self) -> Callable[[Block], Any]:
        """Loads it; OpenCV keeps to one thread in this process from then on."""
        import cv2

        cv2.setNumThreads(1)
        way = self._job.load()
        return lambda block: part(block, rows(block, way), way)


def part(block: Block, records: Sequence[Any], way: Way) -> Any:
    """A ``pyarrow.Table`` that says of which pictures it has the rows."""
    inputs = json.dumps([one.name for one in block], ensure_ascii=False)
    made = way.to_arrow(records)
    return made.replace_schema_metadata({**(made.schema.metadata or {}), INPUTS: inputs})


def rows(block: Block, way: Way) -> list[Any]:
    """A record for each page of each picture, in their order; broken ones have an error."""
    records: list[Any] = []
    pages = (page for one in block for page in _opened(one, way.enough))
    while few := list(islice(pages, way.at_once)):
        read = iter(_read([page for page in few if isinstance(page, Page)], way))
        for page in few:
            if isinstance(page, Unopened):
                records.append(way.failed(page.file, 1, str(page.error)))
            else:
                records.append(next(read))
    return records


def halves(block: Block) -> list[Block]:
    """A block in two, if it is of more than one picture."""
    middle = len(block) // 2
    return [block[:middle], block[middle:]] if middle else [block]


class Lost:
    """The rows of a picture that ended every process that read it; fit to be sent as its job is."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, block: Block) -> Any:
        """Its rows, which say so."""
        [one] = block
        way = self._job.load()
        error = f"{one.name}: whatever process reads it ends (too large, or a damaged file)"
        return part(block, [way.failed(one.name, 1, error)], way)


def _opened(one: Input, enough: int | None) -> Iterator[Page | Unopened]:
    """The pages of a picture, or why it cannot be opened."""
    if one.error is not None:
        yield Unopened(one.name, PictureError(one.error))
        return
    source = one.name if one.data is None else one.data
    if one.data is None and remote.is_address(one.name):
        try:
            source = remote.read(one.name)
        except InputError as error:
            yield Unopened(one.name, PictureError(str(error)))
            return
    yield from images.attempt(source, one.name, enough)


def _read(pages: Sequence[Page], way: Way) -> list[Any]:
    """The records of pages; where one of several fails, each is read by itself."""
    try:
        return way.read(pages) if pages else []
    except PictureError as error:
        why = str(error)
    except ScrawlError:  # a model or an option, with which none can be read
        raise
    except Exception as error:  # a million pictures hold what none of thousands did
        why = f"{pages[0].name}: could not be read ({type(error).__name__}: {error})"
    if len(pages) == 1:
        return [way.failed(pages[0].file, pages[0].number, why)]
    return [record for page in pages for record in _read([page], way)]
