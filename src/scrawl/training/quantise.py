"""A bundle with weights and activations of 8 bits: a small file, and quick to run.

After training, by ONNX Runtime's static quantisation: a scale for each channel of a weight, one for
each activation from what it is on training pictures (B. Jacob et al., "Quantization and training of
neural networks for efficient integer-arithmetic-only inference", 2018).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from scrawl import preprocess
from scrawl.arrays import Float32, UInt8
from scrawl.bundle import CLASSIFY
from scrawl.files import writing
from scrawl.network import Network
from scrawl.training.seal import seal

ROWS = 2000
"""Training rows that the ranges are taken from."""

_BATCH = 50


def quantise(source: Path, images: UInt8, path: Path, *, signed: bool = False) -> int:
    """Writes a bundle of float32 as one of int8.

    What says the answer stays in float32: 256 steps are too few for a confidence. It is the softmax
    of a model of single digits, and the last convolution of a detector or a reader of lines.

    Args:
        source: The bundle.
        images: uint8 ``(n, H, W)`` of the network's own form, such as training rows or strips: the
            ranges of activations are taken from them.
        path: The ``.onnx`` file to write.
        signed: Whether activations are signed, as microcontrollers take them. VNNI multiplies
            unsigned ones by signed weights, in a fifth to two thirds of the time.

    Returns:
        Bytes of weights and biases in it.

    Raises:
        ModelError: The bundle is damaged.
        InputError: The file cannot be written.
    """
    network = Network(source)
    info = network.info
    sizes = zip(network.input_shape[1:], (*images.shape[1:], 1), strict=False)
    tensor = preprocess.to_tensor(images, info.pixel_max)
    with tempfile.TemporaryDirectory() as folder, writing(path) as aside:
        plain, quantised = Path(folder) / "plain.onnx", Path(folder) / "int8.onnx"
        quant_pre_process(source, plain, skip_symbolic_shape=True)
        quantize_static(
            plain,
            quantised,
            _Batches(
                network.input_name, tensor.reshape(-1, *(known or own for known, own in sizes))
            ),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QInt8 if signed else QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # 7 of the 8 bits: where a processor has no VNNI, ONNX Runtime adds pairs of products
            # in 16 bits, and those of 8-bit weights overflow.
            reduce_range=True,
            nodes_to_exclude=_answering(plain, info.task),
        )
        graph = onnx.load(quantised)
        aside.write_bytes(seal(graph, info))
    return sum(onnx.numpy_helper.to_array(weights).nbytes for weights in graph.graph.initializer)


def _answering(model: Path, task: str) -> list[str]:
    """The names of the nodes that stay in float32."""
    nodes = onnx.load(model).graph.node
    if task != CLASSIFY:
        return [[node.name for node in nodes if node.op_type == "Conv"][-1]]
    return [node.name for node in nodes if node.op_type == "Softmax"]


class _Batches(CalibrationDataReader):  # type: ignore[misc]
    """Hands out batches of a tensor, one a call, as ONNX Runtime asks for them."""

    def __init__(self, name: str, tensor: Float32) -> None:
        self._batches: Iterator[dict[str, Float32]] = (
            {name: tensor[i : i + _BATCH]} for i in range(0, len(tensor), _BATCH)
        )

    def get_next(self) -> dict[str, Float32] | None:
        """The next batch; None behind the last."""
        return next(self._batches, None)
