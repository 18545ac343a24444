"""Lanes: threads of their own for what is quick and for what is not, and work that can be ended."""

from __future__ import annotations

import asyncio
import ctypes
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")

Check = Callable[[], None]
"""What work calls between its steps; it raises where nobody waits for the work any more."""


Span = Callable[[str], AbstractContextManager[Any]]
"""Gives a part of a trace by its name."""


class GivenUpError(Exception):
    """Ends work, in its thread, that nobody waits for any more."""


@dataclass
class Turn:
    """When a request came to its turn.

    Attributes:
        began: The moment at which the lane of large pictures took it up, by ``time.monotonic``;
            None while it waits, or where it needs no turn.
    """

    began: float | None = None


turn: ContextVar[Turn | None] = ContextVar("turn", default=None)
"""The turn of the request that a coroutine belongs to."""


class Lane:
    """Runs jobs in a few threads, first come, first served.

    A job that waits holds no thread, and is forgotten when its coroutine is cancelled. A job that
    runs then is told by its check, and the coroutine ends when the job did: nothing goes on behind
    a request that is over.
    """

    def __init__(
        self, name: str, threads: int, span: Span = nullcontext, large: bool = False
    ) -> None:
        """Makes the threads.

        Args:
            name: What the threads and the spans of a trace are called.
            threads: Jobs that run at once.
            span: What a trace has of waiting, and of work.
            large: Whether its jobs take long and much: memory goes back to the system after each,
                and the turn of a request begins here.
        """
        self._name = name
        self._span = span
        self._pool = ThreadPoolExecutor(threads, name)
        self._free = asyncio.Semaphore(threads)
        self._large = large

    async def run(self, job: Callable[[Check], Result]) -> Result:
        """Runs a job when it is its turn."""
        with self._span(f"{self._name}: wait"):
            await self._free.acquire()
        try:
            with self._span(f"{self._name}: work"):
                return await self._work(job)
        finally:
            self._free.release()

    async def _work(self, job: Callable[[Check], Result]) -> Result:
        mine = turn.get()
        if self._large and mine is not None and mine.began is None:
            mine.began = time.monotonic()
        over = threading.Event()

        def check() -> None:
            if over.is_set():
                raise GivenUpError

        work = asyncio.get_running_loop().run_in_executor(self._pool, self._do, job, check)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            over.set()
            await _ended(work)
            raise

    def close(self) -> None:
        """Waits for the last jobs."""
        self._pool.shutdown()

    def _do(self, job: Callable[[Check], Result], check: Check) -> Result:
        try:
            return job(check)
        finally:
            if self._large:
                give_back()


async def together(jobs: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of jobs done together, in order; the first error ends the others."""
    first, *others = jobs
    if not others:
        return [await first]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in (first, *others)]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def _ended(work: asyncio.Future[Any]) -> None:
    """Waits for work to end, however it does and however often the waiting is cancelled."""
    while not work.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([work])
    if not work.cancelled():
        work.exception()  # marks the error as seen


def give_back() -> None:
    """Gives memory that is free back to the system, where the C library keeps it (glibc)."""
    trim = getattr(_libc, "malloc_trim", None)
    if trim is not None:
        trim(0)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
