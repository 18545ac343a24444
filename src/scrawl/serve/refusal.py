"""The answer to a request that is not carried out: a status and one clear line."""

from __future__ import annotations

import json


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
