"""Taking reports in by a form, and how that goes."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fazhi.jobs import Jobs
from search_api.reader import Reading
from search_api.routers.pages.forms import Form, files
from search_api.routers.pages.layout import SCRIPTED, Paging, new_router

router = new_router()

_SHOWN = 50


@router.get("/upload")
def show_upload(page: Paging, reader: Reading) -> HTMLResponse:
    return page.render("upload.html", headers=SCRIPTED, limit=reader.workspace.settings.max_upload_bytes)


@router.post("/upload")
def take_upload(request: Request, page: Paging, form: Form) -> Response:
    """What a browser sends: with the folders of a chosen folder, where it tells them."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.submit((part.filename or "", part.file) for part in files(form, "file"))
    return RedirectResponse(page.link(f"/jobs/{job.id}"), 303)


@router.get("/jobs")
def show_jobs(page: Paging, reader: Reading) -> HTMLResponse:
    jobs = reader.archive.jobs(limit=_SHOWN, newest=True)
    return page.render("jobs.html", jobs=jobs, busy=any(job.state in ("queued", "running") for job in jobs))


@router.get("/jobs/{id}")
def show_job(page: Paging, reader: Reading, id: str) -> HTMLResponse:
    """Without a script it is loaded anew while there is something to wait for."""
    return page.render("job.html", headers=SCRIPTED, job=reader.archive.job(id))
