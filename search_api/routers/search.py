"""For everyone: reports by their words, what to type, what is like a report, and results as files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from search_api import models
from search_api.answering import AnswerRoute
from search_api.likening import TermsQuestion, answer_similar, answer_terms
from search_api.parameters import Cursor, FromYear, PlaceFilter, ToYear
from search_api.problems import answers
from search_api.reader import Reading
from search_api.result_files import FileQuestion, cite_result, describe_files, stream_result
from search_api.searching import SearchQuestion, answer_search, answer_suggest

router = APIRouter(tags=["search"], route_class=AnswerRoute)


@router.get("/search", operation_id="search_reports", summary="Search reports", responses=answers(400, 404, 408, 503))
def search_reports(reader: Reading, asked: Annotated[SearchQuestion, Query()]) -> models.SearchAnswer:
    """Reports that match, each with the sentences that match and their offsets in the original.

    What a township states of its own counts more than what many say, and comes first among a hit's sentences. **explain** takes each score apart,
    **synonyms** widens names of the vocabulary, **histogram** counts years beside the reports that there are, and a question that finds nothing
    is answered with what may have been meant.
    """
    return answer_search(reader, asked)


@router.get(
    "/search/export",
    operation_id="export_search",
    summary="A whole result as a file",
    response_class=StreamingResponse,
    responses={**describe_files(), **answers(400, 404, 408, 409, 503)},
)
def export_search(reader: Reading, asked: Annotated[FileQuestion, Query()]) -> StreamingResponse:
    """Every report that matches, one a row with its best sentence, as CSV, JSON lines or Parquet. The header Link leads to its citation."""
    return stream_result(reader, asked)


@router.get("/search/citation", operation_id="cite_search", summary="How to cite an exported result", responses=answers(400, 404, 408, 409, 503))
def cite_search(reader: Reading, asked: Annotated[FileQuestion, Query()]) -> models.SearchCitation:
    """Snapshot, query, licence note, columns, size and hash of the file that the same parameters give at /api/search/export.

    Equal snapshot, query and program give equal bytes. It takes as long as the file, for it is made to be hashed.
    """
    return cite_result(reader, asked)


@router.get("/search/terms", operation_id="list_significant_terms", summary="Significant terms of a result", responses=answers(400, 404, 408, 503))
def list_significant_terms(reader: Reading, asked: Annotated[TermsQuestion, Query()]) -> models.SignificantTerms:
    """Words that stand in more reports of the result than chance would have it, with both counts. Candidates are the words of its first fifty reports."""
    return answer_terms(reader, asked)


@router.get("/similar/{report}", operation_id="list_similar_reports", summary="Reports like one report", responses=answers(400, 404, 408, 503))
def list_similar_reports(
    reader: Reading,
    report: Annotated[str, Path(title="Report", description="A report's id: 16 hex digits.", examples=["4be19c2b7a0d95e1"], pattern="^[0-9a-f]{16}$")],
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    size: Annotated[int, Query(title="Size", description="Most reports on a page. Follow next for all of them.", examples=[10], ge=1, le=100)] = 10,
    cursor: Cursor = None,
) -> models.SimilarReports:
    """Those that share sentences with it, numbers and names of places left aside, and words that few reports have.

    Likeness says nothing about who wrote first.
    """
    return answer_similar(reader, report, place=place, from_year=from_year, to_year=to_year, size=size, cursor=cursor)


@router.get("/suggest", operation_id="suggest", summary="Suggest what to type", responses=answers())
def suggest(
    reader: Reading,
    q: Annotated[
        str,
        Query(
            title="Beginning", description="What has been typed so far: characters, pinyin or initials (fljj).", examples=["法律"], min_length=1, max_length=100
        ),
    ],
    size: Annotated[int, Query(title="Size", description="Most suggestions.", examples=[10], ge=1, le=50)] = 10,
) -> models.Suggestions:
    """Programs, places, indicators and other names that begin or sound like it."""
    return answer_suggest(reader, q, size)
