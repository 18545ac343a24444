"""What an operator chooses, with the limits that keep the service up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PositiveFloat, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from scrawl.errors import InputError
from scrawl.serve import defaults
from scrawl.serve.refusal import sentence

PREFIX = "SCRAWL_"
"""How the names of the environment's variables begin: ``SCRAWL_QUEUE`` is ``queue``."""


def _folder(path: object) -> object:
    if path is not None and not Path(str(path)).is_dir():
        raise ValueError("expected a folder of models")
    return path


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


class Settings(BaseSettings):
    """How to serve: what is given, else the environment's ``SCRAWL_…``, else the default.

    Attributes:
        host: The address to bind to.
        port: The port; 0 takes a free one.
        workers: Processes that share the port.
        model: The run folder or ``.onnx`` file that reads where a request names no model; None
            takes the one that scrawl carries.
        lines: The same of a reader of lines, for numbers and pages.
        models: A folder of more models, ``NAME.onnx`` or ``NAME/VERSION/model.onnx``.
        rescan: Seconds between looks at that folder.
        threshold: Digits below this confidence are uncertain, in [0, 1]; None takes the model's.
        device: What the networks run on; see ``scrawl.network.DEVICES``.
        threads: How many a call of a network may use.
        readers: Large pictures, such as photos, that are read at once.
        collect: The folder that corrected pictures are kept in; None keeps nothing.
        collected: How many pictures that folder may hold.
        token: What a client must send as ``Authorization: Bearer``; None asks for none.
        hosts: The names that clients may call the server by, beside addresses, ``localhost`` and
            ``host``; ``*`` is any. With a token every name is right.
        origins: The origins, such as ``https://example.org``, whose pages may call; in the
            environment with commas between them.
        body: Bytes of a request's body.
        buffered: Bytes of all bodies that are held at once.
        pixels: Width times height of a picture.
        pictures: Pictures of a request.
        digits: Rows of a tensor.
        queue: Requests that are held at once; one more is turned away.
        held: Pixels of all large pictures that are held at once.
        seconds: For the answer.
        jobs: The file that jobs are kept in, of SQLite; None keeps them in memory.
        keep: Seconds for which the result of a job is kept.
        job_pages: Pages of a file of a job.
        job_queue: Jobs that wait or run at once.
        body_seconds: For the body to arrive.
        head_seconds: For the head of a request to arrive.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    host: str = defaults.HOST
    port: Annotated[int, Field(ge=0, le=65535)] = defaults.PORT
    workers: PositiveInt = defaults.WORKERS
    model: Path | None = None
    lines: Path | None = None
    models: Annotated[Path | None, BeforeValidator(_folder)] = None
    rescan: PositiveFloat = defaults.RESCAN
    threshold: Annotated[float | None, Field(ge=0, le=1)] = None
    device: str = defaults.DEVICE
    threads: PositiveInt = defaults.THREADS
    readers: PositiveInt = defaults.READERS
    collect: Path | None = None
    collected: PositiveInt = defaults.COLLECTED
    token: str | None = Field(default=None, repr=False)
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = ()
    origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = ()
    body: PositiveInt = defaults.BODY
    buffered: PositiveInt = defaults.BUFFERED
    pixels: PositiveInt = defaults.PIXELS
    pictures: PositiveInt = defaults.PICTURES
    digits: PositiveInt = defaults.DIGITS
    queue: PositiveInt = defaults.QUEUE
    held: PositiveInt = defaults.HELD
    seconds: PositiveFloat = defaults.SECONDS
    jobs: Path | None = None
    keep: PositiveFloat = defaults.KEEP
    job_pages: PositiveInt = defaults.JOB_PAGES
    job_queue: PositiveInt = defaults.JOB_QUEUE
    body_seconds: PositiveFloat = defaults.BODY_SECONDS
    head_seconds: PositiveFloat = defaults.HEAD_SECONDS

    def __init__(self, **given: Any) -> None:
        """Takes what is given, and the rest from the environment.

        Raises:
            InputError: A value cannot be used, or there is no such setting.
        """
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise InputError(sentence(error.errors()[0])) from None

    def to_environment(self) -> None:
        """Leaves the settings where the processes that this one starts find them."""
        for name, value in self.model_dump(mode="json").items():
            text = ",".join(value) if isinstance(value, list) else str(value)
            os.environ[PREFIX + name.upper()] = "" if value is None else text
