"""Why a report stands where it stands: its score taken apart into what was looked for and where it was found.

Every part is asked of the engine itself, by the same query confined to one word or phrase and one field; nothing is reckoned a second time here, so that the
parts of a report add up to the score that it has. Parts of an AND count only where all of it matches, as in the search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from fazhi.errors import Invalid
from fulltext.narrow import narrow
from fulltext.project import ALL, HEADINGS, OWN
from fulltext.query import And, In, Like, Loose, Not, Or, Phrase, Query, Term, Title, Within, Word
from fulltext.query import Keyword as Carries
from fulltext.scope import ANYWHERE, IN_TITLE, PHRASE_BOOST, TITLE, Scope, earns_bonus
from fulltext.store import Filters, TextStore

MOST_PARTS = 400  # searches of one explanation
_WHERE = {ALL: "text", TITLE: "title", OWN: "own", HEADINGS: "headings"}


class Part(msgspec.Struct, frozen=True):
    """``where``: text, title, own (sentences that state something of the place's own), headings, or within (the asked sections and modalities)."""

    text: str
    kind: str  # word, phrase or likeness
    where: str
    score: float


_Scores = Mapping[str, float]
_Found = tuple[frozenset[str], dict[str, list[Part]]]  # reports that match, and their parts


def explain(store: TextStore, query: Query | None, filters: Filters, reports: Sequence[str]) -> dict[str, tuple[Part, ...]]:
    """Parts of each report's score, greatest first. Raises Invalid for a query of too many words."""
    tree = narrow(query, filters)
    if tree is None or not reports:
        return dict.fromkeys(reports, ())
    explainer = _Explainer(store, reports)
    _, parts = explainer.take_apart(tree, ANYWHERE)
    return {report: tuple(sorted(parts.get(report, ()), key=lambda part: (-part.score, part.where, part.text))) for report in reports}


class _Explainer:
    def __init__(self, store: TextStore, reports: Sequence[str]) -> None:
        self.store = store
        self.reports = tuple(reports)
        self.these: Query = Or(tuple(Carries("report", report) for report in self.reports))
        self.asked = 0

    def ask(self, query: Query) -> _Scores:
        """Report → score, of those that match."""
        self.asked += 1
        if self.asked > MOST_PARTS:
            raise Invalid("The query has too many words and phrases to explain.", cure="Ask for the explanation of a shorter one.")
        found = self.store.search(And((query, self.these)), Filters(), size=len(self.reports))
        return {hit.report: hit.score for hit in found.hits}

    def take_apart(self, query: Query, scope: Scope) -> _Found:
        match query:
            case Term(text, words):
                return self.term(text, words, scope)
            case Phrase():
                return self.sum_up(query, _show_shape(query), "phrase", scope)
            case Or(clauses) if all(isinstance(clause, Phrase) for clause in clauses):  # wildcards and proximity: one thing to look for
                return self.sum_up(query, " | ".join(dict.fromkeys(_show_shape(clause) for clause in clauses)), "phrase", scope)
            case And(clauses):
                found = [self.take_apart(clause, scope) for clause in clauses]
                matching = frozenset(self.reports).intersection(*(reports for reports, _ in found))
                return matching, {report: [part for _, parts in found for part in parts.get(report, ())] for report in matching}
            case Or(clauses):
                found = [self.take_apart(clause, scope) for clause in clauses]
                matching = frozenset().union(*(reports for reports, _ in found))
                return matching, {report: [part for _, parts in found for part in parts.get(report, ())] for report in matching}
            case Loose(must, some, least, more):
                return self.loose(must, some, least, more, scope)
            case Not(clause):
                reports, _ = self.take_apart(clause, scope)
                return frozenset(self.reports) - reports, {}
            case Title(clause):
                return self.take_apart(clause, IN_TITLE)
            case Within(clause, sections, modalities):
                inner = scope.within(sections, modalities)
                return (frozenset(), {}) if inner is None else self.take_apart(clause, inner)
            case In(clause, cells):
                return self.take_apart(clause, Scope(cells))
            case Like():
                scores = self.ask(query)
                return frozenset(scores), {report: [Part("", "likeness", "text", score)] for report, score in scores.items()}
            case _:
                return frozenset(self.ask(query)), {}

    def loose(self, must: Sequence[Query], some: Sequence[Query], least: int, more: Sequence[Query], scope: Scope) -> _Found:
        demanded = [self.take_apart(clause, scope) for clause in must]
        chosen = [self.take_apart(clause, scope) for clause in some]
        enough = [report for report in self.reports if sum(report in reports for reports, _ in chosen) >= least]
        matching = frozenset(enough).intersection(*(reports for reports, _ in demanded))
        found = [*demanded, *chosen, *(self.take_apart(clause, scope) for clause in more)]
        return matching, {report: [part for _, parts in found for part in parts.get(report, ())] for report in matching}

    def term(self, text: str, words: Sequence[str], scope: Scope) -> _Found:
        standing = [{where: self.ask(In(Word(word), cells)) for where, cells in _places(scope)} for word in words]
        whole = frozenset(self.reports).intersection(*(frozenset().union(*places.values()) for places in standing))
        exact = {where: self.ask(In(Phrase(text), cells)) for where, cells in _places(scope)}
        matching = whole.union(*exact.values())
        more = {where: [self.ask(In(Word(word), cells)) for word in words] for where, cells in _bonus(scope)}
        bonus = {where: self.ask(In(Phrase(text), cells)) for where, cells in _bonus(scope)} if earns_bonus(text, ()) else {}
        parts: dict[str, list[Part]] = {report: [] for report in matching}
        for report in matching:
            for word, places in zip(words, standing, strict=True):
                parts[report] += [Part(word, "word", where, scores[report]) for where, scores in places.items() if report in whole and report in scores]
            for where, found in more.items():
                parts[report] += [Part(word, "word", where, scores[report]) for word, scores in zip(words, found, strict=True) if report in scores]
            for where, scores in (*exact.items(), *bonus.items()):
                if report in scores:
                    parts[report].append(Part(text, "phrase", where, scores[report] * PHRASE_BOOST))
        return matching, parts

    def sum_up(self, query: Query, text: str, kind: str, scope: Scope) -> _Found:
        """Phrases that are looked for as one."""
        exact = {where: self.ask(In(query, cells)) for where, cells in _places(scope)}
        shapes = query.clauses if isinstance(query, Or) else (query,)
        earning = tuple(shape for shape in shapes if isinstance(shape, Phrase) and earns_bonus(shape.text, shape.gaps))
        bonus = {where: self.ask(In(Or(earning), cells)) for where, cells in _bonus(scope)} if earning else {}
        matching = frozenset().union(*exact.values())
        parts = {
            report: [Part(text, kind, where, scores[report]) for where, scores in (*exact.items(), *bonus.items()) if report in scores] for report in matching
        }
        return matching, parts


def _places(scope: Scope) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """Where text counts, by the names that explanations use; all cells of a section together."""
    if all(cell in _WHERE for cell, _ in scope.cells):
        return [(_WHERE[cell], ((cell, weight),)) for cell, weight in scope.cells]
    return [("within", tuple(scope.cells))]


def _bonus(scope: Scope) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    return [(_WHERE[cell], ((cell, weight),)) for cell, weight in scope.bonus]


def _show_shape(clause: Query) -> str:
    """法?治 and 法???治 as 法…治."""
    if not isinstance(clause, Phrase):
        return ""
    shown = "".join("…" if index in clause.gaps else sign for index, sign in enumerate(clause.text))
    while "……" in shown:
        shown = shown.replace("……", "…")
    return shown
