"""From a Keras network to the ``.onnx`` file that scrawl reads with, checked against Keras."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx

from scrawl.bundle import BundleInfo
from scrawl.errors import MissingExtraError, ModelError
from scrawl.files import writing
from scrawl.network import Network
from scrawl.training import backend
from scrawl.training.backend import keras
from scrawl.training.seal import seal

TOLERANCE = 1e-4
"""The largest difference between Keras and ONNX Runtime that passes, as `compare` gives it."""

BATCHES = (1, 7)
"""Batch sizes that are compared: an export may have fixed the size by mistake."""


def export_bundle(model: keras.Model, info: BundleInfo, path: Path) -> float:
    """Writes a bundle.

    Args:
        model: The network.
        info: The facts that go into the metadata.
        path: The ``.onnx`` file.

    Returns:
        The largest difference between Keras and ONNX Runtime, as `compare` gives it.

    Raises:
        ModelError: The difference is above ``TOLERANCE``.
        InputError: The file cannot be written.
    """
    with writing(path) as aside:
        _export_graph(model, aside)
        aside.write_bytes(seal(onnx.load(aside), info))
        difference = compare(model, aside)
        if not difference <= TOLERANCE:  # written so that not-a-number fails too
            raise ModelError(
                f"{path}: the export differs from Keras by {difference:.2g}, "
                f"expected at most {TOLERANCE:.0e}"
            )
    return difference


def compare(model: keras.Model, path: Path) -> float:
    """The largest difference between the network and its bundle on random pictures.

    Args:
        model: The network.
        path: The ``.onnx`` file.

    Returns:
        The difference of an output; where outputs exceed 1, as logits do, divided by the largest.
    """
    network = Network(path)
    rng = np.random.default_rng(0)
    sides = (*network.info.image_shape, 1)
    inputs = zip(model.input_shape[1:], sides, strict=False)
    shape = tuple(known or side for known, side in inputs)
    differences = []
    for n in BATCHES:
        x = rng.random((n, *shape), dtype=np.float32)
        ours = network.run(x)
        theirs = keras.ops.convert_to_numpy(model(x, training=False))
        if ours.shape != theirs.shape:
            return float("inf")
        differences.append(np.abs(ours - theirs).max() / max(1, np.abs(theirs).max()))
    return float(max(differences))


def _export_graph(model: keras.Model, path: Path) -> None:
    others = _exporters(None in model.input_shape[1:])
    if backend.name() not in others:
        _export_elsewhere(model, path, others)
        return
    if backend.name() == "tensorflow" and find_spec("tf2onnx") is None:
        raise MissingExtraError("the ONNX export", "tf2onnx", "train")
    shape = (None, *model.input_shape[1:])
    signature = [keras.InputSpec(shape=shape, dtype="float32", name="pixels")]
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporters' own code
        model.export(path, format="onnx", verbose=False, input_signature=signature)


def _exporters(any_size: bool) -> tuple[str, ...]:
    """The backends whose export ONNX Runtime takes (docs/log.md).

    Keras exports JAX networks through jax2onnx, whose pooling ONNX Runtime refuses when the batch
    size is free; and torch networks from an input of one pixel when height and width are.
    """
    return ("tensorflow",) if any_size else ("tensorflow", "torch")


def _export_elsewhere(model: keras.Model, path: Path, others: tuple[str, ...]) -> None:
    """Exports in a child process on another backend; a ``.keras`` file is the same on all."""
    other = next((name for name in others if find_spec(name)), None)
    if other is None:
        needed = " or ".join(others)
        raise MissingExtraError(f"the ONNX export from {backend.name()}", needed, "train")
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "model.keras"
        model.save(saved)
        child = subprocess.run(  # noqa: S603 - our own module, on paths of our own
            [sys.executable, "-m", "scrawl.training.bundling", str(saved), str(path)],
            env={**os.environ, "KERAS_BACKEND": other},
            capture_output=True,
            text=True,
            check=False,
        )
    if child.returncode:
        raise ModelError(f"the export on {other} failed: {child.stderr.strip()[-300:]}")


def _export_saved(saved: Path, path: Path) -> None:
    """What the child process does."""
    from scrawl.training.network import load_checkpoint

    _export_graph(load_checkpoint(saved), path)


if __name__ == "__main__":
    _export_saved(Path(sys.argv[1]), Path(sys.argv[2]))
