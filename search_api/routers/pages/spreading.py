"""How a practice spread: its timeline, its tree, who was first here, its channels and variants, each with its table and its sentences."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query
from starlette.responses import HTMLResponse, Response

from diffusion.curves.model import Curve
from diffusion.history import list_events
from diffusion.robustness import Robustness
from fazhi.errors import NotFound
from fazhi.pictures.curve import draw_curve
from fazhi.pictures.leadlag import draw_leadlag
from fazhi.pictures.rendering import draw_svg
from fazhi.pictures.robustness import draw_robustness
from fazhi.spreading.model import Arrow, Candidate, Sentence, Story, Unit, Variants
from fazhi.spreading.telling import name_place
from fazhi.spreading.wording import percent, write_banner, write_first, write_interval
from search_api.reader import Reader, Reading
from search_api.routers.curves import read_curve
from search_api.routers.network import find_network
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.layout import Page, Paging, new_router
from search_api.spreading import PictureName, draw, read_leads, read_story, read_variants

router = new_router()

ROWS = 80  # of a table; the CSV has all
ProgramId = Annotated[str, Query(min_length=1, max_length=1000)]


@router.get("/programs/{id:path}/diffusion")
def show_story(page: Paging, reader: Reading, id: str) -> HTMLResponse:
    story = read_story(reader, id)
    variants = find_variants(reader, story)
    tree = draw_svg(draw(reader, story, PictureName.tree, page.t)) if story.banner.adopters else ""
    return page.render("spreading.html", **context(page, story), events=list_events(story.program), variants=variants, most=ROWS, tree=tree)


@router.get("/diffusion")
def show_leads(page: Paging, reader: Reading) -> HTMLResponse:
    """Over all practices: which counties are first, and the network of townships where one has been reckoned."""
    leads = read_leads(reader)
    try:
        run, network = find_network(page.request.app.state.runner.shelf)
    except NotFound:
        run, network = None, None
    return page.render(
        "leads.html",
        leads=leads,
        banner_line=write_banner(page.t, leads.banner),
        percent=percent,
        network=network,
        current=run is not None and run.snapshot == reader.snapshot,
        drawn=[edge for edge in network.edges if edge.shown] if network is not None else [],
        name_place=name_place,
        most=ROWS,
    )


@router.get("/charts/leadlag.{form}")
def send_leads(page: Paging, reader: Reading, form: Form) -> Response:
    leads = read_leads(reader)
    return send_chart(page.request, form, draw_leadlag(leads, page.t), leads.snapshot)


@router.get("/charts/spread-{name}.{form}")
def send_picture(page: Paging, reader: Reading, name: PictureName, form: Form, id: ProgramId) -> Response:
    story = read_story(reader, id)
    if name in (PictureName.curve, PictureName.robustness):
        found = read_curve(reader, id, 1, False, name is PictureName.robustness).model_dump()
        if name is PictureName.curve:
            chart = draw_curve(story, page.t, msgspec.convert(found, Curve, strict=False))
        else:
            chart = draw_robustness(story, page.t, msgspec.convert(found["robustness"], Robustness, strict=False))
        return send_chart(page.request, form, chart, story.snapshot)
    return send_chart(page.request, form, draw(reader, story, name, page.t), story.snapshot)


def context(page: Page, story: Story) -> dict[str, Any]:
    """What the shared parts of ``fazhi/spreading/pages`` need."""

    def sentence_href(sentence: Sentence) -> str:
        return page.link(f"/reports/{sentence.report}", {"at": f"{sentence.start}-{sentence.end}"}, f"c{sentence.start}")

    def beside_href(arrow: Arrow) -> str:
        """Both reports of an arrow that words vouch for."""
        reports = list(dict.fromkeys(sentence.report for sentence in arrow.sentences))
        return page.link(f"/reports/{reports[0]}/beside/{reports[1]}") if arrow.reason == "text" and len(reports) > 1 else ""

    def interval(row: Unit | Candidate) -> str:
        return write_interval(page.t, row.t_lower, row.t_upper)

    arrows = sorted(story.arrows, key=lambda arrow: (arrow.source is None, arrow.reason == "time", arrow.to_year or 9999, arrow.target))
    return {
        "story": story,
        "banner_line": write_banner(page.t, story.banner),
        "first_line": write_first(page.t, story),
        "arrows": arrows,
        "sentence_href": sentence_href,
        "place_href": lambda place: page.entity_link(place),
        "beside_href": beside_href,
        "interval": interval,
        "percent": percent,
    }


def find_variants(reader: Reader, story: Story) -> Variants | None:
    """None for a practice whose family has no other name here, and for one that is not in the graph."""
    try:
        variants = read_variants(reader, story.program)
    except NotFound:
        return None
    return variants if len(variants.uses) > 1 or any(use.stated for use in variants.uses) else None
