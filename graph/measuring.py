"""Questions to the graph behind the panel of numbers: which places, what is stated about them, and what lies above them along PART_OF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cypher
from fazhi.errors import TooLarge
from graph.queries import CoverageRow, Measurement, list_coverage
from graph.store import GraphStore

_MANY = 100_000  # rows of one answer: more townships than the register has, more numbers than fifty of them state
_SECONDS = 60.0


def list_measured_places(store: GraphStore, *, place: str | None, level: str, indicators: Sequence[str] | None = None) -> dict[str, str]:
    """Id → name of the places of a level, at or below ``place``, that numbers (of these indicators; None: of any) are stated about."""
    parameters: dict[str, Any] = {"level": level}
    statement = "read/measured_places"
    if indicators is not None:
        statement, parameters = "read/places_of_indicators", {"level": level, "place": place, "indicators": list(indicators)}
    elif place is not None:
        statement, parameters = "read/measured_places_below_place", {"level": level, "place": place}
    rows = store.read(cypher.load(statement), parameters, timeout=_SECONDS, max_rows=_MANY)
    return {row["place"]: row["name"] for row in rows}


def list_measures_of_places(
    store: GraphStore, places: Sequence[str], *, indicators: Sequence[str] | None = None, from_year: int | None = None, to_year: int | None = None
) -> list[Measurement]:
    """What reports state as done or ongoing, with value and year, by place, year, indicator, report and id. None of ``indicators`` means all.

    Raises TooLarge where it is more than memory should hold: ask about fewer places at a time.
    """
    parameters = {
        "places": list(places),
        "indicators": None if indicators is None else list(indicators),
        "from_year": from_year,
        "to_year": to_year,
    }
    rows = store.read(cypher.load("read/measures_of_places"), parameters, timeout=_SECONDS, max_rows=_MANY + 1)
    if len(rows) > _MANY:
        raise TooLarge(f"More than {_MANY} numbers are stated about {len(places)} places.", cure="Narrow the years, or name indicators.")
    return [Measurement(**row) for row in rows]


def list_ancestors(store: GraphStore, places: Sequence[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """Place → level → (id, name) of the place itself and all above it along PART_OF."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in store.read(cypher.load("read/places_above"), {"ids": list(places)}, timeout=_SECONDS, max_rows=_MANY):
        level = next((label.lower() for label in row["labels"] if label != "Place"), "")
        found.setdefault(row["place"], {}).setdefault(level, (row["id"], row["name"]))
    return found


def iter_coverage(store: GraphStore, *, place: str | None, level: str, from_year: int | None = None, to_year: int | None = None) -> Iterator[CoverageRow]:
    """Every place of a level that has a report, with the years; all pages of ``list_coverage``."""
    cursor: str | None = None
    while True:
        page = list_coverage(store, place=place, from_year=from_year, to_year=to_year, level=level, cursor=cursor, size=1000)
        yield from page.rows
        cursor = page.cursor
        if cursor is None:
            return
