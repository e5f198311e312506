"""For those who count: indicators, the numbers that reports state, and which townships and years there are reports of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from fazhi.errors import Invalid, NotFound
from graph import queries
from search_api import measure_models, models
from search_api.answering import AnswerRoute
from search_api.covering import Asked, answer_coverage
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
    registered: Annotated[
        bool | None,
        Query(
            title="Registered",
            description="true: list townships of the register of places without any report, too; false: don't. Left out, they are listed of a county.",
            examples=[True],
        ),
    ] = None,
    cursor: Cursor = None,
    size: Size = 100,
) -> models.CoverageTable:
    """For each place with a report, and for each township of a county, and each year: present, missing or unreadable.

    **missing is not “did not adopt”**: no report of that place and year is here, so nothing is known about what was done there. unreadable: a file that names
    the place and the year is known but could not be read. Of a county all townships of the register are listed, those without any report with the reason
    no_report; above it only with registered=true. The register is that of one day (gazetteer tells which): townships that were dissolved before are not in it,
    and are listed where reports are of them. With an indicator each cell says whether a number of it is stated (done or ongoing), and if not, the reason.
    """
    return answer_coverage(reader, Asked(place, from_year, to_year, level, indicator, registered), cursor, size)
