"""What there is to answer from, in one state of the collection: which reports cover which places and years."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import islice, takewhile
from typing import NamedTuple

import cypher
from archive.model import Document
from fazhi.errors import Invalid, NotFound
from fulltext.project import place_chain
from graph.store import GraphStore

_MANY = 200_000  # places of one level: four times as many as the register has townships


class Standing(NamedTuple):
    """How one counted report stands. ``chain``: level → graph id of its place and all above it; ``path`` names them."""

    place: str | None
    name: str | None
    level: str | None
    year: int | None
    title: str | None
    path: tuple[str, ...]
    chain: Mapping[str, str]


class Units:
    """The places of one level: those that reports come from and those that reports speak of."""

    def __init__(self, names: dict[str, str], years: dict[str, frozenset[int]], reports: dict[str, tuple[str, ...]]) -> None:
        self.names = names
        self.years = years  # place → years that a report covers it or what lies below it
        self.reports = reports  # place → those reports, dated or not

    def covers(self, place: str, first: int | None, last: int | None) -> bool:
        """Whether there is a report of the place within these years; an undated one covers only all years."""
        if first is None and last is None:
            return place in self.reports
        return any((first or 0) <= year <= (last or 9999) for year in self.years.get(place, ()))


class Holdings:
    """Never changes; a newer state of the collection gets a new one."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.standings: dict[str, Standing] = {}
        self.names: dict[str, str] = {}  # of places that report and of those above them
        self.paths: dict[str, tuple[str, ...]] = {}  # place → names from the province down to itself
        for document in documents:
            chain = place_chain(document.place, document.path, document.level)
            self.standings[document.report] = Standing(document.place, document.place_name, document.level, document.year, document.title, document.path, chain)
            for depth, (id, name) in enumerate(zip(chain.values(), document.path, strict=False), 1):
                self.names[id] = name
                self.paths.setdefault(id, document.path[:depth])
            if document.place and document.place_name:
                self.names[document.place] = document.place_name
        self._placed = sorted((standing.place, report) for report, standing in self.standings.items() if standing.place is not None)

    def find_units(self, level: str, graph: GraphStore) -> Units:
        """The places of a level, as the graph names them now."""
        names = {row["id"]: row["name"] for row in graph.read(cypher.load("read/places_of_level"), {"level": level}, timeout=60.0, max_rows=_MANY)}
        years: dict[str, set[int]] = {}
        reports: dict[str, list[str]] = {}
        for report, standing in self.standings.items():
            place = standing.chain.get(level)
            if place is not None:
                names.setdefault(place, self.names.get(place, place))
                reports.setdefault(place, []).append(report)
                if standing.year is not None:
                    years.setdefault(place, set()).add(standing.year)
        return Units(names, {place: frozenset(found) for place, found in years.items()}, {place: tuple(found) for place, found in reports.items()})

    def find_reports(self, above: str) -> set[str]:
        """Reports of a place and of what lies below it."""
        near = takewhile(lambda placed: placed[0].startswith(above), islice(self._placed, bisect_left(self._placed, (above,)), None))
        return {report for place, report in near if lies_in(place, above)}

    def resolve(self, place: str) -> str:
        """The graph id of a place given by id, or by a name that only one place with reports at or below it has. Raises NotFound, Invalid."""
        place = place.strip()
        if place.startswith("cn:"):
            return place
        names = sorted(self.names.items())
        # 泉州 means 泉州市, but never beside a place that is called 泉州 and no more
        same = [id for id, name in names if name == place] or [id for id, name in names if len(name) == len(place) + 1 and name.startswith(place)]
        if len(same) == 1:
            return same[0]
        if not same:
            raise NotFound(f"No place with reports here is called {place}.", cure="Give its full name (泉州市, 参内镇) or its graph id (cn:3505).")
        raise Invalid(f"{len(same)} places here are called {place}.", cure=f"Give the graph id of one: {', '.join(same[:10])}.")


def lies_in(place: str | None, above: str) -> bool:
    """Whether a place is ``above`` or below it, by their ids: cn:35 > cn:3505 > cn:350524 > cn:350524/参内镇 > …/湾美社区."""
    return place is not None and (place == above or place.startswith(begin_below(above)))


def begin_below(above: str) -> str:
    """What the ids of all places below one begin with."""
    return f"{above}/" if "/" in above or len(above) == len("cn:350524") else above
