"""Bodies that came compressed, up to what they may become."""

from __future__ import annotations

import zlib

from scrawl.serve.refusal import RefusalError

_FORMS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class Unpacking:
    """Unpacks a body piece by piece."""

    def __init__(self, encoding: str, most: int) -> None:
        """Begins a body.

        Args:
            encoding: What ``Content-Encoding`` says.
            most: Bytes that it may become.

        Raises:
            RefusalError: Nothing here unpacks that, 415.
        """
        if encoding not in _FORMS:
            raise RefusalError(
                415,
                f"Content-Encoding: expected gzip or deflate, received {encoding:.80}",
                accept_encoding="gzip, deflate",
            )
        self._encoding = encoding
        self._engine = zlib.decompressobj(_FORMS[encoding])
        self._most = self._room = most

    def __call__(self, data: bytes, last: bool) -> bytes:
        """The next piece, unpacked.

        Args:
            data: As it came.
            last: Whether it is the last one.

        Raises:
            RefusalError: It is no such data, or cut short, 400; or becomes too much, 413.
        """
        try:
            unpacked = self._engine.decompress(data, self._room + 1)
        except zlib.error as error:
            raise self._damaged(str(error)) from error
        self._room -= len(unpacked)
        if self._room < 0:
            raise RefusalError(
                413, f"body: expected at most {self._most:,} bytes unpacked, received more"
            )
        if last and not self._engine.eof:
            raise self._damaged("cut short")
        if self._engine.unused_data:
            raise self._damaged("more after its end")
        return unpacked

    def _damaged(self, why: str) -> RefusalError:
        return RefusalError(400, f"body: expected {self._encoding}, as its head says ({why})")
