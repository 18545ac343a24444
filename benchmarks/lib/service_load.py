"""What the benchmarks of the service share: a server of one's own, and load on it."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import numpy as np


@dataclass
class Load:
    """What came of some load.

    Attributes:
        seconds: How long it lasted.
        times: Seconds that each answer took.
        answers: How many had each status; 0 is a connection that broke.
    """

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds that so many percent of the answers took at most."""
        return 1000 * float(np.percentile(self.times, share))


@contextmanager
def served(*arguments: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Runs ``scrawl serve`` on a free port, its log thrown away; gives port and process."""
    command = [sys.executable, "-m", "scrawl", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    found = re.search(r":(\d+)\s*$", process.stdout.readline())
    assert found, "scrawl serve did not start"
    try:
        httpx.get(f"http://127.0.0.1:{found[1]}/ping", timeout=120)  # workers take a while to start
        yield int(found[1]), process
    finally:
        process.terminate()
        process.wait(timeout=60)


def request(path: str, body: bytes = b"", kind: str = "image/png", method: str = "POST") -> bytes:
    """The bytes of a request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def load(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Keeps so many connections busy for so long, after a second that warms up.

    Args:
        port: Of a server on this machine.
        requests: What is sent, in turn.
        connections: Each sends its next request when it has its answer.
        seconds: How long.
    """
    import uvloop

    return uvloop.run(_load(port, requests, connections, seconds))


async def _load(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    result = Load()
    start = time.perf_counter() + 1.0
    until = start + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(_connection(port, requests, number, start, until, result))
    result.seconds = seconds
    return result


async def _connection(
    port: int, requests: Sequence[bytes], number: int, start: float, until: float, result: Load
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (sent := time.perf_counter()) < until:
        writer.write(requests[number % len(requests)])
        number += 1
        try:
            status = await _answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            result.answers[0] += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        if sent >= start:
            result.times.append(time.perf_counter() - sent)
            result.answers[status] += 1
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head[9:12])
