"""Saved questions, and what they told."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fazhi import watches
from fazhi.errors import FazhiError, Invalid
from search_api import problems
from search_api.reader import Reader, Reading
from search_api.routers.pages.forms import Form, field, who
from search_api.routers.pages.layout import Page, Paging, new_router
from search_api.routers.watches import list_alerts

router = new_router()

_FIELDS = {"search": ("q", "place"), "adoption": ("program", "place"), "number": ("indicator", "place", "direction")}


@router.get("/alerts")
def show_alerts(page: Paging, reader: Reading) -> HTMLResponse:
    return _show(page, reader)


@router.post("/alerts/questions")
def save_question(request: Request, page: Paging, reader: Reading, form: Form) -> Response:
    kind = field(form, "kind")
    try:
        if kind not in _FIELDS:
            raise Invalid("There is no such kind of question.", cure="Choose one of the three.")
        asked: dict[str, Any] = {"kind": kind, **{name: value for name in _FIELDS[kind] if (value := field(form, name))}}
        if kind == "adoption" and field(form, "planned"):
            asked["modality"] = ["done", "ongoing", "planned"]
        subject = asked.get("q") or asked.get("program") or asked.get("indicator") or ""
        if not subject:
            raise Invalid("The question is empty.", cure="Write what is to be watched.")
        name, webhook = field(form, "name") or str(subject)[:200], field(form, "webhook") or None
        watches.save(reader.workspace, name, watches.read_question(asked), webhook=webhook, by=who(request))
    except FazhiError as error:
        return _show(page, reader, error)
    return RedirectResponse(page.link("/alerts"), 303)


@router.post("/alerts/questions/{id}/delete")
def delete_question(page: Paging, reader: Reading, form: Form, id: int) -> Response:
    reader.archive.delete_watch(id)
    return RedirectResponse(page.link("/alerts"), 303)


def _show(page: Page, reader: Reader, error: FazhiError | None = None) -> HTMLResponse:
    asked = page.request.query_params
    number = asked.get("watch", "")
    watch = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    answer = list_alerts(reader, watch, asked.get("cursor") or None, 50)
    saved = reader.archive.watches()
    return page.render(
        "alerts.html",
        error.status if error is not None else 200,
        problem=problems.of_error(error) if error is not None else None,
        answer=answer,
        watches=saved,
        names={one.id: one.name for one in saved},
        webhooks=bool(reader.workspace.settings.webhooks),
    )
