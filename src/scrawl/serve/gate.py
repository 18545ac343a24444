"""Lets requests in: so many, of so many pixels, each for so long and while its client is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from scrawl.serve.lanes import Turn, turn
from scrawl.serve.refusal import RefusalError, busy

Result = TypeVar("Result")

_SOON = 0.05
"""Seconds in which a drawing is read: only a request that takes longer is watched for its client's
leaving, since a task more takes longer than what it could save."""

_LATE = 0.5
"""Share of a request's time. One that is late and waited for more of it is told to come again: the
server was busy. One that waited less takes too long by itself."""


class Gate:
    """Holds so many requests and no more, each for so long and no longer.

    Attributes:
        held: Requests in work or waiting.
        pixels: Of the large pictures in work or waiting.
    """

    def __init__(
        self, most: int, pixels: int, seconds: float, watch: Callable[[int], None]
    ) -> None:
        self._most = most
        self._most_pixels = pixels
        self._seconds = seconds
        self._watch = watch
        self.held = 0
        self.pixels = 0

    async def run(self, receive: Receive, job: Coroutine[Any, Any, Result]) -> Result:
        """Awaits a job.

        Args:
            receive: Of the request, whose body is here: its next message is that its client left.
            job: What the request asks for; it ends when it is late or its client is gone.

        Raises:
            RefusalError: The service holds as much as it may, or the job took too long.
            ClientDisconnect: The client is gone.
        """
        if self.held >= self._most:
            job.close()
            raise busy(f"the queue is full ({self._most} requests)")
        self._count(1)
        start, mine = time.monotonic(), Turn()
        task = asyncio.ensure_future(_as(mine, job))
        task.add_done_callback(self._ended)
        try:
            await asyncio.wait((task,), timeout=min(_SOON, self._seconds))
            if not task.done() and await self._left(receive, task):
                raise ClientDisconnect
            if task.done():
                return task.result()
            raise self._late(mine.began is None or mine.began - start > _LATE * self._seconds)
        finally:
            task.cancel()  # it keeps its place until it ended

    async def _left(self, receive: Receive, task: asyncio.Future[Any]) -> bool:
        """Waits for a job, and gives whether its client left before it was done or late."""
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait(
                (task, gone),
                timeout=max(0, self._seconds - _SOON),
                return_when=asyncio.FIRST_COMPLETED,
            )
            return gone.done() and not task.done()
        finally:
            gone.cancel()

    @contextmanager
    def room(self, pixels: int) -> Iterator[None]:
        """Holds a large picture; one alone may have any number of pixels.

        Raises:
            RefusalError: The pictures that are held have too many.
        """
        if self.pixels and self.pixels + pixels > self._most_pixels:
            raise busy(f"the pictures held have {self.pixels:,} pixels")
        self.pixels += pixels
        try:
            yield
        finally:
            self.pixels -= pixels

    def _late(self, waited: bool) -> RefusalError:
        if waited:
            return busy(f"no answer within {self._seconds:g} seconds")
        return RefusalError(
            503,
            f"body: expected what can be read within {self._seconds:g} seconds, received more: "
            "trying again will not help (send it as a job, POST /v1/jobs)",
        )

    def _count(self, step: int) -> None:
        self.held += step
        self._watch(self.held)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._count(-1)
        if not task.cancelled():
            task.exception()  # marks the error as seen: nobody waits for a late job


async def _as(mine: Turn, job: Coroutine[Any, Any, Result]) -> Result:
    turn.set(mine)
    return await job


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
