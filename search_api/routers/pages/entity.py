"""Whatever is in the graph and has no page of its own kind: what it is, what it is tied to, the sentences behind it. And a list by kind and name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fazhi.explaining.words import Texts
from graph import schema
from search_api import models
from search_api.parameters import Cursor, Label, PlaceFilter
from search_api.reader import Reading
from search_api.routers import reading
from search_api.routers.pages.layout import Paging, new_router

router = new_router()

_SENTENCES = 10
_NEIGHBOURS = 60
_HIDDEN = frozenset(("parent", "place", "catalogued", "status", "candidates"))  # shown as links or words of their own, or said elsewhere
KINDS = tuple(label for label in Label if label not in (Label.Measure, Label.Report))


@router.get("/entities")
def list_entities(
    page: Paging,
    reader: Reading,
    q: Annotated[str | None, Query(max_length=200)] = None,
    type: Label | None = None,
    place: PlaceFilter = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    answer = reading.list_entities(reader, q=q, type=type, place=place, cursor=cursor, size=50)
    kinds = [(kind.value, name_label(page.t, kind.value)) for kind in KINDS]
    return page.render("entities.html", answer=answer, kinds=kinds, kind_of=lambda entity: name_kind(page.t, entity.labels))


@router.get("/entities/{id:path}")
def show_entity(page: Paging, reader: Reading, id: str, cursor: Cursor = None) -> Response:
    entity = reading.read_entity(reader, id)
    if {"Place", "Program", "Report"} & set(entity.labels):
        return RedirectResponse(page.entity_link(id, entity.labels), 303)
    return page.render(
        "entity.html",
        entity=entity,
        kind=name_kind(page.t, entity.labels),
        facts=list(list_properties(page.t, entity)),
        evidence=reading.list_evidence(reader, id, cursor=cursor, size=_SENTENCES),
        neighbours=reading.list_neighbours(reader, id, size=_NEIGHBOURS),
        relation_of=lambda edge: name_relation(page.t, edge),
        kind_of=lambda node: name_kind(page.t, node.labels),
    )


# -- words of the graph, as vocabulary/graph.yaml has them -----------------------------------------------------------------------------------------


def name_label(t: Texts, label: str) -> str:
    """MediationRoom → 调解室; also of the levels of places."""
    entry = schema.nodes().get(label) or schema.nodes()["Place"]["levels"].get(label)
    return _word(t, entry) if entry else label


def name_kind(t: Texts, labels: tuple[str, ...]) -> str:
    return name_label(t, labels[-1]) if labels else ""


def name_edge(t: Texts, relation: str) -> str:
    """ADVISES → 担任法律顾问."""
    entry = schema.edges().get(relation)
    return _word(t, entry) if entry else relation


def name_relation(t: Texts, edge: models.Neighbour) -> str:
    """An edge as it reads from the entity: → adopts, ← adopts."""
    return f"{'→' if edge.direction == 'out' else '←'} {name_edge(t, edge.relation)}"


def list_properties(t: Texts, entity: models.Entity) -> list[tuple[str, str]]:
    """(what it is called, its value) of what the graph knows of a node."""
    label = schema.label_of(entity.id, entity.labels)
    entries: Mapping[str, Mapping[str, Any]] = schema.nodes()[label]["properties"] if label else {}
    shown = []
    for name, value in entity.properties.items():
        if name in _HIDDEN or name not in entries or value in (None, "", [], ()):
            continue
        shown.append((_word(t, entries[name]), _plain(t, value)))
    return shown


def _plain(t: Texts, value: Any) -> str:
    if isinstance(value, bool):
        return t("yes" if value else "no")
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _word(t: Texts, entry: Mapping[str, Any]) -> str:
    return str(entry["zh" if t.lang == "zh" else "label"])
