"""Two places, or two years of one, side by side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import HTMLResponse, Response

from search_api import charts
from search_api.parameters import Cursor
from search_api.profile_models import ComparedItem, Comparison, ProfileCell, ProfileKind, StandsName
from search_api.reader import Reader, Reading
from search_api.routers import profiles
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.layout import Page, Paging, new_router

router = new_router()

Side = Annotated[str | None, Query(min_length=1, max_length=200)]
OneYear = Annotated[int | None, Query(ge=1949, le=2200)]
_STANDS = {"both": "#155a7d", "left": "#7a3e9d", "right": "#00756b", "planned": "#d9843b", "unknown": "#c3c8cc"}
_PAGES = 50


@router.get("/compare")
def show_comparison(
    page: Paging,
    reader: Reading,
    left: Side = None,
    right: Side = None,
    left_year: OneYear = None,
    right_year: OneYear = None,
    kind: ProfileKind | None = None,
    stands: StandsName | None = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    given = {"left": left, "right": right, "left_year": left_year, "right_year": right_year}
    asked = {**given, "kind": kind.value if kind else None, "stands": stands.value if stands else None}
    answer = None
    if left and right:
        answer = _ask(reader, left, right, left_year, right_year, kind, stands, cursor, 50)
    return page.render(
        "compare.html",
        answer=answer,
        rest=reader.basis(),
        asked=asked,
        given=given,
        kinds=[(one.value, page.t(f"kind.{one.value}")) for one in ProfileKind],
        stands=[one.value for one in StandsName],
    )


def _ask(
    reader: Reader,
    left: str,
    right: str,
    left_year: int | None,
    right_year: int | None,
    kind: ProfileKind | None,
    stands: StandsName | None,
    cursor: str | None,
    size: int,
) -> Comparison:
    kinds = [kind] if kind else None
    return profiles.compare(reader, left, right, left_year, right_year, kinds, [stands] if stands else None, cursor, size)


@router.get("/charts/compare.{form}")
def send_comparison(
    page: Paging,
    reader: Reading,
    form: Form,
    left: Annotated[str, Query(min_length=1, max_length=200)],
    right: Annotated[str, Query(min_length=1, max_length=200)],
    left_year: OneYear = None,
    right_year: OneYear = None,
    kind: ProfileKind | None = None,
) -> Response:
    items: list[ComparedItem] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        answer = _ask(reader, left, right, left_year, right_year, kind, None, cursor, 200)
        items += answer.items
        cursor = answer.next
        if cursor is None:
            break
    return send_chart(page.request, form, chart_comparison(page, answer, items), reader.snapshot)


def chart_comparison(page: Page, answer: Comparison, items: list[ComparedItem]) -> charts.Chart:
    """How many items of each kind stand how; the CSV has each of them."""
    t = page.t
    kinds = [kind.value for kind in ProfileKind if any(item.kind == kind.value for item in items)]
    rows = [
        {"group": t(f"kind.{kind}"), "series": t(f"stands.{stands}"), "value": sum(item.kind == kind and item.stands == stands for item in items)}
        for kind in kinds
        for stands in _STANDS
    ]
    return charts.Chart(
        name="compare",
        spec=charts.draw_shares(
            rows,
            groups=[t(f"kind.{kind}") for kind in kinds],
            series={t(f"stands.{stands}"): colour for stands, colour in _STANDS.items()},
            words={"x": t("compare.items")},
            description=t("compare.alt", left=answer.left.name, right=answer.right.name),
        ),
        columns=("kind", "id", "name", "stands", "left", "right", "unit", "left_value", "right_value", "difference"),
        rows=tuple(
            (item.kind, item.id, item.name, item.stands, *_say(item.left, item.right), item.unit, item.left.value, item.right.value, item.difference)
            for item in items
        ),
    )


def _say(*cells: ProfileCell) -> tuple[Any, ...]:
    return tuple("conflict" if cell.conflict else cell.says for cell in cells)
