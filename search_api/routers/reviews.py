"""For those who correct: decide on what was found, see what was decided, take it back."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response

from archive.reviews import Order, Standing
from fazhi import workspace
from fazhi.errors import Invalid
from fazhi.reviews import find_report
from fazhi.workspace import Workspace
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reader, Reading
from search_api.reviews import Asked, Review, Reviewed, Reviews, show

router = APIRouter(tags=["editors"])

_WAIT = 5.0  # seconds that a decision waits for the writer; longer than one commit, shorter than a client's patience

ReviewId = Annotated[int, Path(title="Review", description="Its number in GET /api/reviews.", examples=[1], ge=1, le=2**31 - 1)]


class StateName(StrEnum):
    applies = "applies"
    lost = "lost"
    undone = "undone"


class ActionName(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    LINK = "link"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"


@router.post("/reviews", status_code=201, operation_id="make_review", summary="Decide on a fact or a node", responses=answers(400, 404, 409))
def make_review(
    reader: Reading,
    request: Request,
    response: Response,
    asked: Annotated[
        Asked, Body(title="Review", examples=[{"action": "accept", "fact": "4be19c2b7a0d95e1-0a1b2c3d4e5f6071", "user": "li.hua", "note": "核对原文无误"}])
    ],
) -> Reviewed:
    """Graph and text show it when the answer comes. It holds for new versions of the report and of the rules as long as what it is about is there.

    accept and reject need fact; link fact and target (and end for a relation); merge node and target; split node and reports (and target, or name for a new
    node); rename node and name. With a key the review is signed with the key's name, before that of the user. What goes against an earlier decision is refused
    with its number.
    """
    standing = decide(reader, asked.to_order(_sign(request, asked.user)))
    response.headers["Location"] = f"/api/reviews/{standing.review.id}"
    return Reviewed(review=show(standing), snapshot=reader.snapshot)


@router.get("/reviews", operation_id="list_reviews", summary="What people decided", responses=answers(400, 404))
def list_reviews(
    reader: Reading,
    state: Annotated[
        StateName | None, Query(title="State", description="applies, lost (applies nowhere now) or undone; by default all.", examples=["lost"])
    ] = None,
    action: Annotated[ActionName | None, Query(title="Action", description="Only decisions of this kind.", examples=["merge"])] = None,
    report: Annotated[
        str | None, Query(title="Report", description="Only those about this report: its id or its key.", examples=["4be19c2b7a0d95e1"], max_length=2000)
    ] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Reviews:
    """Newest first, with where each does not apply any more and why. None is ever dropped: a deleted report's are lost until it comes back."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("This cursor is not from this list.", cure="Begin again without a cursor.")
    found = reader.archive.reviews(
        state=state.value if state else None,
        action=action.value if action else None,
        report=find_report(reader.workspace, report) if report else None,
        before=int(cursor) if cursor else None,
        limit=size + 1,
    )
    return Reviews(
        reviews=tuple(show(standing) for standing in found[:size]),
        lost=len(reader.archive.lost_reviews()),
        next=str(found[size - 1].review.id) if len(found) > size else None,
        snapshot=reader.snapshot,
    )


@router.get("/reviews/{id}", operation_id="read_review", summary="A review", responses=answers(404))
def read_review(reader: Reading, id: ReviewId) -> Review:
    return show(reader.archive.standing(id))


@router.delete("/reviews/{id}", operation_id="undo_review", summary="Take a decision back", responses=answers(404, 409))
def undo_review(
    reader: Reading,
    request: Request,
    id: ReviewId,
    user: Annotated[str, Query(title="User", description="Who takes it back.", examples=["li.hua"], min_length=1, max_length=200)],
) -> Reviewed:
    """It stays in the list as undone. Graph and text show what the rules made, as the other reviews leave it."""
    standing = take_back(reader, id, user=_sign(request, user))
    return Reviewed(review=show(standing), snapshot=reader.snapshot)


def _sign(request: Request, user: str) -> str:
    """Who decides: with a key the key's name comes first, for whoever has one can write anybody's name behind it."""
    actor = request.state.visitor.actor
    return user if actor is None or actor.door != "key" or user == actor.who else f"{actor.who}: {user}"


def decide(reader: Reader, order: Order) -> Standing:
    """Take one decision; graph and text show it when this returns. Raises Invalid, NotFound, Contradiction, Conflict."""
    return _change(reader, lambda writer: writer.review([order]))


def take_back(reader: Reader, id: int, *, user: str) -> Standing:
    """Raises NotFound, Contradiction, Conflict."""
    return _change(reader, lambda writer: writer.undo_reviews([id], user=user))


def _change(reader: Reader, do: Callable[[Workspace], list[Standing]]) -> Standing:
    settings = reader.workspace.settings.model_copy(update={"writer_wait": _WAIT})
    with workspace.open(settings=settings, mode="write") as writer:
        (standing,) = do(writer)
    reader.refresh(now=True)
    return standing
