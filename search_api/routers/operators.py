"""For those who run the service: is the process alive, can it answer."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from fazhi.errors import FazhiError
from graph import queries
from search_api import models
from search_api.reader import Reader

router = APIRouter(tags=["operators"])


@router.get("/healthz", operation_id="check_health", summary="Is the process alive")
def check_health() -> models.Health:
    return models.Health(status="ok")


@router.get(
    "/readyz",
    operation_id="check_readiness",
    summary="Can it answer",
    responses={503: {"description": "A store does not answer.", "model": models.Readiness}},
)
def check_readiness(request: Request, response: Response) -> models.Readiness:
    """Asks each store something small."""
    reader: Reader = request.app.state.reader
    stores = {
        "archive": _try(reader.archive.snapshot),
        "graph": _try(lambda: queries.list_entities(reader.graph, size=1)),
        "text": _try(reader.workspace.text.statistics),
    }
    if all(state == "ok" for state in stores.values()):
        return models.Readiness(status="ready", stores=stores)
    response.status_code = 503
    return models.Readiness(status="not ready", stores=stores)


def _try(ask: Callable[[], object]) -> str:
    try:
        ask()
    except FazhiError as error:
        return error.detail
    return "ok"
