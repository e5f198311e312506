"""What somebody may have meant whose question finds nothing: names that are read or written alike, or any of the words instead of all."""

from __future__ import annotations

from collections.abc import Iterator

from fazhi.errors import Invalid
from fulltext.query import And, Keyword, Or, Phrase, Query, Term, iter_leaves, parse
from fulltext.store import Filters
from fulltext.suggest import Kind
from ingest.script import simplify
from search_api import models
from search_api.reader import Reader

_MOST = 3
_LEAVES = 10  # looked at in one question
_KINDS: dict[str, Kind] = {"place": "place", "program": "program", "indicator": "indicator"}


def correct(reader: Reader, question: str, filters: Filters) -> tuple[models.Correction, ...]:
    """Questions that find something under the same filters, best first; none where nothing is alike."""
    found: dict[str, models.Correction] = {}
    for candidate, kind in _iter_candidates(reader, question):
        if candidate in found or candidate == question:
            continue
        try:
            total = reader.workspace.text.search(parse(candidate), filters, size=0).total
        except Invalid:
            continue
        if total:
            found[candidate] = models.Correction(q=candidate, reports=total, kind=kind)
        if len(found) == _MOST:
            break
    return tuple(found.values())


def _iter_candidates(reader: Reader, question: str) -> Iterator[tuple[str, str]]:
    query = parse(question)
    if query is None:
        return
    written = simplify(question)  # one character for one
    names = reader.suggestions()
    leaves = list(dict.fromkeys(iter_leaves(query)))[:_LEAVES]
    for leaf in leaves:
        text = _text_of(leaf)
        if not text or text not in written or reader.workspace.text.search(leaf, Filters(), size=0).total:
            continue
        kind = _KINDS.get(leaf.field) if isinstance(leaf, Keyword) else None
        for name in names.near(text, kind):
            yield written.replace(text, name), "spelling"
    words = list(dict.fromkeys(word for leaf in leaves if isinstance(leaf, Term) for word in leaf.words if len(word) > 1))
    if len(words) > 1 and _is_plain(query):
        known = reader.workspace.text.frequencies(words)
        yield " OR ".join(word for word in words if known[word]), "any"


def _text_of(leaf: Query) -> str:
    match leaf:
        case Term(text) | Phrase(text, ()):
            return text
        case Keyword(field, value) if field in _KINDS and not value.startswith(("cn:", "program:", "indicator:")):
            return value
    return ""


def _is_plain(query: Query) -> bool:
    """Nothing but words, of which all have to be there."""
    return isinstance(query, Term) or (isinstance(query, And | Or) and all(isinstance(clause, Term) for clause in query.clauses))
