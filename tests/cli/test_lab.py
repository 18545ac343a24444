"""The commands about data, recipes, runs and models."""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from PIL import Image

from commands import scrawl

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)


def by_itself(*arguments, **environment):
    """A command in a process of its own."""
    # Importing JAX into this process sets how much TensorFlow says in every child of it.
    inherited = {key: v for key, v in os.environ.items() if key != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-m", "scrawl", *map(str, arguments)],
        capture_output=True,
        env={**inherited, **environment},
    )


def ok(*arguments, way=scrawl) -> str:
    done = way(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def fails(*arguments, way=scrawl) -> str:
    """The one line on stderr of a command that ends with exit code 1."""
    done = way(*arguments)
    assert done.returncode == 1, done.stderr.decode()
    assert not done.stdout
    lines = done.stderr.decode().splitlines()
    assert lines[-1].startswith("scrawl: ")
    assert not any("Traceback" in line for line in lines)
    return lines[-1]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run folder, and the lines that its training wrote to stderr."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    small = ("--epochs", 2, "--batch-size", 64, "--set", "units=32")
    done = by_itself("train", "cnn-8x8", *small, "--live", "--out", folder)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0, lines
    return folder, lines


@pytest.fixture(scope="module")
def run(trained):
    return trained[0]


def test_every_command_has_help_with_an_example():
    listed = ok("--help")
    for name in ("read", "recipes", "train", "predict", "evaluate", "compare", "export"):
        assert name in listed
        assert f"Example: scrawl {name}" in ok(name, "--help")
    for name in ("list", "show", "get"):
        assert f"Example: scrawl data {name}" in ok("data", name, "--help")


def test_data_list_states_the_facts():
    listed = {info["name"]: info for info in json.loads(ok("data", "list", "--json"))}
    assert listed["digits8x8"]["n_train"] == 1597
    text = ok("data", "list")
    for part in ("mnist", "8×8 uint8, 0 (paper) to 16 (ink)", "licence", "CC BY-SA 3.0"):
        assert part in text


def test_data_show_prints_pixels_and_saves_pictures(tmp_path):
    text = ok("data", "show", "digits8x8", "--save", tmp_path / "new")
    assert "0      160    18" in text
    assert " 0  0  5 13  9  1  0  0" in text
    for name in ("digits8x8-train-0.png", "digits8x8-train-grid.png"):
        with Image.open(tmp_path / "new" / name) as image:
            assert min(image.size) > 100
            assert len(image.convert("L").getcolors()) > 10


def test_recipes_shows_layers_and_shapes():
    text = ok("recipes", "cnn-small")
    for part in ("26×26×32", "5408", "692,352", "693,962", "rmsprop", "the last 30%"):
        assert part in text
    assert "mlp-deep" in ok("recipes")
    table = json.loads(ok("recipes", "mlp-512", "--json"))
    assert [layer["parameters"] for layer in table["layers"]] == [401_920, 5_130]


def test_train_prints_figures_and_takes_settings(run):
    figures = json.loads((run / "metrics.json").read_text())
    assert figures["epochs"] == 2
    assert figures["parameters"] < 53_002
    assert figures["gap"] == pytest.approx(
        figures["train"]["accuracy"] - figures["test"]["accuracy"]
    )
    assert "units = 32" in (run / "recipe.toml").read_text()


def test_the_page_of_a_training_shows_what_the_run_folder_holds(run, tmp_path):
    from starlette.testclient import TestClient

    from scrawl.serve.live import application

    client = TestClient(application(run), base_url="http://127.0.0.1")
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"(?:src|href)=.?(?:https?:)?//", page.text)
    state = client.get("/state").json()
    assert [row["epoch"] for row in state["log"]] == [1, 2]
    assert state["asked"] == "1,000 training rows"
    matrix = np.array(state["confusion"])
    assert matrix.sum() == 1000
    assert len(state["worst"]) == min(24, matrix.sum() - matrix.trace())
    assert len(state["filters"]) == 32
    assert all(one["label"] != one["answer"] for one in state["worst"])
    assert state["test"] == json.loads((run / "metrics.json").read_text())["test"]["accuracy"]
    assert TestClient(application(run), base_url="http://evil.example").get("/").status_code == 400
    waiting = TestClient(application(tmp_path / "none"), base_url="http://localhost")
    assert waiting.get("/state").json() == {}


def test_predict_shows_answer_and_truth(run):
    text = ok("predict", run, "--index", 0)
    assert text.count("%") == 10
    assert "truth 2" in text.splitlines()[-1]
    table = json.loads(ok("predict", run, "--index", -200, "--json"))
    assert (table["index"], table["truth"]) == (0, "2")
    assert sum(table["probabilities"].values()) == pytest.approx(1, abs=1e-4)


def test_evaluate_scores_and_reports(run, tmp_path):
    report = tmp_path / "report.html"
    scores = json.loads(ok("evaluate", run, "--json", "--report", report))
    figures = json.loads((run / "metrics.json").read_text())
    assert scores == figures["test"]
    assert scores["n"] == 200
    assert f"{scores['accuracy'] * 100:.2f}%" in report.read_text()
    assert "confusion matrix" in ok("evaluate", run / "model.onnx", "--split", "train")


def test_compare_puts_runs_side_by_side(run, tmp_path):
    other = tmp_path / "other"
    ok("train", "cnn-8x8", "--epochs", 1, "--batch-size", 64, "--out", other)
    drawn = ("--out", tmp_path / "curves.png", "--families", tmp_path / "f.png")
    text = ok("compare", run, other, *drawn)
    assert len(text.splitlines()) == 3
    with Image.open(tmp_path / "curves.png") as image:
        assert image.width > image.height
    with Image.open(tmp_path / "f.png") as image:
        assert image.width > 2 * image.height
    assert list(json.loads(ok("compare", run, other, "--json"))) == [str(run), str(other)]


def test_export_writes_onnx_and_keras(run, tmp_path):
    assert "differs from Keras by" in ok("export", run, tmp_path / "a.onnx")
    assert json.loads(ok("evaluate", tmp_path / "a.onnx", "--json"))["n"] == 200
    ok("export", run, tmp_path / "a.keras")
    from scrawl.training.backend import keras

    assert keras.models.load_model(tmp_path / "a.keras").count_params() < 53_002


def test_export_writes_c_that_is_nearly_as_right_and_a_card(run, tmp_path):
    header, card = tmp_path / "a.h", tmp_path / "README.md"
    figures = json.loads(ok("export", run, header, "--card", card, "--json"))
    assert figures["agreement"] > 0.97
    front, text = card.read_text().split("---\n", 2)[1:]
    keys = dict(line.split(": ", 1) for line in front.splitlines())
    assert json.loads(keys["license"]) == "cc-by-4.0"
    assert json.loads(keys["datasets"]) == ["digits8x8"]
    result = json.loads(keys["model-index"])[0]["results"][0]
    accuracy = json.loads((run / "metrics.json").read_text())["test"]["accuracy"]
    assert result["metrics"] == [{"type": "accuracy", "value": round(accuracy, 4)}]
    assert text.lstrip().startswith("# cnn-8x8")
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler called cc")
    from scrawl import data
    from scrawl.training.exporters import EXPORTERS

    digits = data.load("digits8x8")
    given = EXPORTERS["h"].open(header)(digits.x_test[..., None] / 16)
    assert (given.argmax(1) == digits.y_test).mean() == pytest.approx(accuracy, abs=0.02)


def test_export_int8_writes_a_small_file_that_answers_alike(run, tmp_path):
    ok("export", run, tmp_path / "a.onnx")
    assert "it answers as in float32 on" in ok("export", run, tmp_path / "a8.onnx", "--int8")
    sizes = [(tmp_path / name).stat().st_size for name in ("a.onnx", "a8.onnx")]
    assert sizes[1] < 0.6 * sizes[0]
    plain, int8 = (
        json.loads(ok("evaluate", tmp_path / name, "--split", "train", "--json"))
        for name in ("a.onnx", "a8.onnx")
    )
    assert int8["accuracy"] == pytest.approx(plain["accuracy"], abs=0.02)
    assert int8["loss"] == pytest.approx(plain["loss"], rel=0.1)
    figures = json.loads(ok("export", run, tmp_path / "b8.onnx", "--int8", "--json"))
    assert figures["size"] == (tmp_path / "b8.onnx").stat().st_size
    assert figures["asked"] == 1597
    assert figures["agreement"] > 0.95
    message = fails("export", run, tmp_path / "a.keras", "--int8")
    assert ".keras has no 8 bits, expected a file ending in .h, .onnx" in message
    assert not (tmp_path / "a.keras").exists()
    message = fails("export", run, tmp_path / "a.pt")
    assert "a.pt: expected a file ending in one of .h, .html, .keras, .onnx" in message


def test_resume_finds_the_newest_unfinished_run(tmp_path, monkeypatch):
    folder = tmp_path / "runs" / "cnn-8x8-20260101-000000"
    folder.mkdir(parents=True)
    made = tmp_path / "made"
    ok("train", "cnn-8x8", "--epochs", 1, "--batch-size", 64, "--out", made)
    (folder / "recipe.toml").write_bytes((made / "recipe.toml").read_bytes())
    monkeypatch.chdir(tmp_path)
    table = json.loads(ok("train", "cnn-8x8", "--resume", "--json"))
    assert table["run"].endswith(folder.name)
    assert table["test"] == json.loads((made / "metrics.json").read_text())["test"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "cnm"], "unknown recipe 'cnm'; did you mean 'cnn'"),
        (["train"], "expected a recipe, received none"),
        (["train", "cnn", "--epochs", -1], "epochs: expected a whole number from 1, received -1"),
        (["train", "cnn", "--batch-size", 0], "batch_size: expected a whole number from 1"),
        (["train", "cnn", "--set", "units"], "--set: expected KEY=VALUE, received 'units'"),
        (["train", "cnn-8x8", "--set", "dropout=1.5"], "no network can be built with"),
        (["train", "cnn-8x8", "--out", "/dev/null/x"], "/dev/null/x: cannot be made a folder"),
        (["train", "--resume", "--epochs", 3], "--resume: a run keeps its own recipe"),
        (["train", "mlp-512", "--data-dir", "/nowhere"], "/nowhere: expected a folder"),
        (["train", "cnn", "--data", "minst"], "unknown data set 'minst'; did you mean 'mnist'"),
        (["train", "cnn", "--set", "data=minst"], "unknown data set 'minst'"),
        (["train", "reader", "--data", "digits8x8"], "expected images of 28×28 pixels, 0 to 255"),
        *(
            ([command, *name, "--data", "/none"], "/none: expected a data set, a file or a folder")
            for command, *name in (["train", "reader"], ["evaluate"], ["predict"])
        ),
        (["evaluate", "--data", "mnist", "--pictures", "x"], "received both"),
        (["evaluate", "--pictures", "/nowhere"], "/nowhere: expected a file or a folder"),
        (["recipes", "mlp"], "unknown recipe 'mlp'; did you mean 'mlp-"),
        (["data", "show", "minst"], "unknown data set 'minst'; did you mean 'mnist'"),
        (["data", "show", "digits8x8", "--index", 5000], "--index: expected 0 to 1596"),
        (["data", "show", "digits8x8", "--split", "dev"], "expected 'train' or 'test'"),
        (["predict", "nowhere"], "nowhere: no such model"),
        (["evaluate", __file__], "expected an ONNX model"),
        (["compare", "nothing"], "nothing: expected a run folder or a recipe"),
        (["export", "nowhere", "a.onnx"], "nowhere: expected a run folder"),
    ],
)
def test_bad_input_gets_one_clear_line(arguments, message):
    assert message in fails(*arguments)


def test_a_model_and_data_of_other_sizes_are_refused(run, mnist_folder):
    line = fails("evaluate", run, "--data", "mnist", "--data-dir", mnist_folder)
    assert "cnn-8x8: expected images of 8×8, received 28×28" in line


def test_another_data_set_gives_the_network_its_input_and_classes(tmp_path):
    figures = json.loads(
        ok(
            "train",
            "mlp-512",
            "--data",
            "digits8x8",
            "--epochs",
            1,
            "--out",
            tmp_path / "x",
            "--json",
        )
    )
    assert (figures["data"], figures["test"]["n"]) == ("digits8x8", 200)
    assert figures["parameters"] == (64 + 1) * 512 + (512 + 1) * 10
    assert 'data = "digits8x8"' in (tmp_path / "x" / "recipe.toml").read_text(encoding="utf-8")


def test_a_model_that_does_not_read_pictures_says_so(run, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    assert "normalised to 28×28" in fails("read", "--one", tmp_path / "blank.png", "--model", run)


def test_a_run_that_is_not_complete_is_refused(run, tmp_path):
    (tmp_path / "recipe.toml").write_bytes((run / "recipe.toml").read_bytes())
    assert "not complete" in fails("compare", tmp_path)
    assert "not complete" in fails("export", tmp_path, tmp_path / "a.onnx")
    assert "no finished run" in fails("predict", tmp_path)


def test_an_unknown_backend_is_refused():
    line = fails("recipes", "cnn", way=partial(by_itself, KERAS_BACKEND="theano"))
    assert "KERAS_BACKEND: expected tensorflow, jax or torch, received 'theano'" in line


def test_stderr_holds_nothing_but_scrawls_own_lines(trained):
    folder, (begun, live, *epochs) = trained
    assert begun == f"training cnn-8x8 into {folder}"
    assert live.startswith("live: http://127.0.0.1:")
    assert [line.split()[:2] for line in epochs] == [["epoch", "1/2"], ["epoch", "2/2"]]


def test_a_wrong_command_exits_with_2():
    assert scrawl("trian").returncode == 2
    assert scrawl("train", "cnn", "--epochs", "many").returncode == 2
