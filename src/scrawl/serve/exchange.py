"""What `/v1` and `/v2` share: finding the service, taking pictures from a body, failures."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import UploadFile

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
    422: {"model": Failure, "description": "A parameter has a wrong value."},
    503: {"model": Failure, "description": "Full, or not ready; Retry-After says when."},
}

_BINARY = {"schema": {"type": "string", "format": "binary"}}
PICTURE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {f"image/{kind}": _BINARY for kind in ("png", "jpeg", "webp", "bmp", "tiff")}
        | {"application/octet-stream": _BINARY},
    }
}
"""The body of a request with one picture, for OpenAPI."""

_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
_FORM = {"schema": {"type": "object", "properties": {"file": _FILES}, "required": ["file"]}}
PICTURES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {**PICTURE["requestBody"]["content"], "multipart/form-data": _FORM},
    }
}
"""The body of a request with one picture or several, for OpenAPI."""

RAW = "-"
"""What a picture is called that came without a name."""


def service_of(request: Request) -> Service:
    """The service that answers a request."""
    service: Service = request.app.state.service
    return service


def content_type(request: Request) -> str:
    """The type of the body, without parameters; empty where none is stated."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def picture_of(request: Request) -> bytes:
    """The one picture that is a request's body.

    Raises:
        RefusalError: The body is empty, 400, or of another type, 415.
    """
    kind = content_type(request)
    if kind not in ("", "application/octet-stream") and not kind.startswith("image/"):
        raise RefusalError(
            415, f"Content-Type: expected image/* or application/octet-stream, received {kind:.80}"
        )
    data = await request.body()
    if not data:
        raise RefusalError(400, "body: expected a picture, received nothing")
    return data


async def pictures_of(request: Request) -> list[tuple[str, bytes]]:
    """The pictures of a request, each with its name: the raw body, or the files of a form.

    Raises:
        RefusalError: There are none, 400; too many, 413; or the body is of another type, 415.
    """
    if content_type(request) != "multipart/form-data":
        return [(RAW, await picture_of(request))]
    most = service_of(request).settings.pictures
    # Room for one more than is let in: its refusal is clearer than the parser's.
    async with request.form(max_files=most + 1, max_fields=most) as form:
        files = [item for _, item in form.multi_items() if isinstance(item, UploadFile)]
        if not files:
            raise RefusalError(400, "body: expected a form with files, received none")
        if len(files) > most:
            raise RefusalError(413, f"body: expected at most {most} pictures, received more")
        return [(item.filename or RAW, await item.read()) for item in files]


def answer(table: object) -> Response:
    """JSON that is right by construction: checking it against its type again costs time."""
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), media_type="application/json")
