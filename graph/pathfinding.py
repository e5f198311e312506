"""Ways between two entities: the k cheapest, where a step through something that thousands share costs more than one through something rare.

Between any two townships there is a way over a program that everybody takes up; it says nothing. So a way costs a step for each hop and, for each entity it
passes, the decimal logarithm of how many edges that has. Edges are fetched from both ends, layer by layer, cheap entities first; the rest is pure.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable, Sequence

import msgspec

import cypher
from graph.project import MODALITIES
from graph.store import GraphStore, Row

LAYER = 5_000  # edges fetched for one layer; the entities with the most edges are left out where there are more
_LOOKS = 50_000  # ways that are begun at most
_SECONDS = 10.0


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An entity on a way; ``degree`` counts its edges, reports and measures left aside."""

    id: str
    labels: tuple[str, ...]
    name: str | None
    degree: int


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One edge. Of several between two entities the one that says the most: a deed before a plan, the earliest first."""

    source: str
    relation: str
    target: str
    report: str | None
    facts: tuple[str, ...]
    year: int | None
    modality: str | None


class Way(msgspec.Struct, frozen=True, kw_only=True):
    places: tuple[Place, ...]
    hops: tuple[Hop, ...]
    cost: float


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """Cheapest first. ``bounded``: something with too many edges was met but not passed, so there may be dearer ways beside these."""

    ways: tuple[Way, ...]
    bounded: bool


class _Map:
    """Entities, how many edges they have, and the best edge between any two of them, as far as they are known."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self.names: dict[str, tuple[tuple[str, ...], str | None]] = {}
        self.degrees: dict[str, int] = {}
        self.hops: dict[str, dict[str, Hop]] = {}

    def look(self, ids: Sequence[str]) -> set[str]:
        """Take in the edges of these entities; returns what lies at their other ends."""
        found: set[str] = set()
        for row in self._store.read(cypher.load("read/path_edges"), {"ids": ids}, timeout=_SECONDS, max_rows=2 * LAYER):
            id, other = row["id"], row["other_id"]
            if id == other:
                continue
            found.add(other)
            hop = _hop(row)
            known = self.hops.get(id, {}).get(other)
            if known is None or _weight(hop) < _weight(known):
                self.hops.setdefault(id, {})[other] = hop
                self.hops.setdefault(other, {})[id] = hop
        self.count(found)
        return found

    def count(self, ids: Iterable[str]) -> None:
        """Learn how many edges these have; what paths can't begin at or pass (a report, a measure) has none."""
        unknown = sorted(set(ids) - self.degrees.keys())
        if unknown:
            self.degrees |= dict.fromkeys(unknown, 0)
            rows = self._store.read(cypher.load("read/path_nodes"), {"ids": unknown}, timeout=_SECONDS, max_rows=len(unknown))
            self.degrees |= {row["id"]: row["degree"] for row in rows}
            self.names |= {row["id"]: (tuple(row["labels"]), row["name"]) for row in rows}

    def toll(self, id: str) -> float:
        """What passing it costs."""
        return math.log10(max(self.degrees[id], 1))

    def show(self, id: str) -> Place:
        labels, name = self.names[id]
        return Place(id=id, labels=labels, name=name, degree=self.degrees[id])


def find_ways(store: GraphStore, source: str, target: str, *, max_hops: int, k: int) -> Ways:
    """Up to ``k`` ways of at most ``max_hops`` edges between two different entities, none of which passes an entity twice."""
    known = _Map(store)
    known.count((source, target))
    reached = [{source}, {target}]
    outermost = [{source}, {target}]  # nobody has looked beyond these
    bounded = False
    for _ in range(max_hops):
        # the side with fewer edges goes on: together they see every way of so many hops
        side = min((0, 1), key=lambda side: (sum(known.degrees[id] for id in outermost[side]), side))
        chosen, left_out = _choose(outermost[side], known)
        bounded = bounded or left_out
        outermost[side] = known.look(chosen) - reached[side] if chosen else set()
        reached[side] |= outermost[side]
    ways, complete = _pick(known, source, target, max_hops, k)
    return Ways(ways=tuple(ways), bounded=bounded or not complete)


def _choose(ids: Iterable[str], known: _Map) -> tuple[list[str], bool]:
    """As many of them as have ``LAYER`` edges together, those with the fewest first, and whether some were left out."""
    chosen: list[str] = []
    total = 0
    ordered = sorted(ids, key=lambda id: (known.degrees[id], id))
    for id in ordered:
        total += known.degrees[id]
        if total > LAYER:
            break
        chosen.append(id)
    return sorted(chosen), len(chosen) < len(ordered)


def _pick(known: _Map, source: str, target: str, max_hops: int, k: int) -> tuple[list[Way], bool]:
    """Ways in the order of their cost, equal ones by their ids: best first, led by what is left to pay at least. And whether all were looked at."""
    left = _rest(known, target, max_hops)
    waiting: list[tuple[float, tuple[str, ...], float]] = [(left[source][0], (source,), 0.0)] if source in left else []
    found: list[Way] = []
    for _ in range(_LOOKS):
        if not waiting or len(found) == k:
            return found, True
        _, path, paid = heapq.heappop(waiting)
        here = path[-1]
        if here == target:
            hops = tuple(known.hops[one][other] for one, other in itertools.pairwise(path))
            found.append(Way(places=tuple(known.show(id) for id in path), hops=hops, cost=round(paid, 6)))
            continue
        for other in known.hops.get(here, ()):
            if other not in path and other in left and len(path) + left[other][1] <= max_hops:
                cost = paid + 1 + (0.0 if other == target else known.toll(other))
                heapq.heappush(waiting, (round(cost + left[other][0], 9), (*path, other), cost))
    return found, False


def _rest(known: _Map, target: str, max_hops: int) -> dict[str, tuple[float, int]]:
    """Entity → (what is left to pay at least from there to the target, fewest hops), for those that are within reach."""
    hops = {target: 0}
    layer = {target}
    for depth in range(1, max_hops + 1):
        layer = {other for id in layer for other in known.hops.get(id, ())} - hops.keys()
        hops |= dict.fromkeys(layer, depth)
    costs: dict[str, float] = {target: 0.0}
    waiting = [(0.0, target)]
    while waiting:
        cost, here = heapq.heappop(waiting)
        if cost > costs[here]:
            continue
        dearer = cost + 1 + (0.0 if here == target else known.toll(here))
        for other in known.hops.get(here, ()):
            if other in hops and dearer < costs.get(other, math.inf):
                costs[other] = dearer
                heapq.heappush(waiting, (dearer, other))
    return {id: (costs[id], depth) for id, depth in hops.items()}


def _hop(row: Row) -> Hop:
    return Hop(
        source=row["source"],
        relation=row["relation"],
        target=row["other_id"] if row["source"] == row["id"] else row["id"],
        report=row["report"],
        facts=tuple(row["facts"] or ()),
        year=row["year"],
        modality=row["modality"],
    )


def _weight(hop: Hop) -> tuple[bool, int, int, str, str]:
    modality = MODALITIES.index(hop.modality) if hop.modality in MODALITIES else 0  # what follows from ids says no modality, and holds
    return not hop.facts, modality, 9999 if hop.year is None else hop.year, hop.report or "", hop.relation
