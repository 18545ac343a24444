"""The page in Chromium: a browser, a server that keeps corrections, and hands that draw."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Error, Page, expect, sync_playwright

EXAMPLES = Path(__file__).parents[3] / "examples"

expect.set_options(timeout=30_000)  # a machine with more to do takes its time

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


@pytest.fixture(scope="module")  # not longer: while Playwright runs, asyncio.run() is refused
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
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url)
        expect(page.locator("#keeps")).to_contain_text("forgotten")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def collecting(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    server = serve("--collect", folder)
    server.folder = folder
    return server


class Hand:
    """Draws on the page's paper, and makes pictures."""

    strokes = STROKES
    phone = {  # noqa: RUF012
        "viewport": {"width": 390, "height": 700},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }

    @staticmethod
    def points(page: Page, stroke, at: float = 0.0, size: float = 1.0):
        """A stroke's points on the screen, ``at`` so many sizes from the paper's middle."""
        box = page.locator("#paper").bounding_box()
        side = min(box["width"], box["height"]) * size
        left = box["x"] + box["width"] / 2 + (at - 0.5) * side
        top = box["y"] + (box["height"] - side) / 2
        return [(left + x * side / 100, top + y * side / 100) for x, y in stroke]

    def mouse(self, page: Page, strokes, at: float = 0.0, size: float = 1.0) -> None:
        for stroke in strokes:
            first, *rest = self.points(page, stroke, at, size)
            page.mouse.move(*first)
            page.mouse.down()
            for point in rest:
                page.mouse.move(*point, steps=3)
            page.mouse.up()

    def touch(self, page: Page, strokes) -> None:
        session = page.context.new_cdp_session(page)

        def send(kind, *fingers):
            touches = [{"x": x, "y": y} for x, y in fingers]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        for stroke in strokes:
            first, *rest = self.points(page, stroke)
            send("touchStart", first)
            for (x0, y0), (x1, y1) in pairwise([first, *rest]):
                for part in (0.25, 0.5, 0.75, 1):  # as close as a finger's points are
                    send("touchMove", (x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
            send("touchEnd")

    @staticmethod
    def clear(page: Page) -> None:
        page.get_by_role("button", name="Clear", exact=True).first.click()

    @staticmethod
    def png(pixels, name: str = "made.png") -> dict:
        buffer = io.BytesIO()
        Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "PNG")
        return {"name": name, "mimeType": "image/png", "buffer": buffer.getvalue()}

    def fives(self, count: int = 2) -> dict:
        five = np.asarray(Image.open(EXAMPLES / "digits" / "5-canvas.png").convert("L"))
        return self.png(np.concatenate([five] * count, axis=1))


@pytest.fixture(scope="session")
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="session")
def examples() -> Path:
    return EXAMPLES
