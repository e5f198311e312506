"""For those who look at places rather than at reports: one through the years, two side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from graph import queries
from search_api import models
from search_api.answering import AnswerRoute
from search_api.parameters import Cursor, FromYear, PlaceId, RolledUpRelation, Size, ToYear
from search_api.problems import answers
from search_api.profile_models import Comparison, Profile, ProfileKind, StandsName
from search_api.profiling import answer_compare, answer_profile
from search_api.reader import Reader, Reading

router = APIRouter(tags=["reading"], route_class=AnswerRoute)

Kinds = Annotated[list[ProfileKind] | None, Query(title="Kind", description="Only items of these kinds; may be given several times.", examples=[["program"]])]
OneYear = Annotated[int | None, Query(title="Year", description="Only this year; left out: all years.", examples=[2023], ge=1949, le=2200)]


@router.get("/places/{id:path}/profile", operation_id="read_profile", summary="A place through the years", responses=answers(404, 408, 409, 413))
def read_profile(
    reader: Reading,
    id: PlaceId,
    from_year: FromYear = None,
    to_year: ToYear = None,
    kind: Kinds = None,
    cursor: Cursor = None,
    size: Size = 100,
) -> Profile:
    """Programs, legal advisers, mediation rooms, platforms and numbers of a place, year by year, each cell with the sentence that says it.

    What is said of places and bodies below it counts for all but numbers, which are those of the place itself. **A cell without a statement is silence
    (unstated) or a missing report (unknown), never absence**; a cell that says planned is no deed.
    """
    kinds = [name.value for name in kind or ()]
    asked = ("profile", id, tuple(kinds), from_year, to_year, cursor, size)
    return reader.remember(asked, lambda: answer_profile(reader, id, kinds=kinds, first=from_year, last=to_year, cursor=cursor, size=size))


@router.get("/places/{id:path}/neighbours", operation_id="roll_up_place", summary="What the townships below a place have in common", responses=answers(404))
def roll_up_place(
    reader: Reading,
    id: PlaceId,
    relation: Annotated[RolledUpRelation | None, Query(title="Relation", description="Only edges of this type.", examples=["ADOPTS"])] = None,
    year: OneYear = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> models.RollUp:
    """Programs, platforms, rooms, documents and advisers of all townships at and below a place, each counted over the townships, along PART_OF.

    What villages and bodies of a township are tied to is the township's. **answered** says how many of the townships have a report here to say anything.
    """
    asked = ("rolled up", id, relation, year, cursor, size)
    return reader.remember(asked, lambda: _roll_up(reader, id, relation.value if relation else None, year, cursor, size))


def _roll_up(reader: Reader, id: str, relation: str | None, year: int | None, cursor: str | None, size: int) -> models.RollUp:
    page = queries.list_rolled_up(reader.graph, id, relation=relation, year=year, cursor=cursor, size=size)
    coverage = reader.coverage(id, "township", year, year)
    return models.RollUp(
        place=id,
        townships=queries.count_townships(reader.graph, id),
        answered=coverage.townships,
        items=tuple(models.RolledUp.model_validate(row) for row in page.rows),
        next=page.cursor,
        snapshot=reader.snapshot,
        coverage=coverage,
    )


@router.get("/compare", operation_id="compare", summary="Two places or years side by side", responses=answers(404, 408, 409, 413))
def compare(
    reader: Reading,
    left: Annotated[str, Query(title="Left", description="A place: its graph id, or its name.", examples=["cn:350524/参内镇"], min_length=1, max_length=200)],
    right: Annotated[
        str, Query(title="Right", description="Another place, or the same with another year.", examples=["cn:350524/魁斗镇"], min_length=1, max_length=200)
    ],
    left_year: OneYear = None,
    right_year: OneYear = None,
    kind: Kinds = None,
    stands: Annotated[
        list[StandsName] | None, Query(title="Stands", description="Only items that stand so; may be given several times.", examples=[["left", "right"]])
    ] = None,
    cursor: Cursor = None,
    size: Size = 100,
) -> Comparison:
    """What both do or have, what only one says it has, and how their numbers differ, each side with its sentence and coverage.

    Programs and indicators are the same on both sides; rooms, platforms and advisers belong to one place and meet only themselves, in another year.
    Of a measure over all years the newest is shown.
    """
    sides = [(reader.resolve_place(name) or name, year) for name, year in ((left, left_year), (right, right_year))]
    kinds = [name.value for name in kind or ()]
    return answer_compare(reader, sides[0], sides[1], kinds=kinds, stands=stands or (), cursor=cursor, size=size)
