"""Deciding on what was found: facts one after another, each with its sentence; two nodes that are one; what was decided, and undoing it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.reviews import Order
from fazhi.errors import FazhiError, Invalid
from fazhi.reviews import find_report
from search_api import problems
from search_api.guard import SCRIPTED_POLICY
from search_api.parameters import FactKind
from search_api.reader import Reader, Reading, sentence_of
from search_api.reviews import show
from search_api.routers.pages.forms import Form, field, local_address, who
from search_api.routers.pages.layout import Page, Paging, new_router
from search_api.routers.reviews import decide, take_back

router = new_router()

_FACTS, _DECISIONS, _REPORTS = 25, 20, 20
_SCRIPTED = {"Content-Security-Policy": SCRIPTED_POLICY}


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
        _SCRIPTED,
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
