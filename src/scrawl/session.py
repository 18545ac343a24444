"""Opens a model: a bundle becomes a session of ONNX Runtime and the facts that it states."""

from __future__ import annotations

import os
from pathlib import Path

import onnxruntime

from scrawl.bundle import METADATA_KEY, BundleInfo, parse
from scrawl.errors import ModelError


def open_model(
    model: str | os.PathLike[str], threads: int | None = None
) -> tuple[onnxruntime.InferenceSession, BundleInfo]:
    """Opens a model.

    Args:
        model: A run folder or an ``.onnx`` file.
        threads: How many a call may use; None for one a core.

    Returns:
        A session, which threads may share, and what the bundle says of itself.

    Raises:
        ModelError: It is missing, damaged or of another version.
    """
    path = _resolve(Path(model))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads or 0
    try:
        session = onnxruntime.InferenceSession(raw, options, ["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no public base
        reason = str(error).splitlines()[0]
        raise ModelError(f"{path}: expected an ONNX model, found none ({reason})") from error
    text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    return session, parse(path, raw, text)


def _resolve(path: Path) -> Path:
    """The ``.onnx`` file that a run folder or a file name stands for."""
    if path.is_dir():
        path = path / "model.onnx"
        if not path.is_file():
            raise ModelError(f"{path.parent}: no finished run (it holds no model.onnx)")
    if not path.is_file():
        raise ModelError(f"{path}: no such model (expected a run folder or an .onnx file)")
    return path
