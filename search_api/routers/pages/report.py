"""A report: its text with the facts marked, each leading to its evidence and to the graph; beside it, on request, the cleaned text that the rules read."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, RedirectResponse

from archive.model import Projectable
from fazhi.errors import FazhiError, NotFound, TimedOut, Unavailable
from fazhi.explaining.view import About, build_view
from fazhi.explaining.words import Texts
from ingest.text import Text
from search_api import models, rereading
from search_api.cleaning import pair_paragraphs
from search_api.likening import answer_similar
from search_api.parameters import FactKind, ReportId
from search_api.reader import Reader, Reading, sentence_of
from search_api.routers.pages.layout import Paging, new_router
from search_api.routers.pages.telling import tell

log = logging.getLogger("fazhi.http")

router = new_router()

_SIMILAR = 5
_REUSED = 20


@router.get("/reports/{id}")
def show_report(page: Paging, reader: Reading, id: str) -> HTMLResponse:
    t, given = page.t, page.request.query_params
    at = given.get("at")
    rejected = "1" if given.get("rejected") == "1" else None
    item = reader.read(id)
    types = [kind.value for kind in FactKind if kind.value in given.getlist("type")]

    def link(*, type: str | None = None, rejected: str | None = rejected, fragment: str = "") -> str:
        return page.link(f"/reports/{id}", {"type": type, "rejected": rejected, "at": at}, fragment)

    view = build_view(
        t,
        _about(item),
        item.text,
        item.analysis,
        types=types,
        pointed=_read_span(at, len(item.text)),
        only_url=lambda type: link(type=type),
        all_url=link() if types else None,
        ask_url=link(rejected="1", fragment="rejected"),
        node_url=lambda fact: page.entity_link(fact.node) if fact.node and "?" not in fact.node else None,
        **(_read_again(t, reader, item) if rejected else {}),
    )
    place = item.analysis.frame.place
    return page.render(
        "report.html",
        view=view,
        open_facts=False,
        id=id,
        place=place if place and "?" not in place else None,
        similar=_find_similar(reader, id),
        **_find_reused(reader, id),
        answer=reader.basis(),
    )


def _find_reused(reader: Reader, id: str) -> dict[str, Any]:
    """Reports whose words it has, and those that have its words, most words first: the graph's REUSES. ``reused_in_all``: with those not shown."""
    links = sorted(reader.archive.links_about([id]).get(id, ()), key=lambda link: (-link.characters, link.report, link.source))
    found = []
    for link in links[:_REUSED]:
        side, other = ("earlier", link.source) if link.report == id else ("later", link.report)
        document = reader.find_document(other)
        if document is not None:
            found.append({"side": side, "document": document, "link": link})
    return {"reused": found, "reused_in_all": len(links)}


def _find_similar(reader: Reader, id: str) -> models.SimilarReports | None:
    """None where the index does not have the report yet, or cannot be asked: the report itself can be read all the same."""
    try:
        return reader.remember(("similar", id), lambda: answer_similar(reader, id, place=None, from_year=None, to_year=None, size=_SIMILAR, cursor=None))
    except (NotFound, Unavailable, TimedOut):
        return None


@router.get("/reports/{id}/cleaned")
def show_cleaned(page: Paging, reader: Reading, id: ReportId) -> HTMLResponse:
    """The original beside the cleaned text, paragraph by paragraph."""
    item = reader.read(id)
    text = Text.of(item.text)
    return page.render(
        "cleaned.html", about=_about(item), id=id, rows=pair_paragraphs(text), characters=len(text.original), kept=len(text.clean), format=item.document.format
    )


@router.get("/facts/{id}")
def show_fact(page: Paging, reader: Reading, id: str) -> RedirectResponse:
    """A fact is shown where it stands: in its sentence, with its card open."""
    item, fact = reader.find_fact(id)
    sentence = sentence_of(item, fact)
    return RedirectResponse(page.report_link(item.document.report, sentence), 303)


def _about(item: Projectable) -> About:
    document = item.document
    return About(
        title=document.title or document.key,
        key=document.key,
        url=document.url,
        linkable=urlsplit(document.url or "").scheme in ("http", "https"),
        published=document.published,
        duplicate_of=document.duplicate_of,
        original=f"/api/reports/{document.report}/original",
        json=f"/api/reports/{document.report}/facts",
    )


def _read_again(t: Texts, reader: Reader, item: Projectable) -> dict[str, Any]:
    """What the present rules turn down in the stored text, as ``build_view`` takes it. The facts on the page stay those of the archive."""
    if len(item.text) > rereading.LIMIT:
        return {"failed": t("rejected_too_long", limit=rereading.LIMIT)}
    try:
        explanation = rereading.explain_again(reader.archive, item)
    except FazhiError as error:
        return {"failed": tell(str(error), t.lang)}
    except Exception as error:  # the page is about stored facts: it must show, whatever today's rules make of the text
        log.error("reading %s again failed", item.document.report, exc_info=error)
        return {"failed": t("rejected_failed")}
    now = explanation.analysis
    same = (now.pipeline, now.vocabulary) == (item.analysis.pipeline, item.analysis.vocabulary)
    return {
        "rejections": explanation.rejections,
        "dropped": explanation.dropped,
        "note": t("rejected_again" if same else "rejected_differs"),
        "name_place": rereading.name_place,
    }


def _read_span(at: str | None, length: int) -> tuple[int, int] | None:
    """``120-131`` → (120, 131); None for anything that is no span of the text."""
    left, _, right = (at or "").partition("-")
    if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit() and len(left) < 12 and len(right) < 12):
        return None
    start, end = int(left), int(right)
    return (start, end) if start < end <= length else None
