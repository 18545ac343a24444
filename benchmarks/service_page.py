"""The page in Chromium on this machine: how soon it answers, its weight, what it shows.

    python benchmarks/service_page.py [--strokes 200] [--visits 10]
    python benchmarks/service_page.py --numbers NUMBERS [--sample 100]

From lifting the pen to the answer being on the page, as the page itself measures it; bytes of all
it loads, and milliseconds from asking for it until it can be drawn on. With --numbers (a CSV of
labelled pictures, or its folder): of so many pictures of a number, how many the page shows
rightly, and how many `scrawl read` reads, the same server answering both.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from lib.service_load import served

SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.46, 0.85))
MEASURES = "performance.getEntriesByName('stroke to answer').map(entry => entry.duration)"
READY = "performance.getEntriesByName('ready')[0].startTime"
SEED = 0


def weigh(browser: Browser, url: str, visits: int) -> None:
    """Prints the bytes of the page, and how soon it can be drawn on, its cache empty each time."""
    ready = []
    sizes: list[int] = []
    for _ in range(visits):
        context = browser.new_context()
        page = context.new_page()
        sizes.clear()
        page.on("response", lambda answer: sizes.append(len(answer.body())))
        page.goto(url, wait_until="networkidle")
        ready.append(page.evaluate(READY))
        context.close()
    print(f"{len(sizes)} files, {sum(sizes) / 1000:.0f} kB as they are sent")
    print(f"ready to draw on: p50 {np.median(ready):.0f} ms, slowest {max(ready):.0f} ms")


def strokes(browser: Browser, url: str, count: int) -> None:
    """Draws sevens and prints the percentiles."""
    page = browser.new_page()
    page.goto(url, wait_until="networkidle")
    box = page.locator("#paper").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    for _ in range(count):
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=12)
        page.mouse.up()
        page.locator("#read:not(.interim)", has_text="7").wait_for()
        page.wait_for_timeout(600)  # the map of what mattered has come, too
        page.locator("#clear").click()
    times = page.evaluate(MEASURES)[5:]
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    print(f"{len(times)} strokes: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")


def numbers(browser: Browser, url: str, folder: Path, sample: int) -> None:
    """Compares what the page shows of pictures of a number with what `scrawl read` says."""
    path = folder / "labels.csv" if folder.is_dir() else folder
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    chosen = np.random.default_rng(SEED).permutation(len(rows))[:sample]
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(url, wait_until="networkidle")
    right = {"page": 0, "scrawl read": 0}
    for row in (rows[i] for i in chosen):
        picture = path.parent / row["file"]
        wanted = row["text"].replace("|", "")
        page.set_input_files("#file", picture)
        page.locator("body[data-state=read]").wait_for()
        shown = page.locator("#read").inner_text()
        answer = httpx.post(f"{url}/v1/read", content=picture.read_bytes(), timeout=120)
        said = {"page": shown, "scrawl read": answer.json()[0]["text"]}
        for who, text in said.items():
            right[who] += "".join(filter(str.isdigit, text)) == wanted
        if shown.split() != said["scrawl read"].split():
            print(f"  {row['file']}: {wanted}, shown as {shown!r}, read as {said['scrawl read']!r}")
    for who, count in right.items():
        print(f"{who}: {count} of {len(chosen)} right")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=int, default=200)
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--numbers", type=Path, help="measure this instead")
    parser.add_argument("--sample", type=int, default=100)
    arguments = parser.parse_args()
    with served() as (port, _), sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        url = f"http://127.0.0.1:{port}"
        if arguments.numbers:
            numbers(browser, url, arguments.numbers, arguments.sample)
        else:
            weigh(browser, url, arguments.visits)
            strokes(browser, url, arguments.strokes)
        browser.close()


if __name__ == "__main__":
    main()
