"""The Open Inference Protocol v2, which clients of Triton and KServe speak.

A model takes normalised digits, as MNIST's are; to have a picture read, use ``/v1/read``.
"""

from __future__ import annotations

import time
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Request, Response

from scrawl import __version__
from scrawl.serve import tensors
from scrawl.serve.exchange import FAILURES, content_type, service_of
from scrawl.serve.models import Served
from scrawl.serve.protocol_schemas import (
    InferRequest,
    InferResponse,
    ModelMetadata,
    ModelState,
    ModelStatistics,
    ServerMetadata,
)
from scrawl.serve.refusal import RefusalError
from scrawl.serve.service import Service

router = APIRouter(prefix="/v2", tags=["Open Inference Protocol"], responses=FAILURES)

HEAD_LENGTH = "Inference-Header-Content-Length"

Name = Annotated[str, Path(description="A model's name.", examples=["reader"])]

_REQUEST = InferRequest.model_json_schema(ref_template="#/components/schemas/{model}")
del _REQUEST["$defs"]  # OpenAPI has them once, among its components


@router.get("")
async def server_metadata() -> ServerMetadata:
    """What the server is."""
    extensions = ["binary_tensor_data", "model_repository", "statistics", "model_configuration"]
    return ServerMetadata(name="scrawl", version=__version__, extensions=extensions)


@router.get("/models/stats")
@router.get("/models/{name}/stats")
@router.get("/models/{name}/versions/{version}/stats")
async def statistics(
    request: Request, name: Name | None = None, version: str | None = None
) -> ModelStatistics:
    """What models have done since this worker started, as Triton states it."""
    table = service_of(request).models.statistics(name, version)
    return ModelStatistics.model_validate(table)


@router.get("/models/{name}")
@router.get("/models/{name}/versions/{version}")
async def model_metadata(request: Request, name: Name, version: str | None = None) -> ModelMetadata:
    """What a model takes and gives.

    ``pixels`` are normalised digits, ink high: UINT8 from 0 to 255, or FP32 from 0 to 1.
    ``digit`` is -1 where the confidence is below the threshold.
    """
    service = service_of(request)
    info = service.models.get(name, version).reader.info
    table: dict[str, Any] = {
        "name": name,
        "versions": service.models.versions(name),
        "platform": tensors.PLATFORM,
        "inputs": [{"name": tensors.INPUT, "datatype": "UINT8", "shape": [-1, *info.image_shape]}],
        "outputs": tensors.outputs_of(info),
    }
    return ModelMetadata.model_validate(table)


@router.get("/models/{name}/config")
@router.get("/models/{name}/versions/{version}/config")
async def model_config(request: Request, name: Name, version: str | None = None) -> dict[str, Any]:
    """The configuration that Triton would have of a model."""
    service = service_of(request)
    served = service.models.get(name, version)
    return tensors.config_of(served.name, served.reader.info, service.settings.digits)


@router.get("/models/{name}/ready", response_class=Response)
@router.get("/models/{name}/versions/{version}/ready", response_class=Response)
async def model_ready(request: Request, name: Name, version: str | None = None) -> Response:
    """Answers 200 where the model would answer."""
    service_of(request).models.get(name, version)
    return Response()


@router.post(
    "/models/{name}/infer",
    responses={200: {"model": InferResponse}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _REQUEST},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
@router.post("/models/{name}/versions/{version}/infer", include_in_schema=False)
async def infer(request: Request, name: Name, version: str | None = None) -> Response:
    """Gives the probability of each class, and the digit, of each image."""
    service = service_of(request)
    served = service.models.get(name, version)
    if content_type(request) not in ("", "application/json", "application/octet-stream"):
        raise RefusalError(
            415, f"Content-Type: expected application/json, received {content_type(request):.80}"
        )
    body = await request.body()
    job = _infer(service, served, body, request.headers.get(HEAD_LENGTH))
    return await service.gate.run(request.receive, job)


@router.post("/repository/index")
async def index(request: Request) -> list[ModelState]:
    """Lists the models with their states."""
    return [ModelState.model_validate(row) for row in service_of(request).models.index()]


@router.post("/repository/models/{name}/load", response_class=Response)
async def load(request: Request, name: Name) -> Response:
    """Looks at the folder of models now; with several workers the others follow by themselves."""
    service = service_of(request)
    await service.threads.later(lambda: service.models.load(name))
    service.models.get(name)
    return Response()


@router.post("/repository/models/{name}/unload", response_class=Response)
async def unload(request: Request, name: Name) -> Response:
    """Takes a model of the folder out of service until it is loaded; with one worker only."""
    service = service_of(request)
    if service.settings.workers > 1:
        raise RefusalError(
            400, f"{name}: with several workers, take it out of the folder of models instead"
        )
    await service.threads.later(lambda: service.models.unload(name))
    return Response()


async def _infer(service: Service, served: Served, body: bytes, length: str | None) -> Response:
    reader, most = served.reader, service.settings.digits
    # JSON of many numbers takes a while: not on the event loop.
    start, well = time.perf_counter_ns(), False
    try:
        asked = await service.threads.quickly(
            lambda: tensors.parse(body, length, reader.info, most)
        )
        rows = await service.readers.infer(asked.images, served)
        well = True
    finally:
        served.statistics.answered(well, time.perf_counter_ns() - start)
    digits = rows[:, : len(reader.info.alphabet)]
    kept = digits.max(axis=1, initial=0) >= reader.threshold
    arrays = {"probabilities": rows, "digit": np.where(kept, digits.argmax(axis=1), -1)}
    facts = {"model_name": served.name, "model_version": served.version}
    answer, head = tensors.respond(asked, arrays, facts)
    if head is None:
        return Response(answer, media_type="application/json")
    return Response(answer, 200, {HEAD_LENGTH: str(head)}, "application/octet-stream")
