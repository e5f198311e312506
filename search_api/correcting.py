"""What somebody may have meant whose question finds nothing: names that are read or written alike, or any of the words instead of all.

And which places of a question no report is of.
"""

from __future__ import annotations

from collections.abc import Iterator

from fazhi.asking import find_unknown_places
from fazhi.errors import Invalid
from fulltext.project import ALL
from fulltext.query import And, In, Keyword, Or, Phrase, Query, Term, Word, iter_leaves, parse
from fulltext.store import Filters
from fulltext.suggest import Kind
from ingest.script import simplify
from search_api import models
from search_api.reader import Reader

_MOST = 3
_LEAVES = 10  # looked at in one question
_AT_ONCE = 10  # candidates that are counted in one request
_KINDS: dict[str, Kind] = {"place": "place", "program": "program", "indicator": "indicator"}


def correct(reader: Reader, question: str, filters: Filters) -> tuple[models.Correction, ...]:
    """Questions that find something under the same filters, best first; none where nothing is alike."""
    kinds: dict[str, str] = {}
    for candidate, kind in _iter_candidates(reader, question):
        kinds.setdefault(candidate, kind)
    kinds.pop(question, None)
    readable = [(candidate, query) for candidate in kinds if (query := _read(candidate)) is not None]
    found: list[models.Correction] = []
    for first in range(0, len(readable), _AT_ONCE):
        some = readable[first : first + _AT_ONCE]
        totals = reader.workspace.text.count([query for _, query in some], filters)
        found += [models.Correction(q=candidate, reports=total, kind=kinds[candidate]) for (candidate, _), total in zip(some, totals, strict=True) if total]
        if len(found) >= _MOST:
            break
    return tuple(found[:_MOST])


def show_unknown_places(reader: Reader, query: Query | None) -> tuple[models.UnknownPlace, ...]:
    """Places that a query names and no report is of, with names like theirs."""
    return tuple(
        models.UnknownPlace(name=place.name, registered=place.registered, near=reader.places_near(place.name))
        for place in find_unknown_places(query, reader.count)
    )


def _read(candidate: str) -> Query | None:
    try:
        return parse(candidate)
    except Invalid:
        return None


def _iter_candidates(reader: Reader, question: str) -> Iterator[tuple[str, str]]:
    query = parse(question)
    if query is None:
        return
    written = simplify(question)  # one character for one
    leaves = list(dict.fromkeys(iter_leaves(query)))[:_LEAVES]
    texts = {leaf: text for leaf in leaves if (text := _text_of(leaf)) and text in written}
    words = list(dict.fromkeys(word for leaf in leaves if isinstance(leaf, Term) for word in leaf.words if len(word) > 1))
    words = words if len(words) > 1 and _is_plain(query) else []
    totals = reader.count([*texts, *(In(Word(word), ((ALL, 1.0),)) for word in words)])
    for (leaf, text), total in zip(texts.items(), totals, strict=False):
        if not total:
            kind = _KINDS.get(leaf.field) if isinstance(leaf, Keyword) else None
            for name in reader.places_near(text) if kind == "place" else reader.suggestions().near(text, kind):
                yield written.replace(text, name), "spelling"
    if words:
        yield " OR ".join(word for word, total in zip(words, totals[len(texts) :], strict=True) if total), "any"


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
