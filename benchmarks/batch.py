"""What batches cost, by processes and on Ray, and whether each picture is read exactly once.

    python benchmarks/batch.py [--counts 1000 10000] [--ways local-1 ray-2] [--model RUN]
    python benchmarks/batch.py --kill [--counts 2000]
    python benchmarks/batch.py --empty [--counts 10000 100000]

Pictures are MNIST's training digits, dark on light, as PNG in one tar file, over again where there
are more than 60,000; they are read as single digits. With a model that has not learnt what is no
digit, such as a run of ``softmax``, nothing is asked twice: what is measured then is what a batch
adds. Whole seconds are those of the command, starts included; the others those of its reading; CPU
seconds those of all its processes, which other work on the machine does not change.
Memory is the peak of the command's own process, and of the largest of those that it starts.

``--empty`` opens pictures and reads nothing of them, in one process: what naming, streaming, tables
and parts cost by themselves, and whether memory grows with their number.

``--kill`` kills a process that reads when half is done, then the whole command, and counts the
rows of each picture at the end.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image

from scrawl import data
from scrawl.batch import Job, run
from scrawl.batch.block import part, rows
from scrawl.batch.job import Way
from scrawl.batch.source import Block
from scrawl.batch.table import of_prediction
from scrawl.prediction import Prediction
from scrawl.workers import processes

WAYS = ("local-1", "local-2", "ray-1", "ray-2")
SAMPLE_SECONDS = 0.2
BLOCK = Job("one").block


def make(count: int, folder: Path, data_dir: Path | None) -> Path:
    """A tar file of so many pictures."""
    path = folder / f"{count}.tar"
    digits = data.load("mnist", data_dir).x_train
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(count):
            file = io.BytesIO()
            Image.fromarray(255 - digits[number % len(digits)]).save(file, "png")
            member = tarfile.TarInfo(f"{number:07d}.png")
            member.size = file.tell()
            file.seek(0)
            archive.addfile(member, file)
    return path


def start(source: Path, out: Path, way: str, model: str | None) -> subprocess.Popen[str]:
    """The command, under way."""
    kind, workers = way.split("-")
    command = [sys.executable, "-m", "scrawl", "batch", str(source), "--one", "--json"]
    command += ["--out", str(out), "--workers", workers]
    command += ["--cluster", "local"] if kind == "ray" else []
    command += ["--model", model] if model else []
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def watch(process: subprocess.Popen[str], seen: Callable[[], None] | None = None) -> dict[str, Any]:
    """What the command says, its peaks of memory in MiB, and the CPU seconds of all processes."""
    begin, own, largest = time.perf_counter(), 0.0, 0.0
    cpu: dict[int, float] = {}
    while process.poll() is None:
        others = below(process.pid)
        own = max(own, peak(process.pid))
        largest = max([largest, *map(peak, others)])
        cpu |= {pid: spent for pid in (process.pid, *others) if (spent := cpu_seconds(pid))}
        if seen is not None:
            seen()
        time.sleep(SAMPLE_SECONDS)
    assert process.stdout is not None
    told = process.stdout.read()
    figures: dict[str, Any] = json.loads(told) if told else {}
    whole = time.perf_counter() - begin
    return {**figures, "whole": whole, "own": own, "largest": largest, "cpu": sum(cpu.values())}


def cpu_seconds(pid: int) -> float:
    """The CPU seconds of a process so far; 0 where it is gone."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """The most memory that a process has had, in MiB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def below(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    found: list[int] = []
    try:
        for tasks in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (tasks / "children").read_text().split())
    except OSError:
        return []
    return found + [other for one in found for other in below(one)]


def readers(pid: int) -> list[int]:
    """The processes of a command that read pictures."""
    chosen = []
    for one in below(pid):
        try:
            line = Path(f"/proc/{one}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "spawn_main" in line or "MapWorker" in line:
            chosen.append(one)
    return chosen


def counted(out: Path) -> Counter[str]:
    """How many rows each picture has."""
    from pyarrow import parquet

    return Counter(parquet.read_table(out, columns=["file"])["file"].to_pylist())


def speed(source: Path, count: int, way: str, model: str | None, folder: Path) -> None:
    """Prints a row."""
    out = folder / f"{count}-{way}"
    figures = watch(start(source, out, way, model))
    assert set(counted(out).values()) == {1}, "a picture has not exactly one row"
    rate, whole = figures["pictures"] / figures["seconds"], figures["whole"]
    memory = f"{figures['own']:.0f} | {figures['largest']:.0f}"
    cells = f"{figures['seconds']:.1f} | {whole:.1f} | {rate:.0f} | {figures['cpu']:.1f} | {memory}"
    print(f"| {count:,} | {way} | {cells} |", flush=True)


def empty(source: Path, out: Path) -> dict[str, float]:
    """A batch in this process that reads nothing: its seconds, and the peak of memory in MiB."""

    def each(start: Any, jobs: Iterable[Block], *_: Any, **__: Any) -> Iterator[Any]:
        blank = Prediction.blank()
        way = Way(lambda pages: [of_prediction(page, blank) for page in pages], at_once=BLOCK)
        return (part(job, rows(job, way), way) for job in jobs)

    start = time.process_time()
    with patch.object(processes, "each", each):
        figures = run([str(source)], out, Job("one"))
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time() - start
    return {"seconds": figures.seconds, "cpu": cpu, "peak": largest}


def alone(source: Path, count: int, folder: Path) -> None:
    """Prints a row of a batch that reads nothing, which a process of its own has done."""
    command = [sys.executable, __file__, "--source", str(source), "--out", str(folder / "empty")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures = json.loads(done.stdout)
    cells = f"{figures['seconds']:.1f} | {figures['cpu']:.1f} | {figures['peak']:.0f}"
    print(f"| {count:,} | {cells} |", flush=True)


def strike(process: subprocess.Popen[str], victim: str, out: Path, count: int) -> None:
    """Kills a reader or the command when half is done, once."""
    mark = out.with_suffix(".killed")
    if mark.exists() or len(list(out.glob("part-*.parquet"))) * BLOCK < count / 2:
        return
    chosen = readers(process.pid) if victim == "a reader" else [process.pid]
    mark.touch()
    os.kill(chosen[0], signal.SIGKILL)


def kill(source: Path, count: int, way: str, model: str | None, folder: Path) -> None:
    """Prints what came of killing a reader, and then the command."""
    for victim in ("a reader", "the command"):
        out = folder / f"{way}-{victim[-6:]}"
        process = start(source, out, way, model)
        watch(process, partial(strike, process, victim, out, count))
        first = sum(counted(out).values())
        again = watch(start(source, out, way, model)) if process.returncode else {}
        found = counted(out)
        once = len(found) == count and set(found.values()) == {1}
        then = f", {again['pictures']:,} when started again" if again else ""
        print(
            f"{way}: killed {victim}: {first:,} rows{then}; "
            f"each of {count:,} pictures exactly once: {once}",
            flush=True,
        )


def main() -> None:
    """Prints a table of what batches cost, or what killing did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", nargs="+", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--model", help="a run of single digits; the bundled model if none")
    parser.add_argument("--kill", action="store_true", help="kill processes, count rows")
    parser.add_argument("--empty", action="store_true", help="read nothing")
    parser.add_argument("--data-dir", type=Path, help="where MNIST is")
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.source:
        print(json.dumps(empty(arguments.source, arguments.out)))
        return
    if arguments.empty:
        print("| pictures | s | CPU s | MiB |\n" + "| --- " * 4 + "|", flush=True)
    elif not arguments.kill:
        print("| pictures | way | s | whole s | digits/s | CPU s | MiB, command | MiB, largest |")
        print("| --- " * 8 + "|", flush=True)
    for count in arguments.counts:
        with tempfile.TemporaryDirectory() as name:
            source = make(count, Path(name), arguments.data_dir)
            if arguments.empty:
                alone(source, count, Path(name))
                continue
            for way in arguments.ways:
                act = kill if arguments.kill else speed
                act(source, count, way, arguments.model, Path(name))


if __name__ == "__main__":
    main()
