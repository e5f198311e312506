"""Numbers: which indicators reports state; and of some of them the panel or the sums, as a chart and as a table with the sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from statistics import median
from typing import Annotated, Any

import msgspec
from fastapi import Query
from pydantic import StringConstraints
from starlette.responses import HTMLResponse, Response

from fazhi.measuring.panel import iter_cells
from fazhi.measuring.rollup import iter_sums
from search_api import charts
from search_api import measuring as asking
from search_api.measuring import Asked, View
from search_api.parameters import Cursor, FromYear, Level, PlaceFilter, ToYear
from search_api.reader import Reader, Reading
from search_api.routers import measures
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.layout import Page, Paging, new_router

router = new_router()

Indicators = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] | None, Query(max_length=20)]
_CELLS = 50_000  # read for a chart
_ROWS = 30  # of a page of the table, each with its sentences
_LINES = 12  # places with a line of their own; of more the spread is drawn
_CHARTS = 4


@router.get("/measures")
def show_measures(
    page: Paging,
    reader: Reading,
    indicator: Indicators = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    view: View = View.panel,
    level: Level | None = None,
    by: Level | None = None,
    empty: bool = False,
    cursor: Cursor = None,
) -> HTMLResponse:
    if not indicator:
        answer = measures.list_indicators(reader, q=q, cursor=cursor, size=100)
        return page.render("indicators.html", answer=answer, place=place)
    question = _ask(reader, indicator, place, from_year, to_year, view, level, by, empty)
    given = {"place": place, "from": from_year, "to": to_year, "view": view.value, "level": level, "by": by if view is View.rollup else None}
    return page.render(
        "measures.html",
        answer=measures.list_measures(reader, question, cursor=cursor, size=_ROWS),
        view=view.value,
        given=given,
        indicators=indicator,
        charted=indicator[:_CHARTS] if view is not View.statements else [],
        exports=_exports(question, given, indicator),
        views=[(one.value, page.t(f"view.{one.value}")) for one in View],
        levels=[(one.value, page.t(f"level.{one.value}")) for one in (Level.township, Level.county, Level.prefecture, Level.province)],
    )


def _ask(
    reader: Reader,
    indicator: Sequence[str],
    place: str | None,
    from_year: int | None,
    to_year: int | None,
    view: View,
    level: Level | None,
    by: Level | None,
    empty: bool = False,
) -> Asked:
    """The question as the API puts it. A form sends all of its fields: those that don't belong to the view are left out."""
    return asking.read_asked(
        reader,
        list(indicator),
        place,
        from_year,
        to_year,
        view,
        None if view is View.statements else level,
        by if view is View.rollup else None,
        empty and view is View.panel,
    )


def _exports(question: Asked, given: dict[str, Any], indicator: Sequence[str]) -> dict[str, Any]:
    """Parameters of the API's files of the same question; a panel where statements are shown, which come as JSON only."""
    view = View.panel.value if question.view is View.statements else question.view.value
    return {**given, "view": view, "indicator": list(indicator)}


@router.get("/charts/measures.{form}")
def send_measures(
    page: Paging,
    reader: Reading,
    form: Form,
    indicator: Annotated[str, Query(min_length=1, max_length=200)],
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    view: View = View.panel,
    level: Level | None = None,
    by: Level | None = None,
) -> Response:
    question = _ask(reader, [indicator], place, from_year, to_year, View.rollup if view is View.rollup else View.panel, level, by)
    return send_chart(page.request, form, chart_measures(page, reader, question), reader.snapshot)


class Value(msgspec.Struct, frozen=True):
    """What is drawn of a cell or a sum."""

    place: str
    name: str
    year: int
    unit: str | None
    value: float | None
    low: float | None
    high: float | None
    state: str
    answered: str


def chart_measures(page: Page, reader: Reader, asked: Asked) -> charts.Chart:
    """A line a place, with what the wordings leave open as a bar; of many places every number and the median of each year. One unit: the most common."""
    t = page.t
    found = list(_iter_values(reader, asked))
    units = Counter(value.unit for value in found if value.value is not None)
    unit = units.most_common(1)[0][0] if units else None
    drawn = [value for value in found if value.unit == unit]
    places = list(dict.fromkeys(value.place for value in drawn))
    words = {"x": t("year"), "y": unit or t("value"), "median": t("median"), "each": t("each_place")}
    description = t("measures.sums_alt" if asked.view is View.rollup else "measures.alt", indicator=" ".join(asked.question.indicators))
    if len(places) <= _LINES:
        names = _tell_apart(drawn, reader)
        rows = _with_gaps(drawn, names)
        spec = charts.draw_lines(rows, names=[names[place] for place in places], words=words, description=description, sums=asked.view is View.rollup)
    else:
        years = sorted({value.year for value in drawn})
        stated = {year: [value.value for value in drawn if value.year == year and value.value is not None] for year in years}
        medians = [{"year": year, "value": median(numbers)} for year, numbers in stated.items() if numbers]
        each = [{"year": year, "value": number} for year, numbers in stated.items() for number in numbers]
        spec = charts.draw_spread(each, medians, words=words, description=description)
    return charts.Chart(
        name="measures",
        spec=spec,
        columns=("place", "name", "year", "unit", "value", "low", "high", "state", "answered"),
        rows=tuple(msgspec.structs.astuple(value) for value in found),
    )


def _iter_values(reader: Reader, asked: Asked) -> list[Value]:
    if asked.view is View.rollup:
        return [
            Value(one.place, one.name, one.year, one.unit, one.value, one.low, one.high, "sum" if one.added else "rate", f"{one.answered}/{one.reporting}")
            for one in islice(iter_sums(reader.workspace, asked.question), _CELLS)
        ]
    cells = islice(iter_cells(reader.workspace, asked.question), _CELLS)
    return [Value(cell.place.id, cell.place.name, cell.year, cell.unit, cell.value, cell.low, cell.high, cell.state, "") for cell in cells]


def _tell_apart(values: Sequence[Value], reader: Reader) -> dict[str, str]:
    """Place → its name, with the name above it where two have the same."""
    names = {value.place: value.name for value in values}
    several = {name for name, count in Counter(names.values()).items() if count > 1}
    return {place: "".join(reader.name_path(place)[-2:]) if name in several else name for place, name in names.items()}


def _with_gaps(values: Sequence[Value], names: dict[str, str]) -> list[dict[str, Any]]:
    """A row a place and year from the first year to the last; where none is stated the line breaks."""
    years = [value.year for value in values]
    known = {(value.place, value.year): value for value in values}
    rows = []
    for place, name in names.items():
        for year in range(min(years), max(years) + 1):
            value = known.get((place, year))
            more = {"low": value.low, "high": value.high, "note": value.answered} if value is not None else {}
            rows.append({"year": year, "series": name, "value": value.value if value is not None else None, **more})
    return rows
