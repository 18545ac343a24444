"""Whether the server is there, by the names that probes of several kinds ask."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from scrawl.serve.exchange import FAILURES, service_of

ALIVE = ("/v2/health/live", "/ping", "/healthz")
READY = "/v2/health/ready"
HEALTH = (*ALIVE, READY)
"""The paths, which ask for no token."""

_NOT_READY: dict[int | str, dict[str, Any]] = {503: FAILURES[503]}

router = APIRouter(tags=["operation"])


async def alive() -> Response:
    """Answers 200 while the process runs."""
    return Response()


async def ready(request: Request) -> Response:
    """Answers 200 where the model that reads by default would answer."""
    service_of(request).models.get()
    return Response()


for _path in ALIVE:
    router.add_api_route(_path, alive, methods=["GET"], response_class=Response)
    router.add_api_route(_path, alive, methods=["HEAD"], include_in_schema=False)
router.add_api_route(READY, ready, methods=["GET"], response_class=Response, responses=_NOT_READY)
router.add_api_route(READY, ready, methods=["HEAD"], include_in_schema=False)
