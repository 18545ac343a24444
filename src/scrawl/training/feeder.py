"""Makes the rows of each epoch, those of the next while this one is trained on."""

from __future__ import annotations

import signal
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from scrawl.training.augment import AUGMENTERS
from scrawl.training.recipe import Recipe
from scrawl.training.rows import Rows
from scrawl.training.synthesis.hands import Hands
from scrawl.workers.processes import end_with_parent


def epoch_rows(recipe: Recipe, rows: Rows, epoch: int, hands: Hands | None = None) -> Rows:
    """The rows of an epoch in its order: the same whenever and wherever it is called.

    Args:
        recipe: Says how they are augmented, and from which seed.
        rows: Images uint8 ``(n, H, W)`` and labels ``(n,)``.
        epoch: From 1. Epoch 0 is always augmented and never trained on: it serves calibration.
        hands: Other people's writing, for an augmentation that writes with it.
    """
    augmenter = AUGMENTERS["" if epoch > recipe.augmented_epochs else recipe.augment]
    rng = np.random.default_rng([recipe.seed, epoch])
    return augmenter.epoch(*rows, rng, *(() if hands is None else (hands,)))


class Feeder:
    """Gives the rows of epochs one after another.

    Augmentation takes about as long as training a small network does, so a second process makes
    the next epoch's rows. It is given the rows of the data set once, when it starts. Where rows
    only change their order, there is no such process.

    Args:
        recipe: Whose epochs.
        rows: Images and labels to train on.
        hands: See `epoch_rows`.
    """

    def __init__(self, recipe: Recipe, rows: Rows, hands: Hands | None = None) -> None:
        self._recipe, self._rows, self._hands = recipe, rows, hands
        # Started anew instead of forked: a process that runs a backend's threads must not be.
        self._pool = (
            ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=_start,
                initargs=(recipe, rows, hands),
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
        if self._pool is not None and epoch < self._recipe.epochs:
            self._ahead[epoch + 1] = self._pool.submit(_next, epoch + 1)
        return made


_given: tuple[Recipe, Rows, Hands | None]
"""In the second process: what the feeder was made with."""


def _start(recipe: Recipe, rows: Rows, hands: Hands | None) -> None:
    """Begins the second process, which ends with the first; Ctrl-C is for that one."""
    global _given
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _given = recipe, rows, hands


def _next(epoch: int) -> Rows:
    recipe, rows, hands = _given
    return epoch_rows(recipe, rows, epoch, hands)
