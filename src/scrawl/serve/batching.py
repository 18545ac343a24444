"""Reads requests that come together in one call of the network."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Collects items while a call runs; the next call takes all of them.

    An item that comes alone does not wait; under load batches grow by themselves.

    Attributes:
        most: Digits of a call, so that no call takes long; an item that has more goes alone.
    """

    def __init__(
        self,
        run: Callable[[list[Item]], list[Result]],
        executor: Executor,
        most: int = 256,
        digits: Callable[[Item], int] = lambda _: 1,
    ) -> None:
        """Makes an empty queue.

        Args:
            run: Gives the results of items, in their order.
            executor: Where it runs.
            most: See `most`.
            digits: How many digits an item has.
        """
        self._run = run
        self._digits = digits
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
            batch = self._batch()
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

    def _batch(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """What the next call takes: of those that are still waited for, the first."""
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        room = self.most
        while self._waiting:
            item, future = self._waiting[0]
            if not future.done():
                room -= self._digits(item)
                if batch and room < 0:
                    break
                batch.append((item, future))
            self._waiting.popleft()
        return batch
