"""For those who clean tables: OpenRefine and other clients of the W3C Reconciliation Service API 0.2 match columns of places and of programs."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from jinja2 import Environment, PackageLoader
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.responses import HTMLResponse

import fazhi
from fazhi.errors import Invalid, NotFound, TooLarge
from fazhi.explaining import make_templates
from search_api.matching_places import Wanted
from search_api.problems import answers
from search_api.reader import Reading
from search_api.reconciling import PROPERTIES, TYPES, Candidate, Reconciler, Reconcilers, property_named

router = APIRouter(tags=["reconciliation"])

BATCH = 100  # queries or entities in one request
PROPERTIES_AT_ONCE = 30
CANDIDATES = 10  # where a query does not say
MOST_CANDIDATES = 50
SUGGESTED = 20
FURTHEST = 200  # suggestions that can be paged through

Value = str | int | float | bool | dict[str, Any] | None


class PropertyValue(BaseModel):
    """What the table says of it in another column."""

    pid: str = Field(max_length=200)
    v: Value | list[Value] = None


class ReconciliationQuery(BaseModel):
    """One name to find. Members that other versions of the API have are let pass."""

    model_config = ConfigDict(extra="ignore")

    query: str = Field("", max_length=2000)
    type: str | list[str] | None = None
    limit: float | None = Field(None, allow_inf_nan=False)
    properties: list[PropertyValue] = Field([], max_length=PROPERTIES_AT_ONCE)
    type_strict: str | None = Field(None, max_length=20)


class AskedProperty(BaseModel):
    id: str = Field(max_length=200)
    settings: dict[str, Any] | None = None


class Extension(BaseModel):
    """Entities and the properties that are wanted of them."""

    ids: list[str]
    properties: list[AskedProperty] = Field(max_length=PROPERTIES_AT_ONCE)


_QUERIES = TypeAdapter(dict[str, ReconciliationQuery])
_EXTENSION = TypeAdapter(Extension)

QUERIES_EXAMPLE = '{"q0": {"query": "参内镇", "type": "place", "properties": [{"pid": "county", "v": "安溪县"}]}}'
EXTEND_EXAMPLE = '{"ids": ["cn:350524/参内镇"], "properties": [{"id": "level"}, {"id": "parent"}]}'
_QUERIES_TEXT = f"JSON: a name for each query (q0, q1 …), up to {BATCH}, with query, type (place or program), limit and properties."
_EXTEND_TEXT = f"JSON: ids of up to {BATCH} entities, and the properties that are wanted of them."
Prefix = Annotated[
    str, Query(title="Prefix", description="The beginning of a name; for entities also in pinyin or initials.", examples=["参内"], max_length=200)
]
EntityId = Annotated[str, Query(title="Id", description="Id of a place or program.", examples=["cn:350524/参内镇"], min_length=1, max_length=1000)]
TypeName = Annotated[str | None, Query(title="Type", description="place or program; left out, both.", examples=["place"], max_length=200)]


def get_reconciler(request: Request, reader: Reading) -> Reconciler:
    kept: Reconcilers = request.app.state.reconcilers
    return kept.get(reader)


Reconciling = Annotated[Reconciler, Depends(get_reconciler)]


@router.get("/reconcile", operation_id="read_reconciliation_manifest", summary="The reconciliation service", responses=answers(400, 413, 503))
def read_manifest(
    request: Request,
    reader: Reading,
    queries: Annotated[str | None, Query(title="Queries", description=_QUERIES_TEXT, examples=[QUERIES_EXAMPLE])] = None,
    extend: Annotated[str | None, Query(title="Extend", description=_EXTEND_TEXT, examples=[EXTEND_EXAMPLE])] = None,
) -> dict[str, Any]:
    """What the service can do, as clients read it first; with `queries` or `extend` the same as POST."""
    return _answer(request, reader, queries, extend)


@router.post("/reconcile", operation_id="reconcile", summary="Match names to places and programs", responses=answers(400, 413, 503))
def reconcile(
    request: Request,
    reader: Reading,
    queries: Annotated[str | None, Form(title="Queries", description=_QUERIES_TEXT, examples=[QUERIES_EXAMPLE])] = None,
    extend: Annotated[str | None, Form(title="Extend", description=_EXTEND_TEXT, examples=[EXTEND_EXAMPLE])] = None,
) -> dict[str, Any]:
    """Candidates for each name, best first, with a score up to 100. `match` is true only where one candidate is certain: a name that several places have
    never is. With `extend` in place of `queries`: values of properties of entities that were matched before."""
    return _answer(request, reader, queries, extend)


@router.get("/reconcile/suggest/entity", operation_id="suggest_entities", summary="Entities by the beginning of a name", responses=answers(503))
def suggest_entities(
    reconciler: Reconciling,
    prefix: Prefix,
    type: TypeName = None,
    cursor: Annotated[int, Query(title="Cursor", description="How many to leave out from the beginning.", examples=[0], ge=0, le=FURTHEST)] = 0,
) -> dict[str, Any]:
    """Names, their beginnings, pinyin and initials, best first."""
    found = reconciler.suggest(prefix, type or None, cursor + SUGGESTED)[cursor:]
    return {"result": [{**_entity(candidate), "notable": _types(candidate)} for candidate in found]}


@router.get("/reconcile/suggest/type", operation_id="suggest_types", summary="Types by the beginning of a name", responses=answers())
def suggest_types(prefix: Prefix = "") -> dict[str, Any]:
    """place and program."""
    return {"result": [{"id": id, "name": name} for id, name in TYPES.items() if _begins(prefix, id, name)]}


@router.get("/reconcile/suggest/property", operation_id="suggest_properties", summary="Properties by the beginning of a name", responses=answers())
def suggest_properties(prefix: Prefix = "") -> dict[str, Any]:
    """Those that a query may carry and those that can be asked for."""
    named = {property.id: property.name for properties in PROPERTIES.values() for property in properties if _begins(prefix, property.id, property.name)}
    return {"result": [{"id": id, "name": name} for id, name in named.items()]}


@router.get("/reconcile/properties", operation_id="propose_properties", summary="Properties that a type has", responses=answers())
def propose_properties(
    type: TypeName = None,
    limit: Annotated[int, Query(title="Limit", description="Most properties.", examples=[20], ge=1, le=100)] = 100,
) -> dict[str, Any]:
    """What can be fetched of matched entities."""
    chosen = {property.id: property.name for name, properties in PROPERTIES.items() if not type or name == type for property in properties}
    return {"type": type or "", "limit": limit, "properties": [{"id": id, "name": name} for id, name in chosen.items()][:limit]}


@router.get("/reconcile/flyout", operation_id="read_flyout", summary="What a suggestion means", responses=answers(404, 503))
def read_flyout(reconciler: Reconciling, id: EntityId) -> dict[str, Any]:
    """A small piece of HTML for a client to show beside its list."""
    return {"id": id, "html": _render(reconciler, id, "reconcile_card.html")}


@router.get(
    "/reconcile/preview",
    operation_id="preview_entity",
    summary="An entity in a small page",
    response_class=HTMLResponse,
    responses={200: {"description": "A page for a small frame.", "content": {"text/html": {}}}, **answers(404, 503)},
)
def preview_entity(reconciler: Reconciling, id: EntityId) -> HTMLResponse:
    """Its name, where it lies or what it means, and what is known of it here."""
    return HTMLResponse(_render(reconciler, id, "reconcile_preview.html"))


def _answer(request: Request, reader: Reading, queries: str | None, extend: str | None) -> dict[str, Any]:
    if queries:
        return _match(get_reconciler(request, reader), queries)
    return _extend(get_reconciler(request, reader), extend) if extend else _describe_service(request)


def _match(reconciler: Reconciler, queries: str) -> dict[str, Any]:
    batch = _parse(_QUERIES, queries, "queries")
    if len(batch) > BATCH:
        raise _too_many(len(batch), "queries")
    return {key: {"result": [_candidate(found) for found in _find(reconciler, query)]} for key, query in batch.items()}


def _find(reconciler: Reconciler, query: ReconciliationQuery) -> list[Candidate]:
    types = [query.type] if isinstance(query.type, str) else query.type or []
    limit = int(query.limit) if query.limit is not None and query.limit >= 1 else CANDIDATES
    wanted = [Wanted(value.pid, _texts(value.v)) for value in query.properties]
    return reconciler.find(query.query, [type for type in types if type], wanted, min(limit, MOST_CANDIDATES))


def _texts(value: Value | list[Value]) -> tuple[str, ...]:
    """A property's values as texts; an entity matched before counts by its id, else by its name."""
    values = value if isinstance(value, list) else [value]
    texts = (part.get("id") or part.get("name") if isinstance(part, dict) else part for part in values)
    return tuple(str(text) for text in texts if text is not None and not isinstance(text, bool))


def _extend(reconciler: Reconciler, extend: str) -> dict[str, Any]:
    asked = _parse(_EXTENSION, extend, "extend")
    if len(asked.ids) > BATCH:
        raise _too_many(len(asked.ids), "entities")
    properties = list(dict.fromkeys(property.id for property in asked.properties))
    meta = []
    for id in properties:
        known = property_named(id)
        typed = {"type": {"id": known.type, "name": TYPES[known.type]}} if known and known.type else {}
        meta.append({"id": id, "name": known.name if known else id, **typed})
    return {"meta": meta, "rows": reconciler.extend(list(dict.fromkeys(asked.ids)), properties)}


def _parse(shape: TypeAdapter[Any], text: str, name: str) -> Any:
    try:
        return shape.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(
            f"{name} is wrong{f' at {where[:200]}' if where else ''}: {first['msg']}.", cure="See GET /docs#/reconciliation for an example."
        ) from None


def _too_many(count: int, what: str) -> TooLarge:
    return TooLarge(f"{count} {what} in one request; the most is {BATCH}.", cure="Send them in several requests; batchSize in the manifest says how many.")


def _describe_service(request: Request) -> dict[str, Any]:
    base = str(request.base_url).rstrip("/")
    place = f"{base}/reconcile"

    def suggesting(what: str, **more: str) -> dict[str, str]:
        return {"service_url": base, "service_path": f"/reconcile/suggest/{what}", **more}

    return {
        "versions": ["0.1", "0.2"],
        "name": "fazhi-graph",
        "identifierSpace": f"{base}/api/entities/",
        "schemaSpace": f"{base}/api/schema",
        "documentation": f"{base}/docs",
        "serviceVersion": fazhi.__version__,
        "defaultTypes": [{"id": id, "name": name} for id, name in TYPES.items()],
        "view": {"url": f"{place}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{place}/preview?id={{{{id}}}}", "width": 420, "height": 260},
        "suggest": {
            "entity": suggesting("entity", flyout_service_url=base, flyout_service_path="/reconcile/flyout?id=${id}"),
            "type": suggesting("type"),
            "property": suggesting("property"),
        },
        "extend": {"propose_properties": {"service_url": base, "service_path": "/reconcile/properties"}, "property_settings": []},
        "batchSize": BATCH,
    }


def _candidate(found: Candidate) -> dict[str, Any]:
    return {**_entity(found), "score": found.score, "match": found.match, "type": _types(found)}


def _entity(found: Candidate) -> dict[str, Any]:
    return {"id": found.id, "name": found.name, "description": found.description}


def _types(found: Candidate) -> list[dict[str, str]]:
    return [{"id": found.type, "name": TYPES[found.type]}]


def _begins(prefix: str, *names: str) -> bool:
    """Whether one of the names, or a word in one, begins so."""
    wanted = prefix.strip().lower()
    return any(word.lower().startswith(wanted) for name in names for word in (name, *name.split()))


def _render(reconciler: Reconciler, id: str, template: str) -> str:
    entity = reconciler.describe(id)
    if entity is None:
        raise NotFound(f"There is no place or program {id}.", cure="Ask /reconcile/suggest/entity for what there is.")
    properties = [property for property in PROPERTIES[entity.type] if property.id not in ("path", "definition")]
    values = reconciler.extend([id], [property.id for property in properties])[id]
    lines = [
        (property.name, "、".join(str(value.get("name", value.get("str", value.get("int")))) for value in values[property.id]))
        for property in properties
        if values[property.id]
    ]
    return _templates().get_template(template).render(entity=entity, type=TYPES[entity.type], lines=lines)


@cache
def _templates() -> Environment:
    return make_templates(PackageLoader("search_api", "pages"))
