"""The network as a ``.keras`` file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrawl.arrays import Float32
from scrawl.files import writing
from scrawl.network import Network
from scrawl.training.backend import keras
from scrawl.training.exporters import Answers, Exported, Exporter, Order
from scrawl.training.exporters._facts import pack
from scrawl.training.network import in_float32, load_checkpoint


def _write(order: Order) -> Exported:
    model = in_float32(load_checkpoint(order.run.checkpoint, optimizer=False))
    with writing(order.out) as aside:
        model.save(aside)
        pack(aside, Network(order.run.model).info)
    return Exported(order.out, order.out.stat().st_size)


def _open(path: Path) -> Answers:
    model = load_checkpoint(path, optimizer=False)

    def answers(x: Float32) -> Float32:
        return np.asarray(keras.ops.convert_to_numpy(model(x, training=False)), np.float32)

    return answers


EXPORTER = Exporter(_write, open=_open)
