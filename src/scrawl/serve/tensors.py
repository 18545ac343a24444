"""Tensors of the Open Inference Protocol v2, as JSON and with its binary extension.

A body is JSON; with the header ``Inference-Header-Content-Length`` so many bytes of it are, and
the raw tensors follow in the order in which the JSON names them, little-endian.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import UInt8
from scrawl.bundle import BundleInfo
from scrawl.serve.refusal import RefusalError

INPUT = "pixels"
PLATFORM = "onnxruntime_onnx"
DATATYPES: dict[str, np.dtype[Any]] = {
    "UINT8": np.dtype("u1"),
    "FP32": np.dtype("<f4"),
    "INT64": np.dtype("<i8"),
}


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes:
        images: uint8, shape ``(n, H, W)``, as the model's network sees them.
        id: What the answer repeats.
        outputs: The name of each output wanted, and whether as raw bytes.
    """

    images: UInt8
    id: str | None
    outputs: dict[str, bool]


def parse(body: bytes, head_length: str | None, info: BundleInfo, most: int) -> Request:
    """The request that a body holds.

    Args:
        body: As it came.
        head_length: The header ``Inference-Header-Content-Length``.
        info: What the bundle of the model that was asked says of itself.
        most: Rows that it may have.

    Raises:
        RefusalError: The body is no such request, 400; or it has too many rows, 413.
    """
    head, raw = _split(body, head_length)
    inputs = _list(head, "inputs")
    if len(inputs) != 1 or inputs[0].get("name") != INPUT:
        names = [str(item.get("name")) for item in inputs]
        raise RefusalError(400, f"inputs: expected one, named '{INPUT}', received {names}")
    images = _images(_tensor(inputs[0], raw, info), info)
    if len(images) > most:
        raise RefusalError(
            413, f"{INPUT}: expected at most {most:,} rows, received {len(images):,}"
        )
    identity = head.get("id")
    if identity is not None and not isinstance(identity, str):
        raise RefusalError(400, f"id: expected a string, received {identity!r:.80}")
    return Request(images, identity, _outputs(head))


def outputs_of(info: BundleInfo) -> list[dict[str, Any]]:
    """The outputs of a model, as its metadata states them."""
    return [
        {"name": "probabilities", "datatype": "FP32", "shape": [-1, len(info.classes)]},
        {"name": "digit", "datatype": "INT64", "shape": [-1]},
    ]


def config_of(name: str, info: BundleInfo, most: int) -> dict[str, Any]:
    """Triton's configuration of a model.

    Args:
        name: What requests call it.
        info: What its bundle says of itself.
        most: Rows that a request may have.
    """

    def entry(name: str, datatype: str, shape: list[int]) -> dict[str, Any]:
        return {"name": name, "data_type": f"TYPE_{datatype}", "dims": shape[1:] or [1]}

    outputs = outputs_of(info)
    return {
        "name": name,
        "platform": PLATFORM,
        "backend": "onnxruntime",
        "max_batch_size": most,
        "input": [entry(INPUT, "UINT8", [-1, *info.image_shape])],
        "output": [entry(item["name"], item["datatype"], item["shape"]) for item in outputs],
        "dynamic_batching": {},
    }


def respond(
    request: Request, arrays: dict[str, NDArray[Any]], facts: dict[str, str]
) -> tuple[bytes, int | None]:
    """The body of an answer, and how much of it is JSON where raw tensors follow."""
    outputs, raw = [], []
    for name, binary in request.outputs.items():
        array = arrays[name]
        datatype = "FP32" if array.dtype.kind == "f" else "INT64"
        item: dict[str, Any] = {"name": name, "datatype": datatype, "shape": list(array.shape)}
        if binary:
            raw.append(array.astype(DATATYPES[datatype], copy=False).tobytes())
            item["parameters"] = {"binary_data_size": len(raw[-1])}
        else:
            item["data"] = array.ravel().tolist()
        outputs.append(item)
    table = {**facts, "outputs": outputs} | ({"id": request.id} if request.id else {})
    head = json.dumps(table).encode()
    return b"".join([head, *raw]), len(head) if raw else None


def _split(body: bytes, head_length: str | None) -> tuple[dict[str, Any], bytes | None]:
    """The JSON of a body and the raw bytes after it."""
    length = len(body)
    if head_length is not None:
        if not head_length.isdecimal() or int(head_length) > length:
            raise RefusalError(
                400,
                "Inference-Header-Content-Length: expected a number up to the body's "
                f"{length:,} bytes, received '{head_length:.40}'",
            )
        length = int(head_length)
    try:
        head = json.loads(body[:length])
    except (ValueError, RecursionError) as error:
        raise RefusalError(400, f"body: expected JSON ({error!s:.120})") from error
    if not isinstance(head, dict):
        raise RefusalError(400, f"body: expected a JSON object, received {type(head).__name__}")
    return head, None if head_length is None else body[length:]


def _list(table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = table.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RefusalError(400, f"{key}: expected a list of objects, received {items!r:.80}")
    return items


def _parameters(table: dict[str, Any]) -> dict[str, Any]:
    found = table.get("parameters")
    return found if isinstance(found, dict) else {}


def _tensor(item: dict[str, Any], raw: bytes | None, info: BundleInfo) -> NDArray[Any]:
    """The tensor of an input, of the shape that it states."""
    shape, datatype = item.get("shape"), item.get("datatype")
    height, width = info.image_shape
    if datatype not in ("UINT8", "FP32"):
        raise RefusalError(400, f"{INPUT}: expected UINT8 or FP32, received {datatype!r:.40}")
    if not isinstance(shape, list) or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
        raise RefusalError(
            400, f"{INPUT}: expected a shape [n, {height}, {width}], received {shape!r:.80}"
        )
    if shape[1:] not in ([height, width], [height, width, 1]):
        raise RefusalError(
            400, f"{INPUT}: expected a shape [n, {height}, {width}], received {shape!r:.80}"
        )
    count = shape[0] * height * width
    dtype = DATATYPES[datatype]
    if "binary_data_size" in _parameters(item):
        return _from_raw(raw, _parameters(item)["binary_data_size"], count, dtype).reshape(shape)
    if raw:
        raise RefusalError(400, f"{INPUT}: expected the parameter binary_data_size with raw bytes")
    return _from_json(item.get("data"), count, dtype).reshape(shape)


def _from_raw(raw: bytes | None, size: object, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    expected, received = count * dtype.itemsize, len(raw or b"")
    if raw is None or size != expected or received != expected:
        raise RefusalError(
            400,
            f"{INPUT}: expected {expected:,} raw bytes by its shape, "
            f"received {received:,} (binary_data_size {size!r:.40})",
        )
    return np.frombuffer(raw, dtype)


def _from_json(data: object, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    if not isinstance(data, list):
        raise RefusalError(400, f"{INPUT}: expected data, a list of numbers, received {data!r:.80}")
    try:
        numbers = np.array(data)
    except ValueError as error:
        raise RefusalError(400, f"{INPUT}: expected numbers in rows of one length") from error
    if numbers.dtype.kind not in ("iu" if dtype.kind == "u" else "iuf") and numbers.size:
        raise RefusalError(400, f"{INPUT}: expected numbers of its datatype, received others")
    if numbers.size != count:
        raise RefusalError(
            400, f"{INPUT}: expected {count:,} numbers by its shape, received {numbers.size:,}"
        )
    if numbers.size and dtype.kind == "u" and not 0 <= numbers.min() <= numbers.max() <= 255:
        raise RefusalError(
            400, f"{INPUT}: expected 0 to 255, received {numbers.min()} to {numbers.max()}"
        )
    return numbers.astype(dtype)


def _images(tensor: NDArray[Any], info: BundleInfo) -> UInt8:
    """The uint8 images that a tensor holds: as they are, or from 0 … 1."""
    flat = tensor.reshape(-1, *info.image_shape)
    top = info.pixel_max
    if flat.dtype == np.uint8:
        if flat.size and flat.max() > top:
            raise RefusalError(400, f"{INPUT}: expected 0 to {top}, received {flat.max()}")
        return flat
    if flat.size and not (flat.min() >= 0 and flat.max() <= 1):  # NaN fails this, too
        raise RefusalError(400, f"{INPUT}: expected FP32 from 0 to 1, received others")
    return np.rint(flat * top).astype(np.uint8)


def _outputs(head: dict[str, Any]) -> dict[str, bool]:
    """Which outputs are wanted, and whether as raw bytes."""
    known = ("probabilities", "digit")
    binary = _parameters(head).get("binary_data_output") is True
    if not head.get("outputs"):
        return dict.fromkeys(known, binary)
    wanted = {}
    for item in _list(head, "outputs"):
        name, parameters = item.get("name"), _parameters(item)
        if name not in known:
            raise RefusalError(
                400, f"outputs: expected {' or '.join(known)}, received {name!r:.80}"
            )
        if parameters.keys() - {"binary_data"}:
            raise RefusalError(
                400,
                f"{name}: expected the parameter binary_data alone, received "
                f"{sorted(parameters)!r:.80}",
            )
        wanted[name] = parameters.get("binary_data", binary) is True
    return wanted
