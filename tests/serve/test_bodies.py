"""Bodies in the forms in which people and their tools send them."""

import base64
import gzip
import io
import json
import re
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"
ONE = "/v1/read?one=true"


def digit(answer) -> int:
    assert answer.status_code == 200, answer.text
    return answer.json()[0]["digit"]


@pytest.mark.parametrize(
    "kind", ["", "application/octet-stream", "application/x-www-form-urlencoded", "image/x-any"]
)
def test_a_picture_is_told_by_its_bytes(server, canvas, kind):
    assert digit(server.post(ONE, canvas, kind)) == 5


def test_curl_needs_no_type(server):
    """What curl sends where no type is given is a form's; its bytes say that it is a picture."""
    command = ["curl", "-s", "--data-binary", f"@{EXAMPLES / '5-canvas.png'}", server.url + ONE]
    assert json.loads(subprocess.check_output(command))[0]["digit"] == 5


def test_a_pdf_is_a_picture(server, canvas):
    buffer = io.BytesIO()
    page = Image.open(io.BytesIO(canvas)).convert("L")
    page.save(buffer, "PDF", save_all=True, append_images=[page])
    answer = server.post("/v1/read", buffer.getvalue(), "application/pdf")
    assert [(row["page"], row["error"]) for row in answer.json()] == [(1, None), (2, None)]


def test_pictures_in_json(server, canvas):
    data = base64.b64encode(canvas).decode()
    for sent in ({"data": data}, {"data": f"data:image/png;base64,{data}"}):
        assert digit(server.client.post(ONE, json=sent)) == 5
    assert digit(server.post(ONE, json.dumps({"data": data}).encode(), "")) == 5
    several = {"pictures": [{"file": "a.png", "data": data}, {"file": "b", "data": "AAAA"}]}
    rows = server.client.post(ONE, json=several).json()
    assert [(row["file"], row["digit"]) for row in rows] == [("a.png", 5), ("b", None)]
    assert rows[1]["error"].startswith("b: cannot be opened")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ("{", "Invalid JSON"),
        ("[]", "expected"),
        ("{}", "data: "),
        ('{"data": "no base64!"}', "expected base64"),
        ('{"data": ""}', "is empty"),
        ('{"data": 5}', "data: "),
        ('{"data": "AAAA", "fil": "a"}', "fil: "),
        ('{"pictures": []}', "pictures: "),
    ],
)
def test_json_that_is_none_gets_one_line(server, sent, says):
    answer = server.post(ONE, sent.encode(), "application/json")
    assert answer.status_code == 400
    assert says.lower() in answer.json()["error"].lower()
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
def test_a_body_may_come_packed(server, canvas, encoding, pack):
    headers = {"content-encoding": encoding}
    assert digit(server.post(ONE, pack(canvas), **headers)) == 5
    for data, status, says in (
        (pack(bytes(2_000_001)), 413, "at most 2,000,000 bytes unpacked"),
        (pack(canvas)[:-20], 400, "cut short"),
        (canvas, 400, f"expected {encoding}"),
        (pack(canvas) + b"more", 400, "more after its end"),
    ):
        answer = server.post(ONE, data, **headers)
        assert (answer.status_code, says in answer.json()["error"]) == (status, True), answer.text
    answer = server.post(ONE, canvas, **{"content-encoding": "br"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip, deflate")


def test_a_long_answer_comes_packed_to_those_who_take_it(server, canvas):
    for accepted in ("gzip", "identity"):
        answer = server.post("/v1/explain?map=true", canvas, **{"accept-encoding": accepted})
        assert answer.headers.get("content-encoding", "identity") == accepted
        assert answer.json()["digit"] == 5


def test_a_threshold_of_its_own(server, canvas):
    for threshold, rejected in ((0.5, False), (1, True)):
        [row] = server.post(f"{ONE}&threshold={threshold}", canvas).json()
        assert row["rejected"] == rejected
        table = server.post(f"/v1/explain?threshold={threshold}&whole=true", canvas).json()
        assert table["rejected"] == rejected
        assert table["reading"]["lines"][0]["uncertain"] == rejected
        [row] = server.post(f"/v1/read?threshold={threshold}", canvas).json()
        assert row["lines"][0]["uncertain"] == rejected
    assert server.post(f"{ONE}&threshold=7", canvas).status_code == 422


@pytest.mark.parametrize("path", [f"{ONE}&tresh=1", "/v1/explain?one=true", "/v1/about?x"])
def test_a_parameter_that_is_none_is_refused(server, canvas, path):
    method = "GET" if "about" in path else "POST"
    answer = server.client.request(method, path, content=canvas)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("unknown parameter")


def test_files_are_named_as_the_client_names_them(server, canvas):
    answer = server.client.post("/v1/explain", files=[("file", ("mine.png", b"none"))])
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("mine.png: cannot be opened")
    blank = io.BytesIO()
    Image.fromarray(np.full((50, 50), 255, np.uint8)).save(blank, "PNG")
    answer = server.client.post("/v1/explain", files=[("file", ("mine.png", blank.getvalue()))])
    assert answer.json()["error"] == "mine.png: no ink found, the picture is blank"
    two = server.client.post("/v1/explain", files=[("file", ("a.png", canvas))] * 2)
    assert two.json()["error"] == "body: expected one picture, received 2"


def test_probes_of_every_kind(server):
    for path in ("/ping", "/healthz", "/v2/health/live", "/v2/health/ready"):
        for method in ("GET", "HEAD"):
            answer = server.client.request(method, path)
            assert (answer.status_code, answer.content) == (200, b"")


def test_the_client_of_the_docs_reads(server, canvas, tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "service.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(import httpx\n.*?)```", page, re.DOTALL)
    (tmp_path / "a.png").write_bytes(canvas)
    monkeypatch.chdir(tmp_path)
    exec(code.replace("http://127.0.0.1:8000", server.url), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == "5\n"
