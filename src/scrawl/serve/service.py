"""What all faces of the server ask: who is let in, who reads, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from scrawl import images
from scrawl.arrays import UInt8
from scrawl.pdf import is_pdf
from scrawl.serve.corrections import Corrections, Label
from scrawl.serve.gate import Gate
from scrawl.serve.lanes import Check
from scrawl.serve.models import ModelStore
from scrawl.serve.readers import Readers
from scrawl.serve.refusal import RefusalError
from scrawl.serve.sent import Sent
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import Telemetry, log
from scrawl.serve.threads import Threads
from scrawl.serve.tracing import Tracing

Result = TypeVar("Result")

GLANCE = 2**16
"""Bytes of a picture whose head is looked at on the spot: it takes less than another thread."""


class Service:
    """The server without HTTP.

    Attributes:
        settings: What the operator chose.
        telemetry: What the operator sees.
        tracing: What it sees of single requests, where it asks for traces.
        models: What can be asked for by name.
        gate: Lets requests in.
        threads: Who does what.
        readers: Reads what was sent.
        corrections: Keeps corrected pictures; None where the operator did not switch that on.
    """

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.settings = settings
        self.telemetry = telemetry
        self.tracing = Tracing()
        self.gate = Gate(settings.queue, settings.held, settings.seconds, telemetry.held.set)
        self.threads = Threads(settings.readers, self.gate, self.tracing.span)
        self.models = ModelStore(settings, telemetry, self.threads.network)
        self.readers = Readers(settings, telemetry, self.threads, self.models)
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
