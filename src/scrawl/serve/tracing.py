"""Traces by OpenTelemetry, where the environment says where they go: the extra ``otel``."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any

from starlette.middleware import Middleware

from scrawl.errors import MissingExtraError

ASKED = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own variables: with either, requests are traced."""

_PACKAGES = {
    "opentelemetry.sdk": "opentelemetry-sdk",
    "opentelemetry.exporter": "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry.instrumentation": "opentelemetry-instrumentation-asgi",
}


class Tracing:
    """The traces of one application: a span a request, and within it one each for waiting and work.

    A trace that a client or a proxy has begun goes on (W3C's ``traceparent``).
    """

    def __init__(self) -> None:
        """Begins to trace, where that is asked for.

        Raises:
            MissingExtraError: It is, and a package of the extra is not installed.
        """
        self._provider: Any = None
        if any(os.environ.get(name) for name in ASKED):
            self._provider = _provider()

    def middleware(self) -> list[Middleware]:
        """What goes about the application."""
        if self._provider is None:
            return []
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

        options: dict[str, Any] = {
            "tracer_provider": self._provider,
            "exclude_spans": ["receive", "send"],
        }
        return [Middleware(OpenTelemetryMiddleware, **options)]

    def span(self, name: str) -> AbstractContextManager[Any]:
        """A part of a request."""
        if self._provider is None:
            return nullcontext()
        tracer = self._provider.get_tracer("scrawl")
        span: AbstractContextManager[Any] = tracer.start_as_current_span(name)
        return span

    def close(self) -> None:
        """Sends what is not sent yet."""
        if self._provider is not None:
            self._provider.shutdown()


def _provider() -> Any:
    for module, package in _PACKAGES.items():
        if find_spec("opentelemetry") is None or find_spec(module) is None:
            raise MissingExtraError("OTEL_EXPORTER_OTLP_ENDPOINT", package, "otel")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = os.environ.get("OTEL_SERVICE_NAME", "scrawl")
    provider = TracerProvider(resource=Resource.create({"service.name": named}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
