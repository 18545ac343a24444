"""What each layer of a network makes of a picture: its graph with more outputs, run once.

The graph is that of the ``.onnx`` file, as it ships: batch normalisation lies in the convolutions.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from scrawl import preprocess
from scrawl.arrays import Float32, UInt8
from scrawl.bundle import CLASSIFY
from scrawl.errors import MissingExtraError
from scrawl.network import Network, resolve

_SHOWN = {"Relu": "after relu", "MaxPool": "after pooling", "Tanh": "after tanh"}
"""What is shown, and what its title says; a pooling before the relu is seen behind that."""


def feature_maps(model: str | os.PathLike[str], image: UInt8) -> list[tuple[str, Float32]]:
    """The maps of each layer, from the input on.

    Args:
        model: A run folder or an ``.onnx`` file of single digits.
        image: uint8, shape ``(H, W)``, as the network takes it.

    Returns:
        A title, and float32 of shape ``(maps, height, width)``; a layer that is flat has maps of
        one value.

    Raises:
        ModelError: The model is missing, damaged or for another task.
    """
    onnx, seal = _onnx()
    path = resolve(Path(model))
    network = Network(path, task=CLASSIFY)
    graph = onnx.load(path)
    shown = [node for node in graph.graph.node if node.op_type in _SHOWN]
    names = {node.output[0]: _SHOWN[node.op_type] for node in shown}
    there = {value.name for value in graph.graph.output}
    graph.graph.output.extend(
        onnx.helper.make_empty_tensor_value_info(name) for name in names if name not in there
    )
    with tempfile.TemporaryDirectory() as folder:
        more = Path(folder) / "more.onnx"
        more.write_bytes(seal(graph, network.info))
        tensor = preprocess.to_tensor(image[None], network.info.pixel_max)
        shape = (1, *(size or -1 for size in network.input_shape[1:]))
        outputs = Network(more).run_all(tensor.reshape(shape))
    found: list[tuple[str, Float32]] = []
    for name, said in names.items():
        maps = outputs[name][0]  # test-time augmentation has the picture as it is first
        maps = maps.reshape(-1, 1, 1) if maps.ndim != 3 else maps
        count, height, width = maps.shape
        sizes = "values" if height == width == 1 else f"maps of {height} x {width}"
        found.append((f"{len(found) + 1}. {said}: {count} {sizes}", maps))
    return found


def _onnx() -> Any:
    """The package that takes graphs apart, and what seals one."""
    try:
        import onnx

        from scrawl.training.seal import seal
    except ModuleNotFoundError as error:
        raise MissingExtraError("what layers make of a digit", "onnx", "train") from error
    return onnx, seal
