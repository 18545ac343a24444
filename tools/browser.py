"""Makes what a page without a server runs: ONNX Runtime, packed, and two graphs.

    python tools/browser.py              # all of it, into src/scrawl/training/browser
    python tools/browser.py before after # after a change of preprocessing or calibration
    python tools/browser.py runtime      # after a change of package.json there

The graphs are traced from scrawl's own functions (`scrawl.training.browser.steps`) by ndonnx, and
simplified by ONNX Runtime. ONNX Runtime for browsers is what npm installs by package-lock.json:
its JavaScript as a script that a page can hold, its WebAssembly packed by xz.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from scrawl.training.browser import steps

ROOM = Path(steps.__file__).parent
CLASSES = "classes"
LOCK = ("package.json", "package-lock.json")


def trace(name: str) -> None:
    """Makes the graph of what comes before the network, or of what comes after it."""
    import ndonnx as ndx

    def given(shape: tuple[int | str, ...], dtype: str) -> Any:
        return ndx.argument(shape=shape, dtype=getattr(ndx, dtype))

    sheet = (steps.SHEET, steps.SHEET)
    before = {"ink": given(sheet, "float32"), "pixel_max": given((), "float32")}
    after = {
        "answer": given((1, CLASSES), "float32"),
        "letters": given((CLASSES,), "bool"),
        "weights": given((CLASSES,), "float64"),
        "temperature": given((), "float64"),
        "threshold": given((), "float64"),
    }
    inputs = {"before": before, "after": after}[name]
    step: Callable[..., Any] = getattr(steps, name)
    path = ROOM / f"{name}.onnx"
    simplify(ndx.build(inputs, step(ndx, **inputs)), path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def simplify(model: onnx.ModelProto, path: Path) -> None:
    """Writes a graph in which all that is known beforehand is computed."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(path)
    # No more than that, so that any processor runs what is written.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    onnxruntime.InferenceSession(sized(model).SerializeToString(), options)
    simplified = onnx.load(path)
    used = {node.domain for node in simplified.graph.node}
    for entry in [one for one in simplified.opset_import if one.domain not in used]:
        simplified.opset_import.remove(entry)
    for node in simplified.graph.node:
        node.name, node.doc_string = "", ""
    del simplified.graph.value_info[:]
    onnx.checker.check_model(simplified)
    onnx.save(simplified, path)


def sized(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with known sizes as constants: ndonnx asks whether arrays are empty."""
    model = onnx.shape_inference.infer_shapes(model)
    graph = model.graph
    shapes = {one.name: list(one.dims) for one in graph.initializer}
    for value in (*graph.input, *graph.value_info):
        sides = value.type.tensor_type.shape.dim
        if all(side.HasField("dim_value") for side in sides):
            shapes[value.name] = [side.dim_value for side in sides]
    for node in graph.node:
        if node.op_type == "Size" and node.input[0] in shapes:
            size = np.array(math.prod(shapes[node.input[0]]), np.int64)
            made = onnx.helper.make_node("Constant", [], list(node.output))
            made.attribute.append(
                onnx.helper.make_attribute("value", onnx.numpy_helper.from_array(size))
            )
            node.CopyFrom(made)
    return model


def runtime() -> None:
    """Installs ONNX Runtime by the lock file and packs it."""
    with tempfile.TemporaryDirectory() as folder:
        for name in LOCK:
            shutil.copy(ROOM / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=folder, check=True)  # noqa: S607
        package = Path(folder) / "node_modules" / "onnxruntime-web"
        stated = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
        script = (package / "dist" / "ort.wasm.bundle.min.mjs").read_text(encoding="utf-8")
        binary = (package / "dist" / "ort-wasm-simd-threaded.wasm").read_bytes()
    (ROOM / "ort.js").write_text(as_script(script), encoding="utf-8")
    packed = lzma.compress(binary, preset=9 | lzma.PRESET_EXTREME)
    (ROOM / "ort.wasm.xz").write_bytes(packed)
    print(f"ONNX Runtime {stated}: {len(binary):,} bytes, packed {len(packed):,}")


def as_script(module: str) -> str:
    """A module whose exports are the members of a global ``ort``, since it has no address."""
    body, exports = re.fullmatch(r"(.*)export\{(.*?)\};\s*(?://# .*)?\s*", module, re.S).groups()  # type: ignore[union-attr]
    pairs = (each.split(" as ") for each in exports.split(","))
    members = ",".join(f"{name}:{own}" for own, name in ((p[0], p[-1]) for p in pairs))
    return f"{body}globalThis.ort={{{members}}};\n"


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    jobs = ("before", "after", "runtime")
    parser.add_argument("what", nargs="*", metavar="|".join(jobs), help="all, if not said")
    for job in parser.parse_args().what or jobs:
        if job == "runtime":
            runtime()
        else:
            trace(job)


if __name__ == "__main__":
    main()
