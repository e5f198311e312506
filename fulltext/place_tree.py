"""Matching reports by place at every level, each with those of all places below it: province > prefecture > county > township.

A count comes from the engine, not from adding up: a place's reports are those of the place itself and of everything below, each once. Counties
that no prefecture has (of 重庆, or directly under a province) stand below their province. Townships are counted where the places above them leave
room for them: there are more of them than anybody reads, and to count all of a country takes several times as long as the search.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fulltext.query import And, Keyword, Or, Query
from fulltext.store import Filters, PlaceLevel, TextStore

_AREAS: tuple[PlaceLevel, ...] = ("province", "prefecture", "county")
_ALL = 60_000  # places of all levels: there are some 42,000
_AT_ONCE = 100  # areas whose townships are counted


class PlaceNode(msgspec.Struct, frozen=True, kw_only=True):
    """``reports`` at or below the place. ``below``: places directly below with a matching report, most reports first; ``more`` are so many that were left out,
    None where those below were not counted."""

    id: str
    level: str
    reports: int
    below: tuple[PlaceNode, ...] = ()
    more: int | None = 0


class PlaceTree(msgspec.Struct, frozen=True):
    """``placed`` of the matching reports say where they are from."""

    roots: tuple[PlaceNode, ...]
    more: int
    placed: int


def count_places(store: TextStore, query: Query | None, filters: Filters, *, size: int, nodes: int = 1_000) -> PlaceTree:
    """At most ``size`` places directly below each, and ``nodes`` in all: higher ones first, and of equal ones those with more reports."""
    counted: dict[str, dict[str, int]] = {level: dict(found) for level, found in _count(store, query, filters, _AREAS).items()}
    reports = _reports(counted)
    shown = _choose(_sort_below(reports), reports, size, nodes)
    lowest = [id for ids in shown.values() for id in ids if id not in shown]
    counted["township"] = {}
    looked_at: set[str] = set()
    if lowest and len(lowest) <= min(nodes - sum(map(len, shown.values())), _AT_ONCE):
        among = Or(tuple(Keyword("place", id) for id in lowest))
        counted["township"] = dict(_count(store, among if query is None else And((query, among)), filters, ("township",))["township"])
        looked_at = set(lowest)
    return build_tree(counted, looked_at, size=size, nodes=nodes)


def _count(store: TextStore, query: Query | None, filters: Filters, levels: tuple[PlaceLevel, ...]) -> Mapping[str, tuple[tuple[str, int], ...]]:
    return store.search(query, filters, size=0, facets=levels, facet_size=_ALL).facets


def build_tree(counted: Mapping[str, Mapping[str, int]], looked_at: set[str], *, size: int, nodes: int) -> PlaceTree:
    """The tree of (level → graph id → reports), levels from the top down. Townships were counted of the areas ``looked_at``."""
    levels = {id: level for level, found in counted.items() for id in found}
    reports = _reports(counted)
    below = _sort_below(reports)
    shown = _choose(below, reports, size, nodes)

    def build(id: str) -> PlaceNode:
        left_out = len(below.get(id, ())) - len(shown.get(id, ()))
        known = id in below or id in looked_at or levels[id] == "township"
        return PlaceNode(id=id, level=levels[id], reports=reports[id], below=tuple(map(build, shown.get(id, ()))), more=left_out if known else None)

    roots = tuple(map(build, shown.get("", ())))
    return PlaceTree(roots, len(below.get("", ())) - len(roots), sum(reports[id] for id in below.get("", ())))


def _reports(counted: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Graph id → reports, of all levels."""
    return {id: count for found in counted.values() for id, count in found.items()}


def _choose(below: Mapping[str, list[str]], reports: Mapping[str, int], size: int, nodes: int) -> dict[str, list[str]]:
    """Area ("" for none) → the places directly below it that there is room for."""
    shown: dict[str, list[str]] = {}
    row = [""]
    while row and nodes > 0:
        row = sorted((id for parent in row for id in below.get(parent, ())[:size]), key=lambda id: (-reports[id], id))[:nodes]
        for id in row:
            shown.setdefault(_above(id, reports), []).append(id)
        nodes -= len(row)
    return shown


def _sort_below(reports: Mapping[str, int]) -> dict[str, list[str]]:
    """Area ("" for none) → all places directly below it, most reports first."""
    below: dict[str, list[str]] = {}
    for id in sorted(reports, key=lambda id: (-reports[id], id)):
        below.setdefault(_above(id, reports), []).append(id)
    return below


def _above(id: str, known: Mapping[str, int]) -> str:
    """The nearest place above that is counted; "" for none."""
    area, _, township = id.partition("/")
    candidates = [area] if township else []
    candidates += [area[:size] for size in (len("cn:3505"), len("cn:35")) if size < len(area)]
    return next((candidate for candidate in candidates if candidate in known), "")
