"""What a tracker is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict
from typing import Any, ClassVar

from scrawl.training.run import Epoch, Run


class Tracker(ABC):
    """Told how a training goes, as a ``scrawl.training.progress.Monitor`` is.

    Args:
        run: The run, its ``recipe.toml`` written.
        done: Epochs that an earlier start has done.

    Attributes:
        package: What has to be installed.
        extra: The extra of scrawl that installs it.
    """

    package: ClassVar[str] = ""
    extra: ClassVar[str] = ""

    def __init__(self, run: Run, done: int) -> None:
        self.run = run

    def batch(self, epoch: int, step: int, logs: dict[str, Any]) -> None:
        """A batch is done; ``step`` counts from 1. Nothing is said of it."""
        return

    @abstractmethod
    def epoch(self, row: Epoch) -> None:
        """An epoch is done."""

    @abstractmethod
    def close(self) -> None:
        """The training has ended; whether it came to its end, ``run.complete`` says."""


def values(row: Epoch) -> dict[str, float]:
    """The figures of an epoch by name, as ``log.csv`` has them; those that there are."""
    named = asdict(row)
    del named["epoch"]
    return {name: float(value) for name, value in named.items() if value is not None}


def figures(run: Run) -> dict[str, float]:
    """What is said of a complete run at its end, by name; nothing of another."""
    if not run.complete:
        return {}
    metrics = run.metrics()
    return {
        "test_accuracy": metrics["test"]["accuracy"],
        "test_loss": metrics["test"]["loss"],
        "train_accuracy": metrics["train"]["accuracy"],
    }
