"""The page in a browser: drawing, pictures, corrections, and a server that went away."""

import csv
import io
import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error, expect, sync_playwright

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"

# Pen strokes, as shares of a square of paper.
STROKES = {
    0: [[(50, 15), (30, 25), (25, 50), (33, 78), (50, 85), (68, 75), (74, 48), (66, 22), (50, 15)]],
    1: [[(38, 32), (55, 15), (55, 85)]],
    2: [[(30, 32), (40, 17), (60, 17), (68, 32), (60, 50), (30, 83), (72, 83)]],
    3: [[(30, 20), (55, 15), (66, 28), (48, 46), (68, 60), (62, 80), (42, 85), (28, 76)]],
    4: [[(58, 12), (28, 58), (76, 58)], [(62, 40), (62, 88)]],
    5: [[(68, 15), (36, 15), (33, 45), (52, 42), (68, 56), (62, 80), (42, 85), (28, 76)]],
    6: [[(62, 14), (40, 38), (32, 64), (42, 84), (62, 80), (66, 62), (52, 52), (34, 64)]],
    7: [[(28, 18), (72, 18), (46, 86)]],
    8: [[(62, 26), (50, 14), (36, 24), (60, 58), (62, 76), (48, 87), (34, 74), (42, 56), (62, 26)]],
    9: [[(64, 30), (50, 16), (36, 28), (42, 46), (60, 44), (64, 30), (62, 60), (54, 86)]],
}


def launch(playwright):
    """Playwright's own Chromium, or one that is installed; else its own is downloaded."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    try:
        return playwright.chromium.launch()
    except Error:
        path = next(filter(None, found), None)
    if path is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("needs Chromium, which is neither here nor can be downloaded")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Opens the page of a server; what the page logs as an error fails the test."""
    contexts, errors = [], []

    def open_page(server, **options):
        contexts.append(browser.new_context(accept_downloads=True, **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url)
        said = "server and forgotten" if server.off else "are kept there"
        expect(page.locator("#keeps")).to_contain_text(said)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="module")
def collecting(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    server = serve("--collect", folder)
    server.folder, server.off = folder, False
    return server


def points(page, stroke):
    box = page.locator("#paper").bounding_box()
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    return [(left + x * side / 100, top + y * side / 100) for x, y in stroke]


def draw_by_mouse(page, strokes):
    for stroke in strokes:
        first, *rest = points(page, stroke)
        page.mouse.move(*first)
        page.mouse.down()
        for point in rest:
            page.mouse.move(*point, steps=3)
        page.mouse.up()


def draw_by_touch(page, strokes):
    session = page.context.new_cdp_session(page)

    def send(kind, *fingers):
        touches = [{"x": x, "y": y} for x, y in fingers]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    for stroke in strokes:
        first, *rest = points(page, stroke)
        send("touchStart", first)
        for (x0, y0), (x1, y1) in pairwise([first, *rest]):
            for part in (0.25, 0.5, 0.75, 1):  # as close as a finger's points are
                send("touchMove", (x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
        send("touchEnd")


def png(pixels) -> dict:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "PNG")
    return {"name": "made.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def two_fives() -> dict:
    five = np.asarray(Image.open(EXAMPLES / "5-canvas.png").convert("L"))
    return png(np.concatenate([five, five], axis=1))


def read(page):
    return page.locator("#read")


def test_ten_digits_by_mouse(visit, collecting):
    page = visit(collecting)
    for digit, strokes in STROKES.items():
        page.keyboard.press("Escape")
        expect(read(page)).to_have_text("Nothing is drawn yet")
        draw_by_mouse(page, strokes)
        expect(read(page)).to_have_text(str(digit))
        expect(page.locator("#bars .best")).to_contain_text(str(digit))
    expect(page.locator("#spoken")).to_contain_text("9. ")


def test_ten_digits_by_touch_and_the_phone_does_not_scroll(visit, collecting):
    phone = {"viewport": {"width": 390, "height": 500}, "has_touch": True, "is_mobile": True}
    page = visit(collecting, color_scheme="dark", **phone)
    for digit, strokes in STROKES.items():
        page.keyboard.press("Escape")
        page.evaluate("scrollTo(0, 0)")
        draw_by_touch(page, strokes)
        expect(read(page)).to_have_text(str(digit))
        assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight")


def test_it_reads_while_one_draws(visit, collecting):
    """What is drawn while a request is under way is read when that one has returned."""
    page = visit(collecting)
    asked = []

    def hold_the_first(route):
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/v1/explain", hold_the_first)
    [stroke] = STROKES[7]
    first, *rest = points(page, stroke)
    page.mouse.move(*first)
    with page.expect_request("**/v1/explain"):
        page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=8)
    page.evaluate(
        "new Promise(requestAnimationFrame).then(() => null)"
    )  # the page has heard of every move
    assert len(asked) == 1
    asked[0].continue_()
    expect(read(page)).to_have_text("7")  # the pen is still down
    page.mouse.up()


def test_undo_and_clear(visit, collecting):
    page = visit(collecting)
    undo, clear = (page.get_by_role("button", name=name) for name in ("Undo", "Clear"))
    expect(undo).to_be_disabled()
    expect(clear).to_be_disabled()
    draw_by_mouse(page, STROKES[1])
    expect(read(page)).to_have_text("1")
    draw_by_mouse(page, [[(15, 15), (90, 90)], [(15, 90), (90, 15)]])
    expect(read(page)).not_to_have_text("1")
    page.keyboard.press("Control+z")
    undo.click()
    expect(read(page)).to_have_text("1")
    clear.click()
    expect(read(page)).to_have_text("Nothing is drawn yet")


def test_what_is_no_digit_says_so(visit, collecting):
    page = visit(collecting)
    expect(read(page)).to_have_text("Nothing is drawn yet")
    page.set_input_files("#file", EXAMPLES / "scribble.jpg")
    expect(read(page)).to_have_text("Not a digit")
    page.set_input_files("#file", png(np.full((90, 90), 255)))
    expect(read(page)).to_have_text("No ink found")
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": b"none"})
    expect(page.get_by_role("alert")).to_contain_text("cannot be opened as a picture")


def test_what_the_network_saw(visit, collecting):
    page = visit(collecting, bypass_csp=True)  # for wait_for_function
    draw_by_mouse(page, STROKES[4])
    expect(page.get_by_alt_text("The 28 by 28 pixels that the network saw")).to_be_visible()
    assert page.evaluate("document.getElementById('seen').naturalWidth") == 28
    inked = "document.getElementById('map').getContext('2d').getImageData(0, 0, 28, 28).data"
    page.wait_for_function(f"{inked}.some(Boolean)")


def test_a_photo_is_read_and_taken_away(visit, collecting):
    page = visit(collecting)
    page.set_input_files("#file", EXAMPLES / "1-notebook.jpg")
    expect(read(page)).to_have_text("1")
    expect(page.locator("#boxes rect")).to_have_count(1)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as JSON").click()
    [row] = json.loads(Path(saved.value.path()).read_text())
    assert (saved.value.suggested_filename, row["file"], row["digit"]) == (
        "1-notebook.json",
        "1-notebook.jpg",
        1,
    )


def test_an_answer_never_stands_on_another_picture(visit, collecting):
    page = visit(collecting)
    page.set_input_files("#file", EXAMPLES / "1-notebook.jpg")
    expect(page.locator("#boxes rect")).to_have_count(1)
    held = []
    page.route("**/v1/explain?whole=true", lambda route: held.append(route))
    page.set_input_files("#file", EXAMPLES / "5-canvas.png")
    expect(read(page)).to_have_text("Reading …")
    expect(page.locator("#boxes rect")).to_have_count(0)
    held[0].continue_()
    expect(read(page)).to_have_text("5")


def test_a_number_is_read_digit_by_digit(visit, collecting):
    page = visit(collecting, permissions=["clipboard-read", "clipboard-write"])
    page.set_input_files("#file", two_fives())
    expect(read(page)).to_have_text("55")
    expect(page.locator("#boxes rect")).to_have_count(2)
    page.get_by_role("button", name="5", exact=True).nth(1).click()
    expect(page.locator("#boxes .chosen")).to_have_count(1)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    rows = list(csv.DictReader(Path(saved.value.path()).read_text().splitlines()))
    assert [row["digit"] for row in rows] == ["5", "5"]
    assert int(rows[0]["x1"]) <= int(rows[1]["x0"])
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as JSON").click()
    files = [("file", ("made.png", two_fives()["buffer"]))]
    answer = collecting.client.post("/v1/read", files=files)
    assert json.loads(Path(saved.value.path()).read_text()) == answer.json()
    page.get_by_role("button", name="Copy text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "55"


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(visit, collecting, event):
    page = visit(collecting)
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "five.png", {type: "image/png"}));
            return transfer;
        }""",
        list((EXAMPLES / "5-canvas.png").read_bytes()),
    )
    page.evaluate(
        """([event, data]) => document.body.dispatchEvent(event === "drop"
            ? new DragEvent(event, { dataTransfer: data, bubbles: true })
            : new ClipboardEvent(event, { clipboardData: data, bubbles: true }))""",
        [event, transfer],
    )
    expect(read(page)).to_have_text("5")


def test_a_wrong_answer_is_corrected(visit, collecting):
    page = visit(collecting)
    draw_by_mouse(page, STROKES[7])
    expect(read(page)).to_have_text("7")
    page.get_by_role("button", name="It is a 1").click()
    expect(page.locator("#thanks")).to_have_text("Kept on this server as a 1.")
    [file] = (collecting.folder / "1").glob("*.png")
    assert Image.open(file).size == (640, 480)


def test_without_collecting_the_page_keeps_nothing_and_says_so(visit, serve):
    server = serve()
    server.off = True
    page = visit(server)
    draw_by_mouse(page, STROKES[7])
    expect(read(page)).to_have_text("7")
    expect(page.locator("#correct")).to_be_hidden()


def test_a_server_that_went_away_loses_nothing(visit, serve):
    server = serve()
    server.off = True
    page = visit(server)
    draw_by_mouse(page, STROKES[7])
    expect(read(page)).to_have_text("7")
    server.finish()
    draw_by_mouse(page, [[(30, 52), (70, 52)]])
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer.")
    expect(read(page)).to_have_text("No answer")
    serve("--port", server.port)
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_be_hidden()
    expect(read(page)).to_have_text("7")


def test_a_token_is_asked_for_on_the_page(browser, serve):
    server = serve("--token", "secret")
    page = browser.new_page()
    page.goto(server.url)
    page.get_by_label("Token").fill("secret")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    draw_by_mouse(page, STROKES[7])
    expect(read(page)).to_have_text("7")
    page.close()


def test_the_page_is_light_and_asks_nobody_else(browser, collecting):
    page = browser.new_page()
    sizes = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto(collecting.url, wait_until="networkidle")
    assert all(url.startswith(collecting.url) for url in sizes)
    assert len(sizes) >= 5
    assert sum(sizes.values()) < 100_000
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(visit, collecting, scheme):
    page = visit(collecting, color_scheme=scheme, reduced_motion="reduce")
    for picture in (None, EXAMPLES / "1-notebook.jpg", two_fives()):
        if picture:
            page.set_input_files("#file", picture)
            expect(page.locator("#boxes rect").first).to_be_attached()
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
    page.keyboard.press("Tab")  # Undo cannot be pressed now
    expect(page.get_by_role("button", name="Clear")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Open picture")).to_be_focused()
