"""What all faces of the server ask: open pictures, read them, keep a corrected one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from scrawl import images, preprocess
from scrawl.arrays import Float32, UInt8
from scrawl.explain import occlusion
from scrawl.pages import PageReader, Reading
from scrawl.prediction import Prediction
from scrawl.preprocess import DigitInk
from scrawl.serve.batching import Gate
from scrawl.serve.corrections import Corrections, Label
from scrawl.serve.models import ModelStore, Served
from scrawl.serve.refusal import RefusalError
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import Telemetry, log

Result = TypeVar("Result")

OPENERS = 2
"""Threads that open pictures and find the ink."""


@dataclass(frozen=True)
class Sight:
    """One digit as it was read from a picture.

    Attributes:
        size: Width and height of the picture, in pixels.
        found: The ink; None on a blank picture.
        prediction: What it was read as.
    """

    size: tuple[int, int]
    found: DigitInk | None
    prediction: Prediction


class Service:
    """The server without HTTP.

    Pictures are opened in a few threads, NumPy and OpenCV letting go of the interpreter; the
    network runs in one more, with all digits that wait for it.

    Attributes:
        settings: What the operator chose.
        telemetry: What the operator sees.
        models: What can be asked for by name.
        gate: Lets requests in.
        corrections: Keeps corrected pictures; None where the operator did not switch that on.
    """

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.settings = settings
        self.telemetry = telemetry
        self._threads = ThreadPoolExecutor(OPENERS, "picture")
        self._network = ThreadPoolExecutor(1, "network")
        self._aside = ThreadPoolExecutor(1, "aside")  # what may wait: maps, models, corrections
        self.models = ModelStore(settings, telemetry, self._network)
        self.gate = Gate(settings.queue, settings.seconds, telemetry.held.set)
        self._pages = PageReader.load(
            threshold=settings.threshold, device=settings.device, threads=settings.threads
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
        await self._later(self.models.rescan)

    def close(self) -> None:
        """Waits for the threads' last work."""
        for pool in (self._threads, self._network, self._aside):
            pool.shutdown()
        self.telemetry.close()

    async def read_digit(self, data: bytes, name: str, served: Served) -> Sight:
        """Reads the one digit of a picture.

        Args:
            data: The bytes of a file.
            name: What to call it in a message.
            served: The model.

        Raises:
            PictureError: It is no picture, or has too many pixels.
            InputError: The model does not read pictures.
        """

        def find() -> tuple[tuple[int, int], DigitInk | None]:
            pixels = self._open(data, name)
            return (pixels.shape[1], pixels.shape[0]), preprocess.find_digit(pixels)

        size, found = await self.in_thread(find)
        [prediction] = await served.pictures.submit([found])
        self.telemetry.read(int(prediction.uncertain), int(not prediction.uncertain))
        return Sight(size, found, prediction)

    async def read_pages(
        self, data: bytes, name: str, first: bool = False
    ) -> list[tuple[images.Page, Reading]]:
        """Reads all digits of a picture, and of every page of a PDF or a TIFF.

        Args:
            data: The bytes of a file.
            name: What to call it in a message.
            first: Whether the first page is enough.

        Returns:
            Each page and its reading.

        Raises:
            PictureError: It is no picture, or has too many pixels.
            RefusalError: It has too many pages.
        """
        most = 1 if first else None
        pages = await self.in_thread(lambda: list(islice(self._read_pages(data, name), most)))
        uncertain = [digit.uncertain for _, reading in pages for digit in reading.digits]
        self.telemetry.read(sum(uncertain), len(uncertain) - sum(uncertain))
        return pages

    async def infer(self, images: UInt8, served: Served) -> Float32:
        """The probabilities of normalised digits, shape ``(n, classes)``."""
        rows = await served.tensors.submit(images)
        count = len(served.reader.info.alphabet)
        kept = int((rows[:, :count].max(axis=1) >= served.reader.threshold).sum())
        self.telemetry.read(len(rows) - kept, kept)
        return rows

    async def weigh(self, image: UInt8, served: Served) -> Float32:
        """How much each pixel's ink speaks for the answer, shape ``(28, 28)``; takes a while."""
        return await self._later(lambda: occlusion(served.reader.letter_probabilities, image))

    async def keep(self, data: bytes, label: Label) -> str:
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
        kept = await self._later(lambda: corrections.keep(self._open(data, "picture"), label))
        self.telemetry.corrections.inc()
        return kept

    async def in_thread(self, job: Callable[[], Result]) -> Result:
        """Runs what would hold up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, job)

    async def _later(self, job: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._aside, job)

    def _read_pages(self, data: bytes, name: str) -> Iterator[tuple[images.Page, Reading]]:
        most = self.settings.pictures
        for page in images.pages(data, self.settings.pixels, name):
            if page.number > most:
                raise RefusalError(413, f"{name}: expected at most {most} pages, received more")
            yield page, self._pages.read(page.pixels)

    def _open(self, data: bytes, name: str) -> UInt8:
        """Opens a picture that a client sent."""
        return images.load(data, self.settings.pixels, name)
