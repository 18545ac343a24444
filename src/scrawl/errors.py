"""Every error that scrawl raises on purpose.

    ScrawlError            something the caller can put right; the message is one clear line
    ├── InputError         a value, file name or option that cannot be used
    ├── PictureError       bytes that are no picture, or a picture out of bounds
    ├── DataError          a data set that is missing, altered or of the wrong form
    ├── ModelError         a model file or run folder that is damaged or of another version
    └── MissingExtraError  an optional dependency that is not installed

A message names the thing, what was expected and what was received. The command line prints the
message alone and exits with 1; nothing else is caught there by type.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ScrawlError(Exception):
    """Base of every error that scrawl raises on purpose."""


class InputError(ScrawlError, ValueError):
    """A value, file name or option that cannot be used."""


class PictureError(ScrawlError, ValueError):
    """Something that cannot be opened as a picture, or a picture out of bounds."""


class DataError(ScrawlError):
    """A data set that is missing, altered or of the wrong form."""


class ModelError(ScrawlError):
    """A model file or a run folder that is damaged or of another version."""


class MissingExtraError(ScrawlError, ImportError):
    """An optional dependency that is not installed."""

    def __init__(self, job: str, package: str, extra: str) -> None:
        self._given = job, package, extra
        super().__init__(
            f"{job} needs {package}, which is not installed: pip install 'scrawl[{extra}]'"
        )

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        """How it comes from another process."""
        return type(self), self._given


def unknown(kind: str, name: str, known: Iterable[str]) -> InputError:
    """The error for a name that is not in a registry; it suggests the nearest that is.

    Args:
        kind: What the name should name, such as ``"recipe"``.
        name: The name received.
        known: The names there are.
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return InputError(f"unknown {kind} '{name}'{hint} (there are: {', '.join(names)})")
