"""The answer to a request that is not carried out: a status and one clear line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any


class RefusalError(Exception):
    """Becomes ``{"error": message}`` with a status of 4xx or 503.

    Attributes:
        status: The HTTP status.
        message: Names the thing, what was expected and what was received.
        headers: More headers of the answer.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def body_of(message: str) -> bytes:
    """The JSON that every refusal and failure answers; the key is the Open Inference Protocol's."""
    return json.dumps({"error": " ".join(message.split())}, ensure_ascii=False).encode()


def busy(why: str) -> RefusalError:
    """The refusal of a request that would do better a little later."""
    return RefusalError(503, f"{why}: try again in a second", retry_after="1")


def sentence(mistake: Mapping[str, Any]) -> str:
    """One of pydantic's errors as one line: what it is about, what was expected and received."""
    expected = mistake["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    where = mistake["loc"][-1] if mistake["loc"] else "request"
    received = mistake["input"]
    shown = str(received) if isinstance(received, PurePath) else repr(received)
    return f"{where}: {expected[:1].lower()}{expected[1:]}, received {shown:.80}"
