"""Many trainings of one recipe: a grid of values, some seeds of each, a run folder for each."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scrawl.errors import InputError, ScrawlError
from scrawl.training.recipe import Recipe
from scrawl.training.run import Run
from scrawl.workers import cluster as ray
from scrawl.workers import processes

_THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
"""What the backends of Keras go by, if it is set before they are loaded."""


@dataclass(frozen=True)
class Trial:
    """One training of a sweep.

    Attributes:
        point: What of the grid it is, such as ``units=256``; empty where there is no grid.
        recipe: What is trained.
        folder: Its run folder.
    """

    point: str
    recipe: Recipe
    folder: Path


def trials(
    recipe: Recipe, grid: Mapping[str, Sequence[str]], seeds: int, folder: Path
) -> list[Trial]:
    """All trainings of a sweep, those of a point of the grid together.

    Args:
        recipe: What is changed; its seed is the first.
        grid: The values that a key takes; each with each of the others.
        seeds: How many seeds of each.
        folder: The run folders go into it.

    Raises:
        InputError: A key or a value that the recipe cannot have, or a point twice.
    """
    if seeds < 1:
        raise InputError(f"--seeds: expected a whole number from 1, received {seeds}")
    found = []
    for values in itertools.product(*grid.values()):
        point = ",".join(f"{key}={value}" for key, value in zip(grid, values, strict=True))
        changed = recipe.change(dict(zip(grid, values, strict=True)))
        for seed in range(changed.seed, changed.seed + seeds):
            name = re.sub(r"[^\w.,=+-]+", "_", f"{point},seed={seed}".removeprefix(","))
            found.append(Trial(point, changed.change({"seed": seed}), folder / name))
    folders = [trial.folder for trial in found]
    for one in folders:
        if folders.count(one) > 1:
            raise InputError(f"--grid: {one.name}: expected each value once")
    return found


def sweep(
    several: Sequence[Trial],
    *,
    data_dir: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    cluster: str | None = None,
) -> Iterator[Run]:
    """Trains them, several at a time, and gives each run when it is complete.

    A run that is complete already is given as it is, and one that was interrupted goes on.

    Args:
        several: As `trials` gives them.
        data_dir: See ``scrawl.data.load``.
        workers: How many at a time; None for one a core of this machine.
        cluster: The address of a Ray cluster, whose machines share the run folders, or ``local``;
            None for processes of this machine.

    Raises:
        InputError: A run folder holds another recipe, or the cluster cannot be reached.
        DataError: The data set cannot be had.
        ScrawlError: A training ends whatever process does it.
    """
    cores = os.cpu_count() or 1
    workers = workers or cores
    threads = max(1, cores // workers)
    begin = partial(_begin, threads, None if data_dir is None else os.fspath(data_dir))
    absolute = [Trial(trial.point, trial.recipe, trial.folder.resolve()) for trial in several]
    if cluster is None:
        yield from processes.each(begin, absolute, workers, halves=lambda one: [one], lost=_lost)
        return
    with ray.connected(cluster, workers):
        yield from ray.each(begin, absolute)


def _begin(threads: int, data_dir: str | None) -> Callable[[Trial], Run]:
    """What a process trains with; Keras is loaded only when its threads are set."""
    for name in _THREADS:
        os.environ[name] = str(threads)
    return partial(_train, data_dir)


def _train(data_dir: str | None, trial: Trial) -> Run:
    from scrawl.training.trainer import resume, train

    if not (trial.folder / "recipe.toml").is_file():
        return train(trial.recipe, trial.folder, data_dir=data_dir)
    if Run.open(trial.folder).recipe != trial.recipe:
        raise InputError(f"{trial.folder}: holds a run of another recipe (--out names a folder)")
    return resume(trial.folder, data_dir=data_dir)


def _lost(trial: Trial) -> Run:
    raise ScrawlError(
        f"{trial.folder}: whatever process trains it ends (too little memory for --workers?)"
    )
