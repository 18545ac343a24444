"""One run in every format, each opened by its own runtime: the tables of docs/formats.md.

    python benchmarks/formats.py runs/tiny [runs/micro ...] [--rows 1000]
    python benchmarks/formats.py runs/tiny runs/micro --microcontroller

Accuracy is on the first rows of the test set of the run's data; microseconds are the least of a
few passes over single pictures, on one thread where the runtime can be told so. With
--microcontroller the C header is compiled by cc -Os: bytes of code and data by ``size``,
instructions a digit by valgrind's callgrind where it is installed, products in any case.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from scrawl import data
from scrawl.arrays import UInt8
from scrawl.errors import ScrawlError
from scrawl.network import Network
from scrawl.training.exporters import EXPORTERS, Order, _check, export
from scrawl.training.microcontroller.header import memory
from scrawl.training.microcontroller.integer import quantised
from scrawl.training.network import load_checkpoint
from scrawl.training.run import Run

PASSES = 3
TIMED = 100
"""Single pictures that a pass reads."""


def formats(run: Run, rows: int) -> None:
    """Prints a row a format."""
    own = Network(run.model)
    dataset = data.load(own.info.data)
    images, labels = dataset.x_test[:rows], dataset.y_test[:rows]
    x = _check.tensor(own, images)
    print(f"\n{run.recipe.name}, {own.info.parameters:,} parameters, {len(labels):,} test rows\n")
    print("| format | accuracy % | bytes | µs a picture |\n| --- | --- | --- | --- |")
    for suffix in EXPORTERS:
        for int8 in (False, True):
            exporter = EXPORTERS[suffix]
            if exporter.open is None or (int8 and not exporter.int8) or (suffix, int8) == ("h", 0):
                continue
            name = f"`.{suffix}`" + (" int8" if int8 else "")
            with tempfile.TemporaryDirectory() as folder:
                out = Path(folder) / f"digits.{suffix}"
                try:
                    exported = export(run, out, int8=int8)
                    answers = exporter.open(out)
                    right = (answers(x).argmax(1) == labels).mean()
                    answers(x[:1])
                    least = min(_seconds(answers, x[:TIMED]) for _ in range(PASSES))
                except ScrawlError as error:
                    print(f"| {name} | {error} | | |")
                    continue
            print(f"| {name} | {right * 100:.2f} | {exported.size:,} | {least * 1e6:.0f} |")


def _seconds(answers, x) -> float:  # type: ignore[no-untyped-def]
    start = time.perf_counter()
    for row in range(len(x)):
        answers(x[row : row + 1])
    return (time.perf_counter() - start) / len(x)


_HEAD = "| recipe | flash, bytes | of them data | RAM, bytes | products | instructions, x86-64 |"


def microcontroller(runs: list[Run]) -> None:
    """Prints what the header of each run costs."""
    print(f"{_HEAD}\n| --- | --- | --- | --- | --- | --- |")
    for run in runs:
        own = Network(run.model)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "digits.h"
            export(run, out)
            images = _check.rows(Order(run, out), own)
            network = quantised(load_checkpoint(run.checkpoint, optimizer=False), own.info, images)
            text, held, program = _compiled(Path(folder))
            few, more = (_instructions(program, images[:n]) for n in (2, 12))
        cost = f"{(more - few) // 10:,}" if few and more else "not counted"
        products = sum(layer.products for layer in network)
        size = sum(layer.size for layer in network)
        print(f"| `{run.recipe.name}` | {text:,} | {size:,} | {held:,} | {products:,} | {cost} |")
        assert memory(network) <= held


def _compiled(folder: Path) -> tuple[int, int, Path]:
    """Bytes of code with constants, and of what is written to; and the program."""
    source = Path(__file__).parents[1] / "examples" / "microcontroller" / "read.c"
    names = ['-DMODEL="digits.h"', "-DREAD=digits_read", "-DSIZE=784", f"-I{folder}"]
    unit = folder / "unit.c"
    unit.write_text('#include "digits.h"\nint one(const uint8_t *p, uint16_t *c)\n'
                    "{ return digits_read(p, c); }\n")  # fmt: skip
    compiler = ["cc", "-Os", "-std=c99"]
    subprocess.run([*compiler, "-c", str(unit), "-o", str(folder / "unit.o")], check=True)
    sizes = subprocess.run(["size", folder / "unit.o"], capture_output=True, text=True, check=True)
    text, filled, zeros = map(int, sizes.stdout.splitlines()[1].split()[:3])
    subprocess.run([*compiler, *names, str(source), "-o", str(folder / "read")], check=True)
    return text + filled, zeros, folder / "read"


def _instructions(program: Path, images: UInt8) -> int | None:
    """What the program executes for some pictures; None without valgrind."""
    if shutil.which("valgrind") is None:
        return None
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(program)]
    done = subprocess.run(command, input=images.tobytes(), capture_output=True, check=True)
    line = next(line for line in done.stderr.decode().splitlines() if "Collected" in line)
    return int(line.split(":")[1])


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+", help="complete run folders")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--microcontroller", action="store_true")
    arguments = parser.parse_args()
    runs = [Run.open(folder) for folder in arguments.runs]
    if arguments.microcontroller:
        microcontroller(runs)
        return
    for run in runs:
        formats(run, arguments.rows)


if __name__ == "__main__":
    main()
