"""What `/v1` and `/v2` share: finding the service, parameters, failures, answers."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request, Response

from scrawl.errors import unknown
from scrawl.serve.refusal import RefusalError
from scrawl.serve.schemas import Failure
from scrawl.serve.service import Service

FAILURES: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure, "description": "The request is wrong; one line says what."},
    401: {"model": Failure, "description": "The token is missing or wrong."},
    403: {"model": Failure, "description": "Not allowed here."},
    404: {"model": Failure, "description": "There is no such model."},
    408: {"model": Failure, "description": "The body came too slowly."},
    413: {"model": Failure, "description": "The body, its pictures or rows are too many."},
    415: {"model": Failure, "description": "The body is of another type."},
    422: {"model": Failure, "description": "A parameter has a wrong value, or is none."},
    421: {"model": Failure, "description": "The host is another."},
    503: {"model": Failure, "description": "Full, or not ready; Retry-After says when."},
}


def service_of(request: Request) -> Service:
    """The service that answers a request."""
    service: Service = request.app.state.service
    return service


def content_type(request: Request) -> str:
    """The type of the body, without parameters; empty where none is stated."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def known(request: Request) -> None:
    """Refuses parameters that the route does not have.

    Raises:
        RefusalError: There is no such parameter, 422.
    """
    own = request.scope["route"].dependant
    names = {item.alias for part in (own, *own.dependencies) for item in part.query_params}
    for name in request.query_params:
        if name not in names:
            raise RefusalError(422, str(unknown("parameter", f"{name:.80}", names)))


def answer(table: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON that is right by construction: checking it against its type again costs time."""
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    data = text.encode("utf-8", "replace")
    return Response(data, status, headers, media_type="application/json")
