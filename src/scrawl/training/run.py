"""The run folder: what a training leaves, and what ``--resume`` continues from."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scrawl import __version__
from scrawl.errors import InputError, MissingExtraError, ModelError
from scrawl.files import make_folder, write_text
from scrawl.training.recipe import Recipe

FORMAT = 2
"""The version of the run folder that is written; all up to it are opened."""


@dataclass(frozen=True)
class Epoch:
    """One row of ``log.csv``.

    Attributes:
        epoch: From 1.
        loss: Mean over the epoch's batches, as the network was while it learnt.
        accuracy: Likewise, in [0, 1].
        val_loss: On the validation rows after the epoch; None where there are none.
        val_accuracy: Likewise, in [0, 1].
        seconds: Wall time of the epoch.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    seconds: float


@dataclass(frozen=True)
class Run:
    """A run folder. Every file in it is written aside and renamed; ``metrics.json`` comes last.

    Attributes:
        folder: Where it is.
        recipe: What is trained.
    """

    folder: Path
    recipe: Recipe

    @classmethod
    def create(cls, folder: Path, recipe: Recipe) -> Run:
        """Makes a run folder and writes its ``recipe.toml``.

        Raises:
            InputError: The folder holds something already, or cannot be made.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                f"{folder}: exists already (--resume continues a run, --out names another folder)"
            )
        try:
            import tomli_w
        except ModuleNotFoundError as error:
            raise MissingExtraError("training", "tomli-w", "train") from error
        make_folder(folder)
        table = {
            "scrawl": {"version": __version__, "run_format": FORMAT},
            "recipe": recipe.to_dict(),
        }
        write_text(folder / "recipe.toml", tomli_w.dumps(table))
        return cls(folder, recipe)

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Opens a run folder that is there.

        Raises:
            ModelError: It is none, damaged, made by a newer scrawl, or its recipe names a model or
                data set that is not here.
        """
        path = folder / "recipe.toml"
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ModelError(f"{folder}: expected a run folder, found no recipe.toml") from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ModelError(f"{path}: cannot be read ({error})") from error
        try:
            version, maker = int(table["scrawl"]["run_format"]), table["scrawl"].get("version")
            if version > FORMAT:
                raise ModelError(
                    f"{folder}: made by a newer scrawl, {maker} (run format: expected at most "
                    f"{FORMAT}, received {version}); update scrawl"
                )
            return cls(folder, Recipe.from_dict(_upgraded(table["recipe"], version)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"{path}: expected a recipe of scrawl's ({error})") from error

    @property
    def checkpoint(self) -> Path:
        """Network and optimizer after the last whole epoch."""
        return self.folder / "checkpoint.keras"

    @property
    def model(self) -> Path:
        """The bundle that the run ends in."""
        return self.folder / "model.onnx"

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return (self.folder / "metrics.json").is_file()

    def metrics(self) -> dict[str, Any]:
        """The figures of a complete run, as ``metrics.json`` holds them.

        Raises:
            ModelError: The run is not complete, or the file is damaged.
        """
        path = self.folder / "metrics.json"
        if not self.complete:
            raise ModelError(f"{self.folder}: not complete; scrawl train --resume continues it")
        try:
            table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"{path}: damaged ({error})") from error
        return table

    def write_log(self, log: list[Epoch]) -> None:
        """Writes ``log.csv``, a row an epoch."""
        text = io.StringIO()
        writer = csv.DictWriter(text, list(Epoch.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in log)
        write_text(self.folder / "log.csv", text.getvalue())

    def read_log(self) -> list[Epoch]:
        """The rows of ``log.csv``; none where the file is not there.

        Raises:
            ModelError: The file is damaged.
        """
        path = self.folder / "log.csv"
        if not path.is_file():
            return []
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return [_row(row) for row in csv.DictReader(file)]
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path}: damaged ({error})") from error


def _row(row: dict[str, str]) -> Epoch:
    values = {key: float(value) if value else None for key, value in row.items()}
    return Epoch(**{**values, "epoch": int(row["epoch"])})  # type: ignore[arg-type]


def _upgraded(recipe: dict[str, Any], version: int) -> dict[str, Any]:
    """What an older recipe means: format 1 named its task by its model."""
    if version != 1:
        return recipe
    task = {"autoencoder": "autoencoder", "detector": "detector"}.get(recipe["model"], "classifier")
    options = dict(recipe.get("options", {}))
    if "looks" in options:
        options["tta"] = options.pop("looks")
    return {**recipe, "task": task, "options": options}
