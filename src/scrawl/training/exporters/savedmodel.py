"""The network as a folder that TensorFlow Serving and other TensorFlow programs load."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from scrawl.arrays import Float32
from scrawl.errors import InputError
from scrawl.files import make_folder
from scrawl.training.exporters import Answers, Exported, Exporter, Order, _check
from scrawl.training.exporters._facts import NAME, facts
from scrawl.training.exporters._saved import save

_GRAPH = "saved_model.pb"


def _write(order: Order) -> Exported:
    network = _check.of_digits(order)
    out = order.out
    if out.exists() and not (out / _GRAPH).is_file():
        raise InputError(f"{out}: expected a folder of a SavedModel or none, found something else")
    parent = make_folder(out.absolute().parent)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.stem}.", dir=parent) as aside:
            folder = Path(aside) / out.name
            save(order, folder)
            more = folder / "assets.extra"  # where TensorFlow leaves what is a user's own
            more.mkdir()
            (more / NAME).write_text(facts(network.info), encoding="utf-8")
            shutil.rmtree(out, ignore_errors=True)
            folder.replace(out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror or error})") from error
    return Exported(out, _check.size(out), _check.difference(network, _open(out)))


def _open(path: Path) -> Answers:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))

    def answers(x: Float32) -> Float32:
        return np.asarray(loaded.serve(tf.constant(x)), np.float32)

    return answers


EXPORTER = Exporter(_write, open=_open)
