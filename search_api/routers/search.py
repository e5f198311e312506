"""For everyone: reports by their words, and what to type."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from search_api import models
from search_api.problems import answers
from search_api.reader import Reading
from search_api.searching import SearchQuestion, answer_search, answer_suggest

router = APIRouter(tags=["search"])


@router.get("/search", operation_id="search_reports", summary="Search reports", responses=answers(400, 404, 503))
def search_reports(reader: Reading, asked: Annotated[SearchQuestion, Query()]) -> models.SearchAnswer:
    """Reports that match, each with the sentences that match and their offsets in the original."""
    return answer_search(reader, asked)


@router.get("/suggest", operation_id="suggest", summary="Suggest what to type", responses=answers())
def suggest(
    reader: Reading,
    q: Annotated[
        str, Query(title="Beginning", description="What has been typed so far: characters or pinyin.", examples=["法律"], min_length=1, max_length=100)
    ],
    size: Annotated[int, Query(title="Size", description="Most suggestions.", examples=[10], ge=1, le=50)] = 10,
) -> models.Suggestions:
    """Programs, places, indicators and other names that begin or sound like it."""
    return answer_suggest(reader, q, size)
