"""For those who want to be told: saved questions, and what has changed since they were asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response

from archive.watches import Alert as KeptAlert
from archive.watches import Delivery as KeptDelivery
from fazhi import watches
from fazhi.errors import Invalid
from search_api import feed
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reader, Reading
from search_api.watch_models import Alerts, Watch, Watches, WatchOrder, show_alert, show_watch

router = APIRouter(tags=["alerts"])

WatchId = Annotated[int, Path(title="Saved question", description="Its number in GET /api/watches.", examples=[1], ge=1, le=2**31 - 1)]
OfWatch = Annotated[int | None, Query(title="Saved question", description="Only alerts of this one.", examples=[1], ge=1, le=2**31 - 1)]
_EXAMPLE = {"name": "泉州市谁在推行法律明白人", "question": {"kind": "adoption", "program": "法律明白人", "place": "cn:3505"}}


@router.post("/watches", status_code=201, operation_id="save_question", summary="Save a question", responses=answers(404, 409))
def save_question(
    request: Request, response: Response, reader: Reading, order: Annotated[WatchOrder, Body(title="Saved question", examples=[_EXAMPLE])]
) -> Watch:
    """It is asked again after every ingest, and each change is told exactly once. What there is already when it is saved is not told.

    **search**: a report that is new here and matches. **adoption**: a place takes a program up, first seen in this collection. **number**: a number fell
    or rose.
    """
    watch = watches.save(reader.workspace, order.name, order.question.to_question(), webhook=order.webhook, by=request.state.visitor.actor.who)
    response.headers["Location"] = f"/api/watches/{watch.id}"
    return show_watch(watch, secrets=True)


@router.get("/watches", operation_id="list_saved_questions", summary="Saved questions")
def list_saved_questions(request: Request, reader: Reading) -> Watches:
    found = tuple(show_watch(watch, secrets=_may_edit(request)) for watch in reader.archive.watches())
    return Watches(watches=found, snapshot=reader.snapshot)


@router.get("/watches/{id}", operation_id="read_saved_question", summary="A saved question", responses=answers(404))
def read_saved_question(request: Request, reader: Reading, id: WatchId) -> Watch:
    return show_watch(reader.archive.watch(id), secrets=_may_edit(request))


@router.delete("/watches/{id}", operation_id="delete_saved_question", summary="Forget a saved question", responses=answers(404))
def delete_saved_question(reader: Reading, id: WatchId) -> Watch:
    """With its alerts, and what of them was still to be sent."""
    return show_watch(reader.archive.delete_watch(id), secrets=True)


@router.get("/alerts", operation_id="list_alerts", summary="What was told", responses=answers(404))
def list_alerts(reader: Reading, watch: OfWatch = None, cursor: Cursor = None, size: Size = 50) -> Alerts:
    """Newest first, each with the sentence that it stands on. That there is none says nothing about what was done: only reports that are here can tell."""
    found = _list(reader, watch, read_cursor(cursor), size + 1)
    shown = found[:size]
    deliveries = find_deliveries(reader, shown)
    return Alerts(
        alerts=tuple(show_alert(alert, deliveries.get(alert.id)) for alert in shown),
        next=str(shown[-1].id) if len(found) > size else None,
        snapshot=reader.snapshot,
        coverage=reader.coverage(),
    )


@router.get(
    "/alerts.atom",
    operation_id="read_feed",
    summary="What was told, as a feed",
    response_class=Response,
    responses={200: {"description": "An Atom feed (RFC 4287).", "content": {feed.MEDIA_TYPE: {}}}, **answers(404)},
)
def read_feed(
    request: Request,
    reader: Reading,
    watch: OfWatch = None,
    lang: Annotated[str | None, Query(title="Language", description="zh or en.", examples=["zh"], max_length=2)] = None,
) -> Response:
    """The 100 newest alerts. A reader of feeds sends a key as the password of Basic."""
    found = _list(reader, watch, None, 100)
    asked = [saved for saved in reader.archive.watches() if watch in (None, saved.id)]
    title = asked[0].name if watch is not None and asked else "fazhi-graph"
    beginning = min((saved.created for saved in asked), default="2000-01-01T00:00:00+00:00")
    base = str(request.base_url).rstrip("/")
    address = "/api/alerts.atom" + (f"?watch={watch}" if watch is not None else "")
    body = feed.write_feed(found, title=title, base=base, address=address, language=lang or "zh", beginning=beginning)
    return Response(body, media_type=feed.MEDIA_TYPE)


def _list(reader: Reader, watch: int | None, before: int | None, limit: int) -> list[KeptAlert]:
    if watch is not None:
        reader.archive.watch(watch)  # raises NotFound: no alerts of nothing is no answer
    return reader.archive.alerts(watch=watch, before=before, limit=limit)


def find_deliveries(reader: Reader, alerts: list[KeptAlert]) -> dict[int, KeptDelivery]:
    return {delivery.alert: delivery for delivery in reader.archive.deliveries(alerts=[alert.id for alert in alerts])}


def read_cursor(cursor: str | None) -> int | None:
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("This cursor is not from this list.", cure="Begin again without a cursor.")
    return int(cursor) if cursor else None


def _may_edit(request: Request) -> bool:
    return request.state.visitor.role in ("editor", "admin")
