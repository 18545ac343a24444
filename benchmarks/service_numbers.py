"""What the page would show of pictures of a number, beside what `scrawl read` says: all of them.

    python benchmarks/service_numbers.py NUMBERS [--from 0] [--count 391]

NUMBERS is a CSV of labelled pictures, or its folder. The service answers within this process, and
the page's own `decide` (Chromium runs it, no page is drawn) says what it makes of each answer:
minutes where `service_page.py --numbers`, which chooses each file on the page, takes hours. A
browser would make a picture of more than 2,400 pixels smaller first; here it is sent as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from scrawl import PageReader
from scrawl.serve.app import create_app
from scrawl.serve.page import WEB

LOAD = "source => import('data:text/javascript,' + encodeURIComponent(source)).then(answer => { globalThis.decide = answer.decide; })"  # noqa: E501
DECIDE = "answer => decide(answer, false).text"


def digits_of(text: str) -> str:
    """The digits alone, without groups and lines."""
    return "".join(filter(str.isdigit, text))


async def answers(pictures: list[Path]) -> list[httpx.Response]:
    """What the service says to the page of each picture, one after the other."""
    app = create_app()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        given = [
            await client.post("/v1/explain?whole=true", content=picture.read_bytes())
            for picture in pictures
        ]
    app.state.service.close()
    return given


def shown(given: list[httpx.Response]) -> Iterator[str]:
    """What the page makes of each answer."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.evaluate(LOAD, (WEB / "answer.js").read_text("utf-8"))
        for answer in given:
            table = answer.json()
            yield page.evaluate(DECIDE, table) if answer.status_code == 200 else table["error"]
        browser.close()


def main() -> None:
    """Reads and counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", type=Path)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--count", type=int, help="pictures from there on; all if none")
    arguments = parser.parse_args()
    path = arguments.numbers
    path = path / "labels.csv" if path.is_dir() else path
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[arguments.first :][: arguments.count]
    pictures = [path.parent / row["file"] for row in rows]
    reader = PageReader.load()
    by_page = shown(asyncio.run(answers(pictures)))
    right = right_alone = alike = 0
    for row, picture, text in zip(rows, pictures, by_page, strict=True):
        read = reader.read(picture).text
        right += digits_of(text) == digits_of(row["text"])
        right_alone += digits_of(read) == digits_of(row["text"])
        alike += text.split() == read.split()
        if text.split() != read.split():
            print(f"  {row['file']}: {row['text']}, shown as {text!r}, read as {read!r}")
    print(f"{len(rows)} pictures: page {right} right, scrawl read {right_alone} right; ", end="")
    print(f"{alike} shown as they are read")


if __name__ == "__main__":
    main()
