"""What all faces of the server ask: open pictures, read them, keep a corrected one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from scrawl import images
from scrawl.arrays import Float32, UInt8
from scrawl.digit_reader import find
from scrawl.explain import occlusion
from scrawl.one_digit import OneDigitReader, doubts_well, in_doubt, settle
from scrawl.pages import PageReader, Reading
from scrawl.pdf import is_pdf
from scrawl.prediction import Prediction
from scrawl.preprocess import DigitInk
from scrawl.serve import rows
from scrawl.serve.corrections import Corrections, Label
from scrawl.serve.gate import Gate
from scrawl.serve.lanes import Check
from scrawl.serve.models import ModelStore, Served
from scrawl.serve.refusal import RefusalError
from scrawl.serve.rows import PageRow
from scrawl.serve.sent import Sent, Sight
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import Telemetry, log
from scrawl.serve.threads import Threads
from scrawl.serve.tracing import Tracing
from scrawl.serve.wanted import Wanted
from scrawl.single_reader import open_page

Result = TypeVar("Result")

GLANCE = 2**16
"""Bytes of a picture whose head is looked at on the spot: it takes less than another thread."""

ROWS = 256
"""Rows of a tensor that go through the network at once, so that others need not wait long."""


class Service:
    """The server without HTTP.

    Attributes:
        settings: What the operator chose.
        telemetry: What the operator sees.
        tracing: What it sees of single requests, where it asks for traces.
        models: What can be asked for by name.
        gate: Lets requests in.
        threads: Who does what.
        corrections: Keeps corrected pictures; None where the operator did not switch that on.
    """

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.settings = settings
        self.telemetry = telemetry
        self.tracing = Tracing()
        self.gate = Gate(settings.queue, settings.held, settings.seconds, telemetry.held.set)
        self.threads = Threads(settings.readers, self.gate, self.tracing.span)
        self.models = ModelStore(settings, telemetry, self.threads.network)
        self._pages = PageReader.load(
            lines=settings.lines,
            threshold=settings.threshold,
            device=settings.device,
            threads=settings.threads,
        )
        self.corrections = (
            Corrections(settings.collect, settings.collected) if settings.collect else None
        )

    async def watch_models(self) -> None:
        """Looks at the folder of models again and again, until it is cancelled."""
        while self.settings.models is not None:
            await asyncio.sleep(self.settings.rescan)
            try:
                await self.rescan()
            except Exception:
                log.exception("rescan failed")

    async def rescan(self) -> None:
        """Looks at the folder of models once."""
        await self.threads.later(self.models.rescan)

    def close(self) -> None:
        """Waits for the threads' last work."""
        self.threads.close()
        self.telemetry.close()
        self.tracing.close()

    async def measured(self, name: str, data: bytes, pages: int | None = None) -> Sent:
        """Looks at the head of a picture, before anything is decoded.

        Args:
            name: What to call it in a message.
            data: The bytes of a file.
            pages: How many it may have; None for as many as a request may have pictures.

        Raises:
            PictureError: It is no picture, or has too many pixels.
            RefusalError: It has too many pages.
        """
        most = self.settings.pictures if pages is None else pages

        def measure() -> images.Extent:
            return images.measure(data, self.settings.pixels, name, most)

        at_once = len(data) <= GLANCE and not is_pdf(data)
        extent = measure() if at_once else await self.threads.later(measure)
        if extent.pages > most:
            raise RefusalError(413, f"{name}: expected at most {most} pages, received more")
        return Sent(name, data, extent)

    async def read_digit(self, sent: Sent, served: Served, threshold: float | None = None) -> Sight:
        """Reads the one digit of a picture.

        Args:
            sent: The picture.
            served: The model.
            threshold: Doubts a digit below this confidence; None goes by the model's.

        Raises:
            PictureError: It is damaged.
            InputError: The model does not read pictures.
        """

        def look(check: Check) -> tuple[tuple[int, int], str | None, DigitInk | None]:
            page = open_page(sent.data, self.settings.pixels, sent.name)
            check()
            return page.size, page.note, find(page)

        size, note, found = await self.threads.on(sent, look)
        [prediction] = await served.pictures.submit(([found], threshold))
        reading = None
        if doubts_well(served.reader) and in_doubt(prediction):
            prediction, reading = await self._second_look(sent, served, prediction, threshold)
        self.telemetry.read(int(prediction.uncertain), int(not prediction.uncertain))
        return Sight(size, note, found, prediction, reading)

    async def _second_look(
        self, sent: Sent, served: Served, first: Prediction, threshold: float | None
    ) -> tuple[Prediction, Reading]:
        """What both readers say together, and what that of pages found, without its picture."""
        reader = self._pages.beside(served.reader).doubting(threshold)
        least = served.reader.threshold if threshold is None else threshold

        def look(check: Check) -> tuple[Prediction, Reading]:
            page = open_page(sent.data, self.settings.pixels, sent.name)
            reading = reader.read(page, check=check)
            return settle(first, reading, least), replace(reading, image=None)

        return await self.threads.on(sent, look)

    async def read_pages(
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
            pages = images.pages(sent.data, self.settings.pixels, sent.name)
            return [
                replace(reader.read(page, check=check), image=None)
                for page in islice(pages, 1 if first else None)
            ]

        readings = await self.threads.on(sent, read)
        uncertain = [digit.uncertain for reading in readings for digit in reading.digits]
        self.telemetry.read(sum(uncertain), len(uncertain) - sum(uncertain))
        return readings

    async def rows(self, sent: Sent, row: PageRow) -> list[dict[str, Any]]:
        """The rows of all pages of a picture.

        Raises:
            PictureError: It is damaged.
        """

        def read(check: Check) -> list[dict[str, Any]]:
            pages = images.pages(sent.data, self.settings.pixels, sent.name)
            return [row(page, check) for page in pages]

        return await self.threads.on(sent, read)

    async def on_page(self, sent: Sent, number: int, job: Callable[[UInt8], Result]) -> Result:
        """Runs a job on the pixels of one page of a picture; the first is number 1.

        Raises:
            PictureError: It is damaged.
        """

        def run(check: Check) -> Result:
            [page] = images.pages(sent.data, self.settings.pixels, sent.name, only=number)
            check()
            return job(page.at_full_size().pixels)

        return await self.threads.on(sent, run)

    def page_row(self, wanted: Wanted) -> PageRow:
        """What reads a page as is wanted; takes a while for a form with a reference.

        Raises:
            RefusalError: There is no such model, 404.
            ScrawlError: The form cannot be used.
        """
        served = self.models.get(wanted.model, wanted.version)
        digits = served.reader.doubting(wanted.threshold)
        if wanted.form is not None:
            pages = self._pages.by_digits().doubting(wanted.threshold)
            return rows.of_form(wanted.form.reader(digits, pages, self.settings.pixels))
        if wanted.one:
            return rows.of_digit(OneDigitReader(digits, lambda: self._pages.beside(served.reader)))
        pages = self._pages.doubting(wanted.threshold)
        return rows.of_page(pages, wanted.number, wanted.digits)

    def propose(self, sent: Sent) -> dict[str, Any]:
        """A form file from what is ruled on a scan, and where its fields are on it.

        Raises:
            PictureError: It is damaged, or nothing is ruled on it.
        """
        return rows.proposed(self._open(sent), sent.name, self.models.get().reader, self._pages)

    async def infer(self, images: UInt8, served: Served) -> Float32:
        """The probabilities of normalised digits, shape ``(n, classes)``."""
        pieces = [images[at : at + ROWS] for at in range(0, max(len(images), 1), ROWS)]
        rows = np.concatenate(await asyncio.gather(*map(served.tensors.submit, pieces)))
        count = len(served.reader.info.alphabet)
        kept = int((rows[:, :count].max(axis=1) >= served.reader.threshold).sum())
        self.telemetry.read(len(rows) - kept, kept)
        return rows

    async def weigh(self, image: UInt8, served: Served) -> Float32:
        """How much each pixel's ink speaks for the answer, shape ``(28, 28)``; takes a while."""
        return await self.threads.later(
            lambda: occlusion(served.reader.letter_probabilities, image)
        )

    async def keep(self, name: str, data: bytes, label: Label) -> str:
        """Keeps a corrected picture; see `Corrections.keep`.

        Raises:
            RefusalError: Corrections are not switched on, 403; or the folder is full, 507.
            PictureError: It is no picture.
        """
        corrections = self.corrections
        if corrections is None:
            raise RefusalError(
                403, "corrections: this server keeps no pictures (start it with --collect)"
            )
        sent = await self.measured(name, data)
        kept = await self.threads.later(lambda: corrections.keep(self._open(sent), label))
        self.telemetry.corrections.inc()
        return kept

    def _open(self, sent: Sent) -> UInt8:
        """Opens a picture that a client sent."""
        return images.load(sent.data, self.settings.pixels, sent.name)
