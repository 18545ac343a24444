"""A grid and seeds of a recipe, each in a run folder, and compared."""

import json
import re

import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from typer.testing import CliRunner

from scrawl.cli import app
from scrawl.errors import InputError
from scrawl.training import trainer
from scrawl.training.recipes import get
from scrawl.training.run import Epoch, Run
from scrawl.training.sweep import trials
from scrawl.workers import processes


def made(recipe, folder, *, data_dir=None):
    """A run that is as if it had been trained, the better the higher its seed."""
    run = Run.create(folder, recipe)
    accuracy = 0.9 + recipe.seed / 100
    run.write_log([Epoch(1, 0.5, accuracy, 0.5, accuracy, 1.0)])
    score = {"accuracy": accuracy, "interval": [accuracy, accuracy]}
    figures = {"recipe": recipe.name, "data": recipe.data, "parameters": 1, "epochs": 1}
    figures |= {"seconds": 1.0, "train": score, "test": score}
    (folder / "metrics.json").write_text(json.dumps(figures))
    return run


@pytest.fixture
def here(monkeypatch):
    """What is trained is made in this process; gives the folders of those that were begun."""
    begun = []

    def each(start, jobs, workers, *, halves, lost):
        train = start()
        for job in jobs:
            begun.append(job.folder.name)
            yield train(job)

    monkeypatch.setattr(processes, "each", each)
    monkeypatch.setattr(trainer, "train", made)
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        monkeypatch.setenv(name, "1")
    return begun


def sweep(*arguments):
    return CliRunner().invoke(app, ["sweep", "cnn-8x8", *arguments])


def test_each_value_with_each_other_and_each_seed(tmp_path):
    grid = {"dropout": ["0", "0.3"], "filters": ["8,8", "16,8"]}
    found = trials(get("cnn-8x8"), grid, 2, tmp_path)
    assert len({trial.folder for trial in found}) == 8
    assert found[1].folder.name == "dropout=0,filters=8,8,seed=1"
    last = found[-1].recipe
    assert (last.options["dropout"], last.options["filters"], last.seed) == (0.3, (16, 8), 1)
    assert found[-1].point == "dropout=0.3,filters=16,8"
    for wrong, why in (
        ({"wings": ["1"]}, "unknown parameter of 'cnn-8x8' 'wings'"),
        ({"dropout": ["much"]}, "dropout: expected a number, received 'much'"),
        ({"dropout": ["0", "0"]}, "expected each value once"),
    ):
        with pytest.raises(InputError, match=re.escape(why)):
            trials(get("cnn-8x8"), wrong, 1, tmp_path)


def test_a_sweep_ends_in_a_comparison_and_trains_nothing_twice(tmp_path, here, monkeypatch):
    options = ["--seeds", "2", "--out", str(tmp_path / "sweep")]
    done = sweep(*options)
    assert done.exit_code == 0, done.output
    assert here == ["seed=0", "seed=1"]
    assert re.search(r"seed=1 +cnn-8x8 +digits8x8 +1 +1 +1 +91.00%", done.stdout)
    assert re.search(r"seeds +2 +90\.50% ± 0\.71% +90\.50% ± 0\.71%", done.stdout)
    monkeypatch.setattr(trainer, "train", None)
    again = sweep(*options, "--json")
    assert len(json.loads(again.stdout)) == 2
    other = sweep("--out", str(tmp_path / "sweep"), "--set", "epochs=2")
    assert isinstance(other.exception, InputError)
    assert "holds a run of another recipe" in str(other.exception)
