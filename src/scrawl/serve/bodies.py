"""The pictures in the body of a request: raw, as a form's files, or in JSON as base64."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from fastapi import Request
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
)
from starlette.datastructures import UploadFile

from scrawl.images import MEDIA_TYPES
from scrawl.serve.exchange import content_type, service_of
from scrawl.serve.refusal import RefusalError, sentence
from scrawl.serve.wanted import FormSent

RAW = "-"
"""What a picture is called that came without a name, as on the command line's stdin."""

NAME = 200
"""Letters of a file's name that are kept."""

_TOLD = ("", "application/octet-stream", "application/x-www-form-urlencoded")
"""Types that say nothing of a body, curl's own among them: its bytes tell."""


def _decoded(text: object) -> object:
    if not isinstance(text, str):
        return text
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"expected base64 ({error})") from error


class PictureJson(BaseModel):
    """A picture in JSON."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": "A picture."})

    data: Annotated[bytes, BeforeValidator(_decoded)] = Field(
        description="The bytes of its file in base64, or a data URI."
    )
    file: str = Field(RAW, max_length=NAME, description="What to call it.")


class PicturesJson(BaseModel):
    """Several pictures in JSON."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": "Pictures."})

    pictures: list[PictureJson] = Field(min_length=1)


def _which(sent: object) -> str:
    return "several" if isinstance(sent, dict) and "pictures" in sent else "one"


_JSON: TypeAdapter[PictureJson | PicturesJson] = TypeAdapter(
    Annotated[
        Annotated[PictureJson, Tag("one")] | Annotated[PicturesJson, Tag("several")],
        Discriminator(_which),
    ]
)

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_ENCODED = {"type": "string", "contentEncoding": "base64", "description": "Base64, or a data URI."}
_ONE = {
    "type": "object",
    "properties": {"data": _ENCODED, "file": {"type": "string", "maxLength": NAME}},
    "required": ["data"],
    "additionalProperties": False,
}
_SEVERAL = {
    "type": "object",
    "properties": {"pictures": {"type": "array", "items": _ONE, "minItems": 1}},
    "required": ["pictures"],
    "additionalProperties": False,
}


def _described(files: dict[str, Any], as_json: dict[str, Any]) -> dict[str, Any]:
    form = {"type": "object", "properties": {"file": files}, "required": ["file"]}
    raw = dict.fromkeys([*MEDIA_TYPES, "application/octet-stream"], _BINARY)
    content = {**raw, "multipart/form-data": {"schema": form}, "application/json": as_json}
    return {"requestBody": {"required": True, "content": content}}


PICTURE = _described(_FILE, {"schema": _ONE})
"""The body of a request with one picture, for OpenAPI."""

PICTURES = _described(
    {"type": "array", "items": _FILE, "minItems": 1}, {"schema": {"anyOf": [_ONE, _SEVERAL]}}
)
"""The body of a request with one picture or several, for OpenAPI."""

_FORM_FILES = {
    "file": {"type": "array", "items": _FILE, "minItems": 1},
    "form": {**_FILE, "description": "A form file."},
    "reference": {**_FILE, "description": "The scan of the empty form, where it names one."},
}
_FORM = {"type": "object", "properties": _FORM_FILES, "required": ["file", "form"]}
FORM: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
}
"""The body of a request with a form file and sheets of it, for OpenAPI."""

PICTURES_OR_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": PICTURES["requestBody"]["content"]
        | {"multipart/form-data": {"schema": {**_FORM, "required": ["file"]}}},
    }
}
"""The body of a request with pictures, and with a form file or none, for OpenAPI."""


async def form_of(request: Request) -> tuple[FormSent | None, list[tuple[str, bytes]]]:
    """The form file of a request, if any, and its pictures.

    Raises:
        RefusalError: As `pictures_of` does.
    """
    if content_type(request) != "multipart/form-data":
        return None, await pictures_of(request)
    most = service_of(request).settings.pictures
    files = await files_of(request, most + len(("form", "reference")))
    named = {at: file for at, file in files if at in ("form", "reference")}
    pictures = [file for at, file in files if at not in named]
    if not pictures:
        raise RefusalError(400, "body: expected a form with pictures as files, received none")
    if len(pictures) > most:
        raise RefusalError(413, f"body: expected at most {most} pictures, received more")
    if "form" not in named:
        return None, pictures
    name, data = named["form"]
    return FormSent(name, data, named.get("reference", ("", None))[1]), pictures


async def picture_of(request: Request) -> tuple[str, bytes]:
    """The one picture of a request: its name and its bytes.

    Raises:
        RefusalError: As `pictures_of` does; or there are several, 400.
    """
    pictures = await pictures_of(request)
    if len(pictures) > 1:
        raise RefusalError(400, f"body: expected one picture, received {len(pictures)}")
    return pictures[0]


async def pictures_of(request: Request) -> list[tuple[str, bytes]]:
    """The pictures of a request, each with its name: the raw body, a form's files, or JSON.

    Raises:
        RefusalError: There are none, 400; too many, 413; or the body is of another type, 415.
    """
    kind, most = content_type(request), service_of(request).settings.pictures
    if kind == "multipart/form-data":
        pictures = [item for _, item in await files_of(request, most)]
    else:
        data = await request.body()
        if kind == "application/json" or (kind in _TOLD and data[:1] in (b"{", b"[")):
            pictures = _from_json(data)
        elif kind in _TOLD or kind == "application/pdf" or kind.startswith("image/"):
            pictures = [(RAW, data)]
        else:
            raise RefusalError(
                415,
                "Content-Type: expected image/*, application/pdf, application/octet-stream, "
                f"multipart/form-data or application/json, received {kind:.80}",
            )
        if not data:
            raise RefusalError(400, "body: expected a picture, received nothing")
    if len(pictures) > most:
        raise RefusalError(413, f"body: expected at most {most} pictures, received more")
    return pictures


async def files_of(request: Request, most: int) -> list[tuple[str, tuple[str, bytes]]]:
    """The files of a form: the field, the file's name and its bytes.

    Raises:
        RefusalError: There are none, 400.
    """
    # Room for one more than is let in: its refusal is clearer than the parser's.
    async with request.form(max_files=most + 1, max_fields=most) as form:
        files = [(at, item) for at, item in form.multi_items() if isinstance(item, UploadFile)]
        if not files:
            raise RefusalError(400, "body: expected a form with files, received none")
        return [(at, ((item.filename or RAW)[:NAME], await item.read())) for at, item in files]


def _from_json(data: bytes) -> list[tuple[str, bytes]]:
    try:
        sent = _JSON.validate_json(data)
    except ValidationError as error:
        raise RefusalError(400, sentence(error.errors()[0])) from None
    pictures = [sent] if isinstance(sent, PictureJson) else sent.pictures
    return [(picture.file, picture.data) for picture in pictures]
