"""Reports that are like one report, and the words by which a result differs from the rest of the collection."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fazhi.errors import NotFound
from fulltext.choosing import choose_passages
from fulltext.likeness import likeness, shared_words, significant_terms
from fulltext.query import And, Keyword, Not
from fulltext.store import Filters
from search_api import models
from search_api.reader import Reader
from search_api.searching import Conditions, cover_asked, read_conditions, show_hit

_PASSAGES = 5
_SAMPLE = 50  # reports of a result whose words are candidates


class TermsQuestion(Conditions):
    size: Annotated[int, Field(title="Size", description="Most terms.", examples=[20], ge=1, le=200)] = 20


def answer_similar(
    reader: Reader, report: str, *, place: str | None, from_year: int | None, to_year: int | None, size: int, cursor: str | None
) -> models.SimilarReports:
    """Raises NotFound for a report that is not in the index."""
    text = reader.workspace.text
    own = text.views([report]).get(report)
    if own is None:
        raise NotFound(f"There is no report {report}.", cure="Take its id from a search or from any evidence.")
    like = likeness(text, own, said=reader.known_said(), frequencies=reader.known_frequencies())
    filters = Filters(place=reader.resolve_place(place), from_year=from_year, to_year=to_year)
    result = text.search(And((like, Not(Keyword("report", report)))), filters, size=size, cursor=cursor, views=True)
    passages = choose_passages(text, result.views, like, Filters(), limit=_PASSAGES, said=reader.known_said())
    hits = []
    for found in result.hits:
        document, view = reader.find_document(found.report), result.views.get(found.report)
        if document is not None and view is not None:
            hit = show_hit(document, found.score, view, passages[found.report])
            hits.append(models.Similar(**hit.model_dump(), shared_words=shared_words(like, view)))
    return models.SimilarReports(
        report=report,
        hits=tuple(hits),
        total=result.total,
        next=result.hits[-1].cursor if len(result.hits) == size else None,
        snapshot=reader.snapshot,
        coverage=reader.coverage(filters.place, None, from_year, to_year),
    )


def answer_terms(reader: Reader, asked: TermsQuestion) -> models.SignificantTerms:
    read_as = read_conditions(reader, asked)
    query, filters = read_as.query, read_as.filters
    text = reader.workspace.text
    result = text.search(query, filters, size=_SAMPLE, views=True)
    terms = significant_terms(text, query, filters, result.views.values(), result.total, asked.size)
    return models.SignificantTerms(
        terms=tuple(map(models.SignificantTerm.model_validate, terms)),
        total=result.total,
        collection=int(text.statistics()["reports"]),
        snapshot=reader.snapshot,
        coverage=cover_asked(reader, read_as),
    )
