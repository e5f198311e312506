"""Pages without data: kinds of problems, the API manual, style sheets."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from fazhi.errors import NotFound
from fazhi.explaining import read_style
from search_api import problems
from search_api.routers.pages.layout import Paging, new_router, templates

router = new_router()

_ASSETS = {
    "style.css": "text/css",
    "view.css": "text/css",
    "desk.css": "text/css",
    "docs.js": "text/javascript",
    "desk.js": "text/javascript",
    "suggest.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@router.get("/problems/{slug}")
def show_problem_type(page: Paging, slug: str) -> HTMLResponse:
    if slug not in problems.TYPES:
        raise NotFound(f"There is no kind of problem called {slug}.", cure=f"The kinds are {', '.join(problems.TYPES)}.")
    title, explanation = problems.TYPES[slug]
    return page.render("problem_type.html", type=f"/problems/{slug}", title=title, explanation=explanation)


@router.get("/docs")
def show_manual(request: Request) -> HTMLResponse:
    return HTMLResponse(templates().get_template("docs.html").render(title=request.app.title, openapi_url=request.app.openapi_url))


@router.get("/assets/{name}")
def send_asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound(f"There is no file {name}.")
    return Response(_read_asset(name), media_type=_ASSETS[name])


@cache
def _read_asset(name: str) -> bytes:
    return read_style().encode() if name == "view.css" else files("search_api").joinpath("pages", name).read_bytes()
