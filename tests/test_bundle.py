"""Model files that are not what they should be."""

import json

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from scrawl.bundle import (  # noqa: E402
    CLASSIFY,
    FORMAT,
    METADATA_KEY,
    UNSEALED,
    BundleInfo,
    digest,
)
from scrawl.digit_reader import DigitReader  # noqa: E402
from scrawl.errors import InputError, ModelError  # noqa: E402
from scrawl.preprocess import VERSION  # noqa: E402
from scrawl.training.seal import seal  # noqa: E402

INFO = BundleInfo(
    recipe="linear",
    classes=tuple("0123456789"),
    image_shape=(28, 28),
    pixel_max=255,
    loss="categorical_crossentropy",
    data="none",
    data_sha256="",
    seed=0,
    parameters=7840,
    scrawl="0",
)


def linear(classes: int = 10) -> onnx.ModelProto:
    """A softmax of a random linear map of the pixels."""
    weights = np.random.default_rng(0).normal(0, 0.1, (784, classes)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["pixels"], ["flat"]),
            helper.make_node("MatMul", ["flat", "w"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["probabilities"]),
        ],
        "linear",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 28, 28, 1])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", classes])],
        [numpy_helper.from_array(weights, "w")],
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


@pytest.fixture
def sealed(tmp_path):
    path = tmp_path / "linear.onnx"
    path.write_bytes(seal(linear(), INFO))
    return path


def test_a_bundle_says_what_it_is(sealed):
    info = DigitReader.load(sealed).info
    assert info.recipe == "linear"
    assert info.sha256 != BundleInfo.sha256


@pytest.mark.parametrize("where", [0.3, 0.5, 0.9])
def test_a_flipped_bit_is_noticed(sealed, where):
    raw = bytearray(sealed.read_bytes())
    raw[int(len(raw) * where)] ^= 4
    sealed.write_bytes(raw)
    with pytest.raises(ModelError, match=r"linear\.onnx: (damaged|expected an ONNX model)"):
        DigitReader.load(sealed)


def test_a_truncated_file_is_refused(sealed):
    sealed.write_bytes(sealed.read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"linear\.onnx: "):
        DigitReader.load(sealed)


def test_another_preprocessing_version_is_refused(sealed):
    model = onnx.load(sealed)
    table = json.loads(model.metadata_props[0].value)
    info = BundleInfo(**{**table, "preprocess": "0"})
    sealed.write_bytes(seal(model, info))
    with pytest.raises(
        ModelError, match=f"another preprocessing .version: expected {VERSION}, received 0"
    ):
        DigitReader.load(sealed)


def changed(path, **values):
    """A bundle whose metadata holds other values, sealed again by hand."""
    model = onnx.load(path)
    table = json.loads(model.metadata_props[0].value) | values | {"sha256": UNSEALED}
    model.metadata_props[0].value = json.dumps(
        {key: value for key, value in table.items() if value is not None}
    )
    raw = model.SerializeToString(deterministic=True)
    path.write_bytes(raw.replace(UNSEALED.encode(), digest(raw, UNSEALED).encode()))
    return path


def test_a_bundle_of_a_newer_scrawl_says_so(sealed):
    newer = changed(sealed, format=FORMAT + 1, scrawl="9.9")
    with pytest.raises(ModelError, match=r"made by a newer scrawl, 9\.9 .*; update scrawl"):
        DigitReader.load(newer)


def test_what_this_version_does_not_know_is_passed_over(sealed):
    assert DigitReader.load(changed(sealed, colour="red")).info.recipe == "linear"


def test_an_older_bundle_opens(sealed):
    """Format 1 had no task, no alphabet and no sources."""
    older = changed(sealed, format=1, task=None, letters=None, sources=None)
    info = DigitReader.load(older).info
    assert (info.task, info.alphabet, info.format) == (CLASSIFY, tuple("0123456789"), 1)


def test_a_task_of_another_reader_is_refused(sealed):
    with pytest.raises(ModelError, match="expected a model of single digits, received one for"):
        DigitReader.load(changed(sealed, task="translate"))


def test_a_device_that_is_not_there_is_refused(sealed):
    with pytest.raises(InputError, match=r"device: expected one of .*cpu.* received 'abacus'"):
        DigitReader.load(sealed, device="abacus")


VERSIONS_ONLY = json.dumps({"format": FORMAT, "preprocess": VERSION})


@pytest.mark.parametrize("text", ["no json", "{}", VERSIONS_ONLY, "[]", "3"])
def test_metadata_of_another_form_is_refused(tmp_path, text):
    model = linear()
    entry = model.metadata_props.add()
    entry.key, entry.value = METADATA_KEY, text
    path = tmp_path / "odd.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match=r"odd\.onnx: "):
        DigitReader.load(path)


def test_somebody_elses_model_is_refused(tmp_path):
    path = tmp_path / "other.onnx"
    path.write_bytes(linear().SerializeToString())
    with pytest.raises(ModelError, match="expected a model exported by scrawl"):
        DigitReader.load(path)


@pytest.mark.parametrize("content", [b"", b"no model at all"])
def test_what_is_no_model_is_refused(tmp_path, content):
    path = tmp_path / "x.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"x\.onnx: "):
        DigitReader.load(path)


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no such model"):
        DigitReader.load(tmp_path / "none.onnx")
    with pytest.raises(ModelError, match="no finished run"):
        DigitReader.load(tmp_path)


def test_temperature_softens_and_keeps_the_order(tmp_path):
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    rows = {}
    for temperature in (1.0, 4.0):
        path = tmp_path / f"{temperature}.onnx"
        info = BundleInfo(**{**vars(INFO), "temperature": temperature})
        path.write_bytes(seal(linear(), info))
        rows[temperature] = DigitReader.load(path).probabilities(images)
    np.testing.assert_array_equal(rows[1.0].argsort(axis=1), rows[4.0].argsort(axis=1))
    assert (rows[4.0].max(axis=1) < rows[1.0].max(axis=1)).all()
    np.testing.assert_allclose(rows[4.0].sum(axis=1), 1, rtol=1e-5)
    softened = np.log(rows[1.0]) / 4
    softened = np.exp(softened) / np.exp(softened).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(rows[4.0], softened, rtol=1e-4)


def test_images_of_another_size_are_refused(sealed):
    with pytest.raises(InputError, match="linear: expected images of 28×28, received 8×8"):
        DigitReader.load(sealed).probabilities(np.zeros((1, 8, 8), np.uint8))


def test_no_images_give_no_rows(sealed):
    assert DigitReader.load(sealed).probabilities(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_an_impossible_threshold_is_refused(sealed, threshold):
    with pytest.raises(InputError, match="threshold: expected 0 to 1"):
        DigitReader.load(sealed, threshold=threshold)
