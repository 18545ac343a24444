"""``/v1/render``: a page of a file that browsers do not open, as a picture that they do."""

from __future__ import annotations

from typing import Annotated

import cv2
from fastapi import APIRouter, Depends, Query, Request, Response

from scrawl.arrays import UInt8
from scrawl.pages.levels import FINEST
from scrawl.pixels import shrink
from scrawl.serve.bodies import PICTURE, picture_of
from scrawl.serve.exchange import FAILURES, known, service_of
from scrawl.serve.refusal import RefusalError

router = APIRouter(
    prefix="/v1", tags=["pictures"], responses=FAILURES, dependencies=[Depends(known)]
)

PAGES = "X-Pages"
"""The header that says how many pages the file has."""


@router.post(
    "/render",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": f"The page; {PAGES}: of how many."}
    },
    openapi_extra=PICTURE,
)
async def render(
    request: Request,
    page: Annotated[int, Query(ge=1, le=10_000, description="Which page, from 1.")] = 1,
) -> Response:
    """A page of a PDF, a TIFF or another picture as a PNG, no larger than is looked at."""
    service = service_of(request)
    name, data = await picture_of(request)

    async def work() -> Response:
        sent = await service.measured(name, data)
        if page > sent.extent.pages:
            raise RefusalError(400, f"page: expected at most {sent.extent.pages}, received {page}")
        content = await service.on_page(sent, page, _png)
        headers = {PAGES: str(sent.extent.pages)}
        return Response(content, headers=headers, media_type="image/png")

    return await service.gate.run(request.receive, work())


def _png(pixels: UInt8) -> bytes:
    pixels = shrink(pixels, FINEST)
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", pixels)[1].tobytes()
