"""Runs the service: one process, or several that share the port."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from scrawl.errors import InputError
from scrawl.serve.app import create_app
from scrawl.serve.heads import Connection
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import LOGGING, SHARED

GRACE = 30
"""Seconds that a worker told to stop has for what it holds."""

HEALTH = 30
"""Seconds that a worker may take to say that it is alive: on a busy machine it takes a while to
start."""


def run(settings: Settings, started: Callable[[str], None]) -> None:
    """Serves until SIGTERM or Ctrl-C; what is held then is finished first.

    Args:
        settings: How to serve.
        started: Is told the URL, once the port is bound.

    Raises:
        InputError: The address cannot be bound.
        ModelError: The model cannot be used.
    """
    app = _made(settings)  # before anything is started: what is wrong is said once
    bound = _bind(settings.host, settings.port)
    options: dict[str, Any] = {
        "http": Connection,
        "log_config": LOGGING,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": GRACE,
        "timeout_worker_healthcheck": HEALTH,
    }
    started(_url(bound))
    if settings.workers == 1:
        uvicorn.Server(uvicorn.Config(app, **options)).run([bound])
        return
    with tempfile.TemporaryDirectory(prefix="scrawl-metrics-") as folder:
        os.environ[SHARED] = folder
        if settings.jobs is None:  # the worker that is asked for a job may not have taken it in
            settings = settings.model_copy(update={"jobs": Path(folder) / "jobs.sqlite"})
        settings.to_environment()
        factory = "scrawl.serve.run:worker"
        config = uvicorn.Config(factory, factory=True, workers=settings.workers, **options)
        Multiprocess(config, [bound]).run()


def worker() -> FastAPI:
    """The application of one process of several."""
    return _made(Settings())


def _made(settings: Settings) -> FastAPI:
    """The application, and what of this process goes with it."""
    cv2.setNumThreads(1)  # the service has threads of its own
    Connection.seconds = settings.head_seconds
    return create_app(settings)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        raise InputError(f"{host}:{port}: cannot be bound ({error.strerror or error})") from error
    bound.listen(2048)
    bound.set_inheritable(True)
    return bound


def _url(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
