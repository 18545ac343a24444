"""scrawl reads handwritten digits, and trains the classic classifiers.

    >>> import scrawl
    >>> scrawl.read("amount.jpg").text
    >>> scrawl.Recogniser.load().predict(["photo.jpg"])[0].digit

Importing it loads nothing else: each public name brings its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrawl.errors import (
        DataError,
        InputError,
        MissingExtraError,
        ModelError,
        PictureError,
        ScrawlError,
    )
    from scrawl.pages import PageReader, Reading, read
    from scrawl.recogniser import Prediction, Recogniser

__version__ = "0.1.0"

__all__ = [
    "DataError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "PageReader",
    "PictureError",
    "Prediction",
    "Reading",
    "Recogniser",
    "ScrawlError",
    "read",
]

_HOMES = {
    "DataError": "scrawl.errors",
    "InputError": "scrawl.errors",
    "MissingExtraError": "scrawl.errors",
    "ModelError": "scrawl.errors",
    "PageReader": "scrawl.pages",
    "PictureError": "scrawl.errors",
    "Prediction": "scrawl.recogniser",
    "Reading": "scrawl.pages",
    "Recogniser": "scrawl.recogniser",
    "ScrawlError": "scrawl.errors",
    "read": "scrawl.pages",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'scrawl' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
