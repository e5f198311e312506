"""What reports say about a place year by year: which programs it takes up, which rooms and platforms it runs, who advises it. Pure, but for reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, get_args

import msgspec

import cypher
from fazhi.errors import TooLarge
from graph.project import MODALITIES
from graph.store import GraphStore, Row
from ingest.ids import report_of_fact

Kind = Literal["program", "legal_adviser", "mediation_room", "platform"]
Says = Literal["stated", "planned", "unstated", "unknown"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_DOING = ("done", "ongoing")
_MOST_ROWS = 20_000
_SECONDS = 30.0
_COUNTED: Mapping[Kind, str] = {"program": "read/adoptions_by_year"}  # of which a place far up has so many that reading each takes long
_STATEMENTS: Mapping[Kind, tuple[str, Mapping[str, str]]] = {
    "program": ("read/adoptions_of_places", {}),
    "legal_adviser": ("read/advisers_of_places", {}),
    "mediation_room": ("read/operations_of_places", {"label": "MediationRoom"}),
    "platform": ("read/operations_of_places", {"label": "Platform"}),
}


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One report's statement. ``source`` is the place or body that it is about, the asked place or what lies below it; None where this stands for ``count``
    statements of a year and modality."""

    report: str
    year: int | None
    modality: str | None
    source: str | None
    source_name: str | None
    facts: tuple[str, ...]
    count: int = 1


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a place takes up or has, with all statements about it, earliest first."""

    place: str  # the asked one
    kind: Kind
    id: str
    name: str
    statements: tuple[Statement, ...]

    @property
    def first_seen(self) -> int | None:
        """First year in which a report here says that it is done; not its origin. None where it is only planned."""
        return min((statement.year for statement in self.statements if statement.year is not None and statement.modality in _DOING), default=None)


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """An item in a stretch of years. ``says``: stated (done or ongoing), planned (no more than that), unstated (there are reports, none says so: silence, not
    absence), unknown (no report of those years is here). ``statements`` those that say the most first, then earliest first."""

    says: Says
    modality: str | None
    statements: tuple[Statement, ...]


def list_items(store: GraphStore, places: Sequence[str], kinds: Collection[str] = KINDS, *, counted: bool = False) -> list[Item]:
    """Items of these places and of all below them, by place, kind (as in KINDS), name and id. ``counted``: one of a program's statements stands for all of its
    year and modality. Raises TooLarge for more than some thousand statements.
    """
    found: list[Item] = []
    for kind in KINDS:
        if kind in kinds:
            name, parameters = (_COUNTED[kind], {}) if counted and kind in _COUNTED else _STATEMENTS[kind]
            rows = store.read(cypher.load(name), {**parameters, "places": list(dict.fromkeys(places))}, timeout=_SECONDS, max_rows=_MOST_ROWS + 1)
            if len(rows) > _MOST_ROWS:
                raise TooLarge(f"Reports state more than {_MOST_ROWS} of it ({kind}).", cure="Ask for a place further down, or for another kind.")
            found += _group(kind, rows)
    order = {place: index for index, place in enumerate(dict.fromkeys(places))}
    return sorted(found, key=lambda item: (order[item.place], KINDS.index(item.kind), item.name, item.id))


def _group(kind: Kind, rows: Iterable[Row]) -> list[Item]:
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row["place"], row["id"]), []).append(row)
    return [
        Item(
            place=place,
            kind=kind,
            id=id,
            name=some[0]["name"] or id,
            statements=tuple(_read_counted(row) if "statements" in row else _read_statement(row) for row in some),
        )
        for (place, id), some in grouped.items()
    ]


def _read_statement(row: Row) -> Statement:
    return Statement(
        report=row["report"], year=row["year"], modality=row["modality"], source=row["source"], source_name=row["source_name"], facts=tuple(row["facts"] or ())
    )


def _read_counted(row: Row) -> Statement:
    return Statement(
        report=report_of_fact(row["fact"]),
        year=row["year"],
        modality=row["modality"],
        source=None,
        source_name=None,
        facts=(row["fact"],),
        count=row["statements"],
    )


def cut_cell(item: Item | None, first: int | None, last: int | None, *, reported: bool) -> Cell:
    """What is said of an item in these years; ``reported`` whether there is a report of them. Statements without a year count where all years are asked for."""
    statements = [] if item is None else [statement for statement in item.statements if within(statement.year, first, last)]
    if not statements:
        return Cell(says="unstated" if reported else "unknown", modality=None, statements=())
    statements.sort(key=_weight)
    strongest = statements[0].modality
    return Cell(says="stated" if strongest in _DOING else "planned", modality=strongest, statements=tuple(statements))


def within(year: int | None, first: int | None, last: int | None) -> bool:
    """Whether a year lies in these; without a year only in all of them."""
    if first is None and last is None:
        return True
    return year is not None and (first or 0) <= year <= (last or 9999)


def _weight(statement: Statement) -> tuple[int, int, str, str]:
    modality = MODALITIES.index(statement.modality) if statement.modality in MODALITIES else len(MODALITIES)
    return modality, 9999 if statement.year is None else statement.year, statement.report, statement.source or ""
