"""The query tree as a tantivy query.

Scores: BM25 of each word and each exact run of characters, added up. A hit in the title counts TITLE_BOOST times; bare text that stands there character for
character counts PHRASE_BOOST times on top of its words. What stands in sentences of the place's own counts OWN_BOOST times once more, in headings of sections
HEADINGS_BOOST times. Where a phrase has a character alone between wildcards, or a pair twice, its pairs count one by
one (or 1 if it has none): engines differ in what such a phrase is worth. Filters (place, year, level, program, section, modality, NOT) give no score.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Engine

from fulltext.project import ALL, cell_names
from fulltext.query import And, Has, In, Keyword, Like, Loose, Not, Or, Phrase, Query, Term, Title, Within, Word, Years
from fulltext.scope import ANYWHERE, CELLS, IN_TITLE, PHRASE_BOOST, Scope, bound_year, earns_bonus, iter_pieces


def words_field(cell: str) -> str:
    return f"words_{CELLS.index(cell)}"


def pairs_field(cell: str) -> str:
    return f"pairs_{CELLS.index(cell)}"


def compile_query(schema: tantivy.Schema, query: Query | None) -> Engine:
    return Engine.all_query() if query is None else _Compiler(schema).compile(query, ANYWHERE)


class _Compiler:
    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema = schema

    def compile(self, query: Query, scope: Scope | None) -> Engine:
        match query:
            case Term() | Phrase() | Word() if scope is None:
                return Engine.empty_query()
            case Term(text, words) if scope is not None:
                all_words = _all([_any([self.weighted(words_field(cell), word, weight) for cell, weight in scope.cells]) for word in words])
                whole = _any([all_words, Engine.boost_query(self.phrase(text, (), scope.cells), PHRASE_BOOST)])
                more = [self.weighted(words_field(cell), word, weight) for cell, weight in scope.bonus for word in words]
                if scope.bonus and earns_bonus(text, ()):
                    more.append(Engine.boost_query(self.phrase(text, (), scope.bonus), PHRASE_BOOST))
                return _with(whole, more)
            case Phrase(text, gaps) if scope is not None:
                return _with(self.phrase(text, gaps, scope.cells), [self.phrase(text, gaps, scope.bonus)] if scope.bonus and earns_bonus(text, gaps) else [])
            case Word(text) if scope is not None:
                return _any([self.weighted(words_field(cell), text, weight) for cell, weight in scope.cells])
            case In(clause, cells):
                return self.compile(clause, Scope(cells))
            case Like(words, sentences):
                found = [(words_field(ALL), word, weight) for word, weight in words] + [("said", key, weight) for key, weight in sentences]
                return _any([Engine.const_score_query(Engine.term_query(self.schema, field, value, "basic"), weight) for field, value, weight in found])
            case And(clauses):
                return Engine.boolean_query(
                    [
                        (Occur.MustNot, self.compile(clause.clause, scope)) if isinstance(clause, Not) else (Occur.Must, self.compile(clause, scope))
                        for clause in clauses
                    ]
                    + ([(Occur.Must, _unscored(Engine.all_query()))] if all(isinstance(clause, Not) for clause in clauses) else [])
                )
            case Or(clauses):
                return _any([self.compile(clause, scope) for clause in clauses])
            case Loose(must, some, least, more):
                return self.loose(must, some, least, more, scope)
            case Not(clause):
                return Engine.boolean_query([(Occur.Must, _unscored(Engine.all_query())), (Occur.MustNot, self.compile(clause, scope))])
            case Title(clause):
                return self.compile(clause, IN_TITLE)
            case Within(clause, sections, modalities):
                return self.compile(clause, scope and scope.within(sections, modalities))
            case Has(sections, modalities):
                return _unscored(Engine.term_set_query(self.schema, "cells", list(cell_names(sections, modalities))))
            case Keyword(field, value):
                return _unscored(Engine.term_query(self.schema, field, value, "basic"))
            case Years(first, last):
                return _unscored(self.years(first, last))
        raise TypeError(query)

    def loose(self, must: Sequence[Query], some: Sequence[Query], least: int, more: Sequence[Query], scope: Scope | None) -> Engine:
        demanded = [self.compile(clause, scope) for clause in must]
        optional = [self.compile(clause, scope) for clause in more]
        chosen = [self.compile(clause, scope) for clause in some]
        if least:
            demanded.append(Engine.boolean_query([(Occur.Should, clause) for clause in chosen], least))
        else:
            optional = [*chosen, *optional]
        return Engine.boolean_query([*((Occur.Must, clause) for clause in demanded), *((Occur.Should, clause) for clause in optional)])

    def weighted(self, field: str, value: str, weight: float) -> Engine:
        query = Engine.term_query(self.schema, field, value, "freq")
        return query if weight == 1.0 else Engine.boost_query(query, weight)

    def phrase(self, text: str, gaps: tuple[int, ...], cells: Sequence[tuple[str, float]]) -> Engine:
        if not text:
            return Engine.empty_query()
        pieces = list(iter_pieces(text, gaps))
        return _any([self.pieces(pairs_field(cell), pieces, weight) for cell, weight in cells])

    def pieces(self, field: str, pieces: Sequence[tuple[int, str]], weight: float) -> Engine:
        """A row of pairs at their places. A character that has no partner is any pair that it begins; it adds nothing to the score, the pairs beside it do."""
        pairs = list(dict.fromkeys(piece for _, piece in pieces if len(piece) == 2))
        if len(pieces) == 1 and pairs:
            return self.weighted(field, pairs[0], weight)
        if len(pairs) == len(pieces):
            query = Engine.phrase_query(self.schema, field, list(pieces))
            return query if weight == 1.0 else Engine.boost_query(query, weight)
        shapes = [(offset, re.escape(piece) if len(piece) == 2 else f"{re.escape(piece)}.") for offset, piece in pieces]
        exact = Engine.regex_query(self.schema, field, shapes[0][1]) if len(shapes) == 1 else Engine.regex_phrase_query(self.schema, field, list(shapes))
        if not pairs:
            return Engine.const_score_query(exact, weight)
        return _all([_unscored(exact), *(self.weighted(field, pair, weight) for pair in pairs)])

    def years(self, first: int | None, last: int | None) -> Engine:
        if first is None and last is None:
            return Engine.all_query()
        if first is not None and last is not None and first > last:
            return Engine.empty_query()
        return Engine.range_query(self.schema, "year", FieldType.Integer, bound_year(first), bound_year(last))


def _with(found: Engine, more: Sequence[Engine]) -> Engine:
    """``found``, scored by ``more`` as well where that matches, too."""
    return Engine.boolean_query([(Occur.Must, found), *((Occur.Should, clause) for clause in more)]) if more else found


def _any(clauses: Sequence[Engine]) -> Engine:
    if not clauses:
        return Engine.empty_query()
    return clauses[0] if len(clauses) == 1 else Engine.boolean_query([(Occur.Should, clause) for clause in clauses])


def _all(clauses: Sequence[Engine]) -> Engine:
    return clauses[0] if len(clauses) == 1 else Engine.boolean_query([(Occur.Must, clause) for clause in clauses])


def _unscored(query: Engine) -> Engine:
    return Engine.const_score_query(query, 0.0)
