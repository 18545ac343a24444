"""The application: web page, API, protocol, metrics and OpenAPI page, behind one guard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Match

from scrawl import __version__
from scrawl.errors import ScrawlError
from scrawl.serve import health, jobs_api, protocol, read_api, render_api
from scrawl.serve.guard import Guard
from scrawl.serve.jobs import Jobs
from scrawl.serve.page import add_page
from scrawl.serve.refusal import RefusalError, body_of, sentence
from scrawl.serve.service import Service
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import Telemetry

ABOUT = """Reads handwritten digits. `/v1` takes pictures; `/v2` is the Open Inference Protocol,
which clients of Triton and KServe speak. Every failure answers `{"error": "one line"}`."""

ROUTERS = (
    read_api.router,
    render_api.router,
    jobs_api.router,
    health.router,
    protocol.router,
)

PACKED = 4096
"""Bytes of an answer from which on it is compressed; a drawing's answer fits a packet or three."""

FAST = 1
"""The level of zlib that takes the least time: answers are digits, and any level halves them."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Makes the service, its models loaded.

    Args:
        settings: How to serve; the defaults where none are given.

    Raises:
        ModelError: The model cannot be used.
        InputError: The folder of corrections cannot be made.
    """
    settings = settings or Settings()
    telemetry = Telemetry()
    service = Service(settings, telemetry)
    jobs = Jobs(service)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        going = [asyncio.create_task(service.watch_models()), asyncio.create_task(jobs.work())]
        yield
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        service.close()

    app = FastAPIOffline(
        title="scrawl",
        description=ABOUT,
        version=__version__,
        docs_url="/docs",
        redoc_url=None,
        static_url="/docs/static",
        favicon_url="/icon.svg",
        lifespan=lifespan,
        middleware=_middleware(service),
    )
    app.state.service = service
    app.state.jobs = jobs
    # The guard asks for the token; this lets the OpenAPI page send it.
    asked = [Security(HTTPBearer(auto_error=False))] if settings.token else []
    for router in ROUTERS:
        app.include_router(router, dependencies=asked)
    _add_metrics(app, telemetry)
    add_page(app)
    _add_failures(app)
    return app


def _middleware(service: Service) -> list[Middleware]:
    """What each request goes through, from the outside in."""
    settings = service.settings
    middleware = [
        *service.tracing.middleware(),
        Middleware(Guard, settings=settings, telemetry=service.telemetry),
        Middleware(GZipMiddleware, minimum_size=PACKED, compresslevel=FAST),
    ]
    if settings.origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.origins),
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Authorization", "Content-Type", protocol.HEAD_LENGTH],
                expose_headers=["Retry-After", "X-Request-Id", protocol.HEAD_LENGTH],
            )
        )
    return middleware


def _add_metrics(app: FastAPI, telemetry: Telemetry) -> None:
    @app.get("/metrics", tags=["operation"], response_class=Response)
    def metrics() -> Response:
        """The metrics, for Prometheus."""
        return Response(telemetry.page(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _add_failures(app: FastAPI) -> None:
    """Every failure is one clear line of JSON, and none shows a traceback."""

    def failed(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
        return Response(body_of(message), status, headers, "application/json")

    @app.exception_handler(RefusalError)
    async def refused(_: Request, error: RefusalError) -> Response:
        return failed(error.status, error.message, error.headers)

    @app.exception_handler(ScrawlError)
    async def mistaken(_: Request, error: ScrawlError) -> Response:
        return failed(400, str(error))

    @app.exception_handler(HTTPException)
    async def unroutable(request: Request, error: HTTPException) -> Response:
        reasons = {
            404: f"{request.url.path:.200}: no such path",
            405: f"{request.method}: not here",
        }
        message = reasons.get(error.status_code, str(error.detail))
        headers = dict(error.headers or {})
        if error.status_code == 405:  # of several routes of a path, Starlette names but the first
            found = (getattr(route, "methods", None) for route in _at(app, request))
            headers["Allow"] = ", ".join(sorted({name for names in found for name in names or ()}))
        return failed(error.status_code, message, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return failed(422, sentence(error.errors()[0]))

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=499)


def _at(app: FastAPI, request: Request) -> list[BaseRoute]:
    """The routes of a request's path, whatever its method."""
    routes = [*app.routes, *(route for router in ROUTERS for route in router.routes)]
    return [route for route in routes if route.matches(request.scope)[0] != Match.NONE]
