"""``scrawl serve``: the web page and the HTTP service."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from scrawl.serve.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    host: Annotated[str, typer.Option(help="The address to bind to.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the port.")] = 1,
    model: Annotated[
        Path | None,
        typer.Option(metavar="MODEL", help="A run folder or an .onnx file; scrawl's own if none."),
    ] = None,
    models: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="More models, NAME.onnx or NAME/VERSION/model.onnx; looked at every 5 s.",
        ),
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(help="Reject a digit below this confidence, 0 to 1.")
    ] = None,
    collect: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep corrected pictures here; without it, nothing."),
    ] = None,
    collected: Annotated[
        int, typer.Option(min=1, help="Pictures kept at most.")
    ] = Settings.collected,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="SCRAWL_TOKEN",
            show_envvar=True,
            help="Clients must send it; none asks for none.",
        ),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="A site whose pages may call, https://example.org; may be repeated."),
    ] = None,
    body: Annotated[int, typer.Option(min=1, help="Bytes of a request.")] = Settings.body,
    pixels: Annotated[int, typer.Option(min=1, help="Pixels of a picture.")] = Settings.pixels,
    pictures: Annotated[
        int, typer.Option(min=1, help="Pictures of a request.")
    ] = Settings.pictures,
    queue: Annotated[
        int, typer.Option(min=1, help="Requests held at once by a worker.")
    ] = Settings.queue,
    seconds: Annotated[float, typer.Option(min=0.001, help="For an answer.")] = Settings.seconds,
    body_seconds: Annotated[
        float, typer.Option(min=0.001, help="For a request to arrive.")
    ] = Settings.body_seconds,
) -> None:
    """Serve the web page and the HTTP API.

    Example: scrawl serve --port 8000, then open http://127.0.0.1:8000
    """
    from scrawl.errors import InputError

    _need_extra()
    from scrawl.serve.run import run

    if models is not None and not models.is_dir():
        raise InputError(f"{models}: expected a folder of models, found none")
    settings = Settings(
        model=_text(model),
        models=_text(models),
        threshold=threshold,
        collect=_text(collect),
        collected=collected,
        token=token or None,
        origins=tuple(origin or ()),
        body=body,
        pixels=pixels,
        pictures=pictures,
        queue=queue,
        seconds=seconds,
        body_seconds=body_seconds,
    )
    if host not in LOOPBACK and settings.token is None:
        typer.echo(f"scrawl: {host} is open to others, and no --token is asked for", err=True)
    run(settings, host, port, workers, lambda url: typer.echo(f"reading at {url}"))


def _need_extra() -> None:
    """One line instead of a traceback where the packages of the service are not installed."""
    from scrawl.errors import MissingExtraError

    for package in ("fastapi_offline", "prometheus_client", "python_multipart", "uvicorn"):
        if find_spec(package) is None:
            raise MissingExtraError("serve", package, "serve")


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
