"""Runs for MLflow: the recipe, a step an epoch, the scores, the model and its card."""

from __future__ import annotations

import os

from scrawl.errors import InputError
from scrawl.training.run import Epoch, Run
from scrawl.training.trackers.tracker import Tracker, figures, values

EXPERIMENT = "scrawl"
"""The experiment that runs are of, unless ``MLFLOW_EXPERIMENT_NAME`` names another."""

TAG = "scrawl.run"
"""The tag that holds the run folder: by it a run that is resumed is found again."""

WORDS = ("title", "notes", "published", "source", "options")
"""What of a recipe is no parameter; its options are parameters themselves."""

FILES = ("model.onnx", "card.md", "recipe.toml", "curves.png")


class MLflow(Tracker):
    """Writes where MLflow itself looks: ``MLFLOW_TRACKING_URI``, else here on this machine."""

    package = extra = "mlflow"

    def __init__(self, run: Run, done: int) -> None:
        super().__init__(run, done)
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nobody is told without asking
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException

        try:
            self._client = MlflowClient()
            self._id = self._known() or self._new()
        except MlflowException as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"--tracker mlflow: nothing can be written ({reason})") from error

    def epoch(self, row: Epoch) -> None:
        """Writes the figures of an epoch, its number the step."""
        for name, value in values(row).items():
            self._client.log_metric(self._id, name, value, step=row.epoch)

    def close(self) -> None:
        """Writes the scores and the files of a complete run, and how it ended."""
        for name, value in figures(self.run).items():
            self._client.log_metric(self._id, name, value)
        if self.run.complete:
            for name in FILES:
                self._client.log_artifact(self._id, str(self.run.folder / name))
        self._client.set_terminated(self._id, "FINISHED" if self.run.complete else "KILLED")

    def _experiment(self) -> str:
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME", EXPERIMENT)
        known = self._client.get_experiment_by_name(name)
        return str(known.experiment_id if known else self._client.create_experiment(name))

    def _known(self) -> str | None:
        """The run of this folder, where an earlier start made one."""
        quoted = str(self.run.folder.resolve()).replace("'", "")
        found = self._client.search_runs([self._experiment()], f"tags.`{TAG}` = '{quoted}'")
        if not found:
            return None
        self._client.update_run(found[0].info.run_id, "RUNNING")
        return str(found[0].info.run_id)

    def _new(self) -> str:
        tags = {TAG: str(self.run.folder.resolve()).replace("'", "")}
        made = self._client.create_run(
            self._experiment(), run_name=self.run.folder.name, tags=tags
        ).info.run_id
        recipe = self.run.recipe.to_dict()
        options: dict[str, object] = dict(self.run.recipe.options)
        for key, value in {**recipe, **options}.items():
            text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            if text and key not in WORDS:
                self._client.log_param(made, key, text)
        return str(made)


TRACKER = MLflow
