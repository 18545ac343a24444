"""Interrupting, resuming, repeating."""

import resource
import signal
import subprocess
import sys
import time

import pytest

from commands import scrawl

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl.errors import InputError, ModelError
from scrawl.training import resume, train
from scrawl.training.network import load_checkpoint
from scrawl.training.recipes import get
from scrawl.training.run import Run

SHORT = get("cnn-8x8").change({"epochs": 3, "batch_size": 32})


def figures(run: Run) -> dict:
    """All that a run gives but times and versions."""
    metrics = run.metrics()
    return {key: value for key, value in metrics.items() if key not in ("seconds", "versions")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return train(SHORT, tmp_path_factory.mktemp("whole") / "run")


def test_the_same_seed_gives_the_same_figures(whole, tmp_path):
    again = train(SHORT, tmp_path / "again")
    assert figures(again) == figures(whole)


def test_what_learns_in_bfloat16_is_exported_in_float32(whole, tmp_path):
    run = train(SHORT.change({"precision": "mixed_bfloat16"}), tmp_path / "run")
    assert load_checkpoint(run.checkpoint).layers[1].compute_dtype == "bfloat16"
    metrics = run.metrics()
    assert metrics["onnx_difference"] < 1e-5
    assert metrics["parameters"] == whole.metrics()["parameters"]
    assert metrics["test"]["accuracy"] == pytest.approx(
        whole.metrics()["test"]["accuracy"], abs=0.1
    )
    assert "| precision | mixed_bfloat16 |" in (run.folder / "card.md").read_text(encoding="utf-8")


def test_the_doubt_that_smoothed_labels_teach_is_taken_back(whole, tmp_path):
    values = {"loss": "categorical_crossentropy", "label_smoothing": 0.3}
    run = train(SHORT.change(values), tmp_path / "run")
    assert whole.metrics()["temperature"] == 1
    assert run.metrics()["temperature"] < 0.9


def test_another_seed_gives_other_figures(whole, tmp_path):
    other = train(SHORT.change({"seed": 1}), tmp_path / "other")
    assert figures(other)["test"]["loss"] != figures(whole)["test"]["loss"]


def wait_for_a_checkpoint(folder, child):
    while not (folder / "checkpoint.keras").exists():
        assert child.poll() is None, "the training ended before it could be stopped"
        time.sleep(0.01)


def test_a_killed_run_resumes_to_the_same_result(whole, tmp_path):
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "scrawl", "train", "cnn-8x8", "--epochs", "3"]
    command += ["--batch-size", "32", "--out", str(folder)]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for_a_checkpoint(folder, child)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not Run.open(folder).complete
    assert figures(resume(folder)) == figures(whole)


def test_ctrl_c_says_how_to_resume(tmp_path):
    folder = tmp_path / "stopped"
    command = [sys.executable, "-m", "scrawl", "train", "cnn-8x8", "--out", str(folder)]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_for_a_checkpoint(folder, child)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate()
    assert child.returncode == 1
    assert f"scrawl train cnn-8x8 --out {folder} --resume" in errors
    assert "Traceback" not in errors


def test_a_complete_run_is_returned_as_it_is(whole):
    before = (whole.folder / "metrics.json").stat().st_mtime_ns
    assert resume(whole.folder) == whole
    assert (whole.folder / "metrics.json").stat().st_mtime_ns == before


def test_a_folder_that_holds_something_is_refused(whole):
    with pytest.raises(InputError, match="exists already"):
        train(SHORT, whole.folder)
    assert whole.complete


@pytest.mark.parametrize(
    ("setting", "part"), [({"dropout": 2}, "dropout=2"), ({"units": 0}, "units=0")]
)
def test_a_network_that_cannot_be_built_leaves_no_folder(tmp_path, setting, part):
    with pytest.raises(InputError, match=part):
        train(SHORT.change(setting), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_of_a_newer_version_is_refused(tmp_path):
    (tmp_path / "recipe.toml").write_text(
        '[scrawl]\nversion = "9.9"\nrun_format = 99\n[recipe]\nname = "x"\n'
    )
    message = r"made by a newer scrawl, 9\.9 \(run format: expected at most 2, received 99\)"
    with pytest.raises(ModelError, match=message):
        resume(tmp_path)


RUN_OF_0_1 = """[scrawl]
version = "0.1.0"
run_format = 1

[recipe]
name = "pages"
title = "The model for pages"
data = "mnist"
model = "{model}"
loss = "{loss}"
epochs = 2
notes = []

[recipe.options]
filters = [8, 8, 8]
"""


@pytest.mark.parametrize(
    ("model", "loss", "task"),
    [
        ("detector", "detection", "detector"),
        ("autoencoder", "categorical_crossentropy", "autoencoder"),
        ("reader", "log_cosh", "classifier"),
    ],
)
def test_a_run_of_an_older_version_opens(tmp_path, model, loss, task):
    (tmp_path / "recipe.toml").write_text(RUN_OF_0_1.format(model=model, loss=loss) + "looks = 5\n")
    recipe = Run.open(tmp_path).recipe
    assert (recipe.task, recipe.loss, recipe.epochs, recipe.augment) == (task, loss, 2, "")
    assert recipe.options == {"filters": (8, 8, 8), "tta": 5}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a recipe"),
        ("scrawl = 3", "expected a recipe"),
        ("[scrawl]\nrun_format = 2", "expected a recipe"),
        ("[scrawl]\nrun_format = 2\n[recipe]\nname = 'x'", "expected a recipe"),
        (RUN_OF_0_1.format(model="fancy", loss="log_cosh"), "unknown model 'fancy'"),
        ("no toml [", "cannot be read"),
    ],
)
def test_a_folder_that_holds_no_recipe_is_refused(tmp_path, text, message):
    (tmp_path / "recipe.toml").write_text(text)
    with pytest.raises(ModelError, match=rf"recipe\.toml: .*{message}"):
        Run.open(tmp_path)


def test_a_damaged_checkpoint_is_named(whole, tmp_path):
    run = Run.create(tmp_path / "run", SHORT)
    run.checkpoint.write_bytes(whole.checkpoint.read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"checkpoint\.keras: damaged"):
        resume(run.folder)


def test_a_full_disk_loses_nothing(tmp_path):
    """A limit on a file's size fails as a full disk does: in the middle of a write."""
    folder = tmp_path / "run"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        done = scrawl("train", "cnn-8x8", "--epochs", 1, "--out", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert last.startswith(f"scrawl: {folder}/checkpoint.keras: cannot be")
    assert {path.name for path in folder.iterdir()} == {"recipe.toml", "log.csv"}
    assert figures(resume(folder))["epochs"] == 1
