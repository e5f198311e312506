"""The graph around a node, drawn on the server: choose another node to move there; the table beside it has every relation with its evidence."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import HTMLResponse, Response

from graph import schema
from search_api import charts
from search_api.exploring import Around, Node, explore, is_planned, lay_out
from search_api.parameters import Label, Relation
from search_api.reader import Reader, Reading
from search_api.routers import reading
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.entity import KINDS, name_edge, name_kind, name_label
from search_api.routers.pages.layout import Page, Paging, new_router, templates

router = new_router()

_ROWS = 50  # relations in a table; the CSV has all that were read
_FEW = 12  # of them on a narrow screen, where each takes several lines
_SIGN = 6.8  # pixels of a half-width character
COLOURS = {
    "Place": "#2f7d4f",
    "Body": "#7a5195",
    "Organisation": "#a4508b",
    "Person": "#b5562b",
    "LegalAdviser": "#c0392b",
    "MediationRoom": "#00798c",
    "Program": "#1f6fc4",
    "Platform": "#4c5fb0",
    "Document": "#8a6d1d",
    "Event": "#b0356d",
    "Indicator": "#a35f00",
    "Measure": "#a35f00",
    "Report": "#59636b",
}
Id = Annotated[str | None, Query(min_length=1, max_length=1000)]
Hops = Annotated[int, Query(ge=1, le=2)]
Year = Annotated[int | None, Query(ge=1949, le=2200)]


@router.get("/graph")
def show_graph(
    page: Paging,
    reader: Reading,
    id: Id = None,
    hops: Hops = 1,
    relation: Relation | None = None,
    year: Year = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    type: Label | None = None,
) -> HTMLResponse:
    if id is None:
        found = reading.list_entities(reader, q=q, type=type, size=50) if q or type else None
        kinds = [(kind.value, name_label(page.t, kind.value)) for kind in KINDS]
        answer = reader.basis()
        return page.render("graph_start.html", found=found, kinds=kinds, answer=answer, kind_of=lambda entity: name_kind(page.t, entity.labels))
    around = explore(reader.graph, id, hops=hops, relation=relation.value if relation else None, year=year, kept=reader.known_ties())
    asked = {"id": id, "hops": hops if hops > 1 else None, "relation": relation.value if relation else None, "year": year}
    return page.render(
        "graph.html",
        around=around,
        middle=around.middle,
        ties=around.ties[:_ROWS],
        far=[tie for tie in around.shown if tie.hop > 1][:_ROWS],
        few=_ROWS if page.request.query_params.get("rows") == "all" else _FEW,
        kind=name_kind(page.t, around.middle.labels),
        answer=reader.basis(),
        asked=asked,
        relations=[(one, name_edge(page.t, one)) for one in schema.edges()],
        is_planned=is_planned,
        **_drawn(page, around, hops=hops, relation=relation, year=year),
    )


def _drawn(page: Page, around: Around, *, alone: bool = False, **kept: Any) -> dict[str, Any]:
    """What the picture's template takes."""
    drawing = lay_out(around)
    return {
        "drawing": drawing,
        "title": page.t("graph.alt", node=around.middle.name),
        "font": charts.FONT,
        "colours": COLOURS,
        "alone": alone,
        "shorten": lambda name: shorten(name, drawing.column),
        "edge_name": lambda relation: name_edge(page.t, relation),
        "kind_name": lambda node: name_kind(page.t, node.labels),
        "move": lambda id: page.link("/graph", {"id": id, "hops": kept.get("hops") if kept.get("hops") != 1 else None, "year": kept.get("year")}),
    }


def shorten(name: str, width: int) -> str:
    """As much of a name as a box of so many pixels holds; Chinese characters take the room of two."""
    room = 0.0
    for number, character in enumerate(name):
        room += _SIGN * (2 if unicodedata.east_asian_width(character) in "WF" else 1)
        if room > width - 20:
            return f"{name[:number]}…"
    return name


@router.get("/charts/graph.{form}")
def send_graph(
    page: Paging,
    reader: Reading,
    form: Form,
    id: Annotated[str, Query(min_length=1, max_length=1000)],
    hops: Hops = 1,
    relation: Relation | None = None,
    year: Year = None,
) -> Response:
    around = explore(reader.graph, id, hops=hops, relation=relation.value if relation else None, year=year, kept=reader.known_ties())
    return send_chart(page.request, form, chart_graph(page, reader, around), reader.snapshot)


def chart_graph(page: Page, reader: Reader, around: Around) -> charts.Chart:
    picture = templates().get_template("_graph.svg").render(**_drawn(page, around, alone=True))
    ties = list(dict.fromkeys((*around.ties, *around.shown)))
    unknown = Node("", (), "")
    return charts.Chart(
        name="graph",
        spec=picture,
        columns=("source", "source_name", "relation", "target", "target_name", "hop", "statements", "years", "modalities", "facts"),
        rows=tuple(
            (
                tie.source,
                around.nodes.get(tie.source, unknown).name,
                tie.relation,
                tie.target,
                around.nodes.get(tie.target, unknown).name,
                tie.hop,
                tie.edges,
                " ".join(map(str, tie.years)),
                " ".join(tie.modalities),
                " ".join(tie.facts),
            )
            for tie in ties
        ),
    )
