"""Who takes up a program, put in order by place and by year. The statements are those that ``GET /api/programs/{id}/adopters`` pages through."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from graph import queries
from search_api.reader import Reader

_DONE = ("done", "ongoing")
_MOST = 50_000  # statements; more than that no chart can show


class Adopter(msgspec.Struct, frozen=True, kw_only=True):
    """A place that some report speaks of. ``first_seen``: first year in which a report here says that it does it; None where reports only plan or urge it."""

    place: str
    name: str
    first_seen: int | None
    stated: tuple[int, ...]  # years in which a report says that it does it
    planned: tuple[int, ...]  # years in which a report plans it or asks for it


class YearOfAdoption(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of places; ``first + again`` is how many state it. ``reports`` is what the year has at all: who is missing there may have done it."""

    year: int
    first: int
    again: int
    planned: int  # reports of the year plan it or ask for it, none says that it is done
    seen: int  # first seen up to and with this year
    reports: int


def list_all_adopters(reader: Reader, program: str, place: str | None, to_year: int | None) -> tuple[Adopter, ...]:
    """Every place with a statement about the program or a variant of it, first seen first. A page and its two charts ask for the same. Raises NotFound."""
    return reader.remember(
        ("adopters", program, place, to_year),
        lambda: gather_adopters(queries.list_adoption_years(reader.graph, program, place=place, to_year=to_year, limit=_MOST)),
    )


def gather_adopters(adoptions: Sequence[queries.AdoptionYear]) -> tuple[Adopter, ...]:
    """Statements by place; a family's variants count as one."""
    by_place: dict[str, list[queries.AdoptionYear]] = {}
    for adoption in adoptions:
        by_place.setdefault(adoption.place, []).append(adoption)
    adopters = [_gather(place, same) for place, same in by_place.items()]
    return tuple(sorted(adopters, key=lambda adopter: (adopter.first_seen is None, adopter.first_seen or 0, adopter.name, adopter.place)))


def _gather(place: str, same: Sequence[queries.AdoptionYear]) -> Adopter:
    def years(*, done: bool) -> tuple[int, ...]:
        return tuple(sorted({one.year for one in same if one.year is not None and (one.modality in _DONE) == done}))

    stated = years(done=True)
    return Adopter(place=place, name=same[0].name, first_seen=stated[0] if stated else None, stated=stated, planned=years(done=False))


def count_years(reader: Reader, adopters: Sequence[Adopter], place: str | None, to_year: int | None) -> tuple[YearOfAdoption, ...]:
    """Every year from the first report to the last, those without any report too."""
    covered = reader.coverage(place, to_year=to_year).years
    if not covered:
        return ()
    counted, seen = [], 0
    for year in range(covered[0], covered[-1] + 1):
        first = sum(adopter.first_seen == year for adopter in adopters)
        seen += first
        counted.append(
            YearOfAdoption(
                year=year,
                first=first,
                again=sum(year in adopter.stated for adopter in adopters) - first,
                planned=sum(year in adopter.planned and year not in adopter.stated for adopter in adopters),
                seen=seen,
                reports=reader.coverage(place, None, year, year).reports,
            )
        )
    return tuple(counted)
