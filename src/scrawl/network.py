"""Opens a model and runs it: the only caller of ONNX Runtime."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnxruntime

from scrawl.arrays import Float32
from scrawl.bundle import CLASSIFY, DETECT, METADATA_KEY, TRANSCRIBE, parse
from scrawl.errors import InputError, ModelError

DEVICES = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}
"""What a network may run on, and what ONNX Runtime calls its provider."""

_TASKS = {
    CLASSIFY: "a model of single digits",
    DETECT: "a model that reads pages",
    TRANSCRIBE: "a model that reads lines",
}


class Network:
    """A model that is ready to run. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
        input_name: What the graph calls what it takes.
        input_shape: Its shape: a number for each axis, None where any will do.
    """

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        task: str | None = None,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        """Opens a model.

        Args:
            model: A run folder or an ``.onnx`` file.
            task: What it has to be for, a name of ``scrawl.bundle``; None takes any.
            device: A key of ``DEVICES``; what it cannot compute runs on the CPU.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged, made by a newer scrawl, or for another task.
            InputError: ONNX Runtime as it is installed has no such device.
        """
        path = resolve(Path(model))
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = threads or 0
        # Threads that wait for the next call in a loop take half of what one digit costs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        providers = _providers(device)
        try:
            self._session = onnxruntime.InferenceSession(raw, options, providers)
        except Exception as error:  # ONNX Runtime's errors share no public base
            reason = str(error).splitlines()[0]
            raise ModelError(f"{path}: expected an ONNX model, found none ({reason})") from error
        text = self._session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
        self.info = parse(path, raw, text)
        if task not in (None, self.info.task):
            received = _TASKS.get(self.info.task, f"one for the task '{self.info.task}'")
            raise ModelError(f"{model}: expected {_TASKS[task]}, received {received}")
        entry = self._session.get_inputs()[0]
        self.input_name = entry.name
        self.input_shape = tuple(
            size if isinstance(size, int) and size > 0 else None for size in entry.shape
        )

    def run(self, batch: Float32) -> Float32:
        """What the network makes of a batch.

        Args:
            batch: float32, shape ``(n, …)`` as ``input_shape`` says, in [0, 1] with ink 1.

        Returns:
            float32: the network's first output, uncalibrated.
        """
        return np.asarray(self._session.run(None, {self.input_name: batch})[0], np.float32)

    def run_all(self, batch: Float32) -> dict[str, Float32]:
        """The same, with every output by its name."""
        names = [output.name for output in self._session.get_outputs()]
        outputs = self._session.run(names, {self.input_name: batch})
        return {name: np.asarray(x, np.float32) for name, x in zip(names, outputs, strict=True)}


def _providers(device: str) -> list[str]:
    """The providers to ask for, the wanted one first.

    Raises:
        InputError: There is no such device, or ONNX Runtime was built without it.
    """
    here = onnxruntime.get_available_providers()
    known = [name for name, provider in DEVICES.items() if provider in here]
    if device not in known:
        raise InputError(
            f"device: expected one of {', '.join(known)} (what ONNX Runtime "
            f"{onnxruntime.__version__} has here), received '{device}'"
        )
    return list(dict.fromkeys((DEVICES[device], DEVICES["cpu"])))


def resolve(path: Path) -> Path:
    """The ``.onnx`` file that a run folder or a file name stands for.

    Raises:
        ModelError: There is none.
    """
    if path.is_dir():
        path = path / "model.onnx"
        if not path.is_file():
            raise ModelError(f"{path.parent}: no finished run (it holds no model.onnx)")
    if not path.is_file():
        raise ModelError(f"{path}: no such model (expected a run folder or an .onnx file)")
    return path
