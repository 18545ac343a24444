"""A model card in Hugging Face's form: YAML that their hub reads, then the run's own card.

The keys are those of https://huggingface.co/docs/hub/model-cards (``model-index`` of Papers with
Code). YAML holds JSON, so every value is written as that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scrawl.data import get
from scrawl.files import write_text
from scrawl.training.finish import card
from scrawl.training.run import Run

_LICENCES = {
    "CC BY-SA 3.0": "cc-by-sa-3.0",
    "CC BY 4.0": "cc-by-4.0",
    "MIT": "mit",
    "BSD-3-Clause": "bsd-3-clause",
}
"""What the hub calls licences of data; of those that it has no name for, ``other``."""

_LIBRARIES = {
    ".onnx": "onnx",
    ".keras": "keras",
    ".savedmodel": "keras",
    ".tflite": "tflite",
    ".xml": "openvino",
}
"""What the hub calls the programs that open a file."""


def write_card(run: Run, out: Path, path: Path) -> None:
    """Writes the card of a file that was exported.

    Args:
        run: The complete run that it comes from.
        out: The file.
        path: Where the card goes; the hub shows ``README.md``.

    Raises:
        InputError: It cannot be written.
    """
    metrics = run.metrics()
    lines = (f"{key}: {json.dumps(value)}" for key, value in _front(run, out, metrics).items())
    text = card(run, metrics)
    write_text(path, "\n".join(["---", *lines, "---", "", text, _use(run, out)]))


def _front(run: Run, out: Path, metrics: dict[str, Any]) -> dict[str, Any]:
    data, test = metrics["data"], metrics["test"]
    scores = [{"type": "accuracy", "value": round(test["accuracy"], 4)}]
    task = {"type": "image-classification"}
    dataset = {"type": data, "name": data, "split": "test"}
    result = {"task": task, "dataset": dataset, "metrics": scores}
    front = {
        "license": _licence(run, data),
        "tags": ["handwriting", "digits", "scrawl", out.suffix.removeprefix(".")],
        "pipeline_tag": "image-classification",
        "datasets": [data, *run.recipe.hands],
        "metrics": ["accuracy"],
        "model-index": [{"name": run.recipe.name, "results": [result]}],
    }
    if library := _LIBRARIES.get(out.suffix):
        front["library_name"] = library
    return front


def _licence(run: Run, data: str) -> str:
    """That of the data, where it is one: weights are passed on under no freer one."""
    if run.recipe.pictures or Path(data).exists():
        return "unknown"
    stated = {get(name).info.licence for name in (data, *run.recipe.hands)}
    return _LICENCES.get(stated.pop(), "other") if len(stated) == 1 else "other"


def _use(run: Run, out: Path) -> str:
    return f"""
## Use

`{out.name}` takes float32 pictures in [0, 1], ink 1 and paper 0, of the size that it says, a digit
centred as MNIST's are, and gives a probability for each class. `scrawl read` finds the digit on a
photo and brings it into that form; docs/formats.md of scrawl says how each format is opened.

The licence named above is that of the data it was trained on. Not meant for anything on which a
misread digit does harm: look at what is below the threshold.
"""
