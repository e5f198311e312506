"""What a single condition asks of an engine: how much there is to look at, who meets it (among all or among candidates), and the statements it rests on."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

import cypher
from fazhi.combining.answers import Statement
from fazhi.combining.holdings import Holdings, Standing, Units, begin_below
from fazhi.combining.model import CitesCondition, HasCondition, Leaf, MeasureCondition, PlaceCondition, TextCondition, TookUpCondition
from fazhi.errors import FazhiError, Invalid, NotFound, TimedOut, TooLarge
from fulltext import kept
from fulltext.characters import keyword
from fulltext.query import And, Keyword, Or, Query, narrow_to, parse
from fulltext.store import Facet, Filters, TextStore
from graph.profiling import within
from graph.queries import find_indicators
from graph.store import GraphStore, Row
from ingest.audit.amounts import bounds_of_value
from ingest.audit.reading import checks

MOST_ROWS = 100_000
MOST_EVER = 400_000  # rows where everybody who ever meets a condition is looked up: all townships in ten years
_EVERY_PLACE = 65_000  # townships that a text engine counts at once
_PAGE = 10_000  # hits in one look
_NAMED_PLACES = 200  # places named in a query to the text engine: more of them cost more than looking at all hits
_EARLIEST = 300  # hits looked through for the earliest of each row
_KEPT = 500_000  # ids and numbers in what is kept of whole conditions, some 150 bytes each at most
_KEPT_DOMAINS = 16
_KEPT_COUNTS = 4_096
_LABELS = {"mediation_room": "MediationRoom", "platform": "Platform"}


class Kept:
    """What was looked up a moment ago, so that the next question with the same condition need not look again.

    Whoever has it drops it when ``moment()`` of graph or index is another; where these do not tell, after a pause.
    """

    def __init__(self) -> None:
        self._ever = kept.Kept[object, Ever](_KEPT, lambda ever: ever.size)
        self._numbers = kept.Kept[object, Sequence[_Number]](_KEPT, len)
        self._asked: Counter[object] = Counter()
        self._counting = threading.Lock()
        self._domains = kept.Kept[object, frozenset[str]](_KEPT_DOMAINS)
        self._counts = kept.Kept[object, int](_KEPT_COUNTS)
        self._programs = kept.Kept[str, str](_KEPT_COUNTS)
        self._units = kept.Kept[object, Units](_KEPT_DOMAINS)

    def units(self, level: str, look: Callable[[], Units]) -> Units:
        return self._units.get(level, look)

    def ever(self, name: object, look: Callable[[], Ever]) -> Ever:
        return self._ever.get(name, look)

    def numbers(self, name: object, look: Callable[[], Sequence[_Number]]) -> Sequence[_Number]:
        return self._numbers.get(name, look)

    def ask(self, name: object, candidates: int) -> int:
        """Of how many candidates it was asked in all, these included, whether they meet the condition of this name."""
        with self._counting:
            if len(self._asked) > _KEPT_COUNTS:
                self._asked.clear()
            self._asked[name] += candidates
            return self._asked[name]

    def program(self, name: str, look: Callable[[], str]) -> str:
        return self._programs.get(name, look)

    def count(self, name: object, look: Callable[[], int]) -> int:
        return self._counts.get(name, look)

    def domain(self, name: object, look: Callable[[], frozenset[str]]) -> frozenset[str]:
        return self._domains.get(name, look)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a question is asked of. ``units`` are there where places are to be found; ``until`` is when it has to be done (``time.monotonic``)."""

    graph: GraphStore
    text: TextStore
    holdings: Holdings
    level: str | None
    units: Units | None
    place: str | None
    first: int | None
    last: int | None
    until: float
    kept: Kept

    @property
    def rows(self) -> str | None:
        """The level of the places that are to be found; None where reports are."""
        return None if self.units is None else self.level

    def read(self, name: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Rows of a statement of ``cypher/read``. Raises TimedOut, TooLarge."""
        return self._read(name, parameters, MOST_ROWS)

    def read_ever(self, name: str, parameters: Mapping[str, Any]) -> list[Row]:
        """The same of statements that have a row for each year."""
        return self._read(name, parameters, MOST_EVER)

    def _read(self, name: str, parameters: Mapping[str, Any], most: int) -> list[Row]:
        rows = self.graph.read(cypher.load(f"read/{name}"), parameters, timeout=self.left(), max_rows=most + 1)
        if len(rows) > most:
            raise TooLarge(f"More than {most} statements would have to be looked at.", cure="Name a place, years or a lower level.")
        return rows

    def left(self) -> float:
        """Seconds that are left. Raises TimedOut where none are."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimedOut("The question took too long.", cure="Name a place, years, or fewer conditions.")
        return left

    def reports_of(self, ids: Iterable[str]) -> list[str]:
        """Reports that cover these places or what lies below them; of reports these themselves."""
        if self.units is None:
            return list(ids)
        return [report for id in ids for report in self.units.reports.get(id, ())]

    def rows_of(self, reports: Iterable[str]) -> set[str]:
        """The places of the asked level at or above those that these reports cover; of reports these themselves."""
        if self.units is None:
            return set(reports)
        standings, level = self.holdings.standings, self.level or ""
        return {place for report in reports if (standing := standings.get(report)) is not None and (place := standing.chain.get(level)) is not None}


class Found(msgspec.Struct, frozen=True):
    """Ids of rows that meet a condition, and of those where an approximation leaves it open."""

    stated: set[str]
    open: set[str] = set()


class Ever(msgspec.Struct, frozen=True):
    """Ids of rows that meet a condition in any year, by that year."""

    by_year: Mapping[int | None, Set[str]]

    @property
    def size(self) -> int:
        return sum(map(len, self.by_year.values()))

    def within(self, years: tuple[int | None, int | None]) -> Found:
        return Found({id for year, ids in self.by_year.items() if within(year, *years) for id in ids})


class _Number(NamedTuple):
    """A number that was stated of a row."""

    id: str
    year: int | None
    value: float
    approx: str | None
    unit: str | None


class Shown(msgspec.Struct, frozen=True):
    """The statements of one row, earliest first, without titles and sentences. ``certain`` is False where none of them is."""

    total: int
    statements: tuple[Statement, ...]
    certain: bool = True


class Probe(Protocol):
    """A condition bound to a scope. Ids are those of the rows: places or reports."""

    kind: str
    years: tuple[int | None, int | None]
    name: object | None  # under which all who ever meet it are kept; None: they are not

    def estimate(self) -> int | None:
        """How many statements there are at most; None where nothing has to be looked up."""

    def find(self, candidates: Collection[str] | None) -> Found:
        """Who meets it; of ``candidates`` only, where they are given."""

    def show(self, ids: Sequence[str], most: int) -> dict[str, Shown]:
        """The first ``most`` statements for each of these rows; rows without any are left out."""


def bind(condition: Leaf, scope: Scope, path: str) -> Probe:
    """Raises Invalid and NotFound, with the path of the condition, for what can't be understood or is not known here."""
    try:
        return _bind(condition, scope)
    except FazhiError as error:
        raise type(error)(f"{path}: {error.detail}", cure=error.cure, position=error.position) from error


def _bind(condition: Leaf, scope: Scope) -> Probe:
    match condition:
        case TextCondition():
            return _TextProbe(condition, scope)
        case TookUpCondition():
            program = scope.kept.program(condition.took_up, lambda: _find_program(condition.took_up, scope))
            return _GraphProbe("took_up", "adoptions", {"program": program, "variants": condition.variants}, condition, scope)
        case HasCondition(has="legal_adviser"):
            return _GraphProbe("has", "advisers", {"name": condition.name}, condition, scope)
        case HasCondition(has="body"):
            return _GraphProbe("has", "bodies", {"name": condition.name, "kind": condition.kind}, condition, scope)
        case HasCondition():
            return _GraphProbe("has", "operations", {"label": _LABELS[condition.has], "name": condition.name, "kind": condition.kind}, condition, scope)
        case MeasureCondition():
            return _MeasureProbe(condition, scope)
        case CitesCondition():
            return _CitesProbe(condition, scope)
        case PlaceCondition():
            return _PlaceProbe(scope.holdings.resolve(condition.place), scope)


def _find_program(name: str, scope: Scope) -> str:
    rows = scope.read("program", {"program": name})
    if not rows:
        raise NotFound(f"No report names a program {name}.", cure="GET /api/entities?type=Program lists those there are.")
    return str(rows[0]["id"])


def _years(condition: Any, scope: Scope) -> tuple[int | None, int | None]:
    """The years of a condition within those of the question, which bound statements where places are found; where reports are found, they bound these."""
    first, last = condition.from_year, condition.to_year
    if scope.units is None:
        return first, last
    return (
        max((year for year in (first, scope.first) if year is not None), default=None),
        min((year for year in (last, scope.last) if year is not None), default=None),
    )


class _GraphProbe:
    """A condition that edges of the graph meet; ``family`` names its statements in ``cypher/read``: condition_FAMILY_…"""

    def __init__(self, kind: str, family: str, target: Mapping[str, Any], condition: TookUpCondition | HasCondition, scope: Scope) -> None:
        self.kind = kind
        self.years = _years(condition, scope)
        self._scope = scope
        self._family = family
        self._target = target
        self._ever = {**target, "modalities": list(condition.modality)}
        self._bounds = {**self._ever, "from_year": self.years[0], "to_year": self.years[1]}
        self.name: object | None = family, scope.rows, msgspec.json.encode(self._ever)

    def estimate(self) -> int | None:
        name = f"condition_{self._family}_count"
        return self._scope.kept.count((name, msgspec.json.encode(self._target)), lambda: int(self._scope.read(name, self._target)[0]["total"]))

    def find(self, candidates: Collection[str] | None) -> Found:
        if candidates is not None:
            return Found({row["asked"] for row in self._rows(list(candidates), 0)})
        scope, family = self._scope, self._family

        def look() -> Ever:
            if scope.rows is None:
                return _gather((row["year"], row["id"]) for row in scope.read_ever(f"condition_{family}_reports", self._ever))
            return _gather((row["year"], row["id"]) for row in scope.read_ever(f"condition_{family}_places", {**self._ever, "level": scope.rows}))

        return scope.kept.ever(self.name, look).within(self.years)

    def show(self, ids: Sequence[str], most: int) -> dict[str, Shown]:
        return {row["asked"]: Shown(row["total"], tuple(_statement(told) for told in row["statements"])) for row in self._rows(list(ids), most)}

    def _rows(self, ids: list[str], most: int) -> list[Row]:
        name, parameter = ("in_reports", "reports") if self._scope.units is None else ("of_places", "places")
        return self._scope.read(f"condition_{self._family}_{name}", {**self._bounds, parameter: ids, "most": most})


class _CitesProbe:
    """Reports that cite a document; of places those that report so."""

    kind = "cites"

    def __init__(self, condition: CitesCondition, scope: Scope) -> None:
        self.years = _years(condition, scope)
        self._scope = scope
        self._document = {"document": condition.cites}
        self._bounds = {**self._document, "from_year": self.years[0], "to_year": self.years[1]}
        self.name: object | None = "citations", scope.rows, condition.cites

    def estimate(self) -> int | None:
        name = "condition_citations_count"
        return self._scope.kept.count((name, self._document["document"]), lambda: int(self._scope.read(name, self._document)[0]["total"]))

    def find(self, candidates: Collection[str] | None) -> Found:
        scope = self._scope
        if candidates is None:

            def look() -> Ever:
                told = scope.read_ever("condition_citations_reports", self._document)
                return _gather((row["year"], id) for row in told for id in scope.rows_of([row["id"]]))

            return scope.kept.ever(self.name, look).within(self.years)
        return Found(self._scope.rows_of(row["asked"] for row in self._rows(candidates, 0)) & set(candidates))

    def show(self, ids: Sequence[str], most: int) -> dict[str, Shown]:
        scope, found = self._scope, {row["asked"]: row for row in self._rows(ids, most)}
        shown: dict[str, Shown] = {}
        for id in ids:
            rows = [found[report] for report in scope.reports_of([id]) if report in found]
            told = sorted((_statement(told) for row in rows for told in row["statements"]), key=_when)
            if rows:
                shown[id] = Shown(sum(row["total"] for row in rows), tuple(told[:most]))
        return shown

    def _rows(self, ids: Iterable[str], most: int) -> list[Row]:
        return self._scope.read("condition_citations_in_reports", {**self._bounds, "reports": self._scope.reports_of(ids), "most": most})


class _MeasureProbe:
    """A number within bounds. What 30余 may be is reckoned as everywhere else: met where all of it lies within, open where some of it does."""

    kind = "measure"

    def __init__(self, condition: MeasureCondition, scope: Scope) -> None:
        self.years = _years(condition, scope)
        self._scope = scope
        found = find_indicators(scope.graph, [condition.measure])
        self._indicators = {"indicators": [id for id, _ in found]}
        self._family = checks().family(condition.unit) if condition.unit else _family_of(self._indicators["indicators"])
        lows = [condition.at_least, condition.equals, None if condition.more_than is None else math.nextafter(condition.more_than, math.inf)]
        highs = [condition.at_most, condition.equals, None if condition.less_than is None else math.nextafter(condition.less_than, -math.inf)]
        self._low = max((bound for bound in lows if bound is not None), default=-math.inf)
        self._high = min((bound for bound in highs if bound is not None), default=math.inf)
        if self._low > self._high:
            raise Invalid("No number lies within these bounds.", cure="Let at_least or more_than be below at_most or less_than.")
        self._ever = {**self._indicators, "modalities": list(condition.modality)}
        self._bounds = {**self._ever, "low": _finite(self._low), "high": _finite(self._high), "from_year": self.years[0], "to_year": self.years[1]}
        self.name: object | None = "measures", scope.rows, msgspec.json.encode(self._ever)

    def estimate(self) -> int | None:
        name = "condition_measures_count"
        return self._scope.kept.count((name, *self._indicators["indicators"]), lambda: int(self._scope.read(name, self._indicators)[0]["total"]))

    def find(self, candidates: Collection[str] | None) -> Found:
        if candidates is None:
            numbers = [number for number in self._scope.kept.numbers(self.name, self._look) if within(number.year, *self.years)]
        else:
            numbers = [_number(row, row["asked"]) for row in self._rows(list(candidates))]
        found: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
        for number in numbers:
            found[self._hold(number)].add(number.id)
        return Found(found[True], found[False] - found[True])

    def _look(self) -> Sequence[_Number]:
        scope = self._scope
        if scope.rows is None:
            return [_number(row, row["id"]) for row in scope.read_ever("condition_measures_reports", self._ever)]
        return [_number(row, row["id"]) for row in scope.read_ever("condition_measures_places", {**self._ever, "level": scope.rows})]

    def show(self, ids: Sequence[str], most: int) -> dict[str, Shown]:
        told: dict[str, list[Statement]] = {}
        for row in self._rows(list(ids)):
            held = self._hold(_number(row, row["asked"]))
            if held is not None:
                told.setdefault(row["asked"], []).append(
                    Statement(
                        report=row["report"],
                        title=None,
                        year=row["year"],
                        modality=row["modality"],
                        source=row["source"],
                        source_name=row["source_name"],
                        id=row["id"],
                        name=row["name"],
                        value=row["value"],
                        unit=row["unit"],
                        approx=row["approx"],
                        certain=held,
                        facts=(row["fact"],) if row["fact"] else (),
                    )
                )
        shown: dict[str, Shown] = {}
        for id, statements in told.items():
            certain = [statement for statement in statements if statement.certain]
            shown[id] = Shown(len(certain or statements), tuple((certain or statements)[:most]), certain=bool(certain))
        return shown

    def _rows(self, ids: list[str]) -> list[Row]:
        name, parameter = ("in_reports", "reports") if self._scope.units is None else ("of_places", "places")
        return self._scope.read(f"condition_measures_{name}", {**self._bounds, parameter: ids})

    def _hold(self, number: _Number) -> bool | None:
        """True: within the bounds; False: it may be; None: not, or in another unit."""
        if self._family and checks().family(number.unit) != self._family:
            return None
        low, high = bounds_of_value(number.value, number.approx)
        if self._low <= low and high <= self._high:
            return True
        return False if low <= self._high and self._low <= high else None


class _PlaceProbe:
    """Decided by ids, without asking anybody."""

    kind = "place"
    years: tuple[int | None, int | None] = (None, None)
    name: object | None = None

    def __init__(self, place: str, scope: Scope) -> None:
        self._place = place
        self._scope = scope

    def estimate(self) -> int | None:
        return None

    def find(self, candidates: Collection[str] | None) -> Found:
        scope, above, begin = self._scope, self._place, begin_below(self._place)
        if scope.units is not None:
            return Found({id for id in (scope.units.names if candidates is None else candidates) if id == above or id.startswith(begin)})
        reports = scope.holdings.find_reports(above)
        return Found(reports if candidates is None else reports & set(candidates))

    def show(self, ids: Sequence[str], most: int) -> dict[str, Shown]:
        return {id: Shown(0, ()) for id in self.find(ids).stated}


class _TextProbe:
    """Reports with these words; of places those that report so."""

    kind = "text"
    name: object | None = None

    def __init__(self, condition: TextCondition, scope: Scope) -> None:
        query = parse(condition.text)
        if query is None:
            raise Invalid("There is nothing to look for in the text.", cure="Write words or “exact characters”.")
        self.years = _years(condition, scope)
        self._scope = scope
        self.query: Query = narrow_to(query, condition.section, condition.modality) if condition.section or condition.modality else query
        self._filters = Filters(place=scope.place, from_year=self.years[0], to_year=self.years[1])

    def estimate(self) -> int | None:
        name = ("text", self.query, self._filters)
        return self._scope.kept.count(name, lambda: self._scope.text.search(self.query, self._filters, sort="place", size=1).total)

    def find(self, candidates: Collection[str] | None) -> Found:
        scope, query = self._scope, self.query
        if candidates is not None:
            narrowed = self._narrow(candidates)
            query = narrowed or query
        if scope.units is None:
            found = set(self._iter_reports(query))
        else:
            facet: Facet = scope.level  # type: ignore[assignment]
            scope.left()
            counted = scope.text.search(query, self._filters, sort="place", size=1, facets=(facet,), facet_size=_EVERY_PLACE)
            found = {id for id, _ in counted.facets[facet]}
        return Found(found if candidates is None else found & set(candidates))

    def show(self, ids: Sequence[str], most: int) -> dict[str, Shown]:
        scope = self._scope
        if scope.units is None:
            found = self.find(ids).stated
            return {id: Shown(1, (_said(id, scope.holdings.standings[id]),)[:most]) for id in ids if id in found}
        facet: Facet = scope.level  # type: ignore[assignment]
        narrowed = self._narrow(ids) or self.query
        result = scope.text.search(narrowed, self._filters, sort="year", size=_EARLIEST if most else 1, facets=(facet,), facet_size=_EVERY_PLACE)
        totals = {id: total for id, total in result.facets[facet] if id in set(ids)}
        earliest: dict[str, list[str]] = {id: [] for id in totals}
        for hit in result.hits:
            for id in scope.rows_of([hit.report]):
                if id in earliest and len(earliest[id]) < most:
                    earliest[id].append(hit.report)
        for id, reports in earliest.items():
            if len(reports) < min(most, totals[id]) and result.total > _EARLIEST:
                scope.left()
                alone = scope.text.search(self._narrow([id]) or self.query, self._filters, sort="year", size=most)
                earliest[id] = [hit.report for hit in alone.hits if hit.report in scope.holdings.standings]
        standings = scope.holdings.standings
        return {id: Shown(totals[id], tuple(_said(report, standings[report]) for report in reports)) for id, reports in earliest.items()}

    def _narrow(self, ids: Collection[str]) -> Query | None:
        """The query in reports of these places; None where they can't all be named."""
        scope = self._scope
        places: set[str | None] = set(ids)
        if scope.units is None:
            standings = scope.holdings.standings
            places = {standings[id].place if id in standings else None for id in ids}
        if len(places) > _NAMED_PLACES or None in places or not places:
            return None
        return And((self.query, Or(tuple(Keyword("place", keyword(place)) for place in sorted(place for place in places if place)))))

    def _iter_reports(self, query: Query) -> Iterable[str]:
        cursor: str | None = None
        while True:
            self._scope.left()
            hits = self._scope.text.search(query, self._filters, sort="place", size=_PAGE, cursor=cursor).hits
            yield from (hit.report for hit in hits)
            if len(hits) < _PAGE:
                return
            cursor = hits[-1].cursor


def _number(row: Row, id: str) -> _Number:
    return _Number(id, row["year"], row["value"], row["approx"], row["unit"])


def _gather(told: Iterable[tuple[int | None, str]]) -> Ever:
    by_year: dict[int | None, set[str]] = {}
    one: dict[str, str] = {}
    for year, id in told:
        by_year.setdefault(year, set()).add(one.setdefault(id, id))
    return Ever(by_year)


def _said(report: str, standing: Standing) -> Statement:
    return Statement(report=report, title=None, year=standing.year, source=standing.place)


def _statement(told: Mapping[str, Any]) -> Statement:
    return Statement(title=None, facts=tuple(told["facts"] or ()), **{name: value for name, value in told.items() if name != "facts"})


def _when(statement: Statement) -> tuple[int, str, str]:
    return (9999 if statement.year is None else statement.year), statement.report, statement.id or ""


def _family_of(indicators: Sequence[str]) -> str:
    """What the catalogue counts these indicators in; empty where it does not say or knows several."""
    import vocabulary

    units = {entry.get("unit") for entry in vocabulary.load("indicators") if f"indicator:{entry['id']}" in indicators}
    families = {checks().family(unit) for unit in units if unit}
    return families.pop() if len(families) == 1 else ""


def _finite(value: float) -> float | None:
    return None if math.isinf(value) else value


Way = Literal["all", "candidates"]
