"""The page that shows a training while it runs; it reads the run folder, and nothing else."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HOST = "127.0.0.1"
_PAGE = Path(__file__).with_name("live.html")
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'"
)
"""Nothing from outside, whatever the run folder holds."""
_STARTING = 10.0
"""Seconds that the server may take to answer."""


def application(folder: Path) -> Starlette:
    """The page of a run folder, which may not be there yet."""

    def page(_: Request) -> Response:
        headers = {"content-security-policy": _POLICY, "cache-control": "no-store"}
        return Response(_PAGE.read_bytes(), media_type="text/html", headers=headers)

    def state(_: Request) -> Response:
        try:
            text = (folder / "live.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            text = "{}"
        if (folder / "metrics.json").is_file():
            test = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["test"]
            text = json.dumps({**json.loads(text), "test": test["accuracy"]})
        headers = {"cache-control": "no-store"}
        return Response(text, media_type="application/json", headers=headers)

    return Starlette(
        routes=[Route("/", page), Route("/state", state)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


@contextmanager
def live(folder: Path) -> Iterator[str]:
    """Serves the page of a run folder on this machine alone while the block runs.

    Args:
        folder: The run folder.

    Yields:
        The page's address, on a free port.
    """
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        server = uvicorn.Server(
            uvicorn.Config(application(folder), log_level="error", lifespan="off")
        )
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        end = time.monotonic() + _STARTING
        while not server.started and time.monotonic() < end:
            time.sleep(0.02)
        try:
            yield f"http://{HOST}:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_STARTING)
