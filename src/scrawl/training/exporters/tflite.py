"""The network for LiteRT, which was TensorFlow Lite: phones, boards, browsers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.arrays import Float32
from scrawl.files import writing
from scrawl.training.exporters import Answers, Exported, Exporter, Order, _check
from scrawl.training.exporters._facts import pack
from scrawl.training.exporters._saved import save

_SAMPLES = 500
"""Rows that ranges are taken from, one by one, as the converter takes them."""


def _write(order: Order) -> Exported:
    network = _check.of_digits(order)
    images = _check.rows(order, network) if order.int8 else None
    samples = _check.tensor(network, images[:_SAMPLES]) if images is not None else None
    with writing(order.out) as aside:
        aside.write_bytes(_converted(order, samples))
        pack(aside, network.info)
    answers, bytes_ = _open(order.out), _check.size(order.out)
    if images is None:
        return Exported(order.out, bytes_, _check.difference(network, answers))
    share = _check.agreement(network, answers, images)
    return Exported(order.out, bytes_, agreement=share, asked=len(images))


def _converted(order: Order, samples: Float32 | None) -> bytes:
    """The converter's bytes: with samples, all between input and output is in 8 bits."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        save(order, Path(folder))
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if samples is not None:

            def given() -> Iterator[list[Float32]]:
                return ([samples[row : row + 1]] for row in range(len(samples)))

            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = given
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        with _quiet():
            return bytes(converter.convert())


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps away what C++ prints on stderr whatever it is told."""
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def _interpreter() -> Any:
    """LiteRT's interpreter; TensorFlow's own where that package is not there."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ModuleNotFoundError:
        from tensorflow.lite import Interpreter
    return Interpreter


def _open(path: Path) -> Answers:
    with _quiet():
        interpreter = _interpreter()(str(path), num_threads=1)
        interpreter.allocate_tensors()
    entry, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def answers(x: Float32) -> Float32:
        if tuple(interpreter.get_input_details()[0]["shape"]) != x.shape:
            interpreter.resize_tensor_input(entry["index"], x.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(entry["index"], x)
        interpreter.invoke()
        return np.array(interpreter.get_tensor(result["index"]), np.float32)

    return answers


EXPORTER = Exporter(_write, int8=True, open=_open)
