"""For those who follow a practice: who takes it up, in which year, in which variant."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query

from graph import queries
from search_api import models
from search_api.answering import AnswerRoute
from search_api.parameters import Cursor, PlaceFilter, Size
from search_api.problems import answers
from search_api.reader import Reading

router = APIRouter(tags=["programs"], route_class=AnswerRoute)


@router.get("/programs/{id:path}/adopters", operation_id="list_adopters", summary="Who takes up a program", responses=answers(404))
def list_adopters(
    reader: Reading,
    id: Annotated[str, Path(title="Program", description="A program's id or name.", examples=["program:法律八进"], min_length=1, max_length=1000)],
    place: PlaceFilter = None,
    to: Annotated[int | None, Query(title="To year", description="Last covered year, included.", examples=[2024], ge=1949, le=2200)] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> models.Adopters:
    """Statements of reports that a place adopts the program or a variant of it, first seen first, with the sentences.

    A place that is not listed has not been seen to adopt it in the reports of coverage; that does not say that it did not.
    """
    place = reader.resolve_place(place)
    page = queries.list_adopters(reader.graph, id, place=place, to_year=to, cursor=cursor, size=size)
    passages = reader.quote([row.facts for row in page.rows])
    return models.Adopters(
        adopters=tuple(models.Adoption(**msgspec.structs.asdict(row), passages=said) for row, said in zip(page.rows, passages, strict=True)),
        variants=tuple(models.Variant.model_validate(variant) for variant in queries.list_variants(reader.graph, id)),
        next=page.cursor,
        snapshot=reader.snapshot,
        coverage=reader.coverage(place, to_year=to),
    )
