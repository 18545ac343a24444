"""The entry to training: recipe and data in, run folder out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

from scrawl import data
from scrawl.data import Dataset
from scrawl.errors import ModelError
from scrawl.training import backend
from scrawl.training.augment import AUGMENTERS
from scrawl.training.backend import keras
from scrawl.training.live import Live
from scrawl.training.network import load_checkpoint
from scrawl.training.progress import Bar, Monitor, Several, Silent
from scrawl.training.recipe import Recipe
from scrawl.training.run import Epoch, Run
from scrawl.training.synthesis.hands import SplitHands
from scrawl.training.synthesis.hands import load as load_hands
from scrawl.training.tasks import TASKS
from scrawl.training.tasks.base import Training
from scrawl.training.together import check as check_division
from scrawl.training.together import together
from scrawl.training.trackers import check, tracking


def train(
    recipe: Recipe,
    folder: str | os.PathLike[str],
    *,
    data_dir: str | os.PathLike[str] | None = None,
    progress: bool = False,
    trackers: Sequence[str] = (),
    live: bool = False,
    processes: int = 1,
) -> Run:
    """Trains a recipe from its start.

    Args:
        recipe: What to train.
        folder: The run folder to make; it may exist if it is empty.
        data_dir: See ``scrawl.data.load``.
        progress: Whether to show a progress bar on stderr.
        trackers: Names of ``scrawl.training.trackers.TRACKERS`` that are told, too.
        live: Whether to write ``live.json`` into the run folder; see ``scrawl.training.live``.
        processes: How many of this machine train together, on JAX; each has its share of a batch.

    Returns:
        The complete run.

    Raises:
        InputError: The folder holds something, or an option cannot be used.
        MissingExtraError: The package of a tracker is not installed.
        DataError: The data set cannot be had.
    """
    check(trackers)
    training = _opened(recipe, data_dir)
    check_division(processes, training)
    with together(processes, partial(_follow, recipe, Path(folder), data_dir)):
        # Before the folder is made: a bad option leaves nothing behind.
        model, log = _begun(training, Path(folder))
        run = Run.create(Path(folder), recipe)
        return _go(training, run, model, log, progress, trackers, live)


def resume(
    folder: str | os.PathLike[str],
    *,
    data_dir: str | os.PathLike[str] | None = None,
    progress: bool = False,
    trackers: Sequence[str] = (),
    live: bool = False,
    processes: int = 1,
) -> Run:
    """Continues a run after its last whole epoch; it ends as if it had not been interrupted.

    Args:
        folder: A run folder. A complete run is returned as it is.
        data_dir: See ``scrawl.data.load``.
        progress: Whether to show a progress bar on stderr.
        trackers: Names of ``scrawl.training.trackers.TRACKERS`` that are told, too.
        live: Whether to write ``live.json`` into the run folder; see ``scrawl.training.live``.
        processes: How many of this machine train together, on JAX; each has its share of a batch.

    Raises:
        ModelError: The folder is no run folder, or its checkpoint is damaged.
    """
    run = Run.open(Path(folder))
    if run.complete:
        return run
    check(trackers)
    training = _opened(run.recipe, data_dir)
    check_division(processes, training)
    with together(processes, partial(_follow, run.recipe, run.folder, data_dir)):
        model, log = _begun(training, run.folder)
        return _go(training, run, model, log, progress, trackers, live)


def _go(
    training: Training,
    run: Run,
    model: keras.Model,
    log: list[Epoch],
    progress: bool,
    trackers: Sequence[str],
    live: bool,
) -> Run:
    """Trains what the log lacks; a person and trackers are told."""
    done = len(log)
    with tracking(trackers, run, done) as told, _shown(training, done, progress) as monitor:
        page = [Live(training, run, model, log)] if live else []
        return training.go(run, model, log, Several(monitor, *told, *page))


def _follow(recipe: Recipe, folder: Path, data_dir: str | os.PathLike[str] | None) -> None:
    """Trains as another process does that writes the run: all but what is left of it."""
    training = _opened(recipe, data_dir)
    model, log = _begun(training, folder)
    with tempfile.TemporaryDirectory() as name:
        training.learn(Run.create(Path(name) / "run", recipe), model, log, Silent())


def _begun(training: Training, folder: Path) -> tuple[keras.Model, list[Epoch]]:
    """Network and log as a run folder has them, or as a training begins."""
    backend.seed_everything(training.recipe.seed)
    if (folder / "checkpoint.keras").is_file():
        return _kept(training, Run.open(folder))
    return training.build(), []


def training_for(recipe: Recipe, dataset: Dataset, hands: SplitHands | None = None) -> Training:
    """What training a recipe consists of: that of its task.

    Args:
        recipe: What to train.
        dataset: What to train it on.
        hands: Other people's writing, to learn from and held out, where the recipe names such.

    Raises:
        InputError: The data set is not of the form that the recipe takes.
    """
    training: Training = TASKS[recipe.task](recipe, dataset, hands)
    return training


def _opened(recipe: Recipe, data_dir: str | os.PathLike[str] | None) -> Training:
    """The same, with the data that the recipe names."""
    dataset = data.load(recipe.data, data_dir)
    AUGMENTERS[recipe.augment].check(dataset.info)  # before other hands are downloaded
    hands = load_hands(recipe.hands, data_dir) if recipe.hands else None
    return training_for(recipe, dataset, hands)


def _kept(training: Training, run: Run) -> tuple[keras.Model, list[Epoch]]:
    """Network and log after the last whole epoch."""
    model = load_checkpoint(run.checkpoint)
    # The checkpoint is written after the log: it alone says how many epochs count.
    done = int(model.optimizer.iterations) // training.steps
    log = run.read_log()[:done]
    if len(log) < done:
        raise ModelError(f"{run.folder}: log.csv has {len(log)} epochs, checkpoint.keras {done}")
    return model, log


def _shown(training: Training, done: int, progress: bool) -> AbstractContextManager[Monitor]:
    """What a person sees of a training that has ``done`` epochs behind it."""
    if progress:
        return Bar(training.recipe, training.steps, done)
    return nullcontext(Silent())
