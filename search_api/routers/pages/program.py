"""Programs: a list; and for each what it is, its variants, who takes it up over the years and where, with the sentences."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import HTMLResponse, Response

import vocabulary
from fazhi.locating import ATTRIBUTION, list_register, locate
from search_api import charts
from search_api.adopting import Adopter, YearOfAdoption, count_years, list_all_adopters
from search_api.parameters import Cursor, FacetName, Label, PlaceFilter
from search_api.reader import Reader, Reading
from search_api.routers import programs, reading
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.layout import Page, Paging, new_router
from search_api.searching import SearchQuestion, answer_search

router = new_router()

_SENTENCES = 20
_ADOPTERS = 200  # places in the table; the CSV has all
_POINTS = 1_500  # on a map; of more places the counties are shown
_AROUND = 12  # counties whose other townships are drawn as context
_RAMP = ("#5b2c83", "#31688e", "#21806f", "#4a8f2c", "#9a8400", "#c25a12", "#a8324a", "#7a4b2a")  # years, first to last

ToYear = Annotated[int | None, Query(ge=1949, le=2200)]
ProgramId = Annotated[str, Query(min_length=1, max_length=1000)]


@router.get("/programs")
def list_programs(page: Paging, reader: Reading, q: Annotated[str | None, Query(max_length=200)] = None, cursor: Cursor = None) -> HTMLResponse:
    answer = reading.list_entities(reader, q=q, type=Label.Program, cursor=cursor, size=100)
    named = answer_search(reader, SearchQuestion.model_validate({"facets": [FacetName.program], "size": 1})).facets["program"] if not q and not cursor else ()
    return page.render("programs.html", answer=answer, named=named[:24], q=q)


@router.get("/programs/{id:path}")
def show_program(page: Paging, reader: Reading, id: str, place: PlaceFilter = None, to: ToYear = None, cursor: Cursor = None) -> HTMLResponse:
    place = reader.resolve_place(place)
    return page.render(
        "program.html",
        **read_page(reader, id, place, to, cursor),
        place_name=reader.name_place(place) if place else None,
        path_of=lambda place: " › ".join(reader.name_path(place)),
        attribution=ATTRIBUTION,
    )


def read_page(reader: Reader, id: str, place: str | None = None, to: int | None = None, cursor: str | None = None) -> dict[str, Any]:
    """What a program's page shows; what takes long with many adopters is remembered by ``reader``. ``id``: or a name. Raises NotFound."""
    answer = reader.remember(
        ("statements of a page", id, place, to, cursor), lambda: programs.list_adopters(reader, id, place=place, to=to, cursor=cursor, size=_SENTENCES)
    )
    id = next((variant.id for variant in answer.variants if variant.relation == "self"), id)
    adopters = list_all_adopters(reader, id, place, to)
    return {
        "answer": answer,
        "entity": reading.read_entity(reader, id),
        "entry": find_entry(id.removeprefix("program:")),
        "years": count_years(reader, adopters, place, to),
        "adopters": adopters[:_ADOPTERS],
        "total": len(adopters),
        "stating": sum(adopter.first_seen is not None for adopter in adopters),
        "asked": {"id": id, "place": place, "to": to},
    }


def find_entry(name: str) -> dict[str, Any]:
    """What the catalogue of programs says; empty for a name that it lacks."""
    return next((entry for entry in vocabulary.load("programs") if entry["name"] == name), {})


# -- charts ----------------------------------------------------------------------------------------------------------------------------------------


@router.get("/charts/program-years.{form}")
def send_years(page: Paging, reader: Reading, form: Form, id: ProgramId, place: PlaceFilter = None, to: ToYear = None) -> Response:
    place = reader.resolve_place(place)
    years = count_years(reader, list_all_adopters(reader, id, place, to), place, to)
    return send_chart(page.request, form, chart_years(page, id, years), reader.snapshot)


@router.get("/charts/program-map.{form}")
def send_map(page: Paging, reader: Reading, form: Form, id: ProgramId, place: PlaceFilter = None, to: ToYear = None) -> Response:
    place = reader.resolve_place(place)
    return send_chart(page.request, form, chart_map(page, reader, id, list_all_adopters(reader, id, place, to), place, to), reader.snapshot)


def chart_years(page: Page, id: str, years: tuple[YearOfAdoption, ...]) -> charts.Chart:
    t = page.t
    series = {t("adopt.first"): "#155a7d", t("adopt.again"): "#7fb0cb", t("adopt.planned"): "#d9843b", t("adopt.reports"): charts.SOFT}
    columns = ("first", "again", "planned", "reports")
    rows = [{"year": year.year, "series": t(f"adopt.{name}"), "value": getattr(year, name)} for year in years for name in columns]
    return charts.Chart(
        name="program-years",
        spec=charts.draw_bars_by_year(
            rows,
            series=series,
            line=t("adopt.reports"),
            words={"x": t("year"), "y": t("adopt.places")},
            description=t("adopt.years_alt", program=id.removeprefix("program:")),
        ),
        columns=("year", "first_seen", "stated_again", "planned_only", "first_seen_so_far", "reports"),
        rows=tuple((year.year, year.first, year.again, year.planned, year.seen, year.reports) for year in years),
    )


def chart_map(page: Page, reader: Reader, id: str, adopters: tuple[Adopter, ...], place: str | None, to: int | None) -> charts.Chart:
    """Where it is stated, by the year in which it is first seen; small grey ones are places whose reports are here and don't speak of it."""
    t = page.t
    known = {adopter.place: adopter for adopter in adopters}
    reporting = {row.place for row in reader.standings(place) if row.place and (to is None or row.year is None or row.year <= to)}
    table = [(id, known.get(id), locate(id)) for id in sorted(reporting | set(known))]
    first_years = sorted({adopter.first_seen for adopter in adopters if adopter.first_seen is not None})
    band = max(1, -(-len(first_years) // len(_RAMP)))
    bands = [first_years[number : number + band] for number in range(0, len(first_years), band)]
    words = {year: t("adopt.first_in", years=str(some[0]) if len(some) == 1 else f"{some[0]}–{some[-1]}") for some in bands for year in some}

    def kind_of(adopter: Adopter | None) -> str:
        if adopter is None:
            return t("adopt.silent")
        return words[adopter.first_seen] if adopter.first_seen is not None else t("adopt.planned")

    rows = [{"name": reader.name_place(id), "kind": kind_of(adopter), "lat": point.lat, "lon": point.lon} for id, adopter, point in table if point]
    if len(rows) > _POINTS:
        rows = _by_county(rows, table, kind_of, reader)
    counties = {id.removeprefix("cn:").partition("/")[0].ljust(6, "0") for id, _, point in table if point}
    around = list_register(counties) if len(counties) <= _AROUND else []
    kinds = {t("adopt.around"): "#c3c8cc"} if around else {}
    kinds |= {t("adopt.silent"): charts.SOFT, t("adopt.planned"): "#d9843b"}
    kinds |= dict(zip(dict.fromkeys(words.values()), _RAMP, strict=False))
    present = Counter(row["kind"] for row in rows)
    shown = {kind: colour for kind, colour in kinds.items() if present[kind] or (around and kind == t("adopt.around"))}
    return charts.Chart(
        name="program-map",
        spec=charts.draw_map(
            rows,
            around,
            kinds=shown,
            small=(t("adopt.silent"),),
            words={"x": t("longitude"), "y": t("latitude"), "around": t("adopt.around")},
            description=t("adopt.map_alt", program=id.removeprefix("program:")),
        ),
        columns=("place", "name", "first_seen", "years_stated", "years_planned", "lat", "lon", "point"),
        rows=tuple(_map_row(reader, id, adopter, point) for id, adopter, point in table),
    )


def _by_county(rows: list[dict[str, Any]], table: list[tuple[str, Adopter | None, Any]], kind_of: Any, reader: Reader) -> list[dict[str, Any]]:
    """One point a county, for what comes first in it: the earliest year, else a plan, else silence."""
    best: dict[str, Adopter | None] = {}
    for id, adopter, _ in table:
        county = id.partition("/")[0]
        rank = _rank(adopter)
        if county not in best or rank < _rank(best[county]):
            best[county] = adopter
    points = ((county, adopter, locate(county)) for county, adopter in best.items())
    return [{"name": reader.name_place(county), "kind": kind_of(adopter), "lat": point.lat, "lon": point.lon} for county, adopter, point in points if point]


def _rank(adopter: Adopter | None) -> int:
    return 9_999 if adopter is None else adopter.first_seen or 9_998


def _map_row(reader: Reader, id: str, adopter: Adopter | None, point: Any) -> tuple[Any, ...]:
    stated, planned = (adopter.stated, adopter.planned) if adopter else ((), ())
    where = (point.lat, point.lon, point.precision) if point else (None, None, None)
    return (id, reader.name_place(id), adopter.first_seen if adopter else None, " ".join(map(str, stated)), " ".join(map(str, planned)), *where)
