"""Reconciliation (W3C Reconciliation Service API 0.2): names of a table to places and programs, and what is known of these.

One ``Reconciler`` for each state of the collection and of the vocabulary; the routes are in ``routers/reconcile.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

import cypher
import vocabulary
from ingest.gazetteer import gazetteer
from search_api.matching_places import Found, PlaceNames, Wanted
from search_api.matching_programs import FoundProgram, Program, ProgramNames
from search_api.reader import Reader

Type = Literal["place", "program"]
TYPES: Mapping[str, str] = {"place": "Place 地方", "program": "Program 做法"}
LEVELS = {"province": "省级", "prefecture": "地级", "county": "县级", "township": "乡级", "village": "村（社区）"}
_READING = 60.0  # seconds; all names of a large collection


class Property(NamedTuple):
    """``type`` where its values are entities themselves."""

    id: str
    name: str
    type: Type | None = None


PROPERTIES: Mapping[Type, tuple[Property, ...]] = {
    "place": (
        Property("level", "Level 层级"),
        Property("parent", "Place above 上级", "place"),
        Property("county", "County 县区", "place"),
        Property("prefecture", "Prefecture 地市", "place"),
        Property("province", "Province 省", "place"),
        Property("path", "Full name 全称"),
        Property("code", "Code 区划代码"),
        Property("reports", "Reports here 报告数"),
        Property("first_year", "First year with a report here 最早报告年度"),
        Property("last_year", "Last year with a report here 最近报告年度"),
    ),
    "program": (
        Property("kind", "Kind 类别"),
        Property("family", "Family 大类", "program"),
        Property("definition", "Definition 说明"),
        Property("members", "Members 组成"),
        Property("reports", "Reports here that name it 提到的报告数"),
        Property("adopters", "Places seen to do it 采用地方数"),
        Property("first_year", "First year seen here (not its origin) 最早见于报告的年份"),
        Property("last_year", "Last year seen here 最近见于报告的年份"),
    ),
}


class Candidate(NamedTuple):
    """An entity as an answer shows it."""

    id: str
    name: str
    type: Type
    description: str
    score: float = 0.0
    match: bool = False


class _Known(NamedTuple):
    """What catalogue and graph tell of a program."""

    kind: str | None
    definition: str | None
    members: tuple[str, ...]
    family: tuple[str, str] | None  # id, name


class Reconciler:
    """Safe between threads; what it answers is of the state it was made in."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        graph = reader.graph
        places = graph.read(cypher.load("read/named_places"), timeout=_READING, max_rows=2**31 - 1)
        self.places = PlaceNames(gazetteer(), ((row["id"], row["name"], row["aliases"] or ()) for row in places))
        programs, self._known = _gather(graph.read(cypher.load("read/named_programs"), timeout=_READING, max_rows=2**31 - 1))
        self.programs = ProgramNames(programs)

    def find(self, name: str, types: Sequence[str], wanted: Sequence[Wanted], limit: int) -> list[Candidate]:
        """Candidates, best first. ``types`` empty: of all. One is a match only where it is the only certain one."""
        found = [self._show_place(place) for place in self.places.find(name, wanted)] if not types or "place" in types else []
        if not types or "program" in types:
            found += [self._show_program(program) for program in self.programs.find(name)]
        found.sort(key=lambda candidate: (not candidate.match, -candidate.score))
        if sum(candidate.match for candidate in found) > 1:
            found = [candidate._replace(match=False) for candidate in found]
        return found[:limit]

    def suggest(self, prefix: str, type: str | None, limit: int) -> list[Candidate]:
        """What somebody may mean who has typed this much: names, their beginnings, pinyin and initials."""
        types = [type] if type else []
        shown: dict[str, Candidate] = {}
        for candidate in self._iter_suggestions(prefix, types, limit):
            if not types or candidate.type in types:
                shown.setdefault(candidate.id, candidate)
            if len(shown) >= limit:
                break
        return list(shown.values())

    def _iter_suggestions(self, prefix: str, types: Sequence[str], limit: int) -> Iterator[Candidate]:
        yield from self.find(prefix, types, (), limit)
        for entry in self._reader.suggestions().suggest(prefix, limit):
            candidate = self.describe(entry.id)
            if candidate is not None:
                yield candidate
        for place in self.places.begin_with(prefix, limit):
            yield self._show_place(Found(place, 0, certain=False))

    def describe(self, id: str) -> Candidate | None:
        """The place or program with this id."""
        place = self.places.get(id)
        if place is not None:
            return self._show_place(Found(place, 0, certain=False))
        program = self.programs.programs.get(id)
        return self._show_program(FoundProgram(program, 0, certain=False)) if program else None

    def extend(self, ids: Sequence[str], properties: Sequence[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Values of these properties by id; none for what is not known."""
        programs = [id for id in ids if id in self.programs.programs]
        adoption: dict[str, dict[str, Any]] = {}
        if programs and {"reports", "adopters", "first_year", "last_year"} & set(properties):
            rows = self._reader.graph.read(cypher.load("read/adoption_of_programs"), {"ids": programs}, max_rows=len(programs))
            adoption = {row["id"]: row for row in rows}
        return {
            id: self._values_of_program(id, properties, adoption.get(id, {})) if id in self.programs.programs else self._values_of_place(id, properties)
            for id in ids
        }

    def _show_place(self, found: Found) -> Candidate:
        place = found.place
        above = "".join(higher.name for higher in self.places.chain(place.id)[:-1])
        description = " · ".join(part for part in (above, LEVELS.get(place.level, "")) if part)
        return Candidate(place.id, place.name, "place", description, found.score, found.certain)

    def _show_program(self, found: FoundProgram) -> Candidate:
        known = self._known[found.program.id]
        description = known.definition or (known.family[1] if known.family else "")
        return Candidate(found.program.id, found.program.name, "program", description, found.score, found.certain)

    def _values_of_place(self, id: str, properties: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        chain = self.places.chain(id)
        if not chain:
            return {property: [] for property in properties}
        *above, place = chain
        of_level = {higher.level: [{"id": higher.id, "name": higher.name}] for higher in chain}
        coverage = self._reader.coverage(id)
        values: dict[str, list[dict[str, Any]]] = {
            "level": [{"str": place.level}],
            "parent": [{"id": above[-1].id, "name": above[-1].name}] if above else [],
            "path": [{"str": "".join(higher.name for higher in chain)}],
            "code": [{"str": id.removeprefix("cn:")}] if "/" not in id else [],
            "reports": [{"int": coverage.reports}],
            "first_year": [{"int": coverage.years[0]}] if coverage.years else [],
            "last_year": [{"int": coverage.years[-1]}] if coverage.years else [],
        }
        return {
            property: of_level.get(property, []) if property in ("county", "prefecture", "province") else values.get(property, []) for property in properties
        }

    def _values_of_program(self, id: str, properties: Sequence[str], adoption: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Counts of what no report names stay empty: that it was not seen here does not say that nobody does it."""
        known = self._known[id]
        values: dict[str, list[dict[str, Any]]] = {
            "kind": [{"str": known.kind}] if known.kind else [],
            "family": [{"id": known.family[0], "name": known.family[1]}] if known.family else [],
            "definition": [{"str": known.definition}] if known.definition else [],
            "members": [{"str": member} for member in known.members],
        }
        for property in ("reports", "adopters", "first_year", "last_year"):
            values[property] = [{"int": adoption[property]}] if adoption.get(property) is not None else []
        return {property: values.get(property, []) for property in properties}


class Reconcilers:
    """Keeps the reconciler of the present state; one an application."""

    def __init__(self) -> None:
        self._building = threading.Lock()
        self._kept: tuple[tuple[str, str], Reconciler] | None = None

    def get(self, reader: Reader) -> Reconciler:
        with self._building:
            state = (reader.snapshot, vocabulary.version())
            if self._kept is None or self._kept[0] != state:
                self._kept = state, Reconciler(reader)
            return self._kept[1]


def _gather(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Program], dict[str, _Known]]:
    """Programs of the catalogue, and those that only reports name."""
    programs: dict[str, Program] = {}
    known: dict[str, _Known] = {}
    for entry in vocabulary.load("programs"):
        id = f"program:{entry['name']}"
        programs[id] = Program(id, entry["name"], tuple(map(str, entry.get("variants", ()))))
        family = entry.get("family")
        known[id] = _Known(entry.get("kind"), entry.get("definition"), tuple(entry.get("members", ())), (f"program:{family}", family) if family else None)
    for row in rows:
        if row["id"] in programs:
            continue
        told = row["properties"]
        programs[row["id"]] = Program(row["id"], row["name"])
        family = (row["family"], row["family_name"] or row["family"]) if row["family"] else None
        known[row["id"]] = _Known(told.get("kind"), told.get("definition"), tuple(told.get("members") or ()), family)
    return list(programs.values()), known


@cache
def property_named(id: str) -> Property | None:
    return next((property for properties in PROPERTIES.values() for property in properties if property.id == id), None)
