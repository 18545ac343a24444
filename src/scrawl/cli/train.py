"""``scrawl train``: a recipe into a run folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrawl.cli.live import shown
from scrawl.cli.options import DataDir, Json, check_data
from scrawl.cli.trained import say

if TYPE_CHECKING:
    from scrawl.training.run import Run

RUNS = Path("runs")
"""Where runs go unless told otherwise, in the current folder."""


def train(
    recipe: Annotated[
        str | None, typer.Argument(metavar="RECIPE", help="A recipe, as 'recipes' names it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The run folder; runs/RECIPE-DATE.")
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Continue the run in --out, or the newest of RECIPE that is not done."
        ),
    ] = False,
    epochs: Annotated[int | None, typer.Option(help="Passes over the training rows.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Pictures a step.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Of weights, order, dropout and augmentation.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="DATA",
            help="Another data set than the recipe's, or a file or folder of your own; the "
            "network's input and classes follow.",
        ),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="SOURCE",
            help="Train on pictures of your own, too: a folder for each digit (and not-a-digit), "
            "a CSV with the columns file and label, or another format of labelled pictures; for "
            "lines and pages, a CSV with the columns file and text.",
        ),
    ] = None,
    start_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="RUN",
            help="Fine-tune the weights of a run, or 'bundled': a tenth of epochs and rate.",
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Any other parameter, such as units=256 or dropout=0.",
        ),
    ] = None,
    tracker: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Send figures to 'tensorboard' or 'mlflow', too; may be repeated.",
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="A page on this machine that shows curves, mistakes and filters meanwhile.",
        ),
    ] = False,
    processes: Annotated[
        int,
        typer.Option(
            min=1,
            help="Processes of this machine that train together, each with its share of a batch; "
            "on JAX (KERAS_BACKEND=jax).",
        ),
    ] = 1,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Train a recipe into a run folder.

    Example: scrawl train reader --pictures my-digits/ --from bundled
    """
    changes = _changes(epochs, batch_size, seed, settings or [])
    changes |= {"data": check_data(data)} if data else {}
    changes |= {"pictures": str(pictures.resolve())} if pictures else {}
    changes |= {"start": _start(start_from)} if start_from else {}
    if resume:
        run = _resume(recipe, out, changes, data_dir, tracker or [], live, processes)
    else:
        run = start(recipe, out, changes, data_dir, tracker or [], live, processes)
    say(run, as_json)


def start(
    name: str | None,
    out: Path | None,
    changes: dict[str, object],
    data_dir: Path | None,
    trackers: Sequence[str] = (),
    live: bool = False,
    processes: int = 1,
) -> Run:
    """Trains a recipe with some values changed; Ctrl-C ends in the line that resumes it."""
    from scrawl.errors import InputError
    from scrawl.training.beforehand import check
    from scrawl.training.recipes import get

    if name is None:
        raise InputError("train: expected a recipe, received none (scrawl recipes lists them)")
    name = _taught(name, changes)
    recipe = get(name)
    if "start" in changes:  # weights that have learnt already need little, and lose by much
        fine = {"epochs": -(-recipe.epochs // 10), "learning_rate": recipe.learning_rate / 10}
        recipe = recipe.change(fine)
    recipe = recipe.change(changes)
    check(recipe)  # before Keras is loaded, which takes a while
    folder = out or RUNS / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    from scrawl.training.backend import has_bfloat16
    from scrawl.training.trainer import train as train_recipe

    typer.echo(f"training {name} into {folder}", err=True)
    if recipe.precision != "float32" and not has_bfloat16():
        typer.echo(
            "precision: this processor has no bfloat16 arithmetic; unless a graphics card does the "
            "work, float32 is many times as fast",
            err=True,
        )
    told: dict[str, Any] = {"trackers": trackers, "live": live, "processes": processes}
    try:
        with shown(folder, live):
            return train_recipe(recipe, folder, data_dir=data_dir, progress=True, **told)
    except KeyboardInterrupt:
        raise _stopped(name, folder) from None


def _taught(name: str, changes: Mapping[str, object]) -> str:
    """The recipe that learns from a person's pictures where the page reader is to."""
    from scrawl.training.beforehand import learner
    from scrawl.training.recipes import get

    recipe = get(name)
    if "pictures" not in changes or (taught := learner(recipe, str(changes["pictures"]))) == name:
        return name
    typer.echo(
        f"{name}: of the networks that read a page, {taught} learns from numbers and their text; "
        f"training {taught}",
        err=True,
    )
    return taught


def _start(given: str) -> str:
    """Where weights come from, whatever folder the run is resumed in."""
    from scrawl.training.beforehand import BUNDLED

    return given if given == BUNDLED else str(Path(given).resolve())


def _resume(
    name: str | None,
    out: Path | None,
    changes: dict[str, object],
    data_dir: Path | None,
    trackers: Sequence[str],
    live: bool,
    processes: int,
) -> Run:
    from scrawl.errors import InputError

    if changes:
        raise InputError(f"--resume: a run keeps its own recipe, received {', '.join(changes)}")
    folder = out or _newest(name)
    from scrawl.training.trainer import resume as resume_run

    typer.echo(f"resuming {folder}", err=True)
    told: dict[str, Any] = {"trackers": trackers, "live": live, "processes": processes}
    try:
        with shown(folder, live):
            return resume_run(folder, data_dir=data_dir, progress=True, **told)
    except KeyboardInterrupt:
        raise _stopped(name, folder) from None


def _newest(name: str | None) -> Path:
    """The newest run of a recipe (of any, without a name) that is not complete."""
    from scrawl.errors import InputError

    if name is not None and (Path(name) / "recipe.toml").is_file():
        return Path(name)
    started = RUNS.glob(f"{name or '*'}-[0-9]*/recipe.toml")
    open_runs = [file for file in started if not (file.parent / "metrics.json").exists()]
    if not open_runs:
        raise InputError(
            f"--resume: no unfinished run of {name or 'any recipe'} in {RUNS}/ (--out names one)"
        )
    return max(open_runs, key=lambda file: file.stat().st_mtime).parent


def _stopped(name: str | None, folder: Path) -> Exception:
    from scrawl.errors import ScrawlError

    again = f"scrawl train {name + ' ' if name else ''}--out {folder} --resume"
    return ScrawlError(f"stopped; what was trained up to the last whole epoch is kept: {again}")


def _changes(
    epochs: int | None, batch_size: int | None, seed: int | None, settings: list[str]
) -> dict[str, object]:
    named = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
    changes: dict[str, object] = {key: v for key, v in named.items() if v is not None}
    return changes | settings_of("--set", settings)


def settings_of(option: str, given: list[str]) -> dict[str, object]:
    """What ``KEY=VALUE`` says, given several times.

    Raises:
        InputError: One has no equals sign.
    """
    from scrawl.errors import InputError

    found: dict[str, object] = {}
    for setting in given:
        key, equals, value = setting.partition("=")
        if not equals:
            raise InputError(f"{option}: expected KEY=VALUE, received '{setting}'")
        found[key.strip().replace("-", "_")] = value.strip()
    return found
