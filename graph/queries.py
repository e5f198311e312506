"""Questions to the graph that the API and the command line ask: plain arguments in, typed rows out, the same on every engine.

Lists come in pages: ``cursor`` of a page goes back in to get the next one and is None on the last. All raise ``Invalid`` for a cursor that is not theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

import msgspec

from graph.store import GraphStore

T = TypeVar("T")
Direction = Literal["out", "in", "both"]


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    rows: tuple[T, ...]
    cursor: str | None = None


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A node. ``labels`` most general first; ``reports`` counts the reports that mention it; ``properties`` as vocabulary/graph.yaml names them, without id and name."""

    id: str
    labels: tuple[str, ...]
    name: str
    reports: int = 0
    properties: Mapping[str, Any] = {}


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """One edge as seen from an entity. ``direction`` "out": the entity is where the edge starts. ``report`` and ``facts`` are empty for edges that follow from ids (a township in its county)."""

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
    rooms: int  # mediation rooms operated at or below
    advisers: int  # legal advisers of places or bodies at or below


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """One report's statement that a place adopts a program. ``first_seen``: first year in which a report in this graph says the place does it (not: its origin); None where it is only planned."""

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
    """A program of the same family. ``relation``: how it hangs on the asked program: self, family, variant, extends, extended_by."""

    id: str
    name: str
    relation: str
    reports: int
    adopters: int
    first_year: int | None
    last_year: int | None


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    relation: str
    target: str
    report: str | None
    facts: tuple[str, ...]
    year: int | None
    modality: str | None


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """``nodes[i]`` and ``nodes[i + 1]`` are the ends of ``hops[i]``, whichever way that edge runs."""

    nodes: tuple[Entity, ...]
    hops: tuple[Hop, ...]


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
    store: GraphStore, *, type: str | None = None, q: str | None = None, place: str | None = None, cursor: str | None = None, size: int = 20
) -> Page[Entity]:
    """Entities by name. ``type`` a node label, ``q`` a part of the name, ``place`` a place's id: only what reports at or below it mention."""
    raise NotImplementedError


def get_entity(store: GraphStore, id: str) -> Entity:
    """Raises NotFound."""
    raise NotImplementedError


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
    """Edges at an entity, by relation and name. Raises NotFound where there is no such entity, Invalid for an unknown relation."""
    raise NotImplementedError


def list_evidence(store: GraphStore, id: str, *, cursor: str | None = None, size: int = 50) -> Page[Evidence]:
    """Reports and fact ids behind an entity, newest year first. Raises NotFound."""
    raise NotImplementedError


def get_place(store: GraphStore, id: str) -> PlaceSummary:
    """A place with its roll-up. Raises NotFound."""
    raise NotImplementedError


def list_adopters(
    store: GraphStore, program: str, *, place: str | None = None, to_year: int | None = None, cursor: str | None = None, size: int = 100
) -> Page[Adoption]:
    """Who takes up a program or a variant of it, first seen first. ``program`` is an id or a name. Raises NotFound."""
    raise NotImplementedError


def list_variants(store: GraphStore, program: str) -> tuple[Variant, ...]:
    """The program and all others of its family, by name. Raises NotFound."""
    raise NotImplementedError


def find_paths(store: GraphStore, source: str, target: str, *, max_hops: int = 4, k: int = 3) -> tuple[Path, ...]:
    """Up to ``k`` shortest paths over edges between entities (reports are not stepping stones). ``max_hops`` 1 to 6. Raises NotFound for an unknown end."""
    raise NotImplementedError


def list_measures(
    store: GraphStore,
    indicator: str,
    *,
    place: str | None = None,
    from_year: int | None = None,
    to_year: int | None = None,
    cursor: str | None = None,
    size: int = 100,
) -> Page[Measurement]:
    """Numbers of one indicator (id, catalogue name or the report's own words), by year and place. ``place`` takes everything below it in. Raises NotFound."""
    raise NotImplementedError


def list_indicators(
    store: GraphStore, *, q: str | None = None, catalogued: bool | None = None, cursor: str | None = None, size: int = 100
) -> Page[IndicatorCount]:
    """Indicators with how many measures state them, most first."""
    raise NotImplementedError


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
    raise NotImplementedError


def get_schema(store: GraphStore) -> Schema:
    """Labels and edges of vocabulary/graph.yaml with how many of each the graph holds."""
    raise NotImplementedError
