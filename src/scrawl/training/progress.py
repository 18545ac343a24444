"""What a person sees while a network trains: a bar on a terminal, a line an epoch in a log."""

from __future__ import annotations

import time
from typing import Any, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from scrawl.training.backend import keras
from scrawl.training.interrupt import Interrupt
from scrawl.training.recipe import Recipe
from scrawl.training.run import Epoch

REFRESH_SECONDS = 0.2


class Monitor(Protocol):
    """Told how a training goes."""

    def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
        """A batch is done; ``step`` counts from 1."""

    def epoch(self, row: Epoch) -> None:
        """An epoch is done."""


class Silent:
    """Says nothing."""

    def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
        """Nothing."""

    def epoch(self, row: Epoch) -> None:
        """Nothing."""


class Several:
    """Tells several monitors.

    Args:
        monitors: In the order in which they are told.
    """

    def __init__(self, *monitors: Monitor) -> None:
        self._monitors = monitors

    def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
        """Tells each."""
        for one in self._monitors:
            one.batch(epoch, step, logs)

    def epoch(self, row: Epoch) -> None:
        """Tells each."""
        for one in self._monitors:
            one.epoch(row)


class Bar:
    """A progress bar on a terminal; where stderr is no terminal, one line an epoch.

    Args:
        recipe: What is trained.
        steps: Batches an epoch.
        done: Epochs that an earlier run has done.
    """

    def __init__(self, recipe: Recipe, steps: int, done: int) -> None:
        self._console = Console(stderr=True)
        self._epochs = recipe.epochs
        self._steps = steps
        self._shown = 0.0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[scores]}"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        self._task: TaskID = self._progress.add_task(
            recipe.name, total=steps * recipe.epochs, completed=steps * done, scores=""
        )

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
        """Moves the bar; reading the scores waits for the backend, so it is done now and then."""
        if self._progress.disable or time.monotonic() - self._shown < REFRESH_SECONDS:
            return
        self._shown = time.monotonic()
        self._progress.update(
            self._task,
            completed=self._steps * (epoch - 1) + step,
            description=f"epoch {epoch}/{self._epochs}",
            scores=f"loss {float(logs['loss']):.4f}  accuracy {float(logs['accuracy']):.2%}",
        )

    def epoch(self, row: Epoch) -> None:
        """Prints the line of an epoch above the bar."""
        line = f"epoch {row.epoch}/{self._epochs}  loss {row.loss:.4f}  accuracy {row.accuracy:.2%}"
        if row.val_loss is not None and row.val_accuracy is not None:
            line += f"  validation loss {row.val_loss:.4f}  accuracy {row.val_accuracy:.2%}"
        self._console.print(f"{line}  {row.seconds:.1f} s", highlight=False, soft_wrap=True)


class BatchCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Hands Keras' batches to a monitor, and lets Ctrl-C in between them."""

    def __init__(self, monitor: Monitor, interrupt: Interrupt, epoch: int) -> None:
        super().__init__()
        self._monitor = monitor
        self._interrupt = interrupt
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Called by Keras after each batch."""
        self._monitor.batch(self._epoch, batch + 1, logs or {})
        self._interrupt.check()
