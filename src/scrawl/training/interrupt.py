"""Ctrl-C between two batches, where nothing can be harmed by it."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interrupt:
    """Holds Ctrl-C back until ``check`` is called; a second one is not held back.

    Raised inside a backend's step, KeyboardInterrupt comes out as an error of the backend's own.
    Outside the main thread, where no signal arrives, and where Ctrl-C is ignored it does nothing.
    """

    def __init__(self) -> None:
        self._pending = False
        main = threading.current_thread() is threading.main_thread()
        self._heard = main and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN

    def __enter__(self) -> Interrupt:
        if self._heard:
            self._before = signal.signal(signal.SIGINT, self._hold)
        return self

    def __exit__(self, *error: object) -> None:
        if self._heard:
            signal.signal(signal.SIGINT, self._before)

    def _hold(self, number: int, frame: FrameType | None) -> None:
        if self._pending:
            raise KeyboardInterrupt
        self._pending = True

    def check(self) -> None:
        """Raises KeyboardInterrupt if there was one."""
        if self._pending:
            raise KeyboardInterrupt
