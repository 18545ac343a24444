"""Heads of requests that come within a time and a size: what uvicorn has no setting for."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from scrawl.serve import defaults
from scrawl.serve.refusal import body_of

HEAD = 2**16
"""Bytes of a head."""


class Connection(HttpToolsProtocol):
    """A connection on which the head of each request is within its limits.

    One on which nothing comes is closed after that time, too; between two requests uvicorn's own
    time counts.

    Attributes:
        seconds: For a head, of every connection of the process.
    """

    seconds = defaults.HEAD_SECONDS

    _timer: asyncio.TimerHandle | None = None
    _size = 0  # of the head so far, in bytes

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no longer."""
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes bytes, and refuses a head that is too large."""
        super().data_received(data)
        if self._timer is not None:
            self._size += len(data)
            if self._size > HEAD:
                self._refuse(b"431 Request Header Fields Too Large", f"at most {HEAD:,} bytes")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        if self._timer is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._arrived()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._size = 0
        self._timer = self.loop.call_later(self.seconds, self._late)

    def _arrived(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait()  # a request sent ahead is not read before this one is answered
            return
        self._refuse(b"408 Request Timeout", f"within {self.seconds:g} seconds")

    def _refuse(self, status: bytes, expected: str) -> None:
        self._arrived()
        if self.transport.is_closing():
            return
        body = body_of(f"head: expected {expected}, received {self._size:,} bytes of it")
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\n" % status
        self.transport.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        self.transport.close()
