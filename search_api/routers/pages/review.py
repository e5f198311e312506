"""Deciding on what was found: facts one after another, each with its sentence; two nodes that are one; what was decided, and undoing it."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Query, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from archive.reviews import Order
from fazhi.errors import FazhiError, Invalid
from fazhi.reviews import find_report
from graph import queries
from search_api import problems
from search_api.parameters import FactKind
from search_api.reader import Reader, Reading, sentence_of
from search_api.reviews import show
from search_api.routers.pages.forms import Form, field, local_address, who
from search_api.routers.pages.layout import SCRIPTED, Page, Paging, new_router
from search_api.routers.reviews import decide, take_back

router = new_router()

_FACTS, _DECISIONS, _REPORTS = 25, 20, 20
_ALIKE = 6  # nodes that are offered to merge with
_OF_A_PLACE, _OF_A_PAIR, _LOOKED_AT = 200, 50, 500  # nodes of one place; with two characters of a name in a row; all together


@router.get("/review")
def show_review(page: Paging, reader: Reading) -> HTMLResponse:
    """Of one report its facts that nobody has decided on, least sure first; without one the reports that came last."""
    return _show(page, reader)


@router.post("/review")
def review(request: Request, page: Paging, reader: Reading, form: Form) -> Response:
    """One decision; back to the page it came from, where the next fact has its place."""
    try:
        decide(reader, _read_order(form, who(request)))
    except FazhiError as error:
        return _show(page, reader, error)
    return RedirectResponse(local_address(field(form, "back") or "/review"), 303)


@router.get("/review/alike")
def list_alike(reader: Reading, node: Annotated[str, Query(max_length=1000)]) -> JSONResponse:
    """What a node may be the same as: nodes of its type, first those of its place, nearest in name first. For the script of the page; raises NotFound."""
    graph = reader.graph
    entity = queries.get_entity(graph, node)
    found: dict[str, queries.Entity] = {}
    if place := _lies_in(node):
        found |= {one.id: one for one in queries.list_entities(graph, type=entity.labels[-1], place=place, size=_OF_A_PLACE).rows if _lies_in(one.id) == place}
    for pair in dict.fromkeys("".join(pair) for pair in pairwise(entity.name)):
        found |= {one.id: one for one in queries.list_entities(graph, type=entity.labels[-1], q=pair, size=_OF_A_PAIR).rows}
        if len(found) > _LOOKED_AT:
            break
    found.pop(node, None)
    nearest = sorted(found.values(), key=lambda one: (-_likeness(entity, one), one.name, one.id))[:_ALIKE]
    return JSONResponse({"alike": [{"id": one.id, "name": one.name, "reports": one.reports} for one in nearest]})


def _likeness(one: queries.Entity, other: queries.Entity) -> float:
    """0 to 2. The same name in another place is mostly another thing (every township has its 司法所), so what lies in one place goes before it.

    The end of an id is the name without the words that all of a kind have: 茶香室 of 茶香室调解工作室.
    """
    names = ((one.name, other.name), (_own(one.id), _own(other.id)))
    alike = sum(SequenceMatcher(None, left, right, autojunk=False).ratio() for left, right in names) / len(names)
    return alike + (_lies_in(one.id) == _lies_in(other.id))


def _own(id: str) -> str:
    return id.rpartition("/")[2].rpartition(":")[2]


def _lies_in(id: str) -> str:
    return id.partition(":")[2].rpartition("/")[0] if ":cn:" in id else ""


@router.post("/review/undo")
def undo(request: Request, page: Paging, reader: Reading, form: Form) -> Response:
    number = field(form, "review")
    try:
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Invalid("There is no such decision.", cure="Load the page again.")
        take_back(reader, int(number), user=who(request))
    except FazhiError as error:
        return _show(page, reader, error)
    return RedirectResponse(local_address(field(form, "back") or "/review"), 303)


def _read_order(form: Any, user: str) -> Order:
    action, note = field(form, "action"), field(form, "note")[:2000]
    if action == "accept" or action == "reject":
        return Order(action="accept" if action == "accept" else "reject", user=user, note=note, fact=field(form, "fact"))
    if action == "merge":
        return Order(action="merge", user=user, note=note, node=field(form, "node"), target=field(form, "target"))
    raise Invalid("This can't be decided.", cure="Accept, reject or merge.")


def _show(page: Page, reader: Reader, error: FazhiError | None = None) -> HTMLResponse:
    asked = page.request.query_params
    report, kind = asked.get("report", "").strip(), asked.get("type", "")
    facts: list[dict[str, Any]] = []
    left, title = 0, ""
    try:
        if report:
            item = reader.read(find_report(reader.workspace, report))
            report, title = item.document.report, item.document.title or item.document.key
            decided = {standing.fact for standing in reader.archive.reviews(report=report, limit=10_000) if standing.review.undone is None}
            waiting = [fact for fact in item.analysis.facts if fact.id not in decided and (not kind or fact.type == kind)]
            waiting.sort(key=lambda fact: (fact.confidence, fact.start))
            left = len(waiting)
            facts = [{"fact": fact, "sentence": sentence_of(item, fact)} for fact in waiting[:_FACTS]]
    except FazhiError as problem:
        error = error or problem
        report = ""
    return page.render(
        "review.html",
        error.status if error is not None else 200,
        SCRIPTED,
        problem=problems.of_error(error) if error is not None else None,
        report=report,
        title=title,
        facts=facts,
        left=left,
        kinds=[kind.value for kind in FactKind],
        reports=[] if report else reader.archive.latest(_REPORTS),
        decisions=[show(standing) for standing in reader.archive.reviews(report=report or None, limit=_DECISIONS)],
        back=_back(page),
    )


def _back(page: Page) -> str:
    """Where a decision leads: the page itself. An answer to a form has the address of the form, without the report; then the page that sent it."""
    if page.request.method == "GET":
        return page.here()
    parts = urlsplit(page.request.headers.get("referer", ""))
    return f"{parts.path}?{parts.query}" if parts.path == "/review" and parts.query else "/review"
