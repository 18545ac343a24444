"""The rows that each epoch trains on, the next epoch's made while this one is trained."""

from __future__ import annotations

import signal
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import UInt8
from scrawl.training.augment import AUGMENTERS
from scrawl.training.recipe import Recipe
from scrawl.training.synthesis.hands import Hands

Rows = tuple[UInt8, NDArray[np.integer]]


def epoch_rows(recipe: Recipe, rows: Rows, epoch: int, hands: Hands | None = None) -> Rows:
    """The rows of an epoch in its order: a function of recipe and epoch alone.

    Args:
        recipe: Says how they are augmented, and from which seed.
        rows: Images uint8 ``(n, H, W)`` and labels ``(n,)``.
        epoch: From 1; 0 is never trained on, always augmented, and serves calibration.
        hands: Other people's writing, for an augmentation that writes with it.
    """
    augmenter = AUGMENTERS["" if epoch > recipe.augmented_epochs else recipe.augment]
    rng = np.random.default_rng([recipe.seed, epoch])
    return augmenter.epoch(*rows, rng, *(() if hands is None else (hands,)))


class Feeder:
    """Gives the rows of epochs one after another.

    Augmentation takes about as long as training a small network does, so a second process makes
    the next epoch's rows; rows that only change their order are not worth one.

    Args:
        recipe: Whose epochs.
        rows: Images and labels to train on.
        hands: See `epoch_rows`.
    """

    def __init__(self, recipe: Recipe, rows: Rows, hands: Hands | None = None) -> None:
        self._recipe, self._rows, self._hands = recipe, rows, hands
        self._epochs = recipe.epochs
        # Not forked: a process that runs a backend's threads must not be.
        # Ctrl-C is for the first process: it stops this one.
        self._pool = (
            ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=signal.signal,
                initargs=(signal.SIGINT, signal.SIG_IGN),
            )
            if recipe.augment
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
            made = epoch_rows(self._recipe, self._rows, epoch, self._hands)
        if self._pool is not None and epoch < self._epochs:
            self._ahead[epoch + 1] = self._pool.submit(
                epoch_rows, self._recipe, self._rows, epoch + 1, self._hands
            )
        return made
