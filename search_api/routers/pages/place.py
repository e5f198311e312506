"""Places: the country by prefecture; and for each place its profile: what lies below, which reports there are, what they say is done, and where that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import HTMLResponse, Response

from fazhi.errors import TooLarge
from fazhi.locating import ATTRIBUTION, list_register, locate
from search_api import charts
from search_api.covering import Asked, answer_coverage
from search_api.parameters import FacetName, Label, Level
from search_api.profile_models import Profile, ProfileKind
from search_api.profiling import answer_profile
from search_api.reader import Reader, Reading
from search_api.routers import profiles, reading
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.entity import name_edge
from search_api.routers.pages.layout import Page, Paging, new_router
from search_api.searching import SearchQuestion, answer_search

router = new_router()

_CHILDREN = 300  # rows of the table below a place
_POINTS = 1_500
_ROLLED = 30  # rows of what townships have in common
_ITEMS = 60  # rows of a table through the years
_COVERED = 50  # rows of the coverage below a place
_MOST = 1_000  # programs of a chart's CSV
_DRAWN = 30  # of them in the chart
_SECTIONS = {
    "timeline": (ProfileKind.program,),
    "figures": (ProfileKind.measure,),
    "people": (ProfileKind.mediation_room, ProfileKind.legal_adviser, ProfileKind.platform),  # of a province there are thousands, each of one township
}
_AROUND = 12  # counties whose other townships are drawn as context
PlaceId = Annotated[str, Query(min_length=1, max_length=200)]


@router.get("/places")
def list_places(page: Paging, reader: Reading, q: Annotated[str | None, Query(max_length=200)] = None) -> HTMLResponse:
    found = reading.list_entities(reader, q=q, type=Label.Place, size=100) if q else None
    return page.render("places.html", found=found, answer=reader.basis(), provinces=[] if q else _count_prefectures(reader), path_of=_paths(reader))


@router.get("/places/{id:path}")
def show_place(page: Paging, reader: Reading, id: str) -> HTMLResponse:
    return page.render(
        "place.html",
        **read_page(reader, id),
        item_link=lambda item: page.link("/measures", {"indicator": item.id, "place": id}) if item.kind == "measure" else page.entity_link(item.id, ("",)),
        edge_name=lambda relation: name_edge(page.t, relation),
        attribution=ATTRIBUTION,
    )


def read_page(reader: Reader, id: str) -> dict[str, Any]:
    """What a place's page shows; most of it is remembered by ``reader``. Raises NotFound where there is no such place."""
    answer = reading.read_place(reader, id)
    facets = answer_search(reader, SearchQuestion.model_validate({"place": id, "facets": [FacetName.program, FacetName.year], "size": 10, "sort": "-year"}))
    small = "Township" in answer.entity.labels or "Village" in answer.entity.labels
    shown = {name: kinds for name, kinds in _SECTIONS.items() if name != "people" or "Province" not in answer.entity.labels}
    return {
        "sections": [(name, profile) for name, kinds in shown.items() if (profile := read_items(reader, id, kinds, _ITEMS)) and profile.items],
        "is_small": small,
        "answer": answer,
        "entity": answer.entity,
        "children": answer.children[:_CHILDREN],
        "coverage": answer_coverage(reader, Asked(id, level=_level_below(answer.entity.labels)), None, _COVERED),
        "rolled": None if small else profiles.roll_up_place(reader, id, size=_ROLLED),
        "found": facets,
        "programs": facets.facets["program"][:40],
        "has_point": locate(id) is not None or any(locate(row.place) for row in reader.standings(id)),
    }


def read_items(reader: Reader, id: str, kinds: Sequence[ProfileKind], size: int) -> Profile | None:
    """What the API's profile has of these kinds, but for sentences; None where there is too much of it to be put in order."""

    def answer() -> Profile:
        return answer_profile(reader, id, kinds=kinds, first=None, last=None, cursor=None, size=size, quoting=False)

    try:
        return reader.remember(("profile of a page", id, tuple(kinds), size), answer)
    except TooLarge:
        return None


def _paths(reader: Reader) -> Any:
    return lambda id: " › ".join(reader.name_path(id))


def _count_prefectures(reader: Reader) -> list[dict[str, Any]]:
    """Provinces with the prefectures (or counties right below them) that have reports, with how many."""
    reports: Counter[str] = Counter(_prefecture(row.place) for row in reader.standings() if row.place)
    provinces: dict[str, list[tuple[str, str, int]]] = {}
    for id, count in sorted(reports.items()):
        provinces.setdefault(id[: len("cn:35")], []).append((id, reader.name_place(id), count))
    return [{"id": id, "name": reader.name_place(id), "reports": sum(count for *_, count in rows), "rows": rows} for id, rows in provinces.items()]


def _prefecture(place: str) -> str:
    """cn:350524/甲溪镇 → cn:3505; in a province-level city, whose counties answer to it directly, the county."""
    code = place.removeprefix("cn:").partition("/")[0]
    return f"cn:{code[:6]}" if code[:2] in ("11", "12", "31", "50") else f"cn:{code[:4]}"


def _level_below(labels: tuple[str, ...]) -> Level:
    """Which places a coverage table below a place lists: townships, and for a township itself."""
    return Level.village if "Village" in labels else Level.township


# -- charts ---------------------------------------------------------------------------------------------------------------------------------------


@router.get("/charts/place-reports.{form}")
def send_reports(page: Paging, reader: Reading, form: Form, id: PlaceId) -> Response:
    return send_chart(page.request, form, chart_reports(page, reader, id), reader.snapshot)


@router.get("/charts/place-timeline.{form}")
def send_timeline(page: Paging, reader: Reading, form: Form, id: PlaceId) -> Response:
    return send_chart(page.request, form, chart_timeline(page, reader, id), reader.snapshot)


@router.get("/charts/place-map.{form}")
def send_map(page: Paging, reader: Reading, form: Form, id: PlaceId) -> Response:
    return send_chart(page.request, form, chart_map(page, reader, id), reader.snapshot)


def chart_reports(page: Page, reader: Reader, id: str) -> charts.Chart:
    """Reports a year by the level of the place that reports."""
    t = page.t
    rows = [row for row in reader.standings(id) if row.year is not None]
    years = [row.year for row in rows if row.year is not None]
    counts = Counter((row.year, row.level or "other") for row in rows)
    levels = [level for level in ("township", "county", "prefecture", "province", "village", "other") if any(found == level for _, found in counts)]
    series = {t(f"level.{level}"): colour for level, colour in zip(levels, charts.COLOURS, strict=False)}
    span = range(min(years), max(years) + 1) if years else range(0)
    return charts.Chart(
        name="place-reports",
        spec=charts.draw_bars_by_year(
            [{"year": year, "series": t(f"level.{level}"), "value": counts[year, level]} for year in span for level in levels],
            series=series,
            line=None,
            words={"x": t("year"), "y": t("reports")},
            description=t("place.reports_alt", place=reader.name_place(id)),
        ),
        columns=("year", *levels),
        rows=tuple((year, *(counts[year, level] for level in levels)) for year in span),
    )


def chart_timeline(page: Page, reader: Reader, id: str) -> charts.Chart:
    """Programs × years: a dot where a report says so, its colour whether it is done or only planned. First seen first."""
    t = page.t
    profile = read_items(reader, id, [ProfileKind.program], _MOST)
    items = sorted(profile.items if profile else (), key=lambda item: (item.first_seen is None, item.first_seen or 0, item.name))
    said = [(item, cell) for item in items for cell in item.cells if cell.says in ("stated", "planned")]
    names = [item.name for item in items][:_DRAWN]
    return charts.Chart(
        name="place-timeline",
        spec=charts.draw_dots(
            [{"name": item.name, "year": cell.year, "kind": t(f"modality.{cell.modality}")} for item, cell in said if item.name in names],
            names=names,
            kinds={t(f"modality.{kind}"): colour for kind, colour in charts.MODALITIES.items()},
            years=[year.year for year in profile.years] if profile else [],
            words={"x": t("year")},
            description=t("place.timeline_alt", place=reader.name_place(id)),
        ),
        columns=("id", "program", "first_seen", "year", "modality", "statements"),
        rows=tuple((item.id, item.name, item.first_seen, cell.year, cell.modality, cell.total) for item, cell in said),
    )


def chart_map(page: Page, reader: Reader, id: str) -> charts.Chart:
    """The places at and below that report, by how many reports; with the register's other townships there."""
    t = page.t
    reports = Counter(row.place for row in reader.standings(id) if row.place)
    if len(reports) > _POINTS:  # by county
        reports = Counter(row.place.partition("/")[0] for row in reader.standings(id) if row.place)
    table = [(place, count, locate(place)) for place, count in sorted(reports.items())]
    words = ((1, t("place.one")), (3, t("place.few")), (10**9, t("place.many")))
    rows = [
        {"name": reader.name_place(place), "kind": next(word for most, word in words if count <= most), "lat": point.lat, "lon": point.lon}
        for place, count, point in table
        if point
    ]
    here = locate(id)
    counties = {place.removeprefix("cn:").partition("/")[0].ljust(6, "0") for place in (*reports, *([id] if here else ()))}
    around = list_register(counties) if len(counties) <= _AROUND else []
    if here and id not in reports:
        rows.append({"name": reader.name_place(id), "kind": t("place.itself"), "lat": here.lat, "lon": here.lon})
    kinds = {t("adopt.around"): "#c3c8cc"} if around else {}
    kinds |= dict(zip((t("place.one"), t("place.few"), t("place.many"), t("place.itself")), ("#d9843b", "#2f87b5", "#124a68", charts.SOFT), strict=True))
    present = {row["kind"] for row in rows} | {t("adopt.around")}
    return charts.Chart(
        name="place-map",
        spec=charts.draw_map(
            rows,
            around,
            kinds={kind: colour for kind, colour in kinds.items() if kind in present},
            small=(t("place.itself"),),
            words={"x": t("longitude"), "y": t("latitude"), "around": t("adopt.around")},
            description=t("place.map_alt", place=reader.name_place(id)),
        ),
        columns=("place", "name", "reports", "lat", "lon", "point"),
        rows=tuple(
            (place, reader.name_place(place), count, *((point.lat, point.lon, point.precision) if point else (None,) * 3)) for place, count, point in table
        ),
    )
