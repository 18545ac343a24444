"""Pages of files that browsers do not open, as pictures that they do."""

import io

import numpy as np
import pytest
from PIL import Image


def document(kind: str, greys=(200, 90), size=(120, 60)) -> bytes:
    """A file with a page of each grey."""
    first, *rest = (Image.new("L", size, grey) for grey in greys)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=rest)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "type_"), [("PDF", "application/pdf"), ("TIFF", "image/tiff")])
def test_a_page_is_given_as_a_png(server, kind, type_):
    data = document(kind)
    for number, grey in ((1, 200), (2, 90), (1, 200)):
        answer = server.post(f"/v1/render?page={number}", data, type_)
        assert (answer.headers["content-type"], answer.headers["x-pages"]) == ("image/png", "2")
        pixels = np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"))
        assert abs(pixels.mean() - grey) < 4


def test_it_is_no_larger_than_is_looked_at(server):
    longest = server.client.get("/v1/about").json()["longest"]
    data = document("TIFF", (200,), (longest + 600, 300))
    answer = server.post("/v1/render", data, "image/tiff")
    assert Image.open(io.BytesIO(answer.content)).width == longest


def test_colours_stay(server):
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), (200, 30, 60)).save(buffer, "TIFF")
    answer = server.post("/v1/render", buffer.getvalue(), "image/tiff")
    assert Image.open(io.BytesIO(answer.content)).getpixel((3, 3)) == (200, 30, 60)


@pytest.mark.parametrize(
    ("page", "data", "status", "says"),
    [
        (3, document("PDF"), 400, "page: expected at most 2, received 3"),
        (0, document("PDF"), 422, "page"),
        (1, b"none", 400, "cannot be opened as a picture"),
        (1, document("TIFF", [0] * 5), 413, "expected at most 4 pages"),
    ],
)
def test_what_cannot_be_rendered_is_told(server, page, data, status, says):
    answer = server.post(f"/v1/render?page={page}", data, "application/octet-stream")
    assert answer.status_code == status
    assert says in answer.json()["error"]
