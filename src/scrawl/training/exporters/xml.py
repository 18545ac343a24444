"""The network for OpenVINO: a ``.xml`` file and the ``.bin`` file with its weights beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.arrays import Float32
from scrawl.bundle import METADATA_KEY
from scrawl.errors import MissingExtraError
from scrawl.files import writing
from scrawl.training.exporters import Answers, Exported, Exporter, Order, _check
from scrawl.training.exporters._facts import facts
from scrawl.training.quantise import quantise


def _openvino() -> Any:
    try:
        import openvino
    except ModuleNotFoundError as error:
        raise MissingExtraError("the OpenVINO export", "openvino", "formats") from error
    return openvino


def _write(order: Order) -> Exported:
    openvino, network = _openvino(), _check.of_digits(order)
    images = _check.rows(order, network) if order.int8 else None
    with tempfile.TemporaryDirectory() as folder:
        source = order.run.model
        if images is not None:
            source = Path(folder) / "int8.onnx"
            quantise(order.run.model, images, source)
        converted = openvino.convert_model(source)
    converted.set_rt_info(facts(network.info), [METADATA_KEY])
    weights = order.out.with_suffix(".bin")
    # OpenVINO names the second file itself, after the first, and so does what writes aside.
    with writing(weights), writing(order.out) as aside:
        openvino.save_model(converted, aside, compress_to_fp16=False)
    answers, size = _open(order.out), _check.size(order.out) + _check.size(weights)
    if images is None:
        return Exported(order.out, size, _check.difference(network, answers))
    share = _check.agreement(network, answers, images)
    return Exported(order.out, size, agreement=share, asked=len(images))


def _open(path: Path) -> Answers:
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    compiled = _openvino().Core().compile_model(path, "CPU", settings)

    def answers(x: Float32) -> Float32:
        return np.array(compiled(x)[0], np.float32)

    return answers


EXPORTER = Exporter(_write, int8=True, open=_open)
