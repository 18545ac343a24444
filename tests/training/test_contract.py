"""What every recipe keeps; on backends other than the default see test_backends.py."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from unittest.mock import patch

import numpy as np
import pytest

keras = pytest.importorskip("scrawl.training.backend", exc_type=ImportError).keras

from scrawl import data  # noqa: E402
from scrawl.bundle import DETECT, TRANSCRIBE  # noqa: E402
from scrawl.digit_reader import DigitReader  # noqa: E402
from scrawl.network import Network  # noqa: E402
from scrawl.pages.detector import Detector, decode  # noqa: E402
from scrawl.pages.line_reader import LineReader, log_probabilities  # noqa: E402
from scrawl.training import bundling  # noqa: E402
from scrawl.training.backend import name as backend_name  # noqa: E402
from scrawl.training.bundling import TOLERANCE  # noqa: E402
from scrawl.training.feeder import epoch_rows  # noqa: E402
from scrawl.training.models import MODELS  # noqa: E402
from scrawl.training.network import in_float32, load_checkpoint  # noqa: E402
from scrawl.training.progress import Silent  # noqa: E402
from scrawl.training.recipes import RECIPES  # noqa: E402
from scrawl.training.run import Run  # noqa: E402
from scrawl.training.trainer import training_for  # noqa: E402
from scrawl.training.tta import SHIFTS  # noqa: E402

FILES = {
    "recipe.toml",
    "log.csv",
    "checkpoint.keras",
    "model.onnx",
    "metrics.json",
    "card.md",
    "curves.png",
}

LIKE_OTHERS = {"mlp", "cnn", "cnn_small", "fast"}
"""Networks whose layers others have, too; an export from JAX takes a process of TensorFlow each."""


def recipes_to_test() -> list[str]:
    """All on the default backend; elsewhere the smallest of each network with layers of its own.

    Answers averaged over shifts are below; their export is TensorFlow's, too. On JAX, where it
    always is, one kind of a network will do.
    """
    if backend_name() == "tensorflow":
        return list(RECIPES)
    smallest = {}
    for recipe in sorted(RECIPES.values(), key=lambda recipe: -recipe.parameters):
        if recipe.model in LIKE_OTHERS or "tta" in recipe.options:
            continue
        kinds = (value for value in recipe.options.values() if isinstance(value, str))
        smallest[recipe.model, *(kinds if backend_name() == "torch" else ())] = recipe.name
    return list(smallest.values())


ALONE = "micro"
"""The recipe that is exported by a process of its own where another backend has to."""


@pytest.fixture(scope="module")
def exporter():
    """One process of TensorFlow for all others: each would load it anew."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        with patch.dict(os.environ, KERAS_BACKEND="tensorflow"):
            pool.submit(os.getpid).result()  # which starts it

        def export(model, path, others):
            saved = path.with_suffix(".saved.keras")
            model.save(saved)
            pool.submit(bundling._export_saved, saved, path).result()
            saved.unlink()

        yield export


@pytest.fixture(params=recipes_to_test())
def training(request, random_dataset, monkeypatch):
    """A recipe on forty random images of its data set's form, for one epoch of three steps.

    80 are to test: of fewer few strips are written, which may have no digit at all.
    """
    if backend_name() != "tensorflow" and request.param != ALONE:
        monkeypatch.setattr(bundling, "_export_elsewhere", request.getfixturevalue("exporter"))
    recipe = RECIPES[request.param]
    info = data.get(recipe.data).info
    dataset = random_dataset(info.image_shape, info.pixel_max, 80)
    return training_for(recipe.change({"epochs": 1, "batch_size": 16}), dataset)


def test_it_trains_a_step_and_ends_in_a_bundle(training, tmp_path):
    run = training.go(Run.create(tmp_path / "run", training.recipe), training.build(), [], Silent())
    more = {"reconstructions.png"} if training.recipe.task == "autoencoder" else set()
    assert {path.name for path in run.folder.iterdir()} == FILES | more
    metrics = run.metrics()
    assert metrics["onnx_difference"] <= TOLERANCE
    assert metrics["versions"]["backend"].startswith(backend_name())

    info = Network(run.folder).info
    assert (info.recipe, info.seed) == (training.recipe.name, training.recipe.seed)
    assert (info.data_sha256, info.classes) == (training.dataset.sha256, training.classes)
    model = in_float32(load_checkpoint(run.checkpoint))
    assert model.count_params() == info.parameters == training.recipe.parameters
    if info.task == DETECT:
        detects_as_in_training(training, model, run)
    elif info.task == TRANSCRIBE:
        transcribes_as_in_training(training, model, run)
    else:
        reads_as_in_training(training, model, run)


def reads_as_in_training(training, model, run):
    reader = DigitReader.load(run.folder)
    for n in (1, 7):
        images = training.dataset.x_test[:n]
        x, _ = training.arrays(model, (images, training.dataset.y_test[:n]))
        expected = keras.ops.convert_to_numpy(model(x, training=False))
        given = reader.probabilities(images)
        np.testing.assert_allclose(given, reader.info.calibrated(expected), atol=1e-4)
        np.testing.assert_allclose(reader.probabilities(images).sum(axis=1), 1, atol=1e-5)


def detects_as_in_training(training, model, run):
    detector = Detector(run.folder)
    strips, targets = epoch_rows(training.recipe, training.rows, epoch=1)
    for strip in (strips[0], strips[0][:40, :104]):  # any multiple of 8
        x, _ = training.arrays(model, (strip[None], targets[:1]))
        expected = decode(keras.ops.convert_to_numpy(model(x, training=False))[0], detector.info)
        given = detector.find(strip)
        np.testing.assert_allclose(given.boxes, expected.boxes, atol=0.05)
        np.testing.assert_allclose(given.probabilities, expected.probabilities, atol=1e-3)


def transcribes_as_in_training(training, model, run):
    reader = LineReader(run.folder)
    rows, labels = epoch_rows(training.recipe, training.rows, epoch=1)
    for strip in (rows[0], rows[0][:, :72]):  # any multiple of 4
        x, _ = training.arrays(model, (strip[None], labels[:1]))
        logits = keras.ops.convert_to_numpy(model(x, training=False))[0]
        expected = log_probabilities(logits, reader.info.temperature)
        np.testing.assert_allclose(reader.steps(strip), expected, atol=1e-3)
        assert reader.digit_steps(strip).shape == (strip.shape[1] // 2, 11)


def test_augmented_answers_are_averaged_where_nothing_is_learnt():
    sizes = {"stem": 4, "stem_strides": 1, "filters": (4,), "units": 8, "dropout": 0.0}
    once, often = (MODELS["reader"]((28, 28, 1), 10, tta=tta, **sizes) for tta in (1, 5))
    once.set_weights(often.get_weights())
    x = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    x[:, [0, -1]] = x[:, :, [0, -1]] = 0  # so that rolling moves in paper
    expected = np.mean([once.predict(np.roll(x, at, (1, 2)), verbose=0) for at in SHIFTS], axis=0)
    np.testing.assert_allclose(often.predict(x, verbose=0), expected, atol=1e-6)
    assert not np.allclose(expected, once.predict(x, verbose=0), atol=1e-3)
    assert often(x, training=True).shape == (3, 10)
