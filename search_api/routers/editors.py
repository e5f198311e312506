"""For those who keep the collection: take reports in, follow that, take them out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, File, Path, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from fazhi import workspace
from fazhi.answers import Deletion
from fazhi.errors import FazhiError, NotFound
from fazhi.jobs import Jobs
from search_api import models
from search_api.problems import answers
from search_api.reader import Reader, Reading

router = APIRouter(tags=["editors"])

_LOOK, _FOLLOWED = 0.5, 3600.0  # seconds between two looks at a job, and after which a client has to ask anew
_WAIT = 5.0  # seconds that a deletion waits for the writer; longer than one commit, shorter than a client's patience


@router.post("/documents", status_code=202, operation_id="upload_documents", summary="Take documents in", responses=answers(400, 413))
def upload_documents(
    request: Request,
    response: Response,
    file: Annotated[
        list[UploadFile],
        File(min_length=1, title="Files", description="Reports (txt, md, html, docx, pdf), jsonl, or zip files of them. A file's name is its document's key."),
    ],
) -> models.Job:
    """They are read in the background: ask the job, whose address is in Location, how it went. The same name with new bytes is a new version."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.submit((part.filename or "", part.file) for part in file)
    response.headers["Location"] = f"/api/jobs/{job.id}"
    return _show_job(job)


@router.get("/jobs/{id}", operation_id="read_job", summary="How a job stands", responses=answers(404))
def read_job(
    reader: Reading,
    id: Annotated[str, Path(title="Job", description="Id from the answer to the upload.", examples=["0f8fad5bd9cb469fa16570867728950e"], max_length=64)],
) -> models.Job:
    return _show_job(reader.archive.job(id))


@router.get("/jobs", operation_id="list_jobs", summary="Latest jobs")
def list_jobs(reader: Reading) -> models.Jobs:
    """The 50 latest, newest first."""
    return models.Jobs(jobs=tuple(_show_job(job) for job in reader.archive.jobs(limit=50, newest=True)))


@router.get(
    "/jobs/{id}/events",
    operation_id="follow_job",
    summary="How a job goes, as it goes",
    response_class=StreamingResponse,
    responses={200: {"description": "Server-sent events, each the job as JSON.", "content": {"text/event-stream": {}}}, **answers(404)},
)
def follow_job(
    reader: Reading,
    id: Annotated[str, Path(title="Job", description="Id from the answer to the upload.", examples=["0f8fad5bd9cb469fa16570867728950e"], max_length=64)],
) -> StreamingResponse:
    """An event at once and at each change, until the job is done or has failed."""
    job = _show_job(reader.archive.job(id))
    return StreamingResponse(_iter_events(reader, job), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _iter_events(reader: Reader, job: models.Job) -> AsyncIterator[str]:
    told: models.Job | None = None
    deadline = time.monotonic() + _FOLLOWED
    while True:
        if job != told:
            yield f"data: {job.model_dump_json()}\n\n"
            told = job
        if job.state in ("done", "failed") or time.monotonic() > deadline:
            return
        await asyncio.sleep(_LOOK)
        try:
            job = _show_job(await run_in_threadpool(reader.archive.job, job.id))
        except FazhiError:
            return


@router.delete("/documents/{key:path}", operation_id="delete_document", summary="Take a document out", responses=answers(404, 409))
def delete_document(
    reader: Reading,
    key: Annotated[str, Path(title="Key", description="The document's key, percent-encoded.", examples=["参内镇2023.txt"], min_length=1, max_length=2000)],
) -> models.Deleted:
    """The document, all its versions, and what only it supported in graph and text."""
    deletion = _delete(reader, key)
    if deletion.unknown:
        raise NotFound(f"There is no document with the key {key}.", cure="Keys stand in the answers of GET /api/search; they are case-sensitive.")
    reader.refresh(now=True)
    return models.Deleted(deleted=deletion.deleted, snapshot=reader.snapshot)


def _delete(reader: Reader, key: str) -> Deletion:
    settings = reader.workspace.settings.model_copy(update={"writer_wait": _WAIT})
    with workspace.open(settings=settings, mode="write") as writer:
        return writer.delete([key])


def _show_job(job: object) -> models.Job:
    return models.Job(**{name: value for name, value in msgspec.to_builtins(job).items() if name in models.Job.model_fields})
