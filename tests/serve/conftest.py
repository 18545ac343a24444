"""A server to test: started as a user starts it, on a free port of loopback."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"


class Server:
    """A running ``scrawl serve``, its log and a client."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scrawl", "serve", "--port", "0", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        first = self.process.stdout.readline()
        found = re.search(r"http://\S+:(\d+)", first)
        assert found, (self.finish(), self.lines)
        self.url, self.port = found[0], int(found[1])
        self.client = httpx.Client(base_url=self.url, timeout=120)

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line.rstrip())

    def post(self, path: str, data: bytes = b"", kind: str = "image/png", **headers: str):
        return self.client.post(path, content=data, headers={"content-type": kind, **headers})

    def log(self) -> list[dict]:
        return [json.loads(line) for line in list(self.lines) if line.startswith("{")]

    def until(self, condition: Callable[[], bool]) -> None:
        """Waits for what the server does by itself, as long as it runs."""
        while not condition():
            assert self.process.poll() is None, self.lines
            time.sleep(0.02)

    def finish(self, number: int = signal.SIGTERM) -> int:
        """Tells it to stop, and waits until it did."""
        self.process.send_signal(number)
        code = self.process.wait()
        self._reader.join()
        return code


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers that are stopped after the tests."""
    servers: list[Server] = []

    def start(*arguments: object) -> Server:
        servers.append(Server(*arguments))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.finish()


@pytest.fixture(scope="session")
def server(serve, tmp_path_factory) -> Server:
    """The server that most tests ask: small limits, corrections kept, a folder of models."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "models").mkdir()
    limits = ("--body", 2_000_000, "--pixels", 4_000_000, "--pictures", 4, "--body-seconds", 0.5)
    kept = ("--collect", folder / "kept", "--models", folder / "models", "--collected", 12)
    started = serve(*limits, *kept)
    started.folder = folder
    return started


@pytest.fixture(scope="session")
def canvas() -> bytes:
    """A picture of a 5."""
    return (EXAMPLES / "5-canvas.png").read_bytes()
