"""Each engine against a matcher that looks at every report, for random small corpora and trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fulltext_corpus import change, removal
from hypothesis import given, settings
from hypothesis import strategies as st
from text_engines import ENGINES, Place

from archive.model import Change
from fulltext.query import And, Has, Keyword, Not, Or, Phrase, Query, Term, Title, Within, Years, parse, term
from fulltext.store import Filters, TextStore
from ingest.model import Analysis
from ingest.segment import search_words
from ingest.text import Text

_SECTIONS = ("heading", "results", "problems", "plan", "responsibility", "other")
_MODALITIES = ("done", "ongoing", "planned", "exhorted")
_FRAGMENTS = ["法治", "法律", "顾问", "調解", "室", "镇", "政府", "八进", "人民调解", "2023-2025", "3.5万件", "ab", "A", "，", "“", "”", "进", " ", "建设"]

texts = st.lists(st.sampled_from(_FRAGMENTS), min_size=1, max_size=6).map("".join)
parts = st.lists(st.tuples(st.sampled_from(_SECTIONS), texts.map(lambda text: text + "。"), st.sampled_from((None, *_MODALITIES))), min_size=1, max_size=4)
places = st.sampled_from(
    [
        (None, ()),
        ("cn:350524/甲乙镇", ("福建省", "泉州市", "安溪县", "甲乙镇")),
        ("cn:350525", ("福建省", "泉州市", "永春县")),
        ("cn:500229/戊己镇", ("重庆市", "城口县", "戊己镇")),
    ]
)
reports = st.tuples(parts, places, st.sampled_from((None, 2021, 2022, 2023)), st.one_of(st.none(), texts))
MOST = 6
corpora = st.lists(reports, min_size=1, max_size=MOST)

bare = st.lists(st.sampled_from([fragment for fragment in _FRAGMENTS if fragment not in "，“” "]), min_size=1, max_size=3).map("".join)
kinds = st.lists(st.sampled_from(_SECTIONS), unique=True, max_size=2).map(tuple)
moods = st.lists(st.sampled_from(_MODALITIES), unique=True, max_size=2).map(tuple)


def gapped(text: str) -> Query:
    return Phrase(text[0] + "?" + text[2:], (1,)) if len(text) > 2 else Phrase(text)


text_leaves = st.one_of(bare.map(term), bare.map(lambda text: parse(f'"{text}"')), bare.map(lambda text: gapped(text.lower().replace("調", "调"))))
other_leaves = st.one_of(
    st.builds(Has, kinds, moods),
    st.sampled_from(["cn:35", "cn:3505", "cn:350524", "cn:350524/甲乙镇", "泉州", "安溪县", "cn:5002"]).map(lambda value: Keyword("place", value)),
    st.builds(Years, st.one_of(st.none(), st.integers(2020, 2024)), st.one_of(st.none(), st.integers(2020, 2024))),
)
trees = st.recursive(
    st.one_of(text_leaves, text_leaves, other_leaves),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: And(tuple(clauses))),
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: Or(tuple(clauses))),
        inner.map(Not),
        inner.map(Title),
        st.builds(Within, inner, kinds, moods),
    ),
    max_leaves=6,
)


def lowered(text: str) -> str:
    return "".join(text.split()).lower()


class Report:
    """What the definition of each leaf says, done the slow way."""

    def __init__(self, change: Change) -> None:
        assert change.item
        self.document = change.item.document
        analysis: Analysis = change.item.analysis
        clean = Text.of(change.item.text)
        self.sentences = []
        for (start, end), section in zip(analysis.sentences, analysis.sections, strict=True):
            first, last = clean.to_clean(start), clean.to_clean(end)
            moods = {fact.modality for fact in analysis.facts if fact.start == start}
            self.sentences.append((clean.clean[first:last], section.kind, moods, first))
        self.words = [(word, start) for word, start, _ in search_words(clean.clean.lower())]
        self.paragraphs = [lowered(paragraph) for paragraph in clean.clean.split("\n")]
        self.title = Text.of(self.document.title or "").clean

    def stretches(self, scope: object) -> tuple[list[str], set[str]]:
        """Texts that a phrase may stand in, and words."""
        title_words = {word for word, _, _ in search_words(self.title.lower())}
        if scope == "title":
            return [lowered(self.title)], title_words
        if scope is None:
            return [*self.paragraphs, lowered(self.title)], {word for word, _ in self.words} | title_words
        kinds, moods = scope  # type: ignore[misc]
        texts, words = [], set()
        for text, kind, own, start in self.sentences:
            if (not kinds or kind in kinds) and (not moods or own & set(moods)):
                texts.append(lowered(text))
                words |= {word for word, at in self.words if start <= at < start + len(text)}
        return texts, words

    def matches(self, query: Query, scope: object = None) -> bool:
        match query:
            case Term(text, words):
                if scope == "nowhere":
                    return False
                stretches, known = self.stretches(scope)
                return set(words) <= known or any(text in stretch for stretch in stretches)
            case Phrase(text, gaps):
                if scope == "nowhere":
                    return False
                return any(
                    all(index in gaps or stretch[at + index] == character for index, character in enumerate(text))
                    for stretch in self.stretches(scope)[0]
                    for at in range(len(stretch) - len(text) + 1)
                )
            case And(clauses):
                return all(self.matches(clause, scope) for clause in clauses)
            case Or(clauses):
                return any(self.matches(clause, scope) for clause in clauses)
            case Not(clause):
                return not self.matches(clause, scope)
            case Title(clause):
                return self.matches(clause, "title")
            case Within(clause, sections, modalities):
                if scope == "nowhere":
                    return self.matches(clause, scope)
                # the innermost of Title and Within counts; one Within in another narrows it
                outer_sections, outer_modalities = ((), ()) if scope in (None, "title") else scope  # type: ignore[misc]
                kinds = tuple(kind for kind in sections if kind in outer_sections) if sections and outer_sections else sections or outer_sections
                moods = tuple(mood for mood in modalities if mood in outer_modalities) if modalities and outer_modalities else modalities or outer_modalities
                empty = (sections and outer_sections and not kinds) or (modalities and outer_modalities and not moods)
                return self.matches(clause, "nowhere" if empty else (kinds, moods))
            case Has(sections, modalities):
                return any((not sections or kind in sections) and (not modalities or own & set(modalities)) for _, kind, own, _ in self.sentences)
            case Keyword(_, value):
                place, names = self.document.place or "", self.document.path
                below = place == value or (value.startswith("cn:") and bool(place) and place.startswith(value) and value != "cn:5002")
                return below or value in names or f"{value}市" in names
            case Years(first, last):
                year = self.document.year
                if first is None and last is None:
                    return True
                return year is not None and (first is None or year >= first) and (last is None or year <= last)


@pytest.fixture(scope="module", params=ENGINES)
def reused(request: pytest.FixtureRequest, places: Callable[[str], Place]) -> Iterator[TextStore]:
    opened = places(request.param).open()
    yield opened
    opened.close()


@settings(max_examples=120, deadline=None)
@given(corpora, st.lists(trees, min_size=1, max_size=6))
def test_engine_finds_what_the_definition_says(reused: TextStore, corpus: list, queries: list[Query]) -> None:  # type: ignore[type-arg]
    changes = [
        change(f"k{number}", sentences, year=year, place=place, path=path, level=None, title=title)
        for number, (sentences, (place, path), year, title) in enumerate(corpus)
    ]
    reused.apply([*changes, *(removal(f"k{number}") for number in range(len(corpus), MOST))])
    for query in queries:
        expected = {change.report for change in changes if Report(change).matches(query)}
        result = reused.search(query, Filters(), size=50)
        assert {hit.report for hit in result.hits} == expected, query
        assert result.total == len(expected)
