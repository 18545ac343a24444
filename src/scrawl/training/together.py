"""One training by several processes of this machine: Keras' distribution on JAX, over loopback.

Each process goes through the whole training with its share of every batch, and JAX adds up what
they have found, so that all have the same weights after each. The first one writes the run.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from scrawl.errors import InputError, ScrawlError
from scrawl.training import backend
from scrawl.training.backend import keras
from scrawl.training.tasks.base import PREDICT, Training
from scrawl.workers.processes import end_with_parent

HOST = "127.0.0.1"

_PATIENCE_SECONDS = 10  # for processes that end by an error, or that this one ends with


def check(processes: int, training: Training) -> None:
    """Whether a training can be divided, so that it is as in one process.

    Raises:
        InputError: Keras runs on another backend than JAX, or the processes do not divide a batch.
            Of a last one that is smaller, rows that are too many are left out.
    """
    if processes == 1:
        return
    if backend.name() != "jax":
        raise InputError(
            f"--processes {processes}: expected KERAS_BACKEND=jax, received {backend.name()}"
        )
    learnt = training.augmenter.size(len(training.rows[0])), training.recipe.batch_size
    for rows, size in (learnt, (len(training.held_out[0]), PREDICT)):
        if size % processes or 0 < rows % size < processes:
            raise InputError(
                f"--processes {processes}: expected batches that it divides, received {rows} rows "
                f"by {size}"
            )


@contextmanager
def together(processes: int, follow: Callable[[], None]) -> Iterator[None]:
    """Makes this process the first of several.

    Args:
        processes: How many; with 1 nothing is done.
        follow: What each of the others does, as this one does within the block.

    Raises:
        ScrawlError: One of the others ended.
    """
    if processes == 1:
        yield
        return
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    context = get_context("spawn")
    others = [
        context.Process(target=_begin, args=(follow, rank, processes, port))
        for rank in range(1, processes)
    ]
    for one in others:
        one.start()
    try:
        _join(0, processes, port)
        yield
    except (RuntimeError, ValueError) as error:  # as JAX has it where another is gone
        if _any_failed(others):
            raise ScrawlError(
                "--processes: another process of the training has ended (killed, or too little "
                "memory?); --resume goes on after the last whole epoch"
            ) from error
        raise
    finally:
        for one in others:
            one.terminate()


def _any_failed(others: Sequence[BaseProcess]) -> bool:
    """Whether one of the processes ended by an error; what closed its connections comes first."""
    ended = wait([one.sentinel for one in others], _PATIENCE_SECONDS)
    for one in others:
        if one.sentinel in ended:
            one.join()  # until then it may have no exit code
    return any(one.exitcode for one in others)


def _begin(follow: Callable[[], None], rank: int, processes: int, port: int) -> None:
    """What another process does; what is wrong with the training, the first one says."""
    end_with_parent()
    # Ctrl-C goes to all: the first one ends the others, or it would take their end for an error.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with backend.without_notes():
        try:
            _join(rank, processes, port)
            follow()
        except ScrawlError:
            return


def _join(rank: int, processes: int, port: int) -> None:
    """Meets the others; gloo says so on stdout, which may be a file of JSON."""
    import jax
    from jax.experimental.multihost_utils import sync_global_devices

    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    # Else C++ ends this process where another was ended, as by Ctrl-C, with a trace of its stack.
    jax.config.update("jax_enable_recoverability", True)
    address = f"{HOST}:{port}"
    with backend.without_notes():
        jax.distributed.initialize(
            address,
            processes,
            rank,
            coordinator_bind_address=address,
            shutdown_timeout_seconds=_PATIENCE_SECONDS,
        )
        devices = keras.distribution.list_devices()
        sync_global_devices("scrawl")
    parallel = keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
    keras.distribution.set_distribution(parallel)
