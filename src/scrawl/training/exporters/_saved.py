"""TensorFlow's own files of a network."""

from __future__ import annotations

from pathlib import Path

from scrawl.errors import InputError
from scrawl.training import backend
from scrawl.training.backend import keras
from scrawl.training.exporters import Order
from scrawl.training.network import in_float32, load_checkpoint


def save(order: Order, folder: Path) -> None:
    """Writes the run's network as a SavedModel.

    Raises:
        InputError: Keras runs on another backend than TensorFlow.
    """
    if backend.name() != "tensorflow":
        raise InputError(
            f"{order.out}: expected Keras on tensorflow, which writes this format, found it on "
            f"{backend.name()} (KERAS_BACKEND=tensorflow scrawl export does it)"
        )
    model = in_float32(load_checkpoint(order.run.checkpoint, optimizer=False))
    shape = (None, *model.input_shape[1:])
    signature = [keras.InputSpec(shape=shape, dtype="float32", name="pixels")]
    model.export(folder, verbose=False, input_signature=signature)
