"""For those who keep the collection: take reports in, follow that, take them out."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, File, Path, Request, Response, UploadFile

from fazhi import workspace
from fazhi.answers import Deletion
from fazhi.errors import NotFound
from fazhi.jobs import Jobs
from search_api import models
from search_api.problems import answers
from search_api.reader import Reader, Reading

router = APIRouter(tags=["editors"])

_WAIT = 5.0  # seconds that a deletion waits for the writer; longer than one commit, shorter than a client's patience


@router.post("/documents", status_code=202, operation_id="upload_documents", summary="Take documents in", responses=answers(400, 413))
def upload_documents(
    request: Request,
    response: Response,
    file: Annotated[
        list[UploadFile],
        File(title="Files", description="Reports (txt, md, html, docx, pdf), jsonl, or zip files of them. A file's name is its document's key."),
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
