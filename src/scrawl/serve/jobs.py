"""Works on jobs page by page, each page in the lane of large pictures: others have their turn."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from scrawl import images
from scrawl.errors import PictureError, ScrawlError
from scrawl.serve.job_store import Job, JobStore
from scrawl.serve.lanes import Check
from scrawl.serve.refusal import RefusalError
from scrawl.serve.rows import PageRow
from scrawl.serve.sent import Sent
from scrawl.serve.service import Service
from scrawl.serve.telemetry import log
from scrawl.serve.wanted import Wanted

Result = TypeVar("Result")

AT_ONCE = 4
"""Jobs that are worked on side by side, a page of each in turn: a short one need not wait long."""

LOOK = 1.0
"""Seconds between looks for jobs of other workers, and signs of life of one's own."""


@dataclass
class _Steps:
    """The pages of a file, one after the other.

    Attributes:
        name: Of the file.
        pages: Opens them.
        wanted: What is to be read.
        row: Reads one.
        read: Pages that were read before a restart.
        over: Whether there are no more.
    """

    name: str
    pages: Iterator[images.Page]
    wanted: Wanted
    row: PageRow
    read: int
    over: bool = False
    _page: int = 0

    def next(self, check: Check) -> dict[str, Any] | None:
        """The row of the next page; None if it is read already, or there is none."""
        self._page += 1
        try:
            page = next(self.pages, None)
            if page is not None:
                return None if self._page <= self.read else self.row(page, check)
        except PictureError as error:
            self.over = True
            if self._page > self.read:
                return self.wanted.failed(self.name, self._page, str(error))
        self.over = True
        return None


class Jobs:
    """The jobs of a service."""

    def __init__(self, service: Service) -> None:
        """Opens the store.

        Raises:
            InputError: The file of jobs cannot be used.
        """
        settings = service.settings
        self._service = service
        owner = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"
        self._store = JobStore(settings.jobs, settings.job_queue, settings.buffered, owner)
        self._thread = ThreadPoolExecutor(1, "jobs")
        self._new = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}

    async def add(self, wanted: Wanted, pictures: list[Sent]) -> str:
        """Takes a job in; gives its id.

        Raises:
            RefusalError: There is no such model, 404; or too much to do, 503.
        """
        if wanted.one:
            self._service.models.get(wanted.model, wanted.version)
        files = [
            (sent.name, sent.data, 1 if wanted.one else sent.extent.pages) for sent in pictures
        ]
        identity = await self._ask(lambda: self._store.add(wanted.to_dict(), files))
        self._new.set()
        return identity

    async def get(self, identity: str, after: int = 0) -> dict[str, Any]:
        """How a job stands; see `JobStore.get`.

        Raises:
            RefusalError: There is none, 404.
        """
        found = await self._ask(lambda: self._store.get(identity, after))
        if found is None:
            raise RefusalError(404, f"job: there is no {identity:.40} (any more)")
        return found

    async def delete(self, identity: str) -> None:
        """Cancels and forgets a job.

        Raises:
            RefusalError: There is none, 404.
        """
        found = await self._ask(lambda: self._store.delete(identity))
        if identity in self._running:
            self._running[identity].cancel()
        if not found:
            raise RefusalError(404, f"job: there is no {identity:.40} (any more)")

    async def work(self) -> None:
        """Works on jobs until it is cancelled."""
        try:
            while True:
                try:
                    await self._look()
                except Exception:
                    log.exception("jobs failed")
                self._new.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._new.wait(), LOOK)
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await self._ask(self._store.close)
            self._thread.shutdown()

    async def _look(self) -> None:
        await self._ask(lambda: self._store.forget(self._service.settings.keep))
        for identity, task in list(self._running.items()):
            if not await self._ask(partial(self._store.beat, identity)):
                task.cancel()  # its client has cancelled it, or another worker has it
        while len(self._running) < AT_ONCE:
            job = await self._ask(self._store.claim)
            if job is None:
                return
            task = asyncio.create_task(self._run(job))
            self._running[job.id] = task
            task.add_done_callback(partial(self._left, job.id))

    def _left(self, identity: str, _: asyncio.Task[None]) -> None:
        self._running.pop(identity, None)
        self._new.set()

    async def _run(self, job: Job) -> None:
        """Works on a job; whatever is wrong with it is said by the job itself."""
        error = None
        try:
            wanted = Wanted.from_dict(job.wanted)
            row = await self._service.threads.slow.run(
                lambda _: self._service.readers.page_row(wanted)
            )
            for number, name, read in job.files:
                data = await self._ask(partial(self._store.data, job.id, number))
                pages = images.pages(data, self._service.settings.pixels, name)
                steps = _Steps(name, islice(pages, 1 if wanted.one else None), wanted, row, read)
                await self._file(job, number, steps)
        except (ScrawlError, RefusalError) as wrong:
            error = str(wrong)
        except Exception as fault:
            log.error(
                "job failed", exc_info=fault, extra={"facts": {"error": type(fault).__name__}}
            )
            error = "internal error"
        await self._ask(lambda: self._store.end(job.id, error))

    async def _file(self, job: Job, number: int, steps: _Steps) -> None:
        """Reads the pages of a file, and keeps each as it comes."""
        while not steps.over:
            row = await self._service.threads.slow.run(steps.next)
            if row is not None:
                text = json.dumps(row, ensure_ascii=False)
                await self._ask(partial(self._store.add_row, job.id, number, text))
        await self._ask(lambda: self._store.end_file(job.id, number))

    async def _ask(self, job: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)
