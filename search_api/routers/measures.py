"""For those who count: indicators, the numbers that reports state, and which townships and years there are reports of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from archive.model import Failure
from fazhi.errors import Invalid, NotFound
from fazhi.measuring.panel import find_unreadable, list_unreadable
from graph import queries
from graph.measuring import list_measures_of_places
from search_api import measure_models, models
from search_api.answering import AnswerRoute
from search_api.measuring import Asking, Form, View, cite_export, describe_files, list_cells, list_sums, stream_export
from search_api.parameters import Cursor, FromYear, Level, PlaceFilter, Size, ToYear
from search_api.problems import answers
from search_api.reader import Reader, Reading, sentence_of

router = APIRouter(tags=["measures"], route_class=AnswerRoute)


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

    def answer() -> models.Indicators:
        page = queries.list_indicators(reader.graph, q=q, catalogued=catalogued, cursor=cursor, size=size)
        indicators = tuple(models.Indicator.model_validate(row) for row in page.rows)
        return models.Indicators(indicators=indicators, next=page.cursor, snapshot=reader.snapshot, coverage=reader.coverage())

    return reader.remember(("indicators", q, catalogued, cursor, size), answer)


@router.get(
    "/measures",
    operation_id="list_measures",
    summary="Numbers of indicators: statements, panel, sums",
    response_model=models.Measures | measure_models.Panel | measure_models.Sums,
    responses={**describe_files(), **answers(400, 404, 408, 409, 413, 503)},
)
def list_measures(
    reader: Reading, asked: Asking, cursor: Cursor = None, size: Size = 50
) -> models.Measures | measure_models.Panel | measure_models.Sums | StreamingResponse:
    """Each number with its unit, year, place, approximation and the sentence that states it.

    **view=panel** puts them in order: one cell per place, year, indicator and unit. Where statements differ the cell is a conflict and nothing is chosen.
    **view=rollup** adds places up along PART_OF, and says how many answered out of how many have a report: only counts in one unit are added, never rates.
    **format=csv** or **parquet** gives all of it as a file; the header Link leads to its citation. Cursor and size are for JSON.
    """
    question = asked.question
    if asked.form is not Form.json:
        if cursor is not None:
            raise Invalid("A file has no pages.", cure="Leave cursor out.")
        return stream_export(reader, asked)
    if asked.view is View.panel:
        return list_cells(reader, asked, cursor, size)
    if asked.view is View.rollup:
        return list_sums(reader, asked, cursor, size)
    page = queries.list_measures(
        reader.graph, question.indicators, place=question.place, from_year=question.from_year, to_year=question.to_year, cursor=cursor, size=size
    )
    return models.Measures(
        measures=tuple(_show_measure(reader, row) for row in page.rows),
        next=page.cursor,
        snapshot=reader.snapshot,
        coverage=reader.coverage(question.place, from_year=question.from_year, to_year=question.to_year),
    )


@router.get("/measures/citation", operation_id="cite_measures", summary="How to cite an export of numbers", responses=answers(400, 404, 408, 409, 413, 503))
def cite_measures(reader: Reading, asked: Asking) -> measure_models.Citation:
    """Snapshot, query, licence note, columns, size and hash of the file that the same parameters give at /api/measures (CSV if format is left out).

    Equal snapshot, query and program give equal bytes. It takes as long as the file, for it is made to be hashed.
    """
    return cite_export(reader, msgspec.structs.replace(asked, view=View.panel) if asked.view is View.statements else asked)


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
    indicator: Annotated[
        str | None,
        Query(
            title="Indicator",
            description="Say of each cell whether a number of this indicator is stated, and if not why: its id, name, or a report's own words.",
            examples=["调解矛盾纠纷数"],
            min_length=1,
            max_length=200,
        ),
    ] = None,
    cursor: Cursor = None,
    size: Size = 100,
) -> models.CoverageTable:
    """For each place with a report and each year: present, missing or unreadable.

    **missing is not “did not adopt”**: no report of that place and year is here, so nothing is known about what was done there. unreadable: a file that names
    the place and the year is known but could not be read. Places without any report are not listed. With an indicator each cell says whether a number of it
    is stated (done or ongoing), and if not, the reason.
    """
    place = reader.resolve_place(place)
    asked = ("coverage", place, from_year, to_year, level, indicator, cursor, size)
    return reader.remember(asked, lambda: _show_coverage(reader, place, from_year, to_year, level, indicator, cursor, size))


def _show_coverage(
    reader: Reader, place: str | None, from_year: int | None, to_year: int | None, level: Level, indicator: str | None, cursor: str | None, size: int
) -> models.CoverageTable:
    page = queries.list_coverage(reader.graph, place=place, from_year=from_year, to_year=to_year, level=level, cursor=cursor, size=size)
    coverage = reader.coverage(place, level, from_year, to_year)
    years = _columns(coverage.years, from_year, to_year)
    failures = reader.archive.failures()
    stated = _list_stated(reader, indicator, [row.place for row in page.rows], from_year, to_year) if indicator else None
    return models.CoverageTable(
        years=years,
        rows=tuple(_show_row(row, years, failures, stated) for row in page.rows),
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


def _list_stated(reader: Reader, indicator: str, places: Sequence[str], from_year: int | None, to_year: int | None) -> frozenset[tuple[str, int]]:
    """(place, year) with a number of the indicator that is stated as done or ongoing."""
    wanted = [id for id, _ in queries.find_indicators(reader.graph, [indicator])]
    found = list_measures_of_places(reader.graph, places, indicators=wanted, from_year=from_year, to_year=to_year) if places else []
    return frozenset((row.place or "", row.year or 0) for row in found)


def _show_row(row: queries.CoverageRow, years: tuple[int, ...], failures: list[Failure], stated: frozenset[tuple[str, int]] | None) -> models.CoverageRow:
    present, unreadable = dict(row.years), list_unreadable(row.name, failures)
    cells = tuple(_show_cell(year, present.get(year, ()), unreadable, None if stated is None else (row.place, year) in stated) for year in years)
    return models.CoverageRow(place=row.place, name=row.name, path=row.path, years=cells, undated=row.undated)


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
