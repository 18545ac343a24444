"""One stroke to answer on the page, in Chromium on this machine.

    python benchmarks/service_page.py [--strokes 200]

From lifting the pen to the answer being on the page, as the page itself measures it.
"""

from __future__ import annotations

import argparse
import shutil

import numpy as np
from playwright.sync_api import sync_playwright

from lib.service_load import served

SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.46, 0.85))
MEASURES = "performance.getEntriesByName('stroke to answer').map(entry => entry.duration)"


def main() -> None:
    """Draws sevens and prints the percentiles."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=int, default=200)
    count = parser.parse_args().strokes
    with served() as (port, _), sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}", wait_until="networkidle")
        box = page.locator("#paper").bounding_box()
        assert box is not None
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
        for _ in range(count):
            page.keyboard.press("Escape")
            page.mouse.move(*points[0])
            page.mouse.down()
            for point in points[1:]:
                page.mouse.move(*point, steps=12)
            page.mouse.up()
            page.locator("#read", has_text="7").wait_for()
            page.wait_for_timeout(600)  # the map of what mattered has come, too
        times = page.evaluate(MEASURES)[5:]
        browser.close()
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    print(f"{len(times)} strokes: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")


if __name__ == "__main__":
    main()
