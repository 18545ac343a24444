"""``/v1/jobs`` and ``/v1/forms``: what takes long, and forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from scrawl.errors import PictureError
from scrawl.images import Extent
from scrawl.serve.bodies import FORM, PICTURE, PICTURES_OR_FORM, form_of, picture_of
from scrawl.serve.exchange import FAILURES, answer, known, service_of
from scrawl.serve.jobs import Jobs
from scrawl.serve.lanes import together
from scrawl.serve.parameters import Asked, Threshold
from scrawl.serve.refusal import RefusalError
from scrawl.serve.schemas import FormRow, JobState, ProposedForm
from scrawl.serve.sent import Sent
from scrawl.serve.service import Service
from scrawl.serve.wanted import Wanted

router = APIRouter(prefix="/v1", tags=["jobs"], responses=FAILURES, dependencies=[Depends(known)])

Id = Annotated[str, Path(description="What the server called the job.", max_length=64)]
As = Annotated[Literal["json", "csv"], Query(alias="as", description="The form of the table.")]


def jobs_of(request: Request) -> Jobs:
    """The jobs of the service that answers a request."""
    jobs: Jobs = request.app.state.jobs
    return jobs


@router.post(
    "/jobs",
    status_code=202,
    response_model=JobState,
    openapi_extra=PICTURES_OR_FORM,
)
async def start(request: Request, wanted: Asked) -> Response:
    """Takes pictures, PDFs or sheets of a form to be read when there is time, and answers at once.

    With a file ``form``, the form's fields are read. ``Location`` says where the rows come.
    """
    service, jobs = service_of(request), jobs_of(request)
    form, pictures = await form_of(request)
    wanted = replace(wanted, form=form)

    async def take() -> dict[str, Any]:
        sent = await _measured(service, pictures, service.settings.job_pages)
        if form is not None:
            # A form that cannot be used is refused now, not when the job runs.
            await service.threads.slow.run(lambda _: service.readers.page_row(wanted))
        return await jobs.get(await jobs.add(wanted, sent))

    state = await service.gate.run(request.receive, take())
    return answer(state, 202, {"Location": f"{request.scope['root_path']}/v1/jobs/{state['id']}"})


@router.get("/jobs/{id}", responses={200: {"model": JobState}})
async def look(
    request: Request,
    id: Id,  # noqa: A002 - its name in the path
    after: Annotated[
        int, Query(ge=0, le=2**31, description="Leave out so many rows that are here already.")
    ] = 0,
) -> Response:
    """How a job stands, with the rows of the pages that are read."""
    return answer(await jobs_of(request).get(id, after))


@router.delete("/jobs/{id}", status_code=204, response_class=Response)
async def cancel(request: Request, id: Id) -> Response:  # noqa: A002
    """Cancels a job, and forgets it."""
    await jobs_of(request).delete(id)
    return Response(status_code=204)


@router.post(
    "/forms",
    responses={200: {"model": list[FormRow], "content": {"text/csv": {}}}},
    openapi_extra=FORM,
)
async def read_forms(request: Request, threshold: Threshold = None, kind: As = "json") -> Response:
    """Reads sheets of a form, as ``scrawl form read`` does: a row a page.

    The body is a form with the files ``form`` (a form file), ``file`` (each a picture or a PDF)
    and, where the form file names one, ``reference``.
    """
    service = service_of(request)
    form, pictures = await form_of(request)
    if form is None:
        raise RefusalError(400, "form: expected a form file as the file 'form', received none")
    job = _read_forms(service, pictures, Wanted(threshold=threshold, form=form), kind)
    return await service.gate.run(request.receive, job)


@router.post("/forms/new", responses={200: {"model": ProposedForm}}, openapi_extra=PICTURE)
async def propose_form(request: Request) -> Response:
    """Proposes a form file from what is ruled on a scan, as ``scrawl form new`` does."""
    service = service_of(request)
    name, data = await picture_of(request)

    async def work() -> dict[str, Any]:
        sent = await service.measured(name, data)
        return await service.threads.slow.run(lambda _: service.readers.propose(sent))

    return answer(await service.gate.run(request.receive, work()))


async def _read_forms(
    service: Service, pictures: list[tuple[str, bytes]], wanted: Wanted, kind: str
) -> Response:
    sheets = await _measured(service, pictures, service.settings.pictures)
    row = await service.threads.slow.run(lambda _: service.readers.page_row(wanted))
    table: list[dict[str, Any]] = []
    for sent in sheets:
        try:
            table += await service.readers.rows(sent, row)
        except PictureError as error:
            table.append(wanted.failed(sent.name, 1, str(error)))
    if kind == "json":
        return answer(table)
    assert wanted.form is not None  # noqa: S101 - a form is what was asked for
    text = wanted.form.to_csv(table, service.settings.pixels)
    return Response(text.encode(), media_type="text/csv; charset=utf-8")


async def _measured(service: Service, pictures: list[tuple[str, bytes]], pages: int) -> list[Sent]:
    """The pictures with their extents.

    A file that is no picture counts as a page, and its row will say so.

    Raises:
        PictureError: None of them is a picture.
        RefusalError: One has too many pages, 413.
    """

    async def one(name: str, data: bytes) -> tuple[Sent, PictureError | None]:
        try:
            return await service.measured(name, data, pages), None
        except PictureError as error:
            return Sent(name, data, Extent(1, 0)), error

    measured = await together(one(name, data) for name, data in pictures)
    errors = [error for _, error in measured if error is not None]
    if len(errors) == len(measured):
        raise errors[0]
    return [sent for sent, _ in measured]
