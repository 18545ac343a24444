"""The page without a server: what its graph normalises as Python does, its size, how soon it reads.

    python benchmarks/browser_page.py [MODEL] [--count 300]

MNIST's training digits, each drawn somewhere on a sheet at some size: how many 28×28 of the graph
are those of `scrawl.preprocess.normalise`, and how far the others are off. Then the page of the
model in Chromium, opened as a file: milliseconds from opening it until it can read, and for each
reading of a stroke while it is drawn.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from playwright.sync_api import sync_playwright

from scrawl import data, preprocess, weights
from scrawl.training.browser import page, steps
from scrawl.training.exporters import export

SEED = 0
READY = "performance.getEntriesByName('ready')[0]?.startTime"
READINGS = "performance.getEntriesByName('reading').map(entry => entry.duration)"


def normalised(count: int) -> None:
    """Prints how far the graph is from Python."""
    session = onnxruntime.InferenceSession(page.OWN / "before.onnx")
    rng, full = np.random.default_rng(SEED), np.array(255, np.float32)
    apart = []
    for digit in data.load("mnist").x_train[:count]:
        side = int(rng.integers(3, steps.SHEET + 1))
        ink = np.zeros((steps.SHEET, steps.SHEET), np.float32)
        top, left = rng.integers(0, steps.SHEET - side + 1, 2)
        drawn = cv2.resize(digit, (side, side), interpolation=cv2.INTER_AREA)
        ink[top : top + side, left : left + side] = drawn / np.float32(255)
        seen = session.run(["seen"], {"ink": ink, "pixel_max": full})[0]
        apart.append(int(np.abs(seen.astype(int) - preprocess.normalise(ink)).max()))
    equal = sum(one == 0 for one in apart)
    print(
        f"28×28 of {count} drawings: {equal} equal, the others {max(apart)} grey levels off at most"
    )


def read(model: Path) -> None:
    """Prints what the page weighs and how soon it reads."""
    path = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder) / "digits.html"
        print(f"{model.name}: {export(model, out).size / 1e6:.2f} MB")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        view = browser.new_page()
        view.set_default_timeout(120_000)
        view.goto(out.as_uri())
        while (ready := view.evaluate(READY)) is None:  # the page's policy allows no more
            view.wait_for_timeout(20)
        view.mouse.move(250, 200)
        view.mouse.down()
        for x, y in ((450, 200), (350, 450)):
            view.mouse.move(x, y, steps=20)
        view.mouse.up()
        view.wait_for_selector("#read:not(.interim):not(.empty)")
        readings = view.evaluate(READINGS)
        said = view.locator("#read").inner_text()
        print(
            f"ready after {ready:.0f} ms; readings, ms: the first {readings[0]:.1f}, the others "
            f"{np.median(readings[1:] or readings):.1f} in the middle; it says {said}"
        )
        browser.close()


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, nargs="?", default=weights.reader_for("cpu"))
    parser.add_argument("--count", type=int, default=300)
    arguments = parser.parse_args()
    normalised(arguments.count)
    read(arguments.model)


if __name__ == "__main__":
    main()
