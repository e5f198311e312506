"""A search as the API and the page ask it: one question, one answer with passages, facets, snapshot and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from archive.model import Document
from fulltext.highlight import Passage, find_passages
from fulltext.query import parse
from fulltext.sentences import View
from fulltext.store import Filters
from search_api import models
from search_api.parameters import FacetName, Level, ModalityName, SectionName, SortOrder
from search_api.reader import Reader

_PASSAGES = 3


def _split(values: Any) -> Any:
    """facets=year,county and facets=year&facets=county mean the same."""
    if isinstance(values, str):
        values = [values]
    return [part for value in values for part in str(value).split(",") if part] if isinstance(values, list | tuple) else values


class SearchQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    q: str | None = Field(
        None,
        title="Question",
        description=(
            'Lucene syntax: words, "exact phrase", AND OR NOT (also 与 或 非), brackets, field:value. Full-width signs and either script work. '
            "Without it every report matches."
        ),
        examples=["法律八进"],
        max_length=2000,
    )
    place: str | None = Field(
        None,
        title="Place",
        description="A place with everything below it: its graph id (cn:3508 is 龙岩市), or its name where only one place has it.",
        examples=["cn:3505"],
        max_length=200,
    )
    from_year: int | None = Field(None, alias="from", title="From year", description="First covered year, included.", examples=[2020], ge=1949, le=2200)
    to_year: int | None = Field(None, alias="to", title="To year", description="Last covered year, included.", examples=[2024], ge=1949, le=2200)
    level: Level | None = Field(None, title="Level", description="Level of the place that reports.", examples=["township"])
    program: str | None = Field(
        None, title="Program", description="Only reports that name this program: its id or its name.", examples=["program:法律八进"], max_length=200
    )
    section: SectionName | None = Field(
        None, title="Section", description="The words must stand in a section of this kind: what was done, problems, plans …", examples=["results"]
    )
    modality: ModalityName | None = Field(
        None, title="Modality", description="The words must stand in a sentence with a fact of this modality. A plan is not a deed.", examples=["done"]
    )
    sort: SortOrder = Field(
        SortOrder.score, title="Order", description="score: best match first; year, -year: oldest or newest first; place.", examples=["score"]
    )
    size: int = Field(10, title="Size", description="Most hits on a page. Follow next for all of them.", examples=[10], ge=1, le=100)
    cursor: str | None = Field(None, title="Cursor", description="The value of next in the page before. Leave it out for the first page.", max_length=4000)
    facets: Annotated[tuple[FacetName, ...], BeforeValidator(_split)] = Field(
        (), title="Facets", description="Count the matching reports by these; several times, or with commas between.", examples=[["year", "county"]]
    )


def answer_search(reader: Reader, asked: SearchQuestion) -> models.SearchAnswer:
    """Raises Invalid, with a position, for a question that can't be understood."""
    query = parse(asked.q) if asked.q else None
    filters = Filters(
        place=reader.resolve_place(asked.place),
        from_year=asked.from_year,
        to_year=asked.to_year,
        level=asked.level.value if asked.level else None,
        program=asked.program or None,
        section=asked.section.value if asked.section else None,
        modality=asked.modality.value if asked.modality else None,
    )
    result = reader.workspace.text.search(
        query, filters, sort=asked.sort.value, size=asked.size, cursor=asked.cursor, facets=[facet.value for facet in asked.facets], views=True
    )
    hits = []
    for found in result.hits:
        document, view = reader.find_document(found.report), result.views.get(found.report)
        if document is not None and view is not None:  # else deleted since the index was last brought up to date
            hits.append(_show_hit(document, found.score, view, find_passages(view, query, filters, limit=_PASSAGES)))
    return models.SearchAnswer(
        hits=tuple(hits),
        total=result.total,
        facets={name: label_facet(reader, name, values) for name, values in result.facets.items()},
        next=result.hits[-1].cursor if len(result.hits) == asked.size else None,
        snapshot=reader.snapshot,
        coverage=reader.coverage(filters.place, filters.level, filters.from_year, filters.to_year),
    )


def _show_hit(document: Document, score: float, view: View, passages: Sequence[Passage]) -> models.Hit:
    return models.Hit(
        report=document.report,
        key=document.key,
        title=document.title,
        place=document.place,
        place_name=document.place_name,
        path=document.path,
        level=document.level,
        year=document.year,
        score=score,
        passages=tuple(
            models.Passage(
                text=view.original[passage.start : passage.end],
                start=passage.start,
                end=passage.end,
                section=passage.section,
                highlights=tuple(models.Span(start=start, end=end) for start, end in passage.matches),
            )
            for passage in passages
        ),
    )


def label_facet(reader: Reader, facet: str, values: Sequence[tuple[str, int]]) -> tuple[models.FacetValue, ...]:
    """Values with words for people: places by name, programs without the prefix of their id."""
    return tuple(models.FacetValue(value=value, label=_label(reader, facet, value), reports=reports) for value, reports in values)


def _label(reader: Reader, facet: str, value: str) -> str:
    if facet in ("province", "prefecture", "county", "township"):
        return reader.name_place(value)
    return value.removeprefix("program:")


def answer_suggest(reader: Reader, beginning: str, size: int) -> models.Suggestions:
    entries = reader.suggestions().suggest(beginning, size)
    return models.Suggestions(suggestions=tuple(models.Suggestion(text=entry.name, kind=entry.kind, id=entry.id, alias_of=entry.alias_of) for entry in entries))
