"""Jobs done by processes of this machine; those of a process that was killed are done again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing
from itertools import islice
from typing import Any, Generic

from scrawl.workers import Job, Result, Start

AHEAD = 2
"""Jobs a process, at work and waiting, that are held in memory."""

_TRIES = 2  # of a job that alone is at work when its process ends: a person may have killed it once


def each(
    start: Start[Job, Result],
    jobs: Iterable[Job],
    workers: int,
    *,
    halves: Callable[[Job], Sequence[Job]],
    lost: Callable[[Job], Result],
) -> Iterator[Result]:
    """Does jobs, a few at a time, and gives what came of each as soon as it is there.

    Args:
        start: Gives the function in each process.
        jobs: They are taken as processes become free.
        workers: How many processes.
        halves: Divides a job that ends whatever process does it; one that cannot be divided is
            given back alone.
        lost: What came of such a job.

    Raises:
        ScrawlError: What the function raised.
    """
    with closing(_Pool(start, workers)) as pool:
        rest = iter(jobs)
        at_work: dict[Future[Result], Job] = {}
        while True:
            for job in islice(rest, AHEAD * workers - len(at_work)):
                at_work[pool.submit(job)] = job
            if not at_work:
                return
            broken = []
            for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                job = at_work.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    broken.append(job)
            if broken:  # any of those at work may be the one that ended its process
                broken += at_work.values()
                at_work.clear()
                for job in broken:
                    yield from _alone(pool, job, halves, lost)


def _alone(
    pool: _Pool[Job, Result],
    job: Job,
    halves: Callable[[Job], Sequence[Job]],
    lost: Callable[[Job], Result],
) -> Iterator[Result]:
    """Does a job while no other is at work, so that it is known whether it ends its process."""
    for _ in range(_TRIES):
        try:
            result = pool.submit(job).result()
        except BrokenProcessPool:
            continue
        yield result
        return
    parts = halves(job)
    if len(parts) == 1:
        yield lost(job)
        return
    for part in parts:
        yield from _alone(pool, part, halves, lost)


class _Pool(AbstractContextManager[Any], Generic[Job, Result]):
    """Processes that are started anew when one of them has ended."""

    def __init__(self, start: Start[Job, Result], workers: int) -> None:
        self._start, self._workers = start, workers
        self._pool = self._new()

    def submit(self, job: Job) -> Future[Result]:
        """Has a job done; its result raises BrokenProcessPool if a process ended meanwhile."""
        try:
            return self._pool.submit(_do, job)
        except BrokenProcessPool:
            self._pool.shutdown(wait=True)
            self._pool = self._new()
            return self._pool.submit(_do, job)

    def close(self) -> None:
        """Ends the processes when each has done the job that it is at."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __exit__(self, *error: object) -> None:
        self.close()

    def _new(self) -> ProcessPoolExecutor:
        # Forked, a process would hang on the locks of the threads that its parent has.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, context, _begin, (self._start,))


_start: list[Start[Any, Any]] = []
_function: list[Callable[[Any], Any]] = []


def _begin(start: Start[Any, Any]) -> None:
    """Prepares a process: Ctrl-C is its parent's to hear, and without that it ends, too."""
    _start.append(start)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent() -> None:
    """Has this process end when the one that started it does, however that ends."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(job: Any) -> Any:
    """Does a job; what is loaded for the first one raises as the job does, and is kept."""
    if not _function:
        _function.append(_start[0]())
    return _function[0](job)
