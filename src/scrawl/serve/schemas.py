"""What the service answers, as types: FastAPI makes the OpenAPI page of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Box = Annotated[
    list[int],
    Field(min_length=4, max_length=4, description="Left, top, right, bottom, in pixels."),
]
Size = Annotated[list[int], Field(min_length=2, max_length=2, description="Width and height.")]


class Failure(BaseModel):
    """Why a request was not carried out."""

    error: str


class Answer(BaseModel):
    """One digit."""

    digit: int | None = Field(description="0 to 9; null where there is none.")
    text: str
    confidence: float = Field(ge=0, le=1)
    rejected: bool = Field(description="Whether no digit is given.")
    reason: str | None = Field(
        description="Why none is: blank, several digits, not a digit, unsure."
    )
    several: str = Field(description="The digits from the left, where they are several.")
    probabilities: list[float] = Field(description="Of the digits 0 to 9.")
    box: Box | None = Field(description="Of the ink; null on a blank picture.")
    note: str | None = Field(description="How the picture was opened, as of an animation.")
    error: str | None


class ReadDigit(Answer):
    """One digit on one picture."""

    file: str
    page: int


class Digit(BaseModel):
    """A digit of a line."""

    digit: int
    text: str
    confidence: float
    uncertain: bool
    box: Box = Field(description="Left, top, right, bottom, in pixels of the picture.")
    probabilities: list[float] = Field(description="Of the digits 0 to 9.")
    crossed_out: bool = Field(description="Whether a stroke goes through its number.")


class Mark(BaseModel):
    """What stands between digits."""

    mark: str
    confidence: float
    box: Box


class Line(BaseModel):
    """Digits in a row."""

    text: str
    confidence: float
    uncertain: bool
    groups: list[int] = Field(description="How many digits stand together, from the left.")
    digits: list[Digit]
    marks: list[Mark]
    marked: str = Field(description="The text with its points, dashes and slashes.")


class Cell(BaseModel):
    """A cell of a table; an empty one has no text and confidence 1."""

    text: str
    confidence: float
    uncertain: bool
    box: Box


class Table(BaseModel):
    """Rows and columns of cells."""

    rows: list[list[Cell]]


class ReadPage(BaseModel):
    """All digits on one picture."""

    file: str
    page: int
    size: Size | None
    text: str = Field(description="A space between groups, a line break between lines.")
    lines: list[Line]
    tables: list[Table] = Field(description="A table's rows are lines, too.")
    turned: float = Field(description="Degrees by which the writing is turned clockwise.")
    note: str | None = Field(description="How the page was opened, as of an animation.")
    error: str | None


class Explanation(Answer):
    """One digit, why it was read so, and what else the picture may show."""

    size: Size
    share: float = Field(description="The digit's part of all strokes found, 0 to 1.")
    ink: str | None = Field(description="The ink found: a PNG as a data URI, white is ink.")
    seen: str | None = Field(description="The 28×28 pixels the network saw, likewise.")
    map: list[list[float]] | None = Field(
        description="With map=true: 28×28, above 0 where the ink speaks for the answer."
    )
    reading: dict[str, Any] | None = Field(
        description="All digits, where there may be more than one, or with whole=true."
    )
    number: bool = Field(description="Whether the picture shows `reading` rather than `digit`.")


class InkMap(BaseModel):
    """Which ink of 28×28 pixels mattered."""

    map: list[list[float]] = Field(
        description="28×28, above 0 where the ink speaks for the answer, below where against it."
    )


class JobState(BaseModel):
    """How a job stands."""

    id: str
    state: Literal["waiting", "running", "done", "failed"]
    pages: int = Field(description="How many it has.")
    done: int = Field(description="How many are read.")
    error: str | None = Field(description="Why it failed.")
    made: float = Field(description="When it was sent, in seconds since 1970.")
    ended: float | None = Field(description="When it ended; some time after it is forgotten.")
    rows: list[dict[str, Any]] = Field(
        description="Of the pages that are read, as /v1/read or /v1/forms gives them."
    )


class FieldRow(BaseModel):
    """A field of a form."""

    name: str
    text: str = Field(description="Its digits; ? for ink that shows none.")
    confidence: float
    uncertain: bool
    blank: bool
    reason: str | None = Field(description="Why it is to be checked.")
    box: Box
    corners: list[list[float]] = Field(description="Clockwise from the upper left.")


class FormRow(BaseModel):
    """A sheet of a form."""

    file: str
    page: int
    check: list[str] = Field(description="Fields that a person should look at.")
    turned: int = Field(description="Degrees clockwise from upright.")
    aligned_by: str | None
    laid: str | None = Field(
        description="Whether it is sure, or doubtful, that the form lies where it was read."
    )
    laid_confidence: float | None
    laid_reason: str | None = Field(description="Why that is doubtful.")
    laid_share: float | None = Field(None, description="The share of its ruled lines that is seen.")
    to_page: list[list[float]] | None = Field(
        description="The homography from pixels to the form's unit."
    )
    fields: list[FieldRow]
    error: str | None


class ProposedForm(BaseModel):
    """A form file that a scan suggests."""

    form: str = Field(description="The form file, as TOML.")
    page: list[float] = Field(description="Width and height, in the unit.")
    unit: str
    regions: list[dict[str, Any]] = Field(description="Its fields and grids, in the unit.")
    located: FormRow = Field(description="Where they are on the scan, in pixels; nothing is read.")


class Kept(BaseModel):
    """A corrected picture was kept."""

    kept: str = Field(description="Its file, below the folder of corrections.")


class About(BaseModel):
    """What this server is and allows."""

    version: str
    longest: int = Field(
        description="Pixels of a picture's longer side that are looked at; a larger one may be "
        "sent smaller."
    )
    model: str
    collects: bool = Field(description="Whether corrected pictures are kept.")
    labels: list[str]
    limits: dict[str, int | float]
