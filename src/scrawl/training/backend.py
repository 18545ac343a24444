"""The one door through which Keras is imported.

Keras takes its backend from ``KERAS_BACKEND``; without it, TensorFlow, which measures best on a
CPU (docs/backends.md). Who imports Keras before this module has TensorFlow without the settings
made here: a run's figures then differ in the last digits from those of a process of scrawl's own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl.errors import InputError, MissingExtraError


@contextmanager
def without_notes() -> Iterator[None]:
    """Hides what a backend's C++ code writes to stdout and stderr when it is loaded.

    TensorFlow's notes on its own build come before any setting of it is read.
    """
    kept = {stream: os.dup(stream) for stream in (1, 2)}
    with Path(os.devnull).open("w") as nowhere:
        for stream in kept:
            os.dup2(nowhere.fileno(), stream)
        try:
            yield
        finally:
            for stream, copy in kept.items():
                os.dup2(copy, stream)
                os.close(copy)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Its advice on functions that are traced again, where one process trains several networks.
logging.getLogger("tensorflow").setLevel(logging.ERROR)
# TensorFlow takes oneDNN's kernels by itself only where there is AVX-512; they pay with AVX2, too.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
try:
    with without_notes():
        import keras
except ModuleNotFoundError as error:
    if error.name == "keras":
        raise MissingExtraError("training", "Keras", "train") from error
    raise InputError(
        f"Keras runs on {os.environ.get('KERAS_BACKEND', 'tensorflow')}, which needs the package "
        f"{error.name}: install it, or set KERAS_BACKEND to another backend"
    ) from error
except ValueError as error:
    raise InputError(
        "KERAS_BACKEND: expected tensorflow, jax or torch, "
        f"received '{os.environ.get('KERAS_BACKEND')}'"
    ) from error
if keras.backend.backend() != "tensorflow":
    # To seed it and to know its types, Keras loads TensorFlow on any backend: seconds, and notes.
    with suppress(ImportError):
        from keras.src.utils.module_utils import tensorflow as _tensorflow

        _tensorflow._available = False

__all__ = [
    "batches",
    "ctc_loss",
    "has_bfloat16",
    "keras",
    "name",
    "reseed",
    "seed_everything",
    "without_notes",
]


def name() -> str:
    """The backend that Keras runs on: ``"tensorflow"``, ``"jax"`` or ``"torch"``."""
    return str(keras.backend.backend())


def has_bfloat16(cpu: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has arithmetic for bfloat16; True where the system does not say.

    Args:
        cpu: Where Linux lists what the processor can do.
    """
    try:
        lines = cpu.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    # x86's and ARM's names for the list and for what is in it.
    known = next((line for line in lines if line.startswith(("flags", "Features"))), None)
    return known is None or not {"avx512_bf16", "amx_bf16", "bf16"}.isdisjoint(known.split())


def seed_everything(seed: int) -> None:
    """Fixes the initial weights, and asks the backend for repeatable operations."""
    keras.utils.set_random_seed(seed)
    if name() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()
    if name() == "torch":
        import torch

        torch.use_deterministic_algorithms(True, warn_only=True)


def reseed(model: keras.Model, seed: int, epoch: int) -> None:
    """Sets every random state that dropout draws from, a function of the seed and the epoch.

    A checkpoint does not hold these states on every backend (torch draws from its global one);
    derived ones make an epoch the same whether the run was interrupted before it or not.
    """
    keras.utils.set_random_seed(int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0]))
    for index, layer in enumerate(model.layers):
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            words = np.random.SeedSequence([seed, epoch, index]).generate_state(2) >> 1
            generator.state.assign(words.astype(generator.state.dtype))


def ctc_loss(labels: Any, logits: Any) -> Any:
    """The loss of connectionist temporal classification (A. Graves et al., 2006), shape ``(n,)``.

    On TensorFlow Keras takes a loop of many small operations, twice the cost of a small network's
    convolutions; the kernel in C++ is hardly seen beside them.

    Args:
        labels: Whole numbers, shape ``(n, longest)``: classes from 1 on, 0 behind the last.
        logits: float32, shape ``(n, steps, 1 + classes)``, the blank's first.
    """
    if name() != "tensorflow":
        return keras.losses.ctc(labels, logits)
    import tensorflow

    places = tensorflow.where(labels > 0)
    steps = tensorflow.transpose(
        tensorflow.concat([logits[..., 1:], logits[..., :1]], -1), (1, 0, 2)
    )
    rows = tensorflow.fill((tensorflow.shape(logits)[0],), tensorflow.shape(logits)[1])
    return tensorflow.raw_ops.CTCLoss(  # its blank comes last
        inputs=steps,
        labels_indices=places,
        labels_values=tensorflow.cast(tensorflow.gather_nd(labels, places), "int32") - 1,
        sequence_length=rows,
    )[0]


def batches(size: int, *arrays: NDArray[Any]) -> dict[str, Any]:
    """What Keras' ``fit``, ``evaluate`` or ``predict`` is called with to take rows in their order.

    Given arrays, Keras on TensorFlow makes a pipeline that tunes itself. All rows are in memory,
    so that there is nothing to tune; but after every second epoch or so Keras waits for the
    tuning thread to wake, one to five seconds.

    Args:
        size: Rows a batch; the last one has what is left.
        arrays: The network's input, and the targets where there are any, each of ``n`` rows.
    """
    if name() != "tensorflow":
        if keras.distribution.distribution() is not None:
            size, arrays = _share(size, arrays)
        return {**dict(zip(("x", "y"), arrays, strict=False)), "batch_size": size}
    import tensorflow

    options = tensorflow.data.Options()
    options.autotune.enabled = False
    rows = tensorflow.data.Dataset.from_tensor_slices(arrays).batch(size).prefetch(1)
    return {"x": rows.with_options(options)}


def alone(model: keras.Model) -> keras.Model:
    """The network for this process by itself, once all have learnt; as it is in one process."""
    if keras.distribution.distribution() is None:
        return model
    import jax

    weights = model.get_weights()
    keras.distribution.set_distribution(None)
    jax.distributed.shutdown()
    twin = keras.models.clone_model(model)
    twin.set_weights(weights)
    return twin


def _share(size: int, arrays: tuple[NDArray[Any], ...]) -> tuple[int, tuple[NDArray[Any], ...]]:
    """Of each batch what is for this of several processes; all have as many rows of it."""
    import jax

    count, own = jax.process_count(), jax.process_index()
    every = np.arange(len(arrays[0]))
    every = every[: len(every) - len(every) % size % count]
    starts = range(0, len(every), size)
    rows = np.concatenate([np.split(every[start : start + size], count)[own] for start in starts])
    return size // count, tuple(array[rows] for array in arrays)
