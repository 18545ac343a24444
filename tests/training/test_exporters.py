"""Each format in its own runtime, on a network of random weights: nothing is trained here."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("scrawl.training.backend", exc_type=ImportError).keras

from scrawl import data, preprocess  # noqa: E402
from scrawl.bundle import BundleInfo  # noqa: E402
from scrawl.errors import InputError, MissingExtraError  # noqa: E402
from scrawl.network import Network  # noqa: E402
from scrawl.training import backend  # noqa: E402
from scrawl.training.bundling import export_bundle  # noqa: E402
from scrawl.training.exporters import EXPORTERS, export  # noqa: E402
from scrawl.training.microcontroller.integer import answers, logits, quantised  # noqa: E402
from scrawl.training.models import MODELS  # noqa: E402
from scrawl.training.network import build  # noqa: E402
from scrawl.training.recipes import get  # noqa: E402
from scrawl.training.run import Run  # noqa: E402

pytestmark = pytest.mark.skipif(
    backend.name() != "tensorflow", reason="needs the backend tensorflow"
)
INFO = {
    "recipe": "r",
    "image_shape": (28, 28),
    "pixel_max": 255,
    "loss": "mse",
    "data": "mnist",
    "data_sha256": "",
    "seed": 0,
    "parameters": 1,
    "scrawl": "0",
}
ALPHABET = (*"012345678", 'a "9"')


def unlike_new(model):
    """Weights as training leaves them: gains of both signs, means and offsets that are not 0."""
    rng = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            n = layer.gamma.shape[0]
            sign = rng.choice([-1, 1], n)
            given = (sign * rng.uniform(0.5, 2, n), *rng.normal(0, 0.3, (2, n)))
            layer.set_weights([*given, rng.uniform(0.2, 0.6, n)])
    return model


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A complete run of `micro`, of which no training is the reason."""
    recipe = get("micro")
    backend.seed_everything(0)
    model = unlike_new(build(recipe, (28, 28), 10))
    run = Run.create(tmp_path_factory.mktemp("runs") / "micro", recipe)
    info = BundleInfo(
        **{**INFO, "sources": ("a comment */ ends here",)},
        classes=ALPHABET,
        letters=9,
        temperature=1.25,
        odds=0.5,
        threshold=0.75,
    )
    model.save(run.checkpoint)
    export_bundle(model, info, run.model)
    (run.folder / "metrics.json").write_text("{}")
    return run


def stated(path):
    """What a file says of its model, by the way that docs/formats.md names."""
    if path.suffix == ".xml":
        import openvino

        return openvino.Core().read_model(path).get_rt_info(["scrawl"]).astype(str)
    if path.suffix == ".savedmodel":
        return (path / "assets.extra" / "scrawl.json").read_text()
    with zipfile.ZipFile(path) as archive:
        return archive.read("scrawl.json").decode()


@pytest.mark.parametrize("suffix", ["keras", "savedmodel", "tflite", "xml"])
def test_a_file_answers_as_the_network_does_and_says_what_the_bundle_says(run, tmp_path, suffix):
    if suffix == "xml":
        pytest.importorskip("openvino")
    out = tmp_path / f"digits.{suffix}"
    exported = export(run, out)
    x = np.random.default_rng(2).random((9, 28, 28, 1), np.float32)
    given = EXPORTERS[suffix].open(out)(x)
    np.testing.assert_allclose(given, Network(run.model).run(x), atol=1e-4)
    assert exported.difference is None or exported.difference < 1e-4
    assert exported.size > 2448 * 4
    facts = json.loads(stated(out))
    assert (facts["temperature"], facts["threshold"]) == (1.25, 0.75)
    assert facts["preprocess"] == preprocess.VERSION
    assert facts["classes"] == list(ALPHABET)


@pytest.mark.parametrize("suffix", ["tflite", "xml"])
def test_eight_bits_answer_nearly_so(run, mnist, mnist_folder, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr("scrawl.training.exporters._check.ROWS", 100)
    if suffix == "xml":
        pytest.importorskip("openvino")
    out = tmp_path / f"digits.{suffix}"
    exported = export(run, out, int8=True, data_dir=mnist_folder)
    assert exported.asked == 100
    assert exported.agreement > 0.8
    x = preprocess.to_tensor(mnist.x_train[-100:], 255)
    far = np.abs(EXPORTERS[suffix].open(out)(x) - Network(run.model).run(x))
    assert far.mean() < 0.02


def test_a_header_answers_as_whole_numbers_do_in_numpy(
    run, mnist, mnist_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("scrawl.training.exporters._check.ROWS", 200)
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler called cc")
    out = tmp_path / "my digits.h"
    exported = export(run, out, data_dir=mnist_folder)
    program = tmp_path / "read"
    source = Path(__file__).parents[2] / "examples/microcontroller"
    warnings = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-pedantic"]
    names = [f'-DMODEL="{out}"', "-DREAD=my_digits_read", "-DSIZE=784"]
    subprocess.run([compiler, *warnings, *names, source / "read.c", "-o", program], check=True)
    images = mnist.x_train[-200:]
    done = subprocess.run([program], input=images.tobytes(), capture_output=True, check=True)
    given = np.array([line.split() for line in done.stdout.decode().splitlines()], int)

    info = Network(run.model).info
    model = keras.models.load_model(run.checkpoint, compile=False)
    network = quantised(model, info, data.load("mnist", mnist_folder).x_train[:200])
    np.testing.assert_array_equal(given.T, answers(network, images))
    # The same as in floats, but for 256 steps: calibration, odds and threshold are in it.
    x = preprocess.to_tensor(images, 255)
    expected = info.calibrated(Network(run.model).run(x))
    assert np.abs(given[:, 1] / 65535 - expected.max(axis=1)).mean() < 0.05
    assert exported.agreement > 0.8
    text = out.read_text()
    assert "MY_DIGITS_THRESHOLD 49151" in text or "MY_DIGITS_THRESHOLD 49152" in text
    assert r'"a \0429\042"' in text
    for word in ("malloc", "float", "double", "#include <m"):
        assert word not in text.split("*/", 1)[1]


@pytest.mark.parametrize(
    ("model", "options"),
    [("cnn", {"filters": (3, 4), "units": 8, "dropout": 0.2, "dropout_dense": 0.2}),
     ("cnn_small", {"filters": 3, "units": 8}),
     ("fast", {"filters": (3, 4)}),
     ("mlp", {"units": ()}),
     ("mlp", {"units": (16, 8)})],
)  # fmt: skip
def test_whole_numbers_follow_other_chains(model, options, mnist):
    info = BundleInfo(**{**INFO, "classes": tuple("0123456789")})
    network = unlike_new(MODELS[model]((28, 28, 1), 10, **options))
    images = mnist.x_train[:64]
    x = preprocess.to_tensor(images, 255).reshape(-1, *network.input_shape[1:])
    expected = np.log2(np.maximum(network.predict(x, verbose=0), 1e-9))
    given = logits(quantised(network, info, images), images) / 65536
    given -= np.log2(np.exp2(given).sum(axis=1, keepdims=True))
    assert np.abs(given - expected).mean() < 0.05


@pytest.mark.parametrize(
    ("recipe", "kind"), [("lstm", "Reshape"), ("accurate", "Augmented"), ("reader", "Add")]
)
def test_other_layers_are_refused_by_name(recipe, kind, mnist):
    info = BundleInfo(**{**INFO, "classes": tuple("0123456789")})
    model = build(get(recipe), (28, 28), 10)
    with pytest.raises(InputError, match=rf"a C header: expected .*, received the layer .*{kind}"):
        quantised(model, info, mnist.x_train[:4])


def test_a_runtime_that_is_not_there_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'scrawl\[formats\]'"):
        export(run, tmp_path / "a.xml")
