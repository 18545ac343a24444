"""What the tests share: where the data is, and small data sets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scrawl.data import Dataset, DatasetInfo

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


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
def mnist(mnist_folder: Path) -> Dataset:
    """MNIST."""
    from scrawl import data

    return data.load("mnist", mnist_folder)


@pytest.fixture(scope="session")
def random_dataset() -> Callable[[tuple[int, int], int], Dataset]:
    """Makes a data set of random images: 40 to train on, 20 to test; every class occurs."""

    def make(shape: tuple[int, int], pixel_max: int) -> Dataset:
        rng = np.random.default_rng(0)
        info = DatasetInfo(
            name="random",
            title="random images",
            classes=tuple("0123456789"),
            image_shape=shape,
            pixel_max=pixel_max,
            n_train=40,
            n_test=20,
            split="none",
            licence="none",
            source="a random number generator",
        )
        x = rng.integers(0, pixel_max, (60, *shape), dtype=np.uint8, endpoint=True)
        y = np.arange(60) % 10
        return Dataset(info, x[:40], y[:40], x[40:], y[40:])

    return make
