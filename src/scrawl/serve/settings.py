"""What an operator chooses, with the limits that keep the service up."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields

from scrawl.errors import InputError

ENVIRONMENT = "SCRAWL_SERVE"
"""The variable that hands the settings to worker processes, as JSON."""


@dataclass(frozen=True)
class Settings:
    """How to serve.

    Attributes:
        model: The run folder or ``.onnx`` file that reads where a request names no model; None
            takes the one that scrawl carries.
        models: A folder of more models, ``NAME.onnx`` or ``NAME/VERSION/model.onnx``.
        rescan: Seconds between looks at that folder.
        threshold: Digits below this confidence are rejected, in [0, 1]; None takes the model's.
        collect: The folder that corrected pictures are kept in; None keeps nothing.
        collected: How many pictures that folder may hold.
        token: What a client must send as ``Authorization: Bearer``; None asks for none.
        origins: The origins, such as ``https://example.org``, whose pages may call.
        body: Bytes of a request's body.
        buffered: Bytes of all bodies that are held at once.
        pixels: Width times height of a picture.
        pictures: Pictures of a request.
        digits: Rows of a tensor.
        queue: Requests that are held at once; one more is turned away.
        seconds: For the answer.
        body_seconds: For the body to arrive.
        threads: That open pictures and find the ink.
    """

    model: str | None = None
    models: str | None = None
    rescan: float = 5.0
    threshold: float | None = None
    collect: str | None = None
    collected: int = 10_000
    token: str | None = field(default=None, repr=False)
    origins: tuple[str, ...] = ()
    body: int = 16 * 2**20
    buffered: int = 256 * 2**20
    pixels: int = 50_000_000
    pictures: int = 32
    digits: int = 1024
    queue: int = 128
    seconds: float = 30.0
    body_seconds: float = 10.0
    threads: int = 2

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if item.type in ("int", "float") and value <= 0:
                raise InputError(f"{item.name}: expected more than 0, received {value}")

    def to_environment(self) -> None:
        """Leaves the settings for the processes that this one starts."""
        os.environ[ENVIRONMENT] = json.dumps(asdict(self))

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings that the process above left."""
        table = json.loads(os.environ[ENVIRONMENT])
        return cls(**{**table, "origins": tuple(table["origins"])})
