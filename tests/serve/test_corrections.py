"""Corrected pictures are kept as a data set, where the operator switched that on."""

import io
from pathlib import Path

from PIL import Image

from scrawl.bundle import DIGITS
from scrawl.data.pictures import labelled

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"


def test_a_correction_is_kept_where_evaluate_finds_it(server, canvas):
    answer = server.post("/v1/corrections?label=3", canvas)
    assert answer.status_code == 200
    file = server.folder / "kept" / answer.json()["kept"]
    [kept] = [item for item in labelled(server.folder / "kept", DIGITS) if item.picture == file]
    assert kept.label == 3
    # The last label counts.
    again = server.post("/v1/corrections?label=5", canvas).json()["kept"]
    assert again.startswith("5/")
    assert not file.exists()
    nothing = server.post("/v1/corrections?label=not-a-digit", canvas).json()["kept"]
    assert (server.folder / "kept" / nothing).is_file()
    assert not (server.folder / "kept" / again).exists()


def test_only_pixels_are_kept(server):
    photo = Image.open(EXAMPLES / "9-chalk.jpg").resize((2000, 1500))
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", exif=exif)
    answer = server.post("/v1/corrections?label=9", buffer.getvalue(), "image/jpeg")
    data = (server.folder / "kept" / answer.json()["kept"]).read_bytes()
    kept = Image.open(io.BytesIO(data))
    assert kept.size == (1280, 960)
    assert b"where I live" not in data


def test_a_wrong_label_or_picture_is_refused(server, canvas):
    answer = server.post("/v1/corrections?label=../../x", canvas)
    assert (answer.status_code, answer.json()["error"].startswith("label: ")) == (422, True)
    assert server.post("/v1/corrections?label=3", b"none").status_code == 400
    assert server.post("/v1/corrections", canvas).status_code == 422


def test_a_full_folder_takes_no_more(serve, canvas, tmp_path):
    server = serve("--collect", tmp_path, "--collected", 1)
    assert server.post("/v1/corrections?label=5", canvas).status_code == 200
    assert server.post("/v1/corrections?label=6", canvas).status_code == 200  # moved, not added
    other = (EXAMPLES / "8-box.png").read_bytes()
    answer = server.post("/v1/corrections?label=8", other)
    assert answer.status_code == 507
    assert "folder is full (1 pictures)" in answer.json()["error"]


def test_nothing_is_kept_unless_switched_on(serve, canvas, tmp_path):
    server = serve("--models", tmp_path)
    answer = server.post("/v1/corrections?label=5", canvas)
    assert answer.status_code == 403
    assert "keeps no pictures" in answer.json()["error"]
    assert server.client.get("/v1/about").json()["collects"] is False
    assert list(tmp_path.iterdir()) == []
