"""A search as the API and the page ask it: one question, one answer with passages, facets, snapshot and coverage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

import vocabulary
from archive.model import Document
from fulltext.choosing import choose_passages
from fulltext.explaining import explain
from fulltext.highlight import Passage
from fulltext.place_tree import PlaceNode, count_places
from fulltext.query import Phrase, Query, Term, term
from fulltext.question import reach, read
from fulltext.sentences import View
from fulltext.store import Facet, Filters
from fulltext.synonyms import Widened, widen
from fulltext.understood import Understood
from search_api import models
from search_api.correcting import correct, show_unknown_places
from search_api.parameters import FacetName, Level, ModalityName, QuestionReading, SectionName, SortOrder
from search_api.reader import Reader

_PASSAGES = 3
_NAME_LIKE = re.compile("[\u4e00-\u9fff]{3,20}")
_MOST_YEARS = 500
_CORRECTIONS = 3
MOST_PLACES = 1_000  # of all levels in one tree


def _split(values: Any) -> Any:
    """facets=year,county and facets=year&facets=county mean the same."""
    if isinstance(values, str):
        values = [values]
    return [part for value in values for part in str(value).split(",") if part] if isinstance(values, list | tuple) else values


class Conditions(BaseModel):
    """What is asked for, whatever is then made of it: a page of hits, a file, its telling words."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    q: str | None = Field(
        None,
        title="Question",
        description=(
            'Lucene syntax: words, "exact phrase", "two parts"~10 near each other, AND OR NOT (also 与 或 非), brackets, wildcards, field:value. '
            "Full-width signs and either script work. A question in a whole sentence is read as such. Without it every report matches."
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
    body: str | None = Field(
        None,
        title="Body",
        description="Only reports that name this body: its name, with or without the place in front, or its id. Without it, 司法所 is that of any place.",
        examples=["司法所"],
        max_length=200,
    )
    indicator: str | None = Field(
        None,
        title="Indicator",
        description="Only reports that state a number of this indicator: its name, its id, or a report's own words.",
        examples=["调解矛盾纠纷数"],
        max_length=200,
    )
    section: SectionName | None = Field(
        None, title="Section", description="The words must stand in a section of this kind: what was done, problems, plans …", examples=["results"]
    )
    modality: ModalityName | None = Field(
        None, title="Modality", description="The words must stand in a sentence with a fact of this modality. A plan is not a deed.", examples=["done"]
    )
    synonyms: bool = Field(
        False, title="Synonyms", description="Names of the vocabulary count in all their writings; the answer tells which.", examples=[False]
    )
    reading: QuestionReading = Field(
        QuestionReading.auto,
        title="Reading",
        description=(
            "auto: a question in a whole sentence (哪些乡镇聘请了法律顾问？) is taken apart into conditions and words, as understood tells. "
            "words: every word is demanded."
        ),
        examples=["auto"],
    )


class SearchQuestion(Conditions):
    sort: SortOrder = Field(
        SortOrder.score, title="Order", description="score: best match first; year, -year: oldest or newest first; place.", examples=["score"]
    )
    size: int = Field(10, title="Size", description="Most hits on a page. Follow next for all of them.", examples=[10], ge=1, le=100)
    cursor: str | None = Field(None, title="Cursor", description="The value of next in the page before. Leave it out for the first page.", max_length=4000)
    facets: Annotated[tuple[FacetName, ...], BeforeValidator(_split)] = Field(
        (),
        title="Facets",
        description="Count the matching reports by these; several times, or with commas between. place counts all levels as a tree.",
        examples=[["year", "county"]],
    )
    facet_size: int = Field(20, title="Facet size", description="Most values of each facet, and most places directly below each.", examples=[20], ge=1, le=1000)
    histogram: bool = Field(
        False, title="Histogram", description="Matching reports of each year, beside how many reports of that year there are here.", examples=[False]
    )
    explain: bool = Field(False, title="Explain", description="Take each hit's score apart: what was found where, and what that counts.", examples=[False])


class Asked(NamedTuple):
    """A question as the text store takes it."""

    query: Query | None
    filters: Filters
    widened: tuple[Widened, ...]
    understood: Understood | None


def read_conditions(reader: Reader, asked: Conditions) -> Asked:
    """Raises Invalid, with a position, for a question that can't be understood, and NotFound or Ambiguous for a place."""
    query, understood = read(asked.q, whole=asked.reading is QuestionReading.auto)
    widened: tuple[Widened, ...] = ()
    if asked.synonyms and query is not None:
        query, widened = widen(query)
    filters = Filters(
        place=reader.resolve_place(asked.place),
        from_year=asked.from_year,
        to_year=asked.to_year,
        level=asked.level.value if asked.level else None,
        program=asked.program or None,
        body=asked.body or None,
        indicator=asked.indicator or None,
        section=asked.section.value if asked.section else None,
        modality=asked.modality.value if asked.modality else None,
    )
    return Asked(query, filters, widened, understood)


def cover_asked(reader: Reader, asked: Asked) -> models.Coverage:
    """What an answer rests on, with what the question itself says of place, level and years."""
    within = reach(asked.understood, asked.filters)
    return reader.coverage(within.place, within.level, within.from_year, within.to_year)


def answer_search(reader: Reader, asked: SearchQuestion, *, most_places: int = MOST_PLACES) -> models.SearchAnswer:
    """Raises Invalid, with a position, for a question that can't be understood."""
    read_as = read_conditions(reader, asked)
    query, filters, widened, understood = read_as
    text = reader.workspace.text
    result = text.search(
        query,
        filters,
        sort=asked.sort.value,
        size=asked.size,
        cursor=asked.cursor,
        facets=[facet for facet in get_args(Facet) if facet in [one.value for one in asked.facets]],
        facet_size=asked.facet_size,
        views=True,
    )
    passages = choose_passages(text, result.views, query, filters, limit=_PASSAGES, said=reader.known_said())
    unknown = () if asked.cursor else show_unknown_places(reader, query)
    parts = explain(text, query, filters, [hit.report for hit in result.hits]) if asked.explain and asked.sort is SortOrder.score else {}
    hits = []
    for found in result.hits:
        document, view = reader.find_document(found.report), result.views.get(found.report)
        if document is not None and view is not None:  # else deleted since the index was last brought up to date
            explanation = tuple(map(models.ScorePart.model_validate, parts.get(found.report, ()))) if asked.explain else None
            hits.append(show_hit(document, found.score, view, passages[found.report], explanation))
    return models.SearchAnswer(
        hits=tuple(hits),
        total=result.total,
        facets={name: label_facet(reader, name, values) for name, values in result.facets.items()},
        places=_count_places(reader, read_as, asked.facet_size, most_places) if FacetName.place in asked.facets else None,
        years=_count_years(reader, read_as) if asked.histogram else None,
        synonyms=tuple(map(models.Widened.model_validate, widened)) if asked.synonyms else None,
        understood=models.Understood.model_validate(understood) if understood else None,
        did_you_mean=_correct(reader, asked, read_as, found=bool(result.total and not unknown)),
        unknown_places=unknown,
        next=result.hits[-1].cursor if len(result.hits) == asked.size else None,
        snapshot=reader.snapshot,
        coverage=cover_asked(reader, read_as),
    )


def _correct(reader: Reader, asked: SearchQuestion, read_as: Asked, *, found: bool) -> tuple[models.Correction, ...]:
    """What may have been meant where nothing is found, or only words apart: 法律 and 把 and 进 stand in many a report, 法律把进 in none."""
    if not asked.q or asked.cursor or read_as.understood:
        return ()
    typed, filters = asked.q, read_as.filters
    if not found:
        return reader.remember(("nothing found", typed, filters), lambda: correct(reader, typed, filters))
    if not isinstance(read_as.query, Term) or len(read_as.query.words) < 2 or not _NAME_LIKE.fullmatch(typed.strip()):
        return ()
    together = read_as.query.text
    return reader.remember(("found apart", together, filters), lambda: _correct_apart(reader, together, filters))


def _correct_apart(reader: Reader, typed: str, filters: Filters) -> tuple[models.Correction, ...]:
    names = reader.suggestions().near(typed)
    if not names or any(typed in name or name in typed for name in names):
        return ()
    as_typed, *totals = reader.workspace.text.count([Phrase(typed), *map(term, names)], filters)
    if as_typed:
        return ()
    return tuple(models.Correction(q=name, reports=reports, kind="spelling") for name, reports in zip(names, totals, strict=True) if reports)[:_CORRECTIONS]


def _count_places(reader: Reader, asked: Asked, size: int, most: int) -> models.PlaceCounts:
    tree = count_places(reader.workspace.text, asked.query, asked.filters, size=size, nodes=most)
    return models.PlaceCounts(roots=tuple(_show_place(reader, node) for node in tree.roots), more=tree.more, placed=tree.placed)


def _show_place(reader: Reader, node: PlaceNode) -> models.PlaceCount:
    below = tuple(_show_place(reader, one) for one in node.below)
    return models.PlaceCount(id=node.id, label=reader.name_place(node.id), level=node.level, reports=node.reports, below=below, more=node.more)


def _count_years(reader: Reader, asked: Asked) -> tuple[models.YearCount, ...]:
    """Every year that there are reports of, or that matches; a year without a report here is left out, for nothing is known of it."""
    counted = reader.workspace.text.search(asked.query, asked.filters, size=0, facets=("year",), facet_size=_MOST_YEARS).facets["year"]
    matching = {int(year): reports for year, reports in counted}
    within = reach(asked.understood, asked.filters)
    years = reader.coverage(within.place, within.level, within.from_year, within.to_year).years
    covered = {year: reader.coverage(within.place, within.level, year, year).reports for year in years}
    return tuple(
        models.YearCount(year=year, reports=matching.get(year, 0), covered=covered.get(year, matching.get(year, 0)))
        for year in sorted(matching.keys() | covered.keys())
    )


def show_hit(document: Document, score: float, view: View, passages: Sequence[Passage], explanation: tuple[models.ScorePart, ...] | None = None) -> models.Hit:
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
        passages=tuple(show_passage(view, passage) for passage in passages),
        explanation=explanation,
    )


def show_passage(view: View, passage: Passage) -> models.Passage:
    return models.Passage(
        text=view.original[passage.start : passage.end],
        start=passage.start,
        end=passage.end,
        section=passage.section,
        highlights=tuple(models.Span(start=start, end=end) for start, end in passage.matches),
        own=passage.own,
        places=passage.places,
    )


def label_facet(reader: Reader, facet: str, values: Sequence[tuple[str, int]]) -> tuple[models.FacetValue, ...]:
    """Values with words for people: places by name, programs without the prefix of their id."""
    return tuple(models.FacetValue(value=value, label=_label(reader, facet, value), reports=reports) for value, reports in values)


def _label(reader: Reader, facet: str, value: str) -> str:
    if facet in ("province", "prefecture", "county", "township"):
        return reader.name_place(value)
    if facet == "indicator":
        return _indicator_names(vocabulary.version()).get(value, value)
    return value.removeprefix("program:")


@lru_cache(maxsize=2)
def _indicator_names(version: str) -> dict[str, str]:
    """Catalogue id → name. ``version`` is that of the vocabulary."""
    return {entry["id"]: entry["name"] for entry in vocabulary.load("indicators")}


def answer_suggest(reader: Reader, beginning: str, size: int) -> models.Suggestions:
    entries = reader.suggestions().suggest(beginning, size)
    return models.Suggestions(suggestions=tuple(models.Suggestion(text=entry.name, kind=entry.kind, id=entry.id, alias_of=entry.alias_of) for entry in entries))
