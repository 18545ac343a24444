"""``/v1``: pictures in, digits out."""

from __future__ import annotations

import asyncio
import base64
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Annotated, Any

import cv2
import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response

from scrawl import __version__
from scrawl.arrays import Float32, UInt8
from scrawl.errors import PictureError
from scrawl.pages import Reading
from scrawl.pages.levels import FINEST
from scrawl.prediction import SEEN, Prediction
from scrawl.preprocess import DigitInk
from scrawl.serve import rows
from scrawl.serve.bodies import PICTURE, PICTURES, picture_of, pictures_of
from scrawl.serve.corrections import LABELS, Label
from scrawl.serve.exchange import FAILURES, answer, known, service_of
from scrawl.serve.lanes import together
from scrawl.serve.models import Served
from scrawl.serve.parameters import Asked, Model, Threshold, Version
from scrawl.serve.refusal import RefusalError
from scrawl.serve.schemas import About, Explanation, Failure, InkMap, Kept, ReadDigit, ReadPage
from scrawl.serve.sent import Sent
from scrawl.serve.service import Service
from scrawl.serve.wanted import Wanted

router = APIRouter(
    prefix="/v1", tags=["pictures"], responses=FAILURES, dependencies=[Depends(known)]
)

ALONE = 0.9
"""The digit's share of all strokes below which a picture is read as a whole, too."""


@router.post(
    "/read",
    responses={200: {"model": list[ReadPage] | list[ReadDigit]}},
    openapi_extra=PICTURES,
)
async def read(request: Request, wanted: Asked) -> Response:
    """Reads pictures, as ``scrawl read --json`` does: a list, an object a picture.

    A picture that cannot be opened says so in its ``error``; where none can, the answer is 400.
    """
    service = service_of(request)
    if not wanted.one and (wanted.model or wanted.version):
        raise RefusalError(400, "model: expected with one=true (whole pictures have one reader)")
    served = service.models.get(wanted.model, wanted.version)
    pictures = await pictures_of(request)
    job = _read(service, pictures, served if wanted.one else None, wanted)
    return await service.gate.run(request.receive, job)


@router.post("/explain", responses={200: {"model": Explanation}}, openapi_extra=PICTURE)
async def explain(
    request: Request,
    weigh: Annotated[bool, Query(alias="map", description="Say which ink mattered, too.")] = False,
    whole: Annotated[bool, Query(description="Read all digits, even if one is alone.")] = False,
    model: Model = None,
    version: Version = None,
    threshold: Threshold = None,
) -> Response:
    """Reads one digit and says what was seen; where there are several, reads all of them."""
    service = service_of(request)
    served = service.models.get(model, version)
    name, data = await picture_of(request)
    job = _explain(service, name, data, _Explaining(served, weigh, whole, threshold))
    return await service.gate.run(request.receive, job)


@router.post("/explain/map", responses={200: {"model": InkMap}}, openapi_extra=PICTURE)
async def explain_map(request: Request, model: Model = None, version: Version = None) -> Response:
    """Says which ink mattered of 28×28 pixels, sent as `seen` of an explanation has them."""
    service = service_of(request)
    served = service.models.get(model, version)
    name, data = await picture_of(request)
    return await service.gate.run(request.receive, _map(service, name, data, served))


@router.post(
    "/corrections",
    responses={200: {"model": Kept}, 507: {"model": Failure, "description": "The folder is full."}},
    openapi_extra=PICTURE,
)
async def correct(request: Request, label: Label) -> Response:
    """Keeps a picture under the label that is right, where the operator switched that on."""
    service = service_of(request)
    if service.corrections is None:
        raise RefusalError(
            403, "corrections: this server keeps no pictures (serve --collect would)"
        )
    name, data = await picture_of(request)
    kept = await service.gate.run(request.receive, service.keep(name, data, label))
    return answer({"kept": kept})


@router.get("/about")
async def about(request: Request) -> About:
    """What this server is and allows."""
    service = service_of(request)
    settings = service.settings
    names = (
        *("body", "pixels", "pictures", "digits", "queue", "held", "seconds", "body_seconds"),
        *("head_seconds", "keep", "job_pages", "job_queue"),
    )
    return About(
        version=__version__,
        model=service.models.get().name,
        collects=service.corrections is not None,
        labels=list(LABELS),
        longest=FINEST,
        limits={name: getattr(settings, name) for name in names},
    )


async def _read(
    service: Service,
    pictures: list[tuple[str, bytes]],
    served: Served | None,
    wanted: Wanted,
) -> Response:
    large = asyncio.Lock()  # of a request's large pictures one is held, while small ones go by

    async def read(name: str, data: bytes) -> list[dict[str, Any]] | PictureError:
        try:
            sent = await service.measured(name, data)
            async with nullcontext() if sent.small else large:
                return await _rows(service, sent, served, wanted)
        except PictureError as error:
            return error

    results = await together(read(name, data) for name, data in pictures)
    failures = [result for result in results if isinstance(result, PictureError)]
    if len(failures) == len(pictures):
        raise failures[0]
    table: list[dict[str, Any]] = []
    for (name, _), result in zip(pictures, results, strict=True):
        if isinstance(result, PictureError):
            table.append(rows.failed(name, 1, str(result), served is not None))
        else:
            table += result
    return answer(table)


async def _rows(
    service: Service, sent: Sent, served: Served | None, wanted: Wanted
) -> list[dict[str, Any]]:
    if served is None:
        return await service.readers.rows(sent, service.readers.page_row(wanted))
    sight = await service.readers.digit(sent, served, wanted.threshold)
    return [rows.digit_row(sight.prediction, sent.name, sight.note)]


@dataclass(frozen=True)
class _Explaining:
    """What an explanation is to hold, as `explain` takes it."""

    served: Served
    weigh: bool
    whole: bool
    threshold: float | None


async def _explain(service: Service, name: str, data: bytes, wanted: _Explaining) -> Response:
    sent = await service.measured(name, data)
    sight = await service.readers.digit(sent, wanted.served, wanted.threshold)
    found, prediction = sight.found, sight.prediction
    table = {
        **rows.digit(prediction, name, sight.note),
        **_seen(found, prediction),
        "size": sight.size,
    }
    lone = found is None or (found.share >= ALONE and not prediction.uncertain)
    reading = None
    if not lone or wanted.whole:
        reading = sight.reading
        if reading is None:
            [reading] = await service.readers.pages(sent, wanted.threshold, first=True)
    weights = None
    if wanted.weigh and found:
        weights = await service.readers.weigh(prediction.image, wanted.served)
    table["map"] = None if weights is None else _brief(weights)
    table["reading"] = reading.to_dict() if reading else None
    table["number"] = not lone and reading is not None and _is_number(reading, found)
    return answer(table)


async def _map(service: Service, name: str, data: bytes, served: Served) -> Response:
    sent = await service.measured(name, data)
    if sent.extent.pixels != SEEN[0] * SEEN[1]:
        raise RefusalError(400, f"{name}: expected 28×28 pixels, received {sent.extent.pixels:,}")
    image = await service.on_page(sent, 1, lambda pixels: pixels)
    if image.shape != SEEN:
        received = "×".join(map(str, image.shape))
        raise RefusalError(400, f"{name}: expected 28×28 in grey, received {received}")
    return answer({"map": _brief(await service.readers.weigh(image, served))})


def _is_number(reading: Reading, found: DigitInk | None) -> bool:
    """Whether a picture that is no lone digit shows a number.

    Of strokes that hang together, digits that touch make one line, and a scribble seldom does.
    """
    doubted = [digit.uncertain for digit in reading.digits]
    if found is not None and found.share >= ALONE and (any(doubted) or len(reading.lines) > 1):
        return False
    return len(doubted) > 1 and not all(doubted)


def _seen(found: DigitInk | None, prediction: Prediction) -> dict[str, Any]:
    return {
        "share": found.share if found else 0.0,
        "ink": _png((found.ink * 255).astype(np.uint8)) if found else None,
        "seen": _png(prediction.image) if found else None,
    }


def _brief(weights: Float32) -> list[list[float]]:
    """Rounds to three significant digits: enough to see, and faint ink stays above 0."""
    return [[float(f"{weight:.3g}") for weight in row] for row in weights]


def _png(pixels: UInt8) -> str:
    data = cv2.imencode(".png", pixels)[1].tobytes()
    return "data:image/png;base64," + base64.b64encode(data).decode()
