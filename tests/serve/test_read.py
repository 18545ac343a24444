"""``/v1``: pictures in, digits out, and one clear line for what is none."""

import base64
import io
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from scrawl import DigitReader
from scrawl.serve import schemas

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"


def png(pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


BLANK = png(np.full((200, 200), 255))


def command_line(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "scrawl", "read", "--json", *map(str, arguments)],
        capture_output=True,
    )
    return json.loads(done.stdout)


def test_a_number_is_explained_as_it_is_read(server):
    picture = (EXAMPLES.parent / "numbers" / "amount.jpg").read_bytes()
    explained = server.post("/v1/explain?whole=true", picture, "image/jpeg").json()
    [row] = server.post("/v1/read", picture, "image/jpeg").json()
    assert explained["number"]
    assert explained["reading"]["lines"] == row["lines"]  # by the reader of lines, too


def test_the_answer_is_that_of_the_command_line(server):
    names = ["0-shadow.jpg", "9-chalk.jpg", "scribble.jpg", "labels.csv"]
    files = [("file", (name, (EXAMPLES / name).read_bytes())) for name in names]
    answer = server.client.post("/v1/read?one=true", files=files)
    assert answer.status_code == 200
    expected = command_line("--one", *(EXAMPLES / name for name in names))
    for got, row in zip(answer.json(), expected, strict=True):
        row["error"] = row["error"] and row["error"].replace(f"{EXAMPLES}/", "")
        row["file"] = row["file"].replace(f"{EXAMPLES}/", "")
        assert got.pop("confidence") == pytest.approx(row.pop("confidence"), abs=1e-4)
        assert got == row


def test_a_raw_body_is_one_picture(server, canvas):
    [row] = server.post("/v1/read?one=true", canvas).json()
    assert (row["file"], row["digit"], row["rejected"], row["error"]) == ("-", 5, False, None)


def test_one_number_of_a_length(server, canvas):
    [row] = server.post("/v1/read?number=true&digits=1-2", canvas).json()
    assert (row["text"], len(row["lines"])) == ("5", 1)
    for query in ("number=true&digits=2-1", "digits=4", "number=true&one=true"):
        answer = server.post(f"/v1/read?{query}", canvas)
        assert answer.status_code == 400
        assert "expected" in answer.json()["error"]


def test_whole_pictures_are_read(server, canvas):
    two = np.concatenate([np.asarray(Image.open(io.BytesIO(canvas)).convert("L"))] * 2, axis=1)
    [row] = server.post("/v1/read", png(two)).json()
    whole = {"file", "page", "text", "size", "lines", "tables", "turned", "note", "error"}
    assert row.keys() == whole
    assert row["text"].replace(" ", "") == "55"
    [line] = row["lines"]
    assert line.keys() == schemas.Line.model_fields.keys()  # what OpenAPI says that there is
    assert line["digits"][0].keys() == schemas.Digit.model_fields.keys()


def test_a_blank_picture_is_read_and_says_so(server):
    [row] = server.post("/v1/read?one=true", BLANK).json()
    assert row["digit"] is None
    assert row["error"] == "-: no ink found, the picture is blank"
    [row] = server.post("/v1/read", BLANK).json()
    assert (row["text"], row["lines"]) == ("", [])


def test_an_explanation_shows_what_the_network_saw(server, canvas):
    table = server.post("/v1/explain?map=true", canvas).json()
    prediction = DigitReader.load().read(canvas)
    assert table["digit"] == 5
    assert table["probabilities"] == pytest.approx(prediction.probabilities.tolist(), abs=1e-4)
    assert tuple(table["box"]) == prediction.box
    seen = base64.b64decode(table["seen"].partition(",")[2])
    assert np.array_equal(cv2.imdecode(np.frombuffer(seen, np.uint8), 0), prediction.image)
    weights = np.array(table["map"])
    assert weights.shape == (28, 28)
    assert (weights[prediction.image == 0] == 0).all()
    assert weights.max() > 0
    assert (table["reading"], table["number"]) == (None, False)
    again = server.post("/v1/explain/map", seen)  # of what was seen alone, without the picture
    assert again.json() == {"map": table["map"]}


def test_which_ink_mattered_is_said_of_28_by_28_in_grey(server, canvas):
    for picture in (canvas, png(np.zeros((28, 28, 3)))):
        answer = server.post("/v1/explain/map", picture)
        assert (answer.status_code, "expected 28×28" in answer.json()["error"]) == (400, True)


def test_a_scribble_is_no_number(server):
    table = server.post(
        "/v1/explain", (EXAMPLES / "scribble.jpg").read_bytes(), "image/jpeg"
    ).json()
    assert (table["digit"], table["number"]) == (None, False)


def test_an_explanation_of_several_digits_reads_them_all(server):
    five = cv2.imread(str(EXAMPLES / "5-canvas.png"), cv2.IMREAD_GRAYSCALE)
    table = server.post("/v1/explain", png(np.concatenate([five, five], axis=1))).json()
    assert table["number"]
    digits = table["reading"]["lines"][0]["digits"]
    assert len(digits) == 2
    assert all(len(digit["probabilities"]) == 10 for digit in digits)


@pytest.mark.parametrize(
    ("body", "kind", "query", "status", "says"),
    [
        (b"", "image/png", "", 400, "body: expected a picture, received nothing"),
        (b"no picture", "image/png", "", 400, "-: cannot be opened as a picture"),
        (BLANK[:60], "image/png", "", 400, "-: "),
        (b"{}", "text/html", "", 415, "Content-Type: expected image/*"),
        (b"x" * 2_000_001, "image/png", "", 413, "expected at most 2,000,000 bytes"),
        (png(np.zeros((2001, 2000))), "image/png", "", 400, "at most 4,000,000 pixels"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", "", 400, ""),
        (b"anything", "multipart/form-data", "", 400, "boundary"),
        (BLANK, "image/png", "?one=perhaps", 422, "one: "),
        (BLANK, "image/png", "?one=true&model=none", 404, "unknown model 'none'"),
        (BLANK, "image/png", "?one=true&version=9", 404, "unknown version"),
        (BLANK, "image/png", "?model=reader", 400, "model: expected with one=true"),
    ],
)
def test_bad_input_gets_one_clear_line(server, body, kind, query, status, says):
    answer = server.post(f"/v1/read{query}", body, kind)
    assert answer.status_code == status
    [(key, line)] = answer.json().items()
    assert key == "error"
    assert says in line
    assert "\n" not in line


def test_too_many_pictures_are_refused(server):
    answer = server.client.post("/v1/read", files=[("file", ("a.png", BLANK))] * 5)
    assert (answer.status_code, answer.json()["error"]) == (
        413,
        "body: expected at most 4 pictures, received more",
    )


def test_every_page_of_a_tiff_is_read(server):
    pages = [Image.open(EXAMPLES / name).convert("L") for name in ("5-canvas.png", "8-box.png")]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    answer = server.client.post("/v1/read", files=[("file", ("two.tif", buffer.getvalue()))])
    assert [(row["file"], row["page"]) for row in answer.json()] == [("two.tif", 1), ("two.tif", 2)]
    buffer.seek(0)
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages * 3)
    answer = server.post("/v1/read", buffer.getvalue(), "image/tiff")
    assert (answer.status_code, "at most 4 pages" in answer.json()["error"]) == (413, True)


def test_a_file_of_too_many_pages_is_refused_before_one_is_decoded(server):
    """The pages are damaged: it says that they are too many, not that they cannot be decoded."""
    buffer = io.BytesIO()
    pages = [Image.new("L", (50, 40)) for _ in range(40)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    data = buffer.getvalue()
    with Image.open(io.BytesIO(data)) as image:
        for page in range(40):
            image.seek(page)
            at, length = image.tag_v2[273][0], image.tag_v2[279][0]
            data = data[:at] + b"\xff" * length + data[at + length :]
    answer = server.post("/v1/read", data, "image/tiff")
    assert (answer.status_code, "at most 4 pages" in answer.json()["error"]) == (413, True)


def test_it_says_what_it_is_and_allows(server):
    table = server.client.get("/v1/about").json()
    assert (table["model"], table["collects"]) == ("reader", True)
    assert table["limits"]["body"] == 2_000_000
    assert type(table["limits"]["body"]) is int
