"""What the tests of forms share: two forms, and a reader of each."""

from __future__ import annotations

import pytest

from scrawl.forms import Form, FormReader, Region

GRID = Form("grid", (148, 105), "mm", (Region("c", (20, 18, 128, 90), 8, 12, grid=True),))
BOXES = Form(
    "boxes",
    (210, 297),
    "mm",
    (
        Region("id", (20, 30, 100, 38), 1, 8),
        Region("a", (20, 60, 30, 72)),
        Region("b", (120, 60, 130, 72)),
        Region("t", (150, 250, 190, 262), 1, 4),
    ),
)


@pytest.fixture(scope="session")
def grid() -> FormReader:
    """Reads a ruled grid of 8 × 12."""
    return FormReader.load(GRID)


@pytest.fixture(scope="session")
def boxes() -> FormReader:
    """Reads two combs and two boxes."""
    return FormReader.load(BOXES)
