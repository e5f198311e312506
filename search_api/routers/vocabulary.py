"""For those who keep the catalogues: names that reports use and no catalogue holds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query

from search_api import models
from search_api.answering import AnswerRoute
from search_api.problems import answers
from search_api.reader import Reading

router = APIRouter(tags=["vocabulary"], route_class=AnswerRoute)


class CatalogueKind(StrEnum):
    program = "program"
    platform = "platform"
    body = "body"
    indicator = "indicator"


@router.get("/vocabulary/candidates", operation_id="list_candidates", summary="Names that no catalogue holds", responses=answers())
def list_candidates(
    reader: Reading,
    kind: Annotated[CatalogueKind | None, Query(title="Kind", description="Only names of this kind.", examples=["program"])] = None,
    size: Annotated[int, Query(title="Size", description="Most names.", examples=[20], ge=1, le=200)] = 20,
) -> models.Candidates:
    """Names in the facts that people could accept into the catalogue or reject, those of most townships first, with sentences and the most similar known name.

    Decisions are made with the command `fazhi vocabulary`. The first question after a change of the collection reads every report, which takes a while.
    """
    answer = reader.candidates(kind.value if kind else None)
    return models.Candidates(
        candidates=tuple(models.Candidate.model_validate(candidate) for candidate in answer.candidates[:size]),
        total=answer.total,
        snapshot=reader.snapshot,
        coverage=reader.coverage(),
    )
