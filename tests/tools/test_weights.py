"""The chain that makes the weights that ship, with a recipe of seconds in place of theirs."""

import dataclasses
import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl import DigitReader
from scrawl.bundle import CLASSIFY, DETECT
from scrawl.errors import ModelError
from scrawl.training.network import load_checkpoint
from scrawl.training.recipes import get
from scrawl.training.run import Run

TOOL = Path(__file__).parents[2] / "tools" / "weights.py"
tool = SimpleNamespace(**runpy.run_path(str(TOOL)))
# It takes the name of one whose network for Keras is carried, too.
SHORT = dataclasses.replace(
    get("cnn-8x8"), name="reader", epochs=2, batch_size=64, precision="float32"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    out = folder / "reader.onnx"
    out.with_suffix(".md").write_text("# before\n\n| figures |\n\n## Use\n\nBy hand.\n")
    return tool.make(SHORT, folder / "runs", out, CLASSIFY), folder / "runs", out


def test_model_card_and_network_lie_where_they_ship(made):
    run, _, out = made
    assert out.read_bytes() == run.model.read_bytes()
    assert DigitReader.load(out).info.recipe == "reader"
    network = load_checkpoint(out.with_suffix(".keras"))
    assert network.count_params() == SHORT.parameters
    assert out.with_suffix(".keras").stat().st_size < run.checkpoint.stat().st_size / 1.5


def test_the_network_for_keras_is_packed_and_hardly_another(made, tmp_path):
    run, _, out = made
    exact, carried = load_checkpoint(run.checkpoint, optimizer=False), out.with_suffix(".keras")
    exact.save(tmp_path / "exact.keras")
    assert carried.stat().st_size < 0.75 * (tmp_path / "exact.keras").stat().st_size
    networks = (one.get_weights() for one in (load_checkpoint(carried), exact))
    for rounded, own in zip(*networks, strict=True):
        np.testing.assert_allclose(rounded, own, rtol=2**-11, atol=2**-14)


def test_the_card_says_how_it_was_made_and_keeps_what_was_written_by_hand(made):
    _, _, out = made
    text = out.with_suffix(".md").read_text()
    assert "| precision | float32 |" in text
    assert "Made by `python tools/weights.py reader --precision float32`." in text
    assert text.endswith("\n## Use\n\nBy hand.\n")
    assert "| figures |" not in text


def test_a_complete_run_is_not_trained_again(made):
    run, runs, out = made
    before = run.checkpoint.stat().st_mtime_ns
    out.unlink()
    tool.make(SHORT, runs, out, CLASSIFY)
    assert out.is_file()
    assert run.checkpoint.stat().st_mtime_ns == before


def test_a_run_of_another_recipe_is_refused(made):
    _, runs, out = made
    other = dataclasses.replace(SHORT, epochs=3, title="in other words")
    with pytest.raises(ModelError, match=r"a run of another reader \(epochs differ\)"):
        tool.make(other, runs, out, CLASSIFY)


def test_what_is_not_whole_is_refused(made, tmp_path):
    run, _, _ = made
    for file in run.folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ModelError, match="expected a model that reads pages"):
        tool.look_over(Run.open(tmp_path), DETECT)
    metrics = {**run.metrics(), "epochs": 1}
    (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    with pytest.raises(ModelError, match="expected 2 epochs, found 1"):
        tool.look_over(Run.open(tmp_path), CLASSIFY)
