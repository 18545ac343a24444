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
from pathlib import Path

import httpx
from playwright.async_api import async_playwright

from scrawl import PageReader
from scrawl.serve.app import create_app
from scrawl.serve.page import WEB

LOAD = "source => import('data:text/javascript,' + encodeURIComponent(source)).then(answer => { globalThis.decide = answer.decide; })"  # noqa: E501
DECIDE = "answer => decide(answer, false).text"


def digits_of(text: str) -> str:
    """The digits alone, without groups and lines."""
    return "".join(filter(str.isdigit, text))


class Tally:
    """How many were right, and shown as they are read."""

    def __init__(self) -> None:
        self.pictures = self.page = self.alone = self.alike = 0

    def count(self, row: dict[str, str], shown: str, read: str) -> None:
        """Counts a picture; prints it where the two differ."""
        wanted = digits_of(row["text"])
        self.pictures += 1
        self.page += digits_of(shown) == wanted
        self.alone += digits_of(read) == wanted
        self.alike += shown.split() == read.split()
        if shown.split() != read.split():
            print(f"  {row['file']}: {row['text']}, shown as {shown!r}, read as {read!r}")

    def __str__(self) -> str:
        return (
            f"{self.pictures} pictures: page {self.page} right, scrawl read {self.alone} right; "
            f"{self.alike} shown as they are read"
        )


async def compare(folder: Path, rows: list[dict[str, str]]) -> Tally:
    """What the page makes of the service's answer to each picture, beside what is read of it."""
    app, reader, tally = create_app(), PageReader.load(), Tally()
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
        async_playwright() as playwright,
    ):
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.evaluate(LOAD, (WEB / "answer.js").read_text("utf-8"))
        for row in rows:
            picture = folder / row["file"]
            answer = await client.post("/v1/explain?whole=true", content=picture.read_bytes())
            table = answer.json()
            shown = await page.evaluate(DECIDE, table) if answer.is_success else table["error"]
            tally.count(row, shown, reader.read(picture).text)
            if tally.pictures % 10 == 0:
                print(tally, flush=True)
        await browser.close()
    app.state.service.close()
    return tally


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
    print(asyncio.run(compare(path.parent, rows)))


if __name__ == "__main__":
    main()
