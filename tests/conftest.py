"""What the tests share: where the data is, and small data sets."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from scrawl.data import Dataset, DatasetInfo

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared" / "data"
LISTED = tomllib.loads((CHECKOUT / "tests" / "skips.toml").read_text(encoding="utf-8"))["skip"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """A run of everything, as CI's, must not be green for what it left out."""
    note = "fail for a skipped test that tests/skips.toml does not list"
    parser.addoption("--strict-skips", action="store_true", help=note)


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes test, the one that hears of all tests counts."""
    if config.getoption("strict_skips") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(StrictSkips())


class StrictSkips:
    """Fails the run for skips (and expected failures) that are not listed."""

    def __init__(self) -> None:
        self.unlisted: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "expected"
            reason = reason.removeprefix("Skipped: ")
            if not any(is_listed(entry, report.nodeid, reason) for entry in LISTED):
                self.unlisted.append(f"{report.nodeid}: {reason}")

    pytest_collectreport = pytest_runtest_logreport  # a whole file may be skipped

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unlisted and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.unlisted:
            terminalreporter.write_line(f"skipped, and not on tests/skips.toml: {line}", red=True)


def is_listed(entry: dict[str, str], test: str, reason: str) -> bool:
    """Whether an entry of tests/skips.toml is of a skipped test and holds here."""
    of_it = reason.startswith(entry["reason"]) and test.startswith(entry.get("test", ""))
    return of_it and not ("without" in entry and is_here(entry["without"]))


def is_here(name: str) -> bool:
    """Whether a path, from the checkout, or a module exists."""
    return (CHECKOUT / name).exists() if "/" in name else find_spec(name) is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The file that takes longest comes first, so that nobody waits for it alone at the end."""
    items.sort(key=lambda item: item.path.name != "test_backends.py")


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Given its name, a folder of the measuring data beside the checkout; skips without it."""

    def folder(name: str) -> Path:
        path = SHARED / name
        if not path.is_dir():
            pytest.skip(f"needs the data set {name} (../shared/data/{name}), which is not here")
        return path

    return folder


@pytest.fixture(scope="session")
def mnist_folder(shared: Callable[[str], Path]) -> Path:
    """The folder with MNIST's files; a test never downloads them."""
    named = os.environ.get("SCRAWL_DATA")
    return Path(named) if named else shared("mnist")


@pytest.fixture(scope="session")
def hands_folder(shared: Callable[[str], Path]) -> Path:
    """The folder with the data sets of other hands, a folder each; a test never downloads them."""
    named = os.environ.get("SCRAWL_DATA")
    return Path(named) if named else shared("strokes")


@pytest.fixture(scope="session")
def mnist(mnist_folder: Path) -> Dataset:
    """MNIST."""
    from scrawl import data

    return data.load("mnist", mnist_folder)


@pytest.fixture(scope="session")
def random_dataset() -> Callable[..., Dataset]:
    """Makes a data set of random images: 40 to train on, 20 or so to test; every class occurs."""

    def make(shape: tuple[int, int], pixel_max: int, n_test: int = 20) -> Dataset:
        rng = np.random.default_rng(0)
        info = DatasetInfo(
            name="random",
            title="random images",
            classes=tuple("0123456789"),
            image_shape=shape,
            pixel_max=pixel_max,
            n_train=40,
            n_test=n_test,
            split="none",
            licence="none",
            source="a random number generator",
        )
        x = rng.integers(0, pixel_max, (40 + n_test, *shape), dtype=np.uint8, endpoint=True)
        y = np.arange(40 + n_test) % 10
        return Dataset(info, x[:40], y[:40], x[40:], y[40:])

    return make
