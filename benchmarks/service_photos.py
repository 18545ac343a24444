"""What photos do to a visitor who draws: waiting, clients that leave, memory.

    python benchmarks/service_photos.py [--seconds 15] [--others 0 1 2 4 8] [--only wait]

A drawing of 280×280 is sent every 0.1 s, as a browser does, while others have made photos of 12
megapixels read, each a next one as soon as it has its answer. Then twenty clients send a photo and
leave. Then pictures of few bytes and many pixels. The load comes from the same machine.
"""

from __future__ import annotations

import argparse
import io
import os
import socket
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from lib.photos import blank, photo
from lib.service_load import request, served

DRAWING = (Path(__file__).parents[1] / "examples" / "digits" / "5-canvas.png").read_bytes()
PAUSE = 0.1
"""Seconds between two drawings."""

LEAVERS = 20
IDLE = 0.1
"""Share of a processor below which a process counts as idle."""


def ask(port: int, data: bytes) -> tuple[int, float]:
    """Status and seconds of one request on a connection of its own."""
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
        connection.sendall(data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return int(answer[9:12]), time.perf_counter() - start


def peak(pid: int) -> float:
    """Megabytes that a process had in memory at most."""
    return _status(pid, "VmHWM")


def memory(pid: int) -> float:
    """Megabytes that a process has in memory."""
    return _status(pid, "VmRSS")


def _status(pid: int, key: str) -> float:
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(key)) / 1024


def processor(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait(port: int, pid: int, others: int, seconds: float, photos: list[bytes]) -> None:
    """Prints a row: how long drawings take while so many others read photos."""
    until = time.monotonic() + seconds
    answers: Counter[int] = Counter()

    def read(number: int) -> None:
        while time.monotonic() < until:
            status, _ = ask(port, photos[number % len(photos)])
            answers[status] += 1
            number += 1

    threads = [threading.Thread(target=read, args=(n,)) for n in range(others)]
    for thread in threads:
        thread.start()
    drawing, times = request("/v1/explain", DRAWING), []
    before = processor(pid)
    start = time.monotonic()
    while time.monotonic() < until:
        status, took = ask(port, drawing)
        assert status == 200, status
        times.append(1000 * took)
        time.sleep(PAUSE)
    busy = (processor(pid) - before) / (time.monotonic() - start)
    for thread in threads:
        thread.join()
    p50, p95 = np.percentile(times, (50, 95))
    said = ", ".join(f"{n} × {status}" for status, n in sorted(answers.items())) or "none"
    waited = f"{p50:.0f} | {p95:.0f} | {max(times):.0f}"
    print(
        f"| {others} | {len(times)} | {waited} | {said} | {busy:.2f} | {peak(pid):.0f} |",
        flush=True,
    )


def leave(port: int, pid: int, sent: bytes) -> None:
    """Prints how soon a process is idle when twenty clients have sent a photo and left."""
    drawing = request("/v1/explain", DRAWING)
    before = np.median([ask(port, drawing)[1] for _ in range(9)])
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(LEAVERS)]
    for connection in connections:
        connection.sendall(sent)
    time.sleep(1)
    for connection in connections:
        connection.close()
    left = time.monotonic()
    used, step = processor(pid), 0.2
    while True:
        time.sleep(step)
        now = processor(pid)
        if now - used < IDLE * step:
            break
        used = now
    idle = time.monotonic() - left - step
    _, first = ask(port, drawing)
    after = np.median([ask(port, drawing)[1] for _ in range(9)])
    print(
        f"{LEAVERS} clients leave: idle after {idle:.1f} s; a drawing took {1000 * before:.0f} ms "
        f"before, {1000 * first:.0f} ms then, {1000 * after:.0f} ms after; "
        f"memory {memory(pid):.0f} MB, peak {peak(pid):.0f} MB"
    )


def bombs() -> None:
    """Prints time and memory of pictures of few bytes and many pixels."""
    buffer = io.BytesIO()
    pages = [Image.new("L", (3000, 4000), 255) for _ in range(40)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    form = (part + blank(7000, 7000) + b"\r\n") * 32 + b"--x--\r\n"
    kinds = {
        "a TIFF of 40 pages of 12 megapixels": request("/v1/read", buffer.getvalue(), "image/tiff"),
        "32 blank pictures of 49 megapixels": request(
            "/v1/read", form, "multipart/form-data; boundary=x"
        ),
    }
    for name, sent in kinds.items():
        with served() as (port, process):
            ask(port, request("/v1/explain", DRAWING))
            before = memory(process.pid)
            status, took = ask(port, sent)
            time.sleep(1)
            print(
                f"{name} ({len(sent) / 2**20:.1f} MB): {status} after {took:.1f} s; memory "
                f"{before:.0f} MB before, at most {peak(process.pid):.0f}, "
                f"{memory(process.pid):.0f} after"
            )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15, help="for each row")
    parser.add_argument("--others", type=int, nargs="+", default=[0, 1, 2, 4, 8])
    parser.add_argument("--only", choices=("wait", "leave", "bombs"))
    arguments = parser.parse_args()
    photos = [request("/v1/read", photo(seed), "image/jpeg") for seed in range(3)]
    if arguments.only in (None, "wait"):
        print("| others | drawings | p50 ms | p95 ms | max ms | photos | CPU | peak MB |")
        print("| --- " * 8 + "|")
        with served() as (port, process):
            for others in arguments.others:
                wait(port, process.pid, others, arguments.seconds, photos)
    if arguments.only in (None, "leave"):
        with served() as (port, process):
            leave(port, process.pid, photos[0])
    if arguments.only in (None, "bombs"):
        bombs()


if __name__ == "__main__":
    main()
