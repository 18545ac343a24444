"""The rows that each epoch trains on, the next epoch's made while this one is trained."""

from __future__ import annotations

import signal
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from scrawl.training.augment import AUGMENTERS

Rows = tuple[NDArray[np.uint8], NDArray[np.integer]]


def epoch_rows(augment: str, rows: Rows, seed: int, epoch: int) -> Rows:
    """The rows of an epoch in its order: a function of seed and epoch alone.

    Args:
        augment: A key of ``AUGMENTERS``.
        rows: Images uint8 ``(n, H, W)`` and labels ``(n,)``.
        seed: The recipe's.
        epoch: From 1; 0 is never trained on and serves calibration.
    """
    return AUGMENTERS[augment].epoch(*rows, np.random.default_rng([seed, epoch]))


class Feeder:
    """Gives the rows of epochs one after another.

    Augmentation takes about as long as training a small network does, so a second process makes
    the next epoch's rows; rows that only change their order are not worth one.

    Args:
        augment: A key of ``AUGMENTERS``.
        rows: Images and labels to train on.
        seed: The recipe's.
        epochs: The last epoch.
    """

    def __init__(self, augment: str, rows: Rows, seed: int, epochs: int) -> None:
        self._arguments = augment, rows, seed
        self._epochs = epochs
        # Not forked: a process that runs a backend's threads must not be.
        # Ctrl-C is for the first process: it stops this one.
        self._pool = (
            ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=signal.signal,
                initargs=(signal.SIGINT, signal.SIG_IGN),
            )
            if augment
            else None
        )
        self._ahead: dict[int, Future[Rows]] = {}

    def __enter__(self) -> Feeder:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def rows(self, epoch: int) -> Rows:
        """The rows of an epoch; those of the next are begun."""
        made = self._ahead.pop(epoch).result() if epoch in self._ahead else None
        if made is None:
            made = epoch_rows(*self._arguments, epoch)
        if self._pool is not None and epoch < self._epochs:
            self._ahead[epoch + 1] = self._pool.submit(epoch_rows, *self._arguments, epoch + 1)
        return made
