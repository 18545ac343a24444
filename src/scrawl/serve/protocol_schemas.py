"""What the Open Inference Protocol's requests and answers are, as types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Tensor(BaseModel):
    """The form of an input or output."""

    name: str
    datatype: str
    shape: list[int] = Field(description="-1 is any number.")


class ServerMetadata(BaseModel):
    """The Open Inference Protocol's metadata of a server."""

    name: str
    version: str
    extensions: list[str]


class ModelMetadata(BaseModel):
    """The Open Inference Protocol's metadata of a model."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[Tensor]
    outputs: list[Tensor]


class InferInput(Tensor):
    """A tensor with its data, flat or nested, or as raw bytes."""

    data: list[Any] | None = Field(None, description="Absent where raw bytes follow the JSON.")
    parameters: dict[str, Any] | None = None


class InferRequest(BaseModel):
    """A request of the Open Inference Protocol."""

    id: str | None = None
    inputs: list[InferInput] = Field(min_length=1, max_length=1)
    outputs: list[dict[str, Any]] | None = None
    parameters: dict[str, Any] | None = None


class InferResponse(BaseModel):
    """An answer of the Open Inference Protocol."""

    model_name: str
    model_version: str
    id: str | None = None
    outputs: list[InferInput]


class ModelState(BaseModel):
    """A line of the repository index."""

    name: str
    version: str
    state: str
    reason: str


class ModelStatistics(BaseModel):
    """Triton's statistics of models."""

    model_stats: list[dict[str, Any]]
