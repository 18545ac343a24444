"""The network as a C header for microcontrollers, in whole numbers."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from scrawl.arrays import Float32
from scrawl.errors import InputError
from scrawl.files import write_text
from scrawl.training.exporters import Answers, Exported, Exporter, Order, _check
from scrawl.training.exporters._facts import facts
from scrawl.training.microcontroller.header import header, named
from scrawl.training.microcontroller.integer import SURE, answers, quantised
from scrawl.training.network import in_float32, load_checkpoint


def _write(order: Order) -> Exported:
    own = _check.of_digits(order)
    images = _check.rows(order, own)
    model = in_float32(load_checkpoint(order.run.checkpoint, optimizer=False))
    network = quantised(model, own.info, images)
    write_text(order.out, header(network, own.info, facts(own.info), order.out.stem))
    said = own.run(_check.tensor(own, images)).argmax(1)
    return Exported(
        order.out,
        order.out.stat().st_size,
        weights=sum(layer.size for layer in network),
        agreement=float((answers(network, images)[0] == said).mean()),
        asked=len(images),
    )


_ENTRY = """
#include "{header}"
void read_all(const uint8_t *pixels, int32_t n, int32_t *found)
{{
    for (int32_t row = 0; row < n; row++) {{
        uint16_t confidence;
        found[2 * row] = {name}_read(pixels + row * {upper}_HEIGHT * {upper}_WIDTH, &confidence);
        found[2 * row + 1] = confidence;
    }}
}}
int32_t pixel_max(void) {{ return {upper}_PIXEL_MAX; }}
int32_t classes(void) {{ return {upper}_CLASSES; }}
"""


def _open(path: Path) -> Answers:
    """Compiles it for this machine; all but the answer's probability is 0."""
    compiler, name = shutil.which("cc"), named(path.stem)
    if compiler is None:
        raise InputError(f"{path}: needs a C compiler called cc, found none")
    code = _ENTRY.format(header=path.absolute(), name=name, upper=name.upper())
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "digits.so"
        command = [compiler, "-O2", "-std=c99", "-shared", "-fPIC", "-x", "c", "-", "-o"]
        subprocess.run([*command, str(library)], input=code.encode(), check=True)  # noqa: S603 - our own code
        loaded = ctypes.CDLL(str(library))

    def read(x: Float32) -> Float32:
        pixels = np.ascontiguousarray(np.rint(x * loaded.pixel_max()), np.uint8)
        found = np.zeros((len(x), 2), np.int32)
        loaded.read_all(pixels.ctypes, len(x), found.ctypes)
        sure = np.zeros((len(x), loaded.classes()), np.float32)
        sure[np.arange(len(x)), found[:, 0]] = found[:, 1] / SURE
        return sure

    return read


EXPORTER = Exporter(_write, int8=True, open=_open)
