"""Questions to the graph that the API and the command line ask: plain arguments in, typed rows out, the same on every engine.

Lists come in pages: ``cursor`` of a page goes back in to get the next one and is None on the last. All raise ``Invalid`` for a cursor that is not theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

import msgspec

import cypher
from fazhi.errors import Invalid, NotFound
from graph import schema
from graph.pages import check_size, read_cursor, write_cursor
from graph.pathfinding import Hop, find_ways
from graph.store import GraphStore, Row
from graph.values import HIDDEN
from graph.write import PLURALS as MERGED

T = TypeVar("T")
Direction = Literal["out", "in", "both"]
PLURALS = {**MERGED, "Report": "reports", "Measure": "measures"}  # label → how cypher/ names a list of them


ROLLED_UP = ("ADOPTS", "OPERATES", "IMPLEMENTS", "ADVISES")  # relations that are counted over townships, as place_roll_up.cypher has them


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    rows: tuple[T, ...]
    cursor: str | None = None


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A node. ``labels`` most general first; ``reports`` counts the reports that mention it.

    ``properties`` as vocabulary/graph.yaml names them, without id and name.
    """

    id: str
    labels: tuple[str, ...]
    name: str
    reports: int = 0
    properties: Mapping[str, Any] = {}


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """One edge as seen from an entity. ``direction`` "out": the entity is where the edge starts.

    ``report`` and ``facts`` are empty for edges that follow from ids (a township in its county).
    """

    relation: str
    direction: Literal["out", "in"]
    id: str
    labels: tuple[str, ...]
    name: str
    report: str | None = None
    facts: tuple[str, ...] = ()
    year: int | None = None
    modality: str | None = None
    properties: Mapping[str, Any] = {}


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one report says of an entity by one kind of edge. ``count`` is how often (MENTIONS); ``facts`` lead to the sentences."""

    report: str
    title: str | None
    place: str | None
    year: int | None
    relation: str
    modality: str | None
    count: int
    facts: tuple[str, ...]


class PlaceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A place with what is known at and below it."""

    entity: Entity
    path: tuple[Entity, ...]  # from the province down to the place above this one
    children: tuple[Entity, ...]  # directly below, by name; ``reports`` counts the reports at and below each
    reports: int  # reports that cover this place or one below
    townships: int  # townships known at or below
    townships_with_reports: int
    years: tuple[int, ...]  # years with a report
    adopters: int  # places at or below that adopt a program (done or ongoing)
    programs: int  # programs that they adopt
    rooms: int  # mediation rooms that reports at or below name
    advisers: int  # legal advisers that reports at or below name


class RolledUp(msgspec.Struct, frozen=True, kw_only=True):
    """What townships at and below a place are tied to, themselves or by their villages and bodies, counted over the townships."""

    relation: str
    direction: str  # out: from the townships to it
    id: str
    labels: tuple[str, ...]
    name: str
    townships: int  # that are tied to it in any modality
    doing: int  # of which so many do it or have done it; the others plan it or are told to
    edges: int
    years: tuple[int, ...]
    fact: str | None  # one of those it stands on


class AdoptionYear(msgspec.Struct, frozen=True, kw_only=True):
    """That some report says in a year, as ``modality``, that a place adopts a program."""

    place: str
    name: str
    year: int | None
    modality: str


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """One report's statement that a place adopts a program.

    ``first_seen``: first year in which a report in this graph says that the place does it (not: its origin); None where it is only planned.
    """

    place: str
    name: str
    program: str  # the variant that the report names
    program_name: str
    year: int | None
    modality: str
    first_seen: int | None
    report: str
    facts: tuple[str, ...]


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A program of the same family. ``relation``: how it hangs on the asked program: self, family, variant, extends, extended_by, sibling."""

    id: str
    name: str
    relation: str
    reports: int
    adopters: int  # places that do it; plans do not count
    first_year: int | None
    last_year: int | None


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """``nodes[i]`` and ``nodes[i + 1]`` are the ends of ``hops[i]``, whichever way that edge runs."""

    nodes: tuple[Entity, ...]
    hops: tuple[Hop, ...]
    cost: float = 0.0  # hops, and for each node between the ends the decimal logarithm of its degree
    degrees: tuple[int, ...] = ()  # of each node: edges, reports and measures left aside


class Paths(msgspec.Struct, frozen=True, kw_only=True):
    """``bounded``: nodes with too many edges were met but not passed, so there may be dearer paths beside these."""

    rows: tuple[Path, ...]
    bounded: bool = False


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """One number that one report states. ``value`` in base units of ``unit``; money in 万元."""

    id: str
    indicator: str
    indicator_name: str
    phrase: str | None
    value: float | None
    unit: str | None
    approx: str | None
    year: int | None
    modality: str
    polarity: str
    place: str | None
    place_name: str | None
    report: str
    fact: str


class IndicatorCount(msgspec.Struct, frozen=True, kw_only=True):
    """``catalogued`` False: the words of a report that the catalogue of indicators does not know."""

    id: str
    name: str
    catalogued: bool
    measures: int
    reports: int
    units: tuple[str, ...]


class CoverageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A place that has reports, and which years: (year, report ids)."""

    place: str
    name: str
    path: tuple[str, ...]  # names from the province down to the place above
    years: tuple[tuple[int, tuple[str, ...]], ...]
    undated: tuple[str, ...] = ()  # reports whose year the text does not tell


class SchemaProperty(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    type: str
    label: str
    label_zh: str


class SchemaNode(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    label_zh: str
    count: int
    properties: tuple[SchemaProperty, ...]


class SchemaEdge(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    label_zh: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    count: int
    properties: tuple[SchemaProperty, ...]


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    nodes: tuple[SchemaNode, ...]
    edges: tuple[SchemaEdge, ...]


def list_entities(
    store: GraphStore,
    *,
    type: str | None = None,
    q: str | None = None,
    place: str | None = None,
    cursor: str | None = None,
    size: int = 20,
) -> Page[Entity]:
    """Entities by name. ``type`` a node label, ``q`` a part of the name, ``place`` a place's id: only what reports at or below it mention.

    Raises Invalid for a label that the vocabulary does not have.
    """
    if type is not None and type not in schema.nodes() and type not in schema.LEVELS.values():
        raise Invalid(f"There is no node type {type}.", cure=f"Types: {', '.join((*schema.nodes(), *schema.LEVELS.values()))}.")
    if place is not None:
        return _page(store, "entities", "read/entities_below_place", {"type": type, "q": q or None, "place": place}, _entity, cursor, size)
    statement = "read/entities" if type is None else f"read/list_{PLURALS[type]}"
    found = _page(store, "entities", statement, {"q": q or None}, _entity, cursor, size)
    return msgspec.structs.replace(found, rows=_count_advisers(store, found.rows))


def get_entity(store: GraphStore, id: str) -> Entity:
    """Raises NotFound."""
    rows = store.read(cypher.load("read/entity"), {"id": id})
    if not rows:
        raise NotFound(f"There is no entity {id}.", cure="Ask /api/entities for what there is.")
    (entity,) = _count_advisers(store, [_entity(rows[0])])
    return entity


def _count_advisers(store: GraphStore, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """With the reports of advisers that nobody names: 我镇聘请法律顾问1名 has no words that are the adviser's."""
    ids = [entity.id for entity in entities if entity.labels[0] == "LegalAdviser" and not entity.reports]
    counts = {row["id"]: row["reports"] for row in store.read(cypher.load("read/reports_of_advisers"), {"ids": ids})} if ids else {}
    return tuple(msgspec.structs.replace(entity, reports=counts.get(entity.id, entity.reports)) for entity in entities)


def list_neighbours(
    store: GraphStore,
    id: str,
    *,
    relation: str | None = None,
    year: int | None = None,
    direction: Direction = "both",
    cursor: str | None = None,
    size: int = 50,
) -> Page[Neighbour]:
    """Edges at an entity, by relation and name. Raises NotFound where there is no such entity, Invalid for an unknown relation or direction."""
    if relation is not None and relation not in schema.edges():
        raise Invalid(f"There is no relation {relation}.", cure=f"Relations: {', '.join(schema.edges())}.")
    if direction not in ("out", "in", "both"):
        raise Invalid(f"There is no direction {direction}.", cure="Directions: out, in, both.")
    parameters = {"id": id, "relation": relation, "year": year, "direction": direction}
    page = _page(store, "neighbours", "read/neighbours", parameters, _neighbour, cursor, size)
    if not page.rows:
        get_entity(store, id)
    return page


def list_evidence(store: GraphStore, id: str, *, cursor: str | None = None, size: int = 50) -> Page[Evidence]:
    """Reports and fact ids behind an entity, newest year first. Raises NotFound."""
    page = _page(store, "evidence", "read/evidence", {"id": id}, lambda row: Evidence(**{**row, "facts": tuple(row["facts"])}), cursor, size)
    if not page.rows:
        get_entity(store, id)
    return page


def get_place(store: GraphStore, id: str) -> PlaceSummary:
    """A place with its roll-up. Raises NotFound."""
    entity = get_entity(store, id)
    if "Place" not in entity.labels:
        raise NotFound(f"{id} is not a place but a {entity.labels[0]}.", cure="Ask /api/entities for it.")
    above = store.read(cypher.load("read/places_above"), {"ids": [id]})
    counted: Row = {}
    for statement in ("read/place_reports", "read/place_townships", "read/place_adoptions", "read/place_mentions"):
        counted |= next(iter(store.read(cypher.load(statement), {"id": id})), {})
    return PlaceSummary(
        entity=entity,
        path=tuple(_entity({**row, "reports": 0}) for row in reversed(above) if row["depth"]),
        children=tuple(_entity(row) for row in store.read(cypher.load("read/place_children"), {"id": id})),
        reports=counted.get("reports") or 0,
        townships=counted.get("townships") or 0,
        townships_with_reports=counted.get("townships_with_reports") or 0,
        years=tuple(sorted(year for year in counted.get("years") or () if year is not None)),
        adopters=counted.get("adopters") or 0,
        programs=counted.get("programs") or 0,
        rooms=counted.get("rooms") or 0,
        advisers=counted.get("advisers") or 0,
    )


def list_rolled_up(
    store: GraphStore, place: str, *, relation: str | None = None, year: int | None = None, cursor: str | None = None, size: int = 50
) -> Page[RolledUp]:
    """What the townships below a place have in common, that of most townships first. Raises NotFound, and Invalid for a relation that is not rolled up."""
    if relation is not None and relation not in ROLLED_UP:
        raise Invalid(f"The relation {relation} is not counted over townships.", cure=f"Relations that are: {', '.join(ROLLED_UP)}.")
    page = _page(store, "rolled up", "read/place_roll_up", {"id": place, "relation": relation, "year": year}, _rolled_up, cursor, size)
    if not page.rows:
        entity = get_entity(store, place)
        if "Place" not in entity.labels:
            raise NotFound(f"{place} is not a place but a {entity.labels[0]}.", cure="Ask /api/entities for it.")
    return page


def count_townships(store: GraphStore, place: str) -> int:
    """Townships known at or below a place, with or without a report."""
    return next((int(row["townships"] or 0) for row in store.read(cypher.load("read/place_townships"), {"id": place})), 0)


def _rolled_up(row: Row) -> RolledUp:
    years = tuple(sorted(year for year in row["years"] or () if year is not None))
    rest = {name: row[name] for name in ("relation", "id", "name", "townships", "doing", "edges", "fact")}
    return RolledUp(**rest, labels=tuple(row["labels"]), years=years, direction="out" if row["outgoing"] else "in")


def list_path(store: GraphStore, id: str) -> tuple[str, ...]:
    """Names of a place and all above it, from the province down."""
    return tuple(row["name"] for row in reversed(store.read(cypher.load("read/places_above"), {"ids": [id]})))


def list_adopters(
    store: GraphStore,
    program: str,
    *,
    place: str | None = None,
    to_year: int | None = None,
    cursor: str | None = None,
    size: int = 100,
) -> Page[Adoption]:
    """Who takes up a program or a variant of it, first seen first. ``program`` is an id or a name. Raises NotFound."""
    parameters = {"program": _find_program(store, program)["id"], "place": place, "to_year": to_year}
    return _page(store, "adopters", "read/adopters_of_program", parameters, lambda row: Adoption(**{**row, "facts": tuple(row["facts"] or ())}), cursor, size)


def list_adoption_years(store: GraphStore, program: str, *, place: str | None = None, to_year: int | None = None, limit: int) -> tuple[AdoptionYear, ...]:
    """What ``list_adopters`` pages through, without what it stands on and at most ``limit`` rows, by place and year. Raises NotFound."""
    parameters = {"program": _find_program(store, program)["id"], "place": place, "to_year": to_year}
    return tuple(AdoptionYear(**row) for row in store.read(cypher.load("read/years_of_adoption"), parameters, max_rows=limit))


def list_variants(store: GraphStore, program: str) -> tuple[Variant, ...]:
    """The program and all others of its family, by name. Raises NotFound."""
    asked = _find_program(store, program)
    extensions = {
        row["id"]: "extends" if row["outgoing"] else "extended_by" for row in store.read(cypher.load("read/extensions_of_program"), {"program": asked["id"]})
    }

    def relate(id: str, parent: str | None) -> str:
        if id == asked["id"]:
            return "self"
        return extensions.get(id) or ("family" if id == asked["parent"] else "variant" if parent == asked["id"] else "sibling")

    rows = store.read(cypher.load("read/variants_of_program"), {"program": asked["id"]})
    return tuple(Variant(relation=relate(row["id"], row["parent"]), **{name: value for name, value in row.items() if name != "parent"}) for row in rows)


def find_paths(store: GraphStore, source: str, target: str, *, max_hops: int = 4, k: int = 3) -> Paths:
    """Up to ``k`` paths over edges between entities (reports are not stepping stones), cheapest first. ``max_hops`` 1 to 6.

    Passing what thousands share costs more than a step: see ``graph.pathfinding``. Raises NotFound for an unknown end.
    """
    if not 1 <= max_hops <= 6 or not 1 <= k <= 20:
        raise Invalid("A path has 1 to 6 hops, and 1 to 20 paths can be asked for.")
    ends = {id: get_entity(store, id) for id in (source, target)}
    if source == target:
        return Paths(rows=(Path(nodes=(ends[source],), hops=()),))
    found = find_ways(store, source, target, max_hops=max_hops, k=k)
    return Paths(
        rows=tuple(
            Path(
                nodes=tuple(Entity(id=place.id, labels=place.labels, name=place.name or place.id) for place in way.places),
                hops=way.hops,
                cost=way.cost,
                degrees=tuple(place.degree for place in way.places),
            )
            for way in found.ways
        ),
        bounded=found.bounded,
    )


def list_measures(
    store: GraphStore,
    indicator: str | Sequence[str],
    *,
    place: str | None = None,
    from_year: int | None = None,
    to_year: int | None = None,
    cursor: str | None = None,
    size: int = 100,
) -> Page[Measurement]:
    """Numbers of indicators (id, catalogue name or the report's own words), by year and place. ``place`` takes everything below it in. Raises NotFound."""
    found = find_indicators(store, [indicator] if isinstance(indicator, str) else indicator)
    parameters = {"indicators": [id for id, _ in found], "place": place, "from_year": from_year, "to_year": to_year}
    return _page(store, "measures", "read/measures", parameters, lambda row: Measurement(**row), cursor, size)


def find_indicators(store: GraphStore, wanted: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(id, name) of the indicators with these ids, catalogue names or reports' own words, by id. Raises NotFound for one that no report states."""
    found: dict[str, str] = {}
    for name in wanted:
        rows = store.read(cypher.load("read/indicator"), {"indicator": name})
        if not rows:
            raise NotFound(f"No report states a number for {name}.", cure="Ask /api/indicators for what there is.")
        found.update((row["id"], row["name"]) for row in rows)
    return tuple(sorted(found.items()))


def list_indicators(
    store: GraphStore,
    *,
    q: str | None = None,
    catalogued: bool | None = None,
    cursor: str | None = None,
    size: int = 100,
) -> Page[IndicatorCount]:
    """Indicators with how many measures state them, most first."""

    def shape(row: Row) -> IndicatorCount:
        return IndicatorCount(**{**row, "units": tuple(sorted(unit for unit in row["units"] if unit is not None))})

    return _page(store, "indicators", "read/indicators", {"q": q or None, "catalogued": catalogued}, shape, cursor, size)


def list_coverage(
    store: GraphStore,
    *,
    place: str | None = None,
    from_year: int | None = None,
    to_year: int | None = None,
    level: str | None = "township",
    cursor: str | None = None,
    size: int = 200,
) -> Page[CoverageRow]:
    """Places that have reports × years, by id. A year that is not listed has no report: that says nothing about what the place did."""
    parameters: dict[str, Any] = {"level": level, "from_year": from_year, "to_year": to_year}
    if place is None:
        page = _page(store, "coverage", "read/coverage", parameters, dict, cursor, size)
    else:
        page = _page(store, "coverage", "read/coverage_below_place", {**parameters, "place": place}, dict, cursor, size)
    above: dict[str, list[str]] = {}
    for row in store.read(cypher.load("read/places_above"), {"ids": [row["place"] for row in page.rows]}):
        if row["depth"]:
            above.setdefault(row["place"], []).insert(0, row["name"])
    return Page(rows=tuple(_covered(row, tuple(above.get(row["place"], ()))) for row in page.rows), cursor=page.cursor)


def get_schema(store: GraphStore) -> Schema:
    """Labels and edges of vocabulary/graph.yaml with how many of each the graph holds."""
    nodes: dict[str, int] = {}
    for row in store.read(cypher.load("read/count_nodes")):
        for label in row["labels"]:
            nodes[label] = nodes.get(label, 0) + row["count"]
    edges = {row["type"]: row["count"] for row in store.read(cypher.load("read/count_edges"))}
    levels = schema.nodes()["Place"]["levels"]
    return Schema(
        nodes=tuple(
            SchemaNode(name=name, label=entry["label"], label_zh=entry["zh"], count=nodes.get(name, 0), properties=_properties(entry.get("properties", {})))
            for name, entry in {**schema.nodes(), **levels}.items()
        ),
        edges=tuple(
            SchemaEdge(
                name=name,
                label=entry["label"],
                label_zh=entry["zh"],
                source=tuple(entry["from"]),
                target=tuple(entry["to"]),
                count=edges.get(name, 0),
                properties=_properties(schema.edge_entries(name)),
            )
            for name, entry in schema.edges().items()
        ),
    )


def _page(store: GraphStore, list: str, statement: str, parameters: Mapping[str, Any], shape: Callable[[Row], T], cursor: str | None, size: int) -> Page[T]:
    skip = read_cursor(list, cursor)
    rows = store.read(cypher.load(statement), {**parameters, "skip": skip, "limit": check_size(size) + 1}, max_rows=size + 1)
    return Page(rows=tuple(shape(row) for row in rows[:size]), cursor=write_cursor(list, skip + size) if len(rows) > size else None)


def _entity(row: Row) -> Entity:
    labels = tuple(row["labels"])
    return Entity(id=row["id"], labels=labels, name=row["name"], reports=row["reports"], properties=_told(row["properties"], schema.node_properties(labels[0])))


def _neighbour(row: Row) -> Neighbour:
    edge = row["edge"]
    rest = _told(edge, schema.edge_properties(row["relation"]))
    return Neighbour(
        relation=row["relation"],
        direction="out" if row["outgoing"] else "in",
        id=row["id"],
        labels=tuple(row["labels"]),
        name=row["name"],
        report=edge.get("report"),
        facts=tuple(edge.get("facts") or ()),
        year=edge.get("year"),
        modality=edge.get("modality"),
        properties={name: value for name, value in rest.items() if name not in ("report", "facts", "year", "modality")},
    )


def _told(properties: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Properties that the vocabulary has, without the engine's own and the graph's books."""
    return {name: value for name, value in properties.items() if name in known and name not in HIDDEN}


def _find_program(store: GraphStore, program: str) -> Row:
    rows = store.read(cypher.load("read/program"), {"program": program})
    if not rows:
        raise NotFound(f"No report names a program {program}.", cure="Ask /api/entities?type=Program for what there is.")
    return rows[0]


def _covered(row: Row, path: tuple[str, ...]) -> CoverageRow:
    years: dict[int, list[str]] = {}
    undated: list[str] = []
    for entry in row["reports"]:
        (undated if entry["year"] is None else years.setdefault(entry["year"], [])).append(entry["report"])
    dated = tuple((year, tuple(sorted(reports))) for year, reports in sorted(years.items()))
    return CoverageRow(place=row["place"], name=row["name"], path=path, years=dated, undated=tuple(sorted(undated)))


def _properties(entries: Mapping[str, Mapping[str, str]]) -> tuple[SchemaProperty, ...]:
    return tuple(SchemaProperty(name=name, type=entry["type"], label=entry["label"], label_zh=entry["zh"]) for name, entry in entries.items())
