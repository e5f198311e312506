"""The query tree as Elasticsearch's query language: JSON that means, and scores, what ``fulltext.compile`` makes of the same tree for tantivy.

A phrase is a row of pairs at exact distances. Elasticsearch says that with spans: ``span_gap`` stands for the pairs in between that need not be looked up,
since their characters are in the pairs beside them. A single character is every pair that it begins, kept by ``index_prefixes`` beside the pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from fulltext.elastic_mapping import pairs_field, shorten, words_field
from fulltext.project import ALL, cell_names
from fulltext.query import And, Has, In, Keyword, Like, Loose, Not, Or, Phrase, Query, Term, Title, Within, Word, Years
from fulltext.scope import ANYWHERE, IN_TITLE, PHRASE_BOOST, Scope, bound_year, earns_bonus, iter_pieces

Json: TypeAlias = dict[str, Any]

NOTHING: Json = {"match_none": {}}
EVERYTHING: Json = {"match_all": {}}


class _Clause(NamedTuple):
    query: Json
    scored: bool  # whether it adds to the score


def compile_query(query: Query | None, *, scored: bool = True) -> Json:
    """``scored`` False leaves scores out, which spares the engine their reckoning."""
    if query is None:
        return EVERYTHING
    clause = _compile(query, ANYWHERE)
    return clause.query if scored and clause.scored else {"bool": {"filter": [clause.query]}}


def _compile(query: Query, scope: Scope | None) -> _Clause:
    match query:
        case Term() | Phrase() | Word() if scope is None:
            return _Clause(NOTHING, False)
        case Term(text, words) if scope is not None:
            all_words = _all([_any([_weighted(words_field(cell), shorten(word), weight) for cell, weight in scope.cells]) for word in words])
            whole = _any([all_words, {"bool": {"should": [_phrase(text, (), scope.cells)], "boost": PHRASE_BOOST}}])
            more = [_weighted(words_field(cell), shorten(word), weight) for cell, weight in scope.bonus for word in words]
            if scope.bonus and earns_bonus(text, ()):
                more.append({"bool": {"should": [_phrase(text, (), scope.bonus)], "boost": PHRASE_BOOST}})
            return _Clause(_with(whole, more), True)
        case Phrase(text, gaps) if scope is not None:
            return _Clause(_with(_phrase(text, gaps, scope.cells), [_phrase(text, gaps, scope.bonus)] if scope.bonus and earns_bonus(text, gaps) else []), True)
        case Word(text) if scope is not None:
            return _Clause(_any([_weighted(words_field(cell), shorten(text), weight) for cell, weight in scope.cells]), True)
        case In(clause, cells):
            return _compile(clause, Scope(cells))
        case Like(words, sentences):
            terms = [(words_field(ALL), shorten(word), weight) for word, weight in words] + [("said", key, weight) for key, weight in sentences]
            weighed: list[Json] = [{"constant_score": {"filter": {"term": {field: value}}, "boost": weight}} for field, value, weight in terms]
            return _Clause(_any(weighed) if weighed else NOTHING, True)
        case And(clauses):
            return _and(clauses, scope)
        case Or(clauses):
            parts = [_compile(clause, scope) for clause in clauses]
            if not any(part.scored for part in parts):
                return _Clause(_any([part.query for part in parts]), False)
            return _Clause(_any([part.query if part.scored else {"constant_score": {"filter": part.query, "boost": 0.0}} for part in parts]), True)
        case Loose(must, some, least, more):
            return _Clause(_loose(must, some, least, more, scope), True)
        case Not(clause):
            return _Clause({"bool": {"filter": [EVERYTHING], "must_not": [_compile(clause, scope).query]}}, False)
        case Title(clause):
            return _compile(clause, IN_TITLE)
        case Within(clause, sections, modalities):
            return _compile(clause, scope and scope.within(sections, modalities))
        case Has(sections, modalities):
            return _Clause({"terms": {"cells": list(cell_names(sections, modalities))}}, False)
        case Keyword(field, value):
            return _Clause({"term": {field: value}}, False)
        case Years(first, last):
            return _Clause(_years(first, last), False)
    raise TypeError(query)


def _and(clauses: Sequence[Query], scope: Scope | None) -> _Clause:
    occurrences: dict[str, list[Json]] = {}
    for clause in clauses:
        if isinstance(clause, Not):
            occurrences.setdefault("must_not", []).append(_compile(clause.clause, scope).query)
        else:
            part = _compile(clause, scope)
            occurrences.setdefault("must" if part.scored else "filter", []).append(part.query)
    if occurrences.keys() <= {"must_not"}:
        occurrences["filter"] = [EVERYTHING]
    return _Clause({"bool": occurrences}, "must" in occurrences)


def _loose(must: Sequence[Query], some: Sequence[Query], least: int, more: Sequence[Query], scope: Scope | None) -> Json:
    demanded = [_compile(clause, scope).query for clause in must]
    optional = [_compile(clause, scope).query for clause in more]
    chosen = [_compile(clause, scope).query for clause in some]
    if least:
        demanded.append({"bool": {"should": chosen, "minimum_should_match": least}})
    else:
        optional = [*chosen, *optional]
    return {"bool": {"must": demanded, "should": optional}}


def _phrase(text: str, gaps: tuple[int, ...], cells: Sequence[tuple[str, float]]) -> Json:
    if not text:
        return NOTHING
    pieces = list(iter_pieces(text, gaps))
    return _any([_pieces(pairs_field(cell), pieces, weight) for cell, weight in cells])


def _pieces(field: str, pieces: Sequence[tuple[int, str]], weight: float) -> Json:
    pairs = list(dict.fromkeys(piece for _, piece in pieces if len(piece) == 2))
    if len(pieces) == 1:
        return _weighted(field, pairs[0], weight) if pairs else {"prefix": {field: {"value": pieces[0][1], "boost": weight}}}
    clauses: list[Json] = []
    end = pieces[0][0]
    for offset, piece in pieces:
        if offset > end:
            clauses.append({"span_gap": {field: offset - end}})
        clauses.append({"span_term": {field: piece}} if len(piece) == 2 else {"span_multi": {"match": {"prefix": {field: piece}}}})
        end = offset + 1  # a pair takes one position
    exact: Json = {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}
    if len(pairs) == len(pieces):
        exact["span_near"]["boost"] = weight
        return exact
    if not pairs:
        return {"constant_score": {"filter": exact, "boost": weight}}
    return {"bool": {"filter": [exact], "must": [_weighted(field, pair, weight) for pair in pairs]}}


def _weighted(field: str, value: str, weight: float) -> Json:
    return {"term": {field: {"value": value, "boost": weight}}}


def _years(first: int | None, last: int | None) -> Json:
    if first is None and last is None:
        return EVERYTHING
    if first is not None and last is not None and first > last:
        return NOTHING
    return {"range": {"year": {name: bound_year(year) for name, year in (("gte", first), ("lte", last)) if year is not None}}}


def _with(found: Json, more: Sequence[Json]) -> Json:
    return {"bool": {"must": [found], "should": list(more)}} if more else found


def _any(clauses: Sequence[Json]) -> Json:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _all(clauses: Sequence[Json]) -> Json:
    return clauses[0] if len(clauses) == 1 else {"bool": {"must": list(clauses)}}
