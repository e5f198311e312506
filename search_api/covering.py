"""Which reports there are: place × year. Of a county also the townships that no report is of: a gap shows only where one knows what could be there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from archive.model import Failure
from fazhi.errors import Invalid
from fazhi.measuring.panel import find_unreadable, list_unreadable
from graph import queries
from graph.measuring import iter_coverage, list_measures_of_places
from graph.pages import read_cursor, write_cursor
from graph.profiling import within
from ingest.gazetteer import gazetteer
from search_api import models
from search_api.parameters import Level
from search_api.reader import Reader
from vocabulary.registers import PLACES_DATE

_LIST = "coverage"  # the name of the list in its cursors
_SOURCE = "Ministry of Civil Affairs, register of administrative divisions"


class Asked(NamedTuple):
    """``registered``: whether townships of the register without a report are listed; None: of a county and below."""

    place: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    level: Level = Level.township
    indicator: str | None = None
    registered: bool | None = None


def answer_coverage(reader: Reader, asked: Asked, cursor: str | None, size: int) -> models.CoverageTable:
    """Raises NotFound and Ambiguous for a place, Invalid for a cursor of another list."""
    asked = asked._replace(place=reader.resolve_place(asked.place))
    return reader.remember(("coverage", asked, cursor, size), lambda: _answer(reader, asked, cursor, size))


def _answer(reader: Reader, asked: Asked, cursor: str | None, size: int) -> models.CoverageTable:
    place, from_year, to_year, level = asked.place, asked.from_year, asked.to_year, asked.level
    townships = level is Level.township
    if asked.registered and not townships:
        raise Invalid("The register is listed for townships only.", cure="Leave level out, or registered.")
    registered = townships and (is_listed(place) if asked.registered is None else asked.registered)
    page = _list_all(reader, asked, cursor, size) if registered else _list_covered(reader, asked, cursor, size)
    coverage = reader.coverage(place, level, from_year, to_year)
    years = _columns(coverage.years, from_year, to_year)
    failures = reader.archive.failures()
    stated = _list_stated(reader, asked.indicator, [row.place for row in page.rows], from_year, to_year) if asked.indicator else None
    return models.CoverageTable(
        years=years,
        rows=tuple(_show_row(row, years, failures, stated) for row in page.rows),
        unreadable=tuple(models.Unreadable.model_validate(failure) for failure in failures) if cursor is None else (),
        gazetteer=_count_register(reader, asked, listed=registered) if townships else None,
        next=page.cursor,
        snapshot=reader.snapshot,
        coverage=coverage,
    )


@lru_cache(maxsize=64)
def townships_below(place: str | None) -> tuple[str, ...]:
    """Ids of the register's townships at and below a place, or of all, by id."""
    register = gazetteer()
    if place is None:
        return tuple(sorted(id for id in register.places if "/" in id))
    if "/" in place:
        return (place,) if place in register.places else ()
    return tuple(sorted(id for child in register.children(place) for id in ([child] if "/" in child else townships_below(child))))


def is_listed(place: str | None) -> bool:
    """Whether a place has townships of the register right below it, or is one: there the register is listed without being asked for."""
    return place is not None and ("/" in place or any("/" in child for child in gazetteer().children(place))) and bool(townships_below(place))


def _list_covered(reader: Reader, asked: Asked, cursor: str | None, size: int) -> queries.Page[queries.CoverageRow]:
    """A page of the places that have reports."""
    return queries.list_coverage(reader.graph, place=asked.place, from_year=asked.from_year, to_year=asked.to_year, level=asked.level, cursor=cursor, size=size)


def _list_all(reader: Reader, asked: Asked, cursor: str | None, size: int) -> queries.Page[queries.CoverageRow]:
    """A page of the places that have reports and of the register's townships, by id."""

    def read() -> tuple[tuple[str, ...], dict[str, queries.CoverageRow]]:
        every = iter_coverage(reader.graph, place=asked.place, level=asked.level, from_year=asked.from_year, to_year=asked.to_year)
        rows = {row.place: row for row in every}
        return tuple(sorted(rows.keys() | townships_below(asked.place))), rows

    ids, covered = reader.remember(("coverage with the register", asked.place, asked.from_year, asked.to_year), read)
    skip = read_cursor(_LIST, cursor)
    shown = ids[skip : skip + size]
    rows = tuple(covered[id] if id in covered else _write_row(id) for id in shown)
    return queries.Page(rows=rows, cursor=write_cursor(_LIST, skip + size) if len(ids) > skip + size else None)


def _write_row(township: str) -> queries.CoverageRow:
    """The row of a township of the register that no report is of."""
    *above, place = gazetteer().chain(township)
    return queries.CoverageRow(place=township, name=place.name, path=tuple(one.name for one in above), years=())


def _count_register(reader: Reader, asked: Asked, *, listed: bool) -> models.Register:
    known = townships_below(asked.place)
    reporting = {
        row.place for row in reader.standings(asked.place) if row.place and row.level == Level.township and within(row.year, asked.from_year, asked.to_year)
    }
    found = len(reporting.intersection(known))
    return models.Register(source=_SOURCE, date=PLACES_DATE, listed=listed, townships=len(known), with_reports=found, outside=len(reporting) - found)


def _columns(years: tuple[int, ...], from_year: int | None, to_year: int | None) -> tuple[int, ...]:
    """Every year from the first to the last: a year without any report shows as a gap instead of vanishing."""
    if not years and (from_year is None or to_year is None):
        return ()
    first = from_year if from_year is not None else years[0]
    last = to_year if to_year is not None else years[-1]
    return tuple(range(first, last + 1))


def _list_stated(reader: Reader, indicator: str, places: Sequence[str], from_year: int | None, to_year: int | None) -> frozenset[tuple[str, int]]:
    """(place, year) with a number of the indicator that is stated as done or ongoing."""
    wanted = [id for id, _ in queries.find_indicators(reader.graph, [indicator])]
    found = list_measures_of_places(reader.graph, places, indicators=wanted, from_year=from_year, to_year=to_year) if places else []
    return frozenset((row.place or "", row.year or 0) for row in found)


def _show_row(row: queries.CoverageRow, years: tuple[int, ...], failures: Sequence[Failure], stated: frozenset[tuple[str, int]] | None) -> models.CoverageRow:
    present, unreadable = dict(row.years), list_unreadable(row.name, failures)
    cells = tuple(_show_cell(year, present.get(year, ()), unreadable, None if stated is None else (row.place, year) in stated) for year in years)
    reason: Literal["no_report"] | None = None if row.years or row.undated else "no_report"
    return models.CoverageRow(place=row.place, name=row.name, path=row.path, reason=reason, years=cells, undated=row.undated)


def _show_cell(year: int, reports: tuple[str, ...], unreadable: tuple[Failure, ...], stated: bool | None) -> models.CoverageCell:
    if reports:
        return models.CoverageCell(year=year, state="present", reports=reports, stated=stated, reason="without_indicator" if stated is False else None)
    failure = find_unreadable(unreadable, year)
    reason: Literal["no_report", "unreadable"] = "no_report" if failure is None else "unreadable"
    return models.CoverageCell(
        year=year,
        state="missing" if failure is None else "unreadable",
        stated=stated,
        reason=None if stated else reason,
        file=None if failure is None else failure.name,
    )
