"""How much the graph holds of every report, and how much it should hold: the same questions on every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter

import cypher
from archive.model import Link
from graph.project import Projection
from graph.store import GraphStore, Row

SECONDS = 600.0  # every edge is looked at
_ALL = 2**31 - 1

Counts = Mapping[str, int]
"""Edge type → edges that the report states; ``Report`` → 1 where it is there, ``Measure`` → its numbers. What there is none of is left out."""


def count(store: GraphStore) -> Iterator[tuple[str, Counts]]:
    """(report, counts) of everything that carries a report's id, ordered by report; reports that are gone but left something are among them."""
    parts: list[tuple[str, str, int]] = [(row["report"], row["type"], row["count"]) for row in _read(store, "count_stated_edges")]
    parts += [(row["report"], "Measure", row["count"]) for row in _read(store, "count_stated_measures") if row["report"] is not None]
    parts += [(report, "Report", 1) for report, _ in store.fingerprints()]
    parts.sort()
    for report, group in groupby(parts, key=itemgetter(0)):
        yield report, {name: number for _, name, number in group}


def expect(projection: Projection, links: Iterable[Link] = ()) -> Counts:
    """What ``count`` has to find of one report; ``links`` have it at either end."""
    counts = Counter(edge.type for edge in projection.edges)
    measures = len(projection.measures)
    if from_here := sum(link.report == projection.report for link in links):
        counts["REUSES"] = from_here
    return {"Report": 1, **counts, **({"Measure": measures, "STATES": measures} if measures else {})}


def list_shared(store: GraphStore) -> dict[str, tuple[str, ...]]:
    """Every node that reports share, with the ids it hangs under by itself; about 200 bytes of memory each."""
    return {row["id"]: tuple(sorted(row["parents"])) for row in _read(store, "shared_nodes")}


def _read(store: GraphStore, name: str) -> list[Row]:
    return store.read(cypher.load(f"read/{name}"), timeout=SECONDS, max_rows=_ALL)
