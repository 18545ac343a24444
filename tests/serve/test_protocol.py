"""The Open Inference Protocol, asked by Triton's own client and by hand."""

import json
import shutil

import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from scrawl import DigitReader
from scrawl.weights import READER

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)


@pytest.fixture
def client(server):
    with triton.InferenceServerClient(f"127.0.0.1:{server.port}") as client:
        yield client


def test_tritons_client_finds_server_and_model(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("reader")
    assert client.is_model_ready("reader", "1")
    assert not client.is_model_ready("none")
    assert client.get_server_metadata()["name"] == "scrawl"
    metadata = client.get_model_metadata("reader")
    assert metadata["inputs"] == [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 28, 28]}]
    assert [row["name"] for row in client.get_model_repository_index()] == ["reader"]


@pytest.mark.parametrize("datatype", ["UINT8", "FP32"])
@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_tritons_client_infers(client, datatype, binary, named):
    tensor = IMAGES if datatype == "UINT8" else (IMAGES / 255).astype(np.float32)
    given = triton.InferInput("pixels", list(tensor.shape), datatype)
    given.set_data_from_numpy(tensor, binary_data=binary)
    names = ("probabilities", "digit")
    wanted = [triton.InferRequestedOutput(name, binary_data=binary) for name in names]
    result = client.infer(
        "reader", [given], outputs=wanted if named else None, request_id="a", model_version="1"
    )
    reader = DigitReader.load()
    expected = reader.probabilities(IMAGES)
    assert result.get_response()["id"] == "a"
    np.testing.assert_allclose(result.as_numpy("probabilities"), expected, atol=1e-4)
    kept = expected[:, :10].max(axis=1) >= reader.threshold
    digits = np.where(kept, expected[:, :10].argmax(axis=1), -1)
    assert result.as_numpy("digit").tolist() == digits.tolist()


def test_a_mistake_is_tritons_exception(client):
    given = triton.InferInput("pixels", [1, 8, 8], "UINT8")
    given.set_data_from_numpy(np.zeros((1, 8, 8), np.uint8))
    with pytest.raises(InferenceServerException, match=r"expected a shape \[n, 28, 28\]"):
        client.infer("reader", [given])
    with pytest.raises(InferenceServerException, match="unknown model 'none'"):
        client.infer("none", [given])


def request(**changes) -> dict:
    tensor = {"name": "pixels", "datatype": "UINT8", "shape": [1, 28, 28], "data": [0] * 784}
    return {"inputs": [tensor | changes]}


@pytest.mark.parametrize(
    ("body", "head", "says"),
    [
        (b"", None, "expected JSON"),
        (b"[" * 100_000, None, "expected JSON"),
        (b"3", None, "expected a JSON object"),
        ({}, None, "inputs: expected a list"),
        ({"inputs": []}, None, "named 'pixels'"),
        ({"inputs": [3]}, None, "inputs: expected a list"),
        (request(name="x"), None, "named 'pixels'"),
        (request(data=[0] * 783), None, "expected 784 numbers by its shape, received 783"),
        (request(data=[300] * 784), None, "expected 0 to 255"),
        (request(data=[0.5] * 784), None, "numbers of its datatype"),
        (request(data=["0"] * 784), None, "numbers of its datatype"),
        (request(data=[[0], [0, 1]]), None, "rows of one length"),
        (request(data=[2**70] * 784), None, "numbers of its datatype"),
        (request(data=None), None, "expected data"),
        (request(shape=[-1, 28, 28]), None, "expected a shape"),
        (request(shape=[2**40, 28, 28]), None, "expected a shape"),
        (request(shape="28"), None, "expected a shape"),
        (request(datatype="FP16"), None, "expected UINT8 or FP32"),
        (request(datatype="FP32", data=[float("nan")] * 784), None, "from 0 to 1"),
        (request(parameters={"binary_data_size": 784}), None, "expected 784 raw bytes"),
        ({**request(), "outputs": [{"name": "none"}]}, None, "outputs: expected"),
        (request(), "9999999", "Inference-Header-Content-Length"),
        (request(), "-3", "Inference-Header-Content-Length"),
    ],
)
def test_shape_and_data_must_agree(server, body, head, says):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if head is None else {"inference-header-content-length": head}
    answer = server.post("/v2/models/reader/infer", data, "application/json", **headers)
    assert answer.status_code == 400, answer.text
    assert says in answer.json()["error"]


def test_raw_bytes_must_be_as_many_as_the_shape_says(server):
    head = json.dumps(request(parameters={"binary_data_size": 784})).encode()
    for raw in (b"", bytes(783), bytes(785)):
        answer = server.post(
            "/v2/models/reader/infer",
            head + raw,
            "application/octet-stream",
            **{"inference-header-content-length": str(len(head))},
        )
        assert answer.status_code == 400
        assert "expected 784 raw bytes by its shape" in answer.json()["error"]


def test_rows_are_limited_and_none_is_fine(server):
    path = "/v2/models/reader/infer"
    answer = server.post(path, json.dumps(request(shape=[0, 28, 28], data=[])).encode(), "")
    assert answer.json()["outputs"][0]["shape"] == [0, 11]
    many = json.dumps(request(shape=[1025, 28, 28], data=[0] * 784 * 1025)).encode()
    assert len(many) > 2_000_000  # the body's limit of this server comes first
    assert server.post(path, many, "application/json").status_code == 413


def test_models_are_swapped_without_a_restart(server, client, canvas):
    models = server.folder / "models"
    client.infer("reader", [_one()])
    with pytest.raises(InferenceServerException):
        client.load_model("second")
    (models / "second" / "3").mkdir(parents=True)
    shutil.copy(READER, models / "second" / "3" / "model.onnx")
    shutil.copy(READER, models / "third.onnx")
    client.load_model("second")
    assert client.is_model_ready("second", "3")
    assert client.infer("second", [_one()]).get_response()["model_version"] == "3"
    [row] = server.post("/v1/read?one=true&model=third", canvas).json()
    assert row["digit"] == 5

    # A damaged file is named, and what answered before still does.
    (models / "third.onnx").write_bytes(b"damaged")
    client.load_model("third")
    [reason] = [r["reason"] for r in client.get_model_repository_index() if r["name"] == "third"]
    assert reason.startswith("third.onnx: expected an ONNX model")
    assert client.is_model_ready("third")
    (models / "fourth.onnx").write_bytes(b"damaged")
    with pytest.raises(InferenceServerException, match="not ready"):
        client.load_model("fourth")

    # What is taken away goes by itself.
    shutil.rmtree(models / "second")
    for name in ("third", "fourth"):
        (models / f"{name}.onnx").unlink()
    server.until(lambda: not client.is_model_ready("second"))


def test_a_model_is_unloaded_and_loaded(server, client):
    path = server.folder / "models" / "spare.onnx"
    shutil.copy(READER, path)
    client.load_model("spare")
    client.unload_model("spare")
    assert not client.is_model_ready("spare")
    server.client.post("/v2/repository/models/reader/load")  # which looks at the folder
    assert not client.is_model_ready("spare")
    client.load_model("spare")
    assert client.is_model_ready("spare")
    path.unlink()
    for name, says in (("reader", "cannot be unloaded"), ("none", "unknown model")):
        with pytest.raises(InferenceServerException, match=says):
            client.unload_model(name)


def test_tritons_client_has_statistics_and_configuration(client):
    def stats() -> dict:
        [found] = client.get_inference_statistics("reader")["model_stats"]
        assert found in client.get_inference_statistics()["model_stats"]
        return found

    before = stats()
    client.infer("reader", [_one()])
    with pytest.raises(InferenceServerException):
        client.infer("reader", [_one()], outputs=[triton.InferRequestedOutput("none")])
    after = stats()
    assert (after["name"], after["version"]) == ("reader", "1")
    assert after["inference_count"] == before["inference_count"] + 1
    assert after["execution_count"] == before["execution_count"] + 1
    assert after["last_inference"] > before["last_inference"]
    for part in ("success", "fail"):
        count = [each["inference_stats"][part]["count"] for each in (before, after)]
        assert count[1] == count[0] + 1, part
    took = {name: part["ns"] for name, part in after["inference_stats"].items()}
    assert 0 < took["compute_infer"] <= took["success"]

    config = client.get_model_config("reader", "1")
    assert config["input"] == [{"name": "pixels", "data_type": "TYPE_UINT8", "dims": [28, 28]}]
    assert [output["name"] for output in config["output"]] == ["probabilities", "digit"]
    with pytest.raises(InferenceServerException, match="unknown model"):
        client.get_model_config("none")


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_tritons_client_may_pack_what_it_sends(client, algorithm):
    plain = client.infer("reader", [_one()]).as_numpy("probabilities")
    packed = client.infer(
        "reader",
        [_one()],
        request_compression_algorithm=algorithm,
        response_compression_algorithm=algorithm,
    )
    assert np.array_equal(packed.as_numpy("probabilities"), plain)


def _one() -> triton.InferInput:
    given = triton.InferInput("pixels", [1, 28, 28], "UINT8")
    given.set_data_from_numpy(IMAGES[:1])
    return given
