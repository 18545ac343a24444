"""``scrawl serve``: the web page and the HTTP service."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from scrawl.cli.options import DEVICE, Lines, ModelFile
from scrawl.serve import defaults

PACKAGES = (
    "fastapi_offline",
    "prometheus_client",
    "pydantic_settings",
    "python_multipart",
    "uvicorn",
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _shown(default: object, text: str, *names: str, **more: Any) -> Any:
    """An option of `Settings`: not given, the environment has a say, and then the default."""
    return typer.Option(*names, help=text, show_default=str(default), **more)


def serve(
    host: Annotated[str | None, _shown(defaults.HOST, "The address to bind to.")] = None,
    port: Annotated[int | None, _shown(defaults.PORT, "0 takes a free one.")] = None,
    workers: Annotated[
        int | None, _shown(defaults.WORKERS, "Processes that share the port.")
    ] = None,
    model: ModelFile = None,
    lines: Lines = None,
    models: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="More models, NAME.onnx or NAME/VERSION/model.onnx; looked at every 5 s.",
        ),
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(help="A digit below this confidence, 0 to 1, is uncertain.")
    ] = None,
    device: Annotated[str | None, _shown(defaults.DEVICE, DEVICE)] = None,
    threads: Annotated[
        int | None, _shown(defaults.THREADS, "Threads that a call of a network may use.")
    ] = None,
    readers: Annotated[
        int | None, _shown(defaults.READERS, "Large pictures, such as photos, read at once.")
    ] = None,
    collect: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep corrected pictures here; without it, nothing."),
    ] = None,
    collected: Annotated[int | None, _shown(defaults.COLLECTED, "Pictures kept at most.")] = None,
    token: Annotated[
        str | None,
        typer.Option(help="Clients must send it; none asks for none. SCRAWL_TOKEN hides it."),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A name that clients call the server by; may be repeated, * is any. Addresses, "
            "localhost and --host are allowed, and with --token every name."
        ),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="A site whose pages may call, https://example.org; may be repeated."),
    ] = None,
    body: Annotated[int | None, _shown(defaults.BODY, "Bytes of a request.")] = None,
    pixels: Annotated[int | None, _shown(defaults.PIXELS, "Pixels of a picture.")] = None,
    pictures: Annotated[int | None, _shown(defaults.PICTURES, "Pictures of a request.")] = None,
    queue: Annotated[
        int | None, _shown(defaults.QUEUE, "Requests held at once by a worker.")
    ] = None,
    held: Annotated[
        int | None, _shown(defaults.HELD, "Pixels of all large pictures held at once by a worker.")
    ] = None,
    jobs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Keep jobs in this file of SQLite; without it, in memory."
        ),
    ] = None,
    keep: Annotated[
        float | None, _shown(defaults.KEEP, "Seconds for which a job's result is kept.")
    ] = None,
    job_pages: Annotated[
        int | None, _shown(defaults.JOB_PAGES, "Pages of a file of a job.")
    ] = None,
    job_queue: Annotated[
        int | None, _shown(defaults.JOB_QUEUE, "Jobs that wait or run at once.")
    ] = None,
    seconds: Annotated[float | None, _shown(defaults.SECONDS, "For an answer.")] = None,
    body_seconds: Annotated[
        float | None, _shown(defaults.BODY_SECONDS, "For a request to arrive.")
    ] = None,
    head_seconds: Annotated[
        float | None, _shown(defaults.HEAD_SECONDS, "For the head of a request to arrive.")
    ] = None,
) -> None:
    """Serve the web page and the HTTP API.

    Each option may stand in the environment instead: SCRAWL_BODY_SECONDS for --body-seconds.
    Several of --origin are SCRAWL_ORIGINS, with commas between them, and --allow-host SCRAWL_HOSTS.

    Example: scrawl serve --port 8000, then open http://127.0.0.1:8000
    """
    given = {name: value for name, value in locals().items() if value not in (None, "", [])}
    _need_extra()
    from scrawl.serve.run import run
    from scrawl.serve.settings import Settings

    for option, name in (("origin", "origins"), ("allow_host", "hosts")):
        if option in given:
            given[name] = given.pop(option)
    settings = Settings(**given)
    if settings.host not in LOOPBACK and settings.token is None:
        typer.echo(
            f"scrawl: {settings.host} is open to others, and no --token is asked for", err=True
        )
    run(settings, lambda url: typer.echo(f"reading at {url}"))


def _need_extra() -> None:
    """One line instead of a traceback where the packages of the service are not installed."""
    from scrawl.errors import MissingExtraError

    for package in PACKAGES:
        if find_spec(package) is None:
            raise MissingExtraError("serve", package, "serve")
