"""Figures of a training for TensorBoard and MLflow, written by their own packages."""

import json
import subprocess
import sys
from types import ModuleType

import pytest

from scrawl.errors import InputError, MissingExtraError
from scrawl.training import trackers
from scrawl.training.recipes import get
from scrawl.training.run import Epoch, Run
from scrawl.training.trackers import TRACKERS, check, tracking

METRICS = {"test": {"accuracy": 0.9, "loss": 0.3}, "train": {"accuracy": 0.95}}


@pytest.fixture
def run(tmp_path):
    return Run.create(tmp_path / "run", get("mlp-512").change({"epochs": 3}))


def epoch(number, loss):
    return Epoch(number, loss, 0.5 + number / 10, None, None, 1.0)


def trained(run, name):
    """One epoch and an end without a second; then, resumed, two more and the whole end."""
    with tracking([name], run, 0) as [tracker]:
        tracker.batch(1, 1, {})
        tracker.epoch(epoch(1, 0.5))
        tracker.epoch(epoch(2, 9.0))  # whose checkpoint was not written
    with tracking([name], run, 1) as [tracker]:
        tracker.epoch(epoch(2, 0.25))
        tracker.epoch(epoch(3, 0.125))
        for file in ("model.onnx", "card.md", "curves.png"):
            (run.folder / file).write_text(file)
        (run.folder / "metrics.json").write_text(json.dumps(METRICS))


def test_tensorboard_shows_each_epoch_once_and_the_scores(run, monkeypatch):
    pytest.importorskip("tensorboard")
    # TensorBoard's own way to do without TensorFlow, which takes seconds to import.
    monkeypatch.setitem(sys.modules, "tensorboard.compat.notf", ModuleType("notf"))
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    trained(run, "tensorboard")
    shown = EventAccumulator(str(run.folder / "tensorboard")).Reload()
    loss = [(event.step, event.value) for event in shown.Scalars("loss")]
    assert loss == [(1, 0.5), (2, 0.25), (3, 0.125)]
    assert [event.value for event in shown.Scalars("test_accuracy")] == [pytest.approx(0.9)]
    assert "val_loss" not in shown.Tags()["scalars"]


def test_mlflow_has_one_run_with_recipe_scores_and_model(run, tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # quicker to make than a database
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "mlruns").as_uri())
    trained(run, "mlflow")
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("scrawl")
    [found] = client.search_runs([experiment.experiment_id])
    assert found.info.status == "FINISHED"
    assert found.data.params["units"] == "512"
    assert found.data.params["epochs"] == "3"
    assert found.data.metrics["test_accuracy"] == 0.9
    losses = client.get_metric_history(found.info.run_id, "loss")
    assert [(one.step, one.value) for one in losses][-2:] == [(2, 0.25), (3, 0.125)]
    kept = {file.path for file in client.list_artifacts(found.info.run_id)}
    assert kept == {"model.onnx", "card.md", "recipe.toml", "curves.png"}


def test_what_cannot_be_had_is_said_before_anything_is_made(monkeypatch):
    with pytest.raises(
        InputError, match="unknown tracker 'tensorbord'; did you mean 'tensorboard'"
    ):
        check(["tensorbord"])
    monkeypatch.setattr(trackers, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"mlflow, .* pip install 'scrawl\[mlflow\]'"):
        check(["mlflow"])
    check([])


def test_no_package_is_imported_until_it_is_asked_for():
    said = "import sys; from scrawl.training import trackers; trackers.check(['mlflow']); "
    said += "print([name for name in ('tensorboard', 'mlflow', 'keras') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_of_trackers_are_those_of_their_modules():
    assert sorted(TRACKERS) == ["mlflow", "tensorboard"]
