"""For people with a browser. One file a page; what they share is in ``layout`` (how a page is made) and ``wording``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from search_api.routers.pages import (
    administration,
    alerts,
    beside,
    compare,
    coverage,
    entity,
    fixed,
    graph,
    home,
    jobs,
    measures,
    paths,
    place,
    program,
    report,
    review,
    session,
    spreading,
)
from search_api.routers.pages.layout import Page

router = APIRouter()
for page in (
    home,
    beside,
    report,
    place,
    spreading,
    program,
    measures,
    entity,
    coverage,
    graph,
    paths,
    compare,
    alerts,
    review,
    jobs,
    administration,
    session,
    fixed,
):
    router.include_router(page.router)


def render_problem(request: Request, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A problem document in words. Works for every request, also one that no route has seen."""
    return Page(request).render("problem.html", problem["status"], headers, problem=problem)
