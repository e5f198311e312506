"""For those who count: indicators, the numbers that reports state, and which townships and years there are reports of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query

from archive.model import Failure
from fazhi.errors import NotFound
from graph import queries
from search_api import models
from search_api.parameters import Cursor, FromYear, Level, PlaceFilter, Size, ToYear
from search_api.problems import answers
from search_api.reader import Reader, Reading, sentence_of

router = APIRouter(tags=["measures"])


@router.get("/indicators", operation_id="list_indicators", summary="Indicators", responses=answers())
def list_indicators(
    reader: Reading,
    q: Annotated[str | None, Query(title="Name", description="A part of the name.", examples=["调解"], max_length=200)] = None,
    catalogued: Annotated[
        bool | None, Query(title="Catalogued", description="true: only indicators of the catalogue; false: only reports' own words.", examples=[True])
    ] = None,
    cursor: Cursor = None,
    size: Size = 100,
) -> models.Indicators:
    """What reports count, most often stated first."""
    page = queries.list_indicators(reader.graph, q=q, catalogued=catalogued, cursor=cursor, size=size)
    indicators = tuple(models.Indicator.model_validate(row) for row in page.rows)
    return models.Indicators(indicators=indicators, next=page.cursor, snapshot=reader.snapshot, coverage=reader.coverage())


@router.get("/measures", operation_id="list_measures", summary="Numbers of one indicator", responses=answers(404))
def list_measures(
    reader: Reading,
    indicator: Annotated[
        str,
        Query(
            title="Indicator",
            description="Its id, its name in the catalogue, or a report's own words.",
            examples=["调解矛盾纠纷数"],
            min_length=1,
            max_length=200,
        ),
    ],
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> models.Measures:
    """Each number with its unit, year, place, approximation and the sentence that states it."""
    place = reader.resolve_place(place)
    page = queries.list_measures(reader.graph, indicator, place=place, from_year=from_year, to_year=to_year, cursor=cursor, size=size)
    return models.Measures(
        measures=tuple(_show_measure(reader, row) for row in page.rows),
        next=page.cursor,
        snapshot=reader.snapshot,
        coverage=reader.coverage(place, from_year=from_year, to_year=to_year),
    )


def _show_measure(reader: Reader, row: queries.Measurement) -> models.Measure:
    try:
        item, fact = reader.find_fact(row.fact)
    except NotFound:  # the report changed between the graph's answer and this line
        return models.Measure(**msgspec.structs.asdict(row))
    doubts = tuple(dict.fromkeys(finding.kind for finding in item.analysis.findings if fact.id in finding.facts))
    return models.Measure(**msgspec.structs.asdict(row), sentence=sentence_of(item, fact), findings=doubts)


@router.get("/coverage", operation_id="show_coverage", summary="Which reports there are: place × year", responses=answers(404))
def show_coverage(
    reader: Reading,
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    level: Annotated[Level, Query(title="Level", description="Level of the places in the rows.", examples=["township"])] = Level.township,
    cursor: Cursor = None,
    size: Size = 100,
) -> models.CoverageTable:
    """For each place with a report and each year: present, missing or unreadable.

    **missing is not “did not adopt”**: no report of that place and year is here, so nothing is known about what was done there. unreadable: a file that names
    the place and the year is known but could not be read. Places without any report are not listed.
    """
    place = reader.resolve_place(place)
    page = queries.list_coverage(reader.graph, place=place, from_year=from_year, to_year=to_year, level=level, cursor=cursor, size=size)
    coverage = reader.coverage(place, level, from_year, to_year)
    years = _columns(coverage.years, from_year, to_year)
    failures = reader.archive.failures()
    return models.CoverageTable(
        years=years,
        rows=tuple(_show_row(row, years, failures) for row in page.rows),
        unreadable=tuple(models.Unreadable.model_validate(failure) for failure in failures) if cursor is None else (),
        next=page.cursor,
        snapshot=reader.snapshot,
        coverage=coverage,
    )


def _columns(years: tuple[int, ...], from_year: int | None, to_year: int | None) -> tuple[int, ...]:
    """Every year from the first to the last: a year without any report shows as a gap instead of vanishing."""
    if not years and (from_year is None or to_year is None):
        return ()
    first = from_year if from_year is not None else years[0]
    last = to_year if to_year is not None else years[-1]
    return tuple(range(first, last + 1))


def _show_row(row: queries.CoverageRow, years: tuple[int, ...], failures: list[Failure]) -> models.CoverageRow:
    present = dict(row.years)
    cells = tuple(_show_cell(row.name, year, present.get(year, ()), failures) for year in years)
    return models.CoverageRow(place=row.place, name=row.name, path=row.path, years=cells, undated=row.undated)


def _show_cell(name: str, year: int, reports: tuple[str, ...], failures: list[Failure]) -> models.CoverageCell:
    if reports:
        return models.CoverageCell(year=year, state="present", reports=reports)
    unreadable = any(name in failure.name and str(year) in failure.name for failure in failures)
    return models.CoverageCell(year=year, state="unreadable" if unreadable else "missing")
