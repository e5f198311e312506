"""Which reports there are: place × year, with the reason of every gap."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Query
from starlette.responses import HTMLResponse, Response

from search_api import charts, models
from search_api.covering import Asked, answer_coverage
from search_api.parameters import Cursor, FromYear, Level, PlaceFilter, ToYear
from search_api.reader import Reader, Reading
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.layout import Page, Paging, new_router

router = new_router()

Registered = Annotated[bool | None, Query()]
Indicator = Annotated[str | None, Query(min_length=1, max_length=200)]
_MOST = 200  # rows that the API gives at a time
_PAGES = 300


@router.get("/coverage")
def show_coverage(
    page: Paging,
    reader: Reading,
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    level: Level = Level.township,
    indicator: Indicator = None,
    registered: Registered = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    answer = answer_coverage(reader, Asked(place, from_year, to_year, level, indicator, registered), cursor, 100)
    return page.render(
        "coverage.html",
        answer=answer,
        coverage=answer,
        asked={
            "place": place,
            "from": from_year,
            "to": to_year,
            "level": level.value,
            "indicator": indicator,
            "registered": page.request.query_params.get("registered"),
        },
        asked_indicator=indicator,
        short_paths=place is not None and len({row.path for row in answer.rows}) == 1,  # of one county: said once, above
        levels=[(one.value, page.t(f"level.{one.value}")) for one in (Level.township, Level.county, Level.prefecture)],
    )


@router.get("/charts/coverage.{form}")
def send_coverage(
    page: Paging,
    reader: Reading,
    form: Form,
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    level: Level = Level.township,
    indicator: Indicator = None,
    registered: Registered = None,
) -> Response:
    asked = Asked(place, from_year, to_year, level, indicator, registered)
    return send_chart(page.request, form, chart_coverage(page, reader, asked), reader.snapshot)


def chart_coverage(page: Page, reader: Reader, asked: Asked) -> charts.Chart:
    """How many places do report in each year, of those that the table lists; the CSV has every place."""
    t = page.t
    cells: list[tuple[str, str, models.CoverageCell]] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        answer = answer_coverage(reader, asked, cursor, _MOST)
        cells += [(row.place, row.name, cell) for row in answer.rows for cell in row.years]
        cursor = answer.next
        if cursor is None:
            break
    kinds = {"present": "#155a7d", "without_indicator": "#7fb0cb", "unreadable": "#c25a12", "missing": "#c3c8cc"}
    counts = Counter((cell.year, kind_of(cell)) for _, _, cell in cells)
    years = sorted({cell.year for _, _, cell in cells})
    shown = [kind for kind in kinds if any(found == kind for _, found in counts)]
    words = {kind: t("reason.without_indicator") if kind == "without_indicator" else t(f"state.{kind}") for kind in shown}
    return charts.Chart(
        name="coverage",
        spec=charts.draw_bars_by_year(
            [{"year": year, "series": words[kind], "value": counts[year, kind]} for year in years for kind in shown],
            series={words[kind]: kinds[kind] for kind in shown},
            line=None,
            words={"x": t("year"), "y": t("adopt.places")},
            description=t("coverage.alt"),
        ),
        columns=("place", "name", "year", "state", "reports", "file"),
        rows=tuple((place, name, cell.year, kind_of(cell), " ".join(cell.reports), cell.file) for place, name, cell in cells),
    )


def kind_of(cell: models.CoverageCell) -> str:
    return "without_indicator" if cell.reason == "without_indicator" else cell.state
