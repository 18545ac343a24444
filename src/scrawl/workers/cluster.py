"""Jobs done on a Ray cluster, or on a Ray that is started on this machine for them."""

from __future__ import annotations

import logging
import os
import pickle
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from functools import partial
from typing import Any, TypeVar

from scrawl.errors import InputError, MissingExtraError, ScrawlError
from scrawl.workers import Job, Result, Start, processes

LOCAL = "local"
"""The address of a cluster that is started on this machine and ends with the command."""

PATIENCE_SECONDS = 10
"""How long an address may take to answer."""

_QUIET = {
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""What is the user's to change: Ray's own lines are not the batch's, and nothing is reported."""

_MODE = "RAY_AUTH_MODE"
"""What Ray goes by, which sends its token to an address only if told to."""

_STARTS = 3

_RETRIES = 2  # of a task whose process was killed

_WARY = 16
"""Jobs that an actor has done by a child after it was killed: more than Ray Data has it hold."""

Shard = TypeVar("Shard")


@contextmanager
def connected(address: str, workers: int) -> Iterator[None]:
    """A connection to a cluster.

    Args:
        address: `LOCAL`, ``auto``, ``HOST:PORT`` or ``ray://HOST:PORT``.
        workers: How many processors a local one has.

    Raises:
        MissingExtraError: Ray is not installed.
        InputError: Nothing answers there.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("--cluster", "Ray", "ray") from error
    _require_answer(address)
    for name in ("ray", "ray.data"):  # what ends the work is raised, too
        logging.getLogger(name).setLevel(logging.CRITICAL)
    options: dict[str, Any] = {"logging_level": "CRITICAL", "log_to_driver": False}
    if address == LOCAL:
        options |= {"num_cpus": workers, "include_dashboard": False}
    # Ray prints what becomes of its actors, some of it at its end, amid JSON.
    with redirect_stdout(sys.stderr):
        _start(ray, address, options)
        try:
            yield
        finally:
            ray.shutdown()


def _start(ray: Any, address: str, options: dict[str, Any]) -> None:
    """Connects; on a busy machine a Ray of its own may need more than one start."""
    for left in reversed(range(_STARTS if address == LOCAL else 1)):
        try:
            ray.init(address, **options)
            return
        except Exception as error:  # Ray's ways of not reaching a cluster have no class in common
            ray.shutdown()
            if not left:
                why = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
                if address != LOCAL and _MODE not in os.environ:
                    why += f"; one that asks for a token is reached with {_MODE}=token"
                raise _unreachable(address, why) from error


def _require_answer(address: str) -> None:
    """Asks whether anything listens at ``HOST:PORT``: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), PATIENCE_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, str(error)) from error


def _unreachable(address: str, why: str) -> InputError:
    return InputError(
        f"--cluster {address}: expected the address of a Ray cluster, or {LOCAL} ({why})"
    )


def stream(
    start: Start[Job, Result],
    expand: Callable[[Shard], Iterable[Job]],
    shards: Sequence[Shard],
    workers: int,
    *,
    halves: Callable[[Job], Sequence[Job]],
    lost: Callable[[Job], Result],
) -> Iterator[Result]:
    """Does the jobs that shards consist of, by Ray Data: one actor a worker, few jobs waiting.

    An actor that was killed is started again, with the jobs that it had.

    Args:
        start: Gives the function in each actor.
        expand: Gives the jobs of a shard, where there is room on the cluster.
        shards: All of them.
        workers: How many actors.
        halves: As for `processes.each`.
        lost: Likewise.

    Raises:
        ScrawlError: What the function raised.
    """
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = 1  # a job, then, is a block of Ray's, for any actor to take
    context.raise_original_map_exception = True
    rows = [{"shard": pickle.dumps(shard)} for shard in shards]
    data = ray.data.from_items(rows, override_num_blocks=max(1, len(rows)))
    # Without a processor of its own it is no part of an actor, which would read all of a shard.
    jobs = data.map_batches(_Expand(expand), batch_size=1, num_cpus=0)
    actors = ray.data.ActorPoolStrategy(size=workers)
    results = jobs.map_batches(
        _Actor,
        fn_constructor_args=(start, halves, lost),
        batch_size=1,
        num_cpus=1,
        compute=actors,
    )
    try:
        for row in results.iter_rows():
            yield pickle.loads(row["result"])  # noqa: S301 -- written by the actors
    except Exception as error:
        raise _cause(error) from error


def _cause(error: BaseException) -> ScrawlError:
    """What the function raised, or that the cluster failed: Ray gives tracebacks of tracebacks."""
    below: BaseException | None = error
    while below is not None:
        for one in (getattr(below, "cause", None), below):  # Ray's own may be of both classes
            if isinstance(one, ScrawlError):
                return one
        below = below.__cause__
    why = str(error).strip().splitlines()
    return ScrawlError(f"the cluster failed ({type(error).__name__}: {why[-1] if why else ''})")


def each(start: Start[Job, Result], jobs: Sequence[Job]) -> Iterator[Result]:
    """Does jobs by Ray Core, each a task with one processor; one that is killed is done again.

    Args:
        start: Gives the function, for each job anew.
        jobs: All of them.

    Raises:
        ScrawlError: What the function raised.
    """
    import ray

    @ray.remote(num_cpus=1, max_retries=_RETRIES, max_calls=1)  # type: ignore[untyped-decorator]
    def do(job: Job) -> Result:
        return start()(job)

    waiting = [do.remote(job) for job in jobs]
    try:
        while waiting:
            done, waiting = ray.wait(waiting)
            yield ray.get(done[0])
    except Exception as error:
        raise _cause(error) from error


class _Expand:
    """Gives the jobs of a shard, one at a time."""

    def __init__(self, expand: Callable[[Any], Iterable[Any]]) -> None:
        self._expand = expand

    def __call__(self, batch: dict[str, Any]) -> Iterator[dict[str, list[bytes]]]:
        for shard in batch["shard"]:
            for job in self._expand(pickle.loads(shard)):  # noqa: S301 -- written by the driver
                yield {"job": [pickle.dumps(job)]}


class _Actor:
    """Does jobs with what it has loaded once.

    Ray starts one that ended again, whatever ended it, and gives it the same jobs. So that a job
    which ends every process does not go on for ever, children do the first ones then.
    """

    def __init__(
        self,
        start: Start[Any, Any],
        halves: Callable[[Any], Sequence[Any]],
        lost: Callable[[Any], Any],
    ) -> None:
        import ray

        again = ray.get_runtime_context().was_current_actor_reconstructed
        self._wary = _WARY if again else 0
        self._safely = partial(processes.each, start, workers=1, halves=halves, lost=lost)
        self._function = start()

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        results: list[Any] = []
        for job in map(pickle.loads, batch["job"]):
            results += self._safely([job]) if self._wary else [self._function(job)]
            self._wary = max(0, self._wary - 1)
        return {"result": [pickle.dumps(result) for result in results]}
