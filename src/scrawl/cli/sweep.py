"""``scrawl sweep``: a grid and seeds of a recipe, several trainings at a time."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.options import DataDir, Json, check_data
from scrawl.cli.train import RUNS

if TYPE_CHECKING:
    from scrawl.training.run import Run
    from scrawl.training.sweep import Trial


def sweep(
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="A recipe, as 'recipes' names it.")
    ],
    grid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=A,B",
            help="Values that a parameter takes, each with each of the others; those with commas "
            "are parted by semicolons: filters='16,32;32,64'.",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each, by other seeds.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The run folders; runs/RECIPE-sweep.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="Another data set, or a file or folder of your own."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A parameter of all, such as epochs=3."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Trainings at a time; one a core of this machine if none."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Train on a Ray cluster: its address, or 'local' for one on this machine.",
        ),
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Train a recipe with other values and seeds, several at a time, and compare them.

    Example: scrawl sweep mlp-512 --grid dropout=0,0.2 --seeds 5
    """
    from scrawl.cli.models import compare
    from scrawl.cli.train import settings_of
    from scrawl.errors import ScrawlError
    from scrawl.training.recipes import get
    from scrawl.training.sweep import sweep as train_all
    from scrawl.training.sweep import trials

    changes = settings_of("--set", settings or [])
    changes |= {"data": check_data(data)} if data else {}
    values = {key: _values(text) for key, text in settings_of("--grid", grid or []).items()}
    folder = out or RUNS / f"{recipe}-sweep"
    several = trials(get(recipe).change(changes), values, seeds, folder)
    try:
        runs = train_all(several, data_dir=data_dir, workers=workers, cluster=cluster)
        for number, run in enumerate(runs, 1):
            typer.echo(f"{number} of {len(several)}: {run.folder.name}", err=True)
    except KeyboardInterrupt:
        raise ScrawlError(
            f"stopped; what is in {folder} is kept, and the same command goes on"
        ) from None
    compare([str(trial.folder) for trial in several], data_dir=data_dir, as_json=as_json)
    if seeds > 1 and not as_json:
        typer.echo(f"\n{_means(several)}")


def _values(text: object) -> list[str]:
    parted = str(text).split(";" if ";" in str(text) else ",")
    return [value.strip() for value in parted]


def _means(several: Sequence[Trial]) -> str:
    """A row for each point of the grid: the mean of its seeds, and how they differ."""
    from scrawl.cli.terminal import table
    from scrawl.training.run import Run

    points: dict[str, list[Run]] = {}
    for trial in several:
        points.setdefault(trial.point, []).append(Run.open(trial.folder))
    rows = [
        [
            point or "seeds",
            str(len(runs)),
            _mean([run.read_log()[-1].val_accuracy for run in runs]),
            _mean([run.metrics()["test"]["accuracy"] for run in runs]),
        ]
        for point, runs in points.items()
    ]
    return table([["mean ± sd of", "seeds", "validation", "test"], *rows])


def _mean(shares: Sequence[float | None]) -> str:
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        return "–"
    return f"{statistics.mean(known):.2%} ± {statistics.stdev(known):.2%}"
