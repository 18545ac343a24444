"""How near a file's answers are to the network's own, by the file's own runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrawl import data, preprocess
from scrawl.arrays import Float32, UInt8
from scrawl.bundle import CLASSIFY
from scrawl.errors import InputError
from scrawl.network import Network
from scrawl.training.bundling import BATCHES
from scrawl.training.exporters import Answers, Order
from scrawl.training.quantise import ROWS


def of_digits(order: Order) -> Network:
    """The run's own ``.onnx`` file, where it is of single digits.

    Raises:
        InputError: It is of another task.
    """
    network = Network(order.run.model)
    if network.info.task != CLASSIFY:
        raise InputError(
            f"{order.out}: expected a run of single digits, received one of the task "
            f"'{network.info.task}', which is exported as .onnx and .keras"
        )
    return network


def difference(network: Network, answers: Answers) -> float:
    """The largest difference of a probability on random pictures, from ONNX Runtime's."""
    rng = np.random.default_rng(0)
    sides = (1 if side is None else side for side in network.input_shape[1:])
    shape = tuple(sides)
    batches = [rng.random((n, *shape), dtype=np.float32) for n in BATCHES]
    return max(float(np.abs(answers(x) - network.run(x)).max()) for x in batches)


def rows(order: Order, network: Network) -> UInt8:
    """Training rows that ranges are taken from, uint8 ``(n, H, W)``."""
    x: UInt8 = data.load(network.info.data, order.data_dir).x_train[:ROWS]
    return x


def tensor(network: Network, images: UInt8) -> Float32:
    """Rows as the network takes them."""
    x = preprocess.to_tensor(images, network.info.pixel_max)
    return x.reshape(len(x), *network.input_shape[1:])


def agreement(network: Network, answers: Answers, images: UInt8) -> float:
    """The share of rows that a file answers as the network in float32 does, in [0, 1]."""
    x = tensor(network, images)
    return float((answers(x).argmax(1) == network.run(x).argmax(1)).mean())


def size(path: Path) -> int:
    """The bytes of a file, or of all files of a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
