"""Pictures on the page: opened, made smaller, read, cancelled, taken away."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect


def read(page):
    return page.locator("#read")


def test_a_photo_is_read_and_taken_away(visit, collecting, examples):
    page = visit(collecting)
    page.set_input_files("#file", examples / "digits" / "1-notebook.jpg")
    expect(read(page)).to_have_text("1")
    expect(page.locator("#boxes rect")).to_have_count(1)
    page.get_by_text("Take it away").click()
    page.get_by_label("JSON").check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    [row] = json.loads(Path(saved.value.path()).read_text())
    assert (saved.value.suggested_filename, row["file"], row["digit"]) == (
        "1-notebook.json",
        "1-notebook.jpg",
        1,
    )


def test_what_is_no_digit_says_so(visit, collecting, examples, hand):
    page = visit(collecting)
    page.set_input_files("#file", examples / "digits" / "scribble.jpg")
    expect(read(page)).to_have_text("Not a digit")
    page.set_input_files("#file", hand.png(np.full((90, 90), 255)))
    expect(read(page)).to_have_text("No ink found")
    expect(page.locator("#take")).to_be_hidden()


def test_an_answer_never_stands_on_another_picture(visit, collecting, examples):
    page = visit(collecting)
    page.set_input_files("#file", examples / "digits" / "1-notebook.jpg")
    expect(page.locator("#boxes rect")).to_have_count(1)
    held = []
    page.route("**/v1/explain?whole=true", lambda route: held.append(route))
    with page.expect_request("**/v1/explain?whole=true"):
        page.set_input_files("#file", examples / "digits" / "5-canvas.png")
    expect(read(page)).to_have_text("Reading …")
    expect(page.locator("#boxes rect")).to_have_count(0)
    held[0].continue_()
    expect(read(page)).to_have_text("5")


def test_a_photo_shows_what_is_done_and_can_be_cancelled(visit, collecting, examples):
    page = visit(collecting)
    held = []
    page.route("**/v1/explain?whole=true", lambda route: held.append(route))
    page.set_input_files("#file", examples / "digits" / "1-notebook.jpg")
    progress = page.locator("#progress")
    expect(progress.get_by_role("progressbar")).to_be_visible()
    expect(progress).to_contain_text(re.compile(r"(Sending|Reading) … · [1-9]\d* s"))
    progress.get_by_role("button", name="Cancel").click()
    expect(progress).to_be_hidden()
    expect(read(page)).to_have_text("Cancelled")
    page.unroute("**/v1/explain?whole=true")
    page.get_by_role("button", name="Try again").click()
    expect(read(page)).to_have_text("1")


def sent(page, file):
    """The picture that travels for a file, as the server would see it."""
    with page.expect_request("**/v1/explain?whole=true") as asked:
        page.set_input_files("#file", file)
    return Image.open(io.BytesIO(asked.value.post_data_buffer))


def jpeg(size, orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = np.full((size[1], size[0], 3), 255, np.uint8)
    pixels[: size[1] // 2, : size[0] // 2] = (200, 0, 0)  # red: upper left, as it lies in the file
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", exif=exif)
    return {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.fixture
def looking(visit, collecting):
    """A page whose pictures travel, and are answered with a digit at once."""
    page = visit(collecting)
    answer = {
        "digit": 7, "text": "7", "confidence": 1.0, "rejected": False, "reason": None,
        "probabilities": [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], "box": [10, 20, 30, 40], "error": None,
        "share": 1, "size": [2400, 1200], "ink": None, "seen": None, "map": None, "reading": None,
        "number": False,
    }  # fmt: skip
    page.route("**/v1/explain?whole=true", lambda route: route.fulfill(json=answer))
    return page


def test_a_large_photo_is_made_as_small_as_the_server_says(looking, collecting):
    longest = collecting.client.get("/v1/about").json()["longest"]
    assert sent(looking, jpeg((4800, 2400))).size == (longest, longest // 2)


def test_boxes_are_in_pixels_of_the_picture_itself(looking):
    sent(looking, jpeg((4800, 2400)))
    looking.get_by_text("Take it away").click()
    looking.get_by_label("JSON").check()
    [row] = json.loads(looking.locator("#preview").inner_text())
    assert row["box"] == [20, 40, 60, 80]


def test_a_photo_that_was_turned_travels_upright(looking):
    picture = sent(looking, jpeg((4800, 2400), orientation=6))  # a quarter to the right
    width, height = picture.size
    assert height == 2 * width
    assert not picture.getexif().get(0x0112)
    red, _, blue = picture.getpixel((3 * width // 4, height // 4))
    assert red > blue + 80  # the upper left has become the upper right


def test_a_small_picture_travels_as_it_is(looking):
    file = jpeg((800, 400), orientation=6)
    with looking.expect_request("**/v1/explain?whole=true") as asked:
        looking.set_input_files("#file", file)
    assert asked.value.post_data_buffer == file["buffer"]


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(visit, collecting, examples, event):
    page = visit(collecting)
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "five.png", {type: "image/png"}));
            return transfer;
        }""",
        list((examples / "digits" / "5-canvas.png").read_bytes()),
    )
    page.evaluate(
        """([event, data]) => document.body.dispatchEvent(event === "drop"
            ? new DragEvent(event, { dataTransfer: data, bubbles: true })
            : new ClipboardEvent(event, { clipboardData: data, bubbles: true }))""",
        [event, transfer],
    )
    expect(read(page)).to_have_text("5")


def test_a_drawing_is_there_again_when_the_picture_is_put_away(visit, collecting, examples, hand):
    page = visit(collecting)
    hand.mouse(page, hand.strokes[7])
    expect(read(page)).to_have_text("7")
    page.set_input_files("#file", examples / "digits" / "5-canvas.png")
    expect(read(page)).to_have_text("5")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(read(page)).to_have_text("7")
    expect(page.locator("#picture")).to_be_hidden()
