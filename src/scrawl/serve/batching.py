"""Reads requests that come together in one call, and turns away what is too much."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, Generic, TypeVar

from scrawl.serve.refusal import busy

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Collects items while a call runs; the next call takes all of them.

    An item that comes alone does not wait; under load batches grow by themselves.

    Attributes:
        most: Items of a call.
    """

    def __init__(
        self, run: Callable[[list[Item]], list[Result]], executor: Executor, most: int = 64
    ) -> None:
        self._run = run
        self._executor = executor
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self.most = most

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """Queues an item; the future gives its result, or what the call raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = loop.create_task(self._work(loop))
        return future

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self.most, len(self._waiting)))]
            items = [item for item, _ in batch]
            try:
                results = await loop.run_in_executor(self._executor, self._run, items)
            except Exception as error:  # each that waits gets it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)


class Gate:
    """Holds so many requests and no more, each for so long and no longer.

    Attributes:
        held: Requests in work or waiting.
    """

    def __init__(self, most: int, seconds: float, watch: Callable[[int], None]) -> None:
        self._most = most
        self._seconds = seconds
        self._watch = watch
        self.held = 0

    async def run(self, job: Coroutine[Any, Any, Result]) -> Result:
        """Awaits a job.

        A thread cannot be stopped: a job that is late keeps its place until it ends.

        Raises:
            RefusalError: The service holds as much as it may, or the job took too long.
        """
        if self.held >= self._most:
            job.close()
            raise busy(f"the queue is full ({self._most} requests)")
        self._count(1)
        task = asyncio.ensure_future(job)
        task.add_done_callback(self._leave)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(task)
        except TimeoutError:
            raise busy(f"no answer within {self._seconds:g} seconds") from None

    def _count(self, step: int) -> None:
        self.held += step
        self._watch(self.held)

    def _leave(self, task: asyncio.Future[Any]) -> None:
        self._count(-1)
        if not task.cancelled():
            task.exception()  # marks the error as seen: nobody waits for a late job
