"""The threads of a server: what is quick, what is not, the network, and what may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from scrawl.serve.gate import Gate
from scrawl.serve.lanes import Check, Lane, Span
from scrawl.serve.sent import Sent

Result = TypeVar("Result")

OPENERS = 2
"""Threads that open small pictures and read them."""


class Threads:
    """Who does what in a server.

    Small pictures, such as drawings, have threads of their own, and so have large ones, NumPy and
    OpenCV letting go of the interpreter; tensors go through the network in one more, with all that
    wait for it. So a drawing waits for no photo.

    Attributes:
        slow: The lane of large pictures.
        network: The thread in which tensors go through a network.
    """

    def __init__(self, readers: int, gate: Gate, span: Span) -> None:
        """Makes the threads.

        Args:
            readers: Large pictures that are read at once.
            gate: Says how much of large pictures is held at once.
            span: Gives a part of a trace by its name.
        """
        self._gate = gate
        self._quick = Lane("quick", OPENERS, span)
        self.slow = Lane("slow", readers, span, large=True)
        self.network = ThreadPoolExecutor(1, "network")
        self._aside = ThreadPoolExecutor(1, "aside")

    async def on(self, sent: Sent, job: Callable[[Check], Result]) -> Result:
        """Runs the work on a picture in the lane that it belongs in."""
        if sent.small:
            return await self._quick.run(job)
        with self._gate.room(sent.extent.pixels):
            return await self.slow.run(job)

    async def quickly(self, job: Callable[[], Result]) -> Result:
        """Runs what would hold up the event loop, and is quick."""
        return await self._quick.run(lambda _: job())

    async def later(self, job: Callable[[], Result]) -> Result:
        """Runs what may wait for others of its kind: maps, models, corrections."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, job)

    def close(self) -> None:
        """Waits for the threads' last work."""
        self._quick.close()
        self.slow.close()
        for pool in (self.network, self._aside):
            pool.shutdown()
