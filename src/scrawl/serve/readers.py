"""Reads what clients sent, each picture in the lane that it belongs in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from scrawl import images
from scrawl.arrays import Float32, UInt8
from scrawl.digit_reader import find
from scrawl.explain import occlusion
from scrawl.one_digit import OneDigitReader, doubts_well, in_doubt, settle
from scrawl.pages import PageReader, Reading
from scrawl.prediction import Prediction
from scrawl.serve import rows
from scrawl.serve.lanes import Check
from scrawl.serve.models import ModelStore, Served
from scrawl.serve.rows import PageRow
from scrawl.serve.sent import Sent, Sight
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import Telemetry
from scrawl.serve.threads import Threads
from scrawl.serve.wanted import Wanted
from scrawl.single_reader import open_page

ROWS = 256
"""Rows of a tensor that go through the network at once, so that others need not wait long."""


class Readers:
    """One digit, all digits, a number, a form: read in the server's threads, and counted."""

    def __init__(
        self, settings: Settings, telemetry: Telemetry, threads: Threads, models: ModelStore
    ) -> None:
        self._settings = settings
        self._telemetry = telemetry
        self._threads = threads
        self._models = models
        self._pages = PageReader.load(
            lines=settings.lines,
            threshold=settings.threshold,
            device=settings.device,
            threads=settings.threads,
        )

    async def digit(self, sent: Sent, served: Served, threshold: float | None = None) -> Sight:
        """Reads the one digit of a picture.

        Args:
            sent: The picture.
            served: The model.
            threshold: Doubts a digit below this confidence; None goes by the model's.

        Raises:
            PictureError: It is damaged.
            InputError: The model does not read pictures.
        """

        def look(check: Check) -> Sight:
            page = open_page(sent.data, self._settings.pixels, sent.name)
            check()
            found = find(page)
            self._telemetry.batches.observe(1)
            [prediction] = served.reader.read_found([found], [threshold])
            return Sight(page.size, page.note, found, prediction)

        sight = await self._threads.on(sent, look)
        if doubts_well(served.reader) and in_doubt(sight.prediction):
            both = await self._second_look(sent, served, sight.prediction, threshold)
            sight = replace(sight, prediction=both[0], reading=both[1])
        uncertain = sight.prediction.uncertain
        self._telemetry.read(int(uncertain), int(not uncertain))
        return sight

    async def _second_look(
        self, sent: Sent, served: Served, first: Prediction, threshold: float | None
    ) -> tuple[Prediction, Reading]:
        """What both readers say together, and the page's reading, without its picture.

        Digit by digit the page says whether it is one, and which; as a whole, what number it is.
        """
        reader = self._pages.beside(served.reader, lines=True).doubting(threshold)
        least = served.reader.threshold if threshold is None else threshold

        def look(check: Check) -> tuple[Prediction, Reading]:
            page = open_page(sent.data, self._settings.pixels, sent.name)
            by_digits, reading = reader.read_both(page, check=check)
            return settle(first, by_digits, least), replace(reading, image=None)

        return await self._threads.on(sent, look)

    async def pages(
        self, sent: Sent, threshold: float | None = None, first: bool = False
    ) -> list[Reading]:
        """Reads all digits of a picture, and of every page of a PDF or a TIFF.

        Args:
            sent: The picture.
            threshold: Doubts digits below this confidence; None goes by the model's.
            first: Whether the first page is enough.

        Returns:
            The reading of each page, without its picture.

        Raises:
            PictureError: It is damaged.
        """
        reader = self._pages.doubting(threshold)

        def read(check: Check) -> list[Reading]:
            pages = images.pages(sent.data, self._settings.pixels, sent.name)
            return [
                replace(reader.read(page, check=check), image=None)
                for page in islice(pages, 1 if first else None)
            ]

        readings = await self._threads.on(sent, read)
        uncertain = [digit.uncertain for reading in readings for digit in reading.digits]
        self._telemetry.read(sum(uncertain), len(uncertain) - sum(uncertain))
        return readings

    async def rows(self, sent: Sent, row: PageRow) -> list[dict[str, Any]]:
        """The rows of all pages of a picture.

        Raises:
            PictureError: It is damaged.
        """

        def read(check: Check) -> list[dict[str, Any]]:
            pages = images.pages(sent.data, self._settings.pixels, sent.name)
            return [row(page, check) for page in pages]

        return await self._threads.on(sent, read)

    def page_row(self, wanted: Wanted) -> PageRow:
        """What reads a page as is wanted; takes a while for a form with a reference.

        Raises:
            RefusalError: There is no such model, 404.
            ScrawlError: The form cannot be used.
        """
        served = self._models.get(wanted.model, wanted.version)
        digits = served.reader.doubting(wanted.threshold)
        if wanted.form is not None:
            pages = self._pages.by_digits().doubting(wanted.threshold)
            return rows.of_form(wanted.form.reader(digits, pages, self._settings.pixels))
        if wanted.one:
            return rows.of_digit(OneDigitReader(digits, lambda: self._pages.beside(served.reader)))
        pages = self._pages.doubting(wanted.threshold)
        return rows.of_page(pages, wanted.number, wanted.digits)

    def propose(self, sent: Sent) -> dict[str, Any]:
        """A form file from what is ruled on a scan, and where its fields are on it.

        Raises:
            PictureError: It is damaged, or nothing is ruled on it.
        """
        pixels = images.load(sent.data, self._settings.pixels, sent.name)
        return rows.proposed(pixels, sent.name, self._models.get().reader, self._pages)

    async def infer(self, images: UInt8, served: Served) -> Float32:
        """The probabilities of normalised digits, shape ``(n, classes)``."""
        pieces = [images[at : at + ROWS] for at in range(0, max(len(images), 1), ROWS)]
        rows = np.concatenate(await asyncio.gather(*map(served.tensors.submit, pieces)))
        count = len(served.reader.info.alphabet)
        kept = int((rows[:, :count].max(axis=1) >= served.reader.threshold).sum())
        self._telemetry.read(len(rows) - kept, kept)
        return rows

    async def weigh(self, image: UInt8, served: Served) -> Float32:
        """How much each pixel's ink speaks for the answer, shape ``(28, 28)``; takes a while."""
        return await self._threads.later(
            lambda: occlusion(served.reader.letter_probabilities, image)
        )
