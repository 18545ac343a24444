"""Traces: sent where OpenTelemetry's own variable says, a span each for waiting and work."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scrawl.errors import MissingExtraError
from scrawl.serve import tracing


@pytest.fixture
def collector():
    """What takes traces, and what came there."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            import gzip

            data = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                data = gzip.decompress(data)
            came.append(ExportTraceServiceRequest.FromString(data))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()


def test_a_request_is_traced(serve, canvas, collector, monkeypatch):
    url, came = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    server = serve()
    begun = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert server.post("/v1/read?one=true", canvas, traceparent=begun).status_code == 200
    server.finish()  # which sends what is not sent
    spans = {
        span.name: span
        for request in came
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    assert {"POST /v1/read", "quick: wait", "quick: work"} <= set(spans)
    assert {span.trace_id.hex() for span in spans.values()} == {begun.split("-")[1]}
    assert spans["quick: work"].parent_span_id == spans["POST /v1/read"].span_id


def test_without_the_variable_nothing_is_traced(monkeypatch):
    for name in tracing.ASKED:
        monkeypatch.delenv(name, raising=False)
    nothing = tracing.Tracing()
    assert nothing.middleware() == []
    with nothing.span("a"):
        nothing.close()


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setattr(tracing, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"scrawl\[otel\]"):
        tracing.Tracing()
