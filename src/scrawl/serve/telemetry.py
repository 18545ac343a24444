"""What an operator sees: metrics for Prometheus, and a line of JSON for each request.

Neither holds a picture, its name or what was read.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import multiprocess as processes

log = logging.getLogger("scrawl.serve")

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which worker processes add their metrics up."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Telemetry:
    """The metrics of one application."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "scrawl_requests", "Requests answered.", ["route", "status"], registry=registry
        )
        self.errors = Counter(
            "scrawl_errors", "Requests answered with 4xx or 5xx.", ["status"], registry=registry
        )
        self.seconds = Histogram(
            "scrawl_request_seconds",
            "From the head of a request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.batches = Histogram(
            "scrawl_batch_size", "Digits a call of the network.", buckets=_SIZES, registry=registry
        )
        self.digits = Counter(
            "scrawl_digits", "Digits read, kept or uncertain.", ["outcome"], registry=registry
        )
        self.corrections = Counter("scrawl_corrections", "Pictures kept.", registry=registry)
        self.held = Gauge(
            "scrawl_requests_held",
            "Requests in work or waiting.",
            registry=registry,
            multiprocess_mode="livesum",
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Counts a request."""
        self.requests.labels(route, status).inc()
        self.seconds.labels(route).observe(seconds)
        if status >= 400:
            self.errors.labels(status).inc()

    def read(self, uncertain: int, kept: int) -> None:
        """Counts digits."""
        self.digits.labels("uncertain").inc(uncertain)
        self.digits.labels("kept").inc(kept)

    def page(self) -> bytes:
        """The metrics of all worker processes, as text."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        processes.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def close(self) -> None:
        """Takes what this worker holds out of the metrics that are summed over running workers."""
        if SHARED in os.environ:
            processes.mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON.

    The keys of ``extra={"facts": {...}}`` become keys of the line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        row: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "scrawl.serve": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
"""How the command line logs; an application that mounts the service configures its own."""
