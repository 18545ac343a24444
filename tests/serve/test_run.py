"""Starting, stopping, several workers, a full queue."""

import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import cv2
import httpx
import numpy as np
import pytest

from commands import scrawl
from scrawl.weights import READER

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"


def fails(*arguments) -> str:
    with patch("uvicorn.Server.run", side_effect=AssertionError("it serves")):
        done = scrawl("serve", *arguments)
    assert done.returncode == 1
    return done.stderr.decode().splitlines()[-1]


def test_it_binds_to_loopback_and_warns_elsewhere(serve, server):
    assert server.url.startswith("http://127.0.0.1:")
    opened = serve("--host", "0.0.0.0")  # noqa: S104
    assert any("open to others" in line for line in opened.lines)
    opened.finish()


def test_what_is_wrong_is_one_line(tmp_path, server):
    (tmp_path / "m.onnx").write_bytes(b"none")
    assert "expected an ONNX model" in fails("--model", tmp_path / "m.onnx")
    assert "expected a model that reads lines" in fails("--lines", READER)
    assert "expected a folder of models" in fails("--models", tmp_path / "none")
    assert "threshold: expected less than or equal to 1" in fails("--threshold", 7)
    assert "device: expected one of cpu" in fails("--device", "none")
    assert "cannot be bound" in fails("--port", server.port)
    (tmp_path / "file").touch()
    assert "cannot be made a folder" in fails("--collect", tmp_path / "file" / "x")


@pytest.mark.parametrize("workers", [1, 2])
def test_it_finishes_what_it_holds(serve, canvas, workers):
    """Told to stop while the second half of a body is on its way, it answers and then goes."""
    server = serve("--workers", workers)
    assert server.post("/v1/read?one=true", canvas).json()[0]["digit"] == 5
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        head = "POST /v1/read?one=true HTTP/1.1\r\nHost: localhost\r\n"
        connection.sendall(f"{head}Content-Length: {len(canvas)}\r\n\r\n".encode())
        connection.sendall(canvas[:1000])
        while not server.client.get("/v2/health/live").is_success:
            pass
        stopped = threading.Timer(0.5, connection.sendall, [canvas[1000:]])
        stopped.start()
        code = server.finish()
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"digit":5' in answer
    assert code in (0, -signal.SIGTERM)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
    assert not [line for line in server.lines if "Traceback" in line]


def test_two_workers_count_together(serve, canvas):
    server = serve("--workers", 2)

    def ask(_):
        return server.post("/v1/read?one=true", canvas).json()[0]["digit"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {5}
    text = server.client.get("/metrics").text
    assert 'scrawl_requests_total{route="/v1/read",status="200"} 40.0' in text


def test_a_full_queue_says_when_to_come_back(serve):
    server = serve("--queue", 1)
    photo = (EXAMPLES / "4-desk.jpg").read_bytes()

    def ask(_):
        return server.post("/v1/explain?map=true", photo, "image/jpeg")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(12)))
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert any(answer.status_code == 200 for answer in answers)
    for answer in refused:
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["error"].startswith("the queue is full (1 requests)")
    assert server.client.get("/v2/health/ready").status_code == 200


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A photo of 12 megapixels, full of digits."""
    sheet = np.full((3000, 4000, 3), 215, np.uint8)
    for y in range(200, 3000, 200):
        cv2.putText(sheet, "0123456789" * 3, (60, y), 0, 4, (70, 40, 30), 8)
    return cv2.imencode(".jpg", sheet)[1].tobytes()


def count(server, name: str) -> float:
    rows = [row.split() for row in server.client.get("/metrics").text.splitlines()]
    return sum(float(row[1]) for row in rows if row[0].startswith(name))


def test_nothing_goes_on_for_clients_that_left(serve, photo, canvas):
    """Twenty send a photo and go; what waited is let go, what was begun ends, none is read."""
    server = serve()
    head = f"POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(photo)}\r\n\r\n"
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
    for connection in connections:
        connection.sendall(head.encode() + photo)
    server.until(lambda: count(server, "scrawl_requests_held") > 1)
    for connection in connections:
        connection.close()
    server.until(lambda: len([line for line in server.log() if line.get("status") == 499]) >= 16)
    server.until(lambda: count(server, "scrawl_requests_held") == 0)
    assert count(server, "scrawl_digits_total") == 0
    assert server.post("/v1/read?one=true", canvas).json()[0]["digit"] == 5


def test_a_photo_that_takes_too_long_says_so(serve, photo, canvas):
    server = serve("--seconds", 0.6)
    answer = server.post("/v1/read", photo, "image/jpeg")
    assert answer.status_code == 503
    assert "retry-after" not in answer.headers
    assert "trying again will not help" in answer.json()["error"]


def test_photos_that_are_held_have_so_many_pixels(serve, photo, canvas):
    server = serve("--held", 20_000_000)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(server.post, "/v1/read", photo, "image/jpeg") for _ in range(4)]
        server.until(lambda: any(answer.done() for answer in asked))
        drawing = server.post("/v1/read?one=true", canvas)  # which the photos leave room
        answers = [answer.result() for answer in asked]
    assert drawing.status_code == 200
    assert sorted(answer.status_code for answer in answers) == [200, 503, 503, 503]
    [busy, *_] = (answer for answer in answers if answer.status_code == 503)
    assert busy.headers["retry-after"] == "1"
    assert "the pictures held have 12,000,000 pixels" in busy.json()["error"]
