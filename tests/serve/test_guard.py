"""Who may come in, with how much and how slowly; what is written down; what is not given away."""

import http.client
import socket
import time

import pytest

HEAD = "POST /v1/read?one=true HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"


def raw(server, text: str | bytes) -> bytes:
    """What comes back for bytes sent as they are."""
    data = text.encode() if isinstance(text, str) else text
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def closed(serve):
    """A server with a token, that pages of one other site may call."""
    return serve("--token", "secret", "--origin", "https://good.example")


def test_every_answer_has_an_id_and_closed_headers(server, canvas):
    for answer in (server.post("/v1/read", canvas), server.client.get("/none")):
        assert len(answer.headers["x-request-id"]) == 32
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers
    given = server.client.get("/none", headers={"x-request-id": "a-1"}).headers["x-request-id"]
    assert given == "a-1"
    bad = server.client.get("/none", headers={"x-request-id": "a b"}).headers["x-request-id"]
    assert len(bad) == 32


def test_a_log_line_a_request_and_no_content(server, canvas):
    files = [("file", ("my-secret-name.png", canvas))]
    server.client.post("/v1/read?one=true", files=files, headers={"x-request-id": "logged"})
    server.until(lambda: "logged" in [line.get("id") for line in server.log()])
    [line] = [line for line in server.log() if line.get("id") == "logged"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/v1/read", 200)
    assert line["ms"] > 0
    assert line["bytes"] > len(canvas)
    assert not any("my-secret-name" in text for text in server.lines)


def test_metrics_count(server, canvas):
    def metrics() -> dict[str, float]:
        rows = server.client.get("/metrics").text.splitlines()
        return {r.rpartition(" ")[0]: float(r.rpartition(" ")[2]) for r in rows if r[0] != "#"}

    keys = {
        'scrawl_requests_total{route="/v1/read",status="200"}': 1,
        'scrawl_request_seconds_count{route="/v1/read"}': 1,
        'scrawl_errors_total{status="404"}': 1,
        'scrawl_digits_total{outcome="kept"}': 1,
        "scrawl_batch_size_count": 1,
    }
    before = metrics()
    server.post("/v1/read?one=true", canvas)
    server.client.get("/none")
    after = metrics()
    assert {key: after[key] - before.get(key, 0) for key in keys} == keys
    assert after["scrawl_requests_held"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "/docs/static/../../core.py",
        "/docs/static/%2e%2e/core.py",
        "/docs/static//etc/passwd",
        "/app.js/../app.py",
        "/v2/models/..%2f..%2fetc",
        "/v2/models/%2e%2e/versions/1",
    ],
)
def test_no_file_can_be_read(server, path):
    answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404")


def test_a_slow_client_is_let_go(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", "/v1/read")
    connection.putheader("Content-Type", "image/png")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"slow")
    answer = connection.getresponse()
    assert answer.status == 408
    assert b"expected within 0.5 seconds, received 4 bytes of it" in answer.read()


@pytest.fixture(scope="module")
def impatient(serve):
    """A server that waits for a head for a moment only, and is called by a name."""
    return serve("--head-seconds", 0.2, "--allow-host", "digits.example")


@pytest.mark.parametrize("sent", ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nA: "])
def test_a_slow_head_is_let_go(impatient, sent):
    answer = raw(impatient, sent)
    assert answer.startswith(b"HTTP/1.1 408")
    assert f"within 0.2 seconds, received {len(sent)} bytes of it".encode() in answer


def test_a_connection_that_is_used_again_has_time_for_each_head(impatient):
    for _ in range(2):
        assert impatient.client.get("/v2/health/live").status_code == 200
        time.sleep(0.3)  # longer than a head may take


def test_a_head_without_an_end_is_let_go(server):
    answer = raw(server, "GET / HTTP/1.1\r\nA: " + "a" * 70_000)
    assert answer.startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("192.168.1.5", 200),
        ("Digits.Example:80", 200),
        ("evil.example", 421),
        ("evil-localhost", 421),
        ("127.0.0.1.evil.example", 421),
        ("digits.example.evil.example", 421),
        ("", 421),
    ],
)
def test_a_name_of_another_site_is_not_answered(impatient, host, status):
    """Or a page of that site, whose name leads here of a sudden, could send and read."""
    answer = impatient.client.get("/v1/about", headers={"host": host, "origin": f"http://{host}"})
    assert answer.status_code == status
    assert status == 200 or answer.json()["error"].startswith("Host: expected a name of this")


def test_with_a_token_every_name_is_right(closed):
    headers = {"host": "anything.example", "authorization": "Bearer secret"}
    assert closed.client.get("/v1/about", headers=headers).status_code == 200


def test_a_client_that_hangs_up_harms_nobody(server, canvas):
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"{HEAD}Content-Length: {len(canvas)}\r\n\r\n".encode() + canvas[:9])
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(f"{HEAD}Content-Length: {len(canvas)}\r\n\r\n".encode() + canvas)
    assert server.post("/v1/read?one=true", canvas).json()[0]["digit"] == 5
    assert not [line for line in server.log() if line["level"] == "error"]


def test_a_body_without_a_length_is_limited_too(server):
    answer = server.post("/v1/read", (bytes(0x8000) for _ in range(70)))
    assert answer.status_code == 413


def test_nonsense_is_a_400(server):
    assert raw(server, "nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    answer = server.client.get("/v1/read")
    assert (answer.status_code, answer.json()) == (405, {"error": "GET: not here"})
    assert answer.headers["allow"] == "POST"
    assert server.client.put("/v1/jobs/x").headers["allow"] == "DELETE, GET"


def test_a_token_is_asked_for(closed, canvas):
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "secret"}):
        for path in ("/v1/about", "/metrics", "/v2/models/reader", "/none"):
            answer = closed.client.get(path, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["error"].startswith("token: expected")
            assert answer.headers["www-authenticate"] == "Bearer"
    for given in ("Bearer secret", "bearer secret", "BEARER  secret"):
        assert closed.post("/v1/read", canvas, authorization=given).status_code == 200
    for path in ("/", "/app.js", "/v2/health/live", "/healthz", "/ping", "/docs"):
        assert closed.client.get(path).status_code == 200
    assert "secret" not in closed.client.get("/").text


def test_pages_of_other_sites_may_not_call(server, closed, canvas):
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = server.post("/v1/corrections?label=5", canvas, **elsewhere)
    assert answer.status_code == 403
    good = {"origin": "https://good.example", "sec-fetch-site": "cross-site"}
    answer = closed.post("/v1/read", canvas, authorization="Bearer secret", **good)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://good.example"
    asked = {**good, "access-control-request-method": "POST"}
    assert closed.client.options("/v1/read", headers=asked).status_code == 200
    answer = closed.client.options("/v1/read", headers={**asked, "origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_fault_of_ours_is_not_shown(caplog):
    import asyncio

    import httpx

    from scrawl.serve import create_app

    app = create_app()

    @app.get("/fault")
    def fault() -> None:
        raise RuntimeError("the inside")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/fault", headers={"x-request-id": "f"})

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()) == (500, {"error": "internal error (request f)"})
    [record] = [record for record in caplog.records if record.message == "failed"]
    assert record.facts["id"] == "f"
