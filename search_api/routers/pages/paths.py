"""By which names two names are joined, each step with its sentence. The address has both ends, so that it shows the same again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse

from fazhi.errors import NotFound
from graph import queries
from search_api import models
from search_api.reader import Reader, Reading
from search_api.routers import reading
from search_api.routers.pages.entity import name_edge, name_kind
from search_api.routers.pages.layout import Paging, new_router

router = new_router()

_CANDIDATES = 20  # of one name
End = Annotated[str | None, Query(max_length=1000)]


@router.get("/paths")
def show_paths(
    page: Paging,
    reader: Reading,
    source: Annotated[End, Query(alias="from", max_length=1000)] = None,
    target: Annotated[End, Query(alias="to", max_length=1000)] = None,
    hops: Annotated[int, Query(ge=1, le=6)] = 4,
    k: Annotated[int, Query(ge=1, le=20)] = 3,
) -> HTMLResponse:
    given = {"from": (source or "").strip(), "to": (target or "").strip()}
    ends = {side: find_ends(reader, text) if text else [] for side, text in given.items()}
    answer = None
    if all(len(found) == 1 for found in ends.values()):
        answer = reading.find_paths(reader, ends["from"][0].id, ends["to"][0].id, hops=hops, k=k)
    return page.render(
        "paths.html",
        given=given,
        ends=ends,
        hops=hops,
        k=k,
        paths=answer,
        answer=answer or reader.basis(),
        edge_name=lambda relation: name_edge(page.t, relation),
        kind_of=lambda node: name_kind(page.t, node.labels),
        choose=lambda side, id: page.here(**{side: id}),
    )


def find_ends(reader: Reader, text: str) -> list[models.Entity]:
    """What an end of a path may be: the entity with this id, else those with just this name, else those with it in their names."""
    try:
        return [models.Entity.model_validate(queries.get_entity(reader.graph, text))]
    except NotFound:
        found = [models.Entity.model_validate(row) for row in queries.list_entities(reader.graph, q=text[:200], size=200).rows]
    named = [entity for entity in found if "Report" not in entity.labels]
    exact = [entity for entity in named if entity.name == text]
    return (exact or named)[:_CANDIDATES]
