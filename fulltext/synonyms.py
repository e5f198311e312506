"""Other writings that the vocabulary has for what somebody asks: 七五普法 is also “七五”普法 and 七五普法规划, 村居法律顾问 also 村（社区）法律顾问.

Only whole names are widened, and what was widened is told, so that an answer can show it. Quotes, brackets and blanks in a name make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

import vocabulary
from fulltext.characters import normal
from fulltext.query import And, In, Loose, Not, Or, Phrase, Query, Term, Title, Within
from vocabulary.names import fold_name

MOST = 30  # other writings of one name
MOST_NAMES = 10  # that one query may have widened; the rest of it is asked as it stands
_SHORTEST_NAME = 3  # characters of a name that is found in a sentence
_LONGEST_RUN = 3  # clauses that may be parts of one name: “七五”普法 is a phrase and a word
_COUNTING = re.compile("[数率]$")
_FIVE_YEARS = re.compile("([一二三四五六七八九十]五)(普法.*)")


class Widened(msgspec.Struct, frozen=True):
    """``text`` as it was asked and the other writings that count as well."""

    text: str
    also: tuple[str, ...]


def widen(query: Query) -> tuple[Query, tuple[Widened, ...]]:
    """``query`` with every name of the vocabulary in all its writings, and which ones were widened. What NOT stands before is left as it is."""
    told: dict[str, Widened] = {}
    return _widen(query, told), tuple(told.values())


def _widen(query: Query, told: dict[str, Widened]) -> Query:
    if len(told) >= MOST_NAMES:
        return query
    match query:
        case Term(text) | Phrase(text, ()):
            return _any(query, text, told)
        case Or(clauses):
            return Or(tuple(_widen(clause, told) for clause in clauses))
        case And(clauses):
            joined = tuple(_join(clauses, told))
            return joined[0] if len(joined) == 1 else And(joined)
        case Loose(must, some, least, more):
            return Loose(tuple(_widen(clause, told) for clause in must), tuple(_widen(clause, told) for clause in some), least, more)
        case Title(clause):
            return Title(_widen(clause, told))
        case Within(clause, sections, modalities):
            return Within(_widen(clause, told), sections, modalities)
        case In(clause, cells):
            return In(_widen(clause, told), cells)
        case Not():
            return query
    return query


def _join(clauses: Sequence[Query], told: dict[str, Widened]) -> Iterator[Query]:
    """Neighbours that make up one name as one clause, the others each for itself."""
    position = 0
    while position < len(clauses):
        for size in range(min(_LONGEST_RUN, len(clauses) - position), 1, -1):
            run = clauses[position : position + size]
            texts = [clause.text for clause in run if isinstance(clause, Term | Phrase)]
            name = "".join(texts)
            if len(told) < MOST_NAMES and len(texts) == size and (other := other_writings(name)):
                told[name] = Widened(name, other)
                yield Or((And(tuple(run)), *(Phrase(writing) for writing in dict.fromkeys((normal(name), *map(normal, other))))))
                position += size
                break
        else:
            yield _widen(clauses[position], told)
            position += 1


def _any(query: Term | Phrase, text: str, told: dict[str, Widened]) -> Query:
    other = other_writings(text)
    if not other:
        return query
    told[text] = Widened(text, other)
    return Or((query, *(Phrase(normal(writing)) for writing in other)))


def other_writings(name: str) -> tuple[str, ...]:
    """Writings of the same thing that ``name`` itself does not find, at most MOST, in the order of the catalogue."""
    asked = normal(name)
    found: dict[str, str] = {}
    for writing in _groups(vocabulary.version()).get(fold_name(name), ()):
        exact = normal(writing)
        if exact and asked not in exact:
            found.setdefault(exact, writing)
    return tuple(found.values())[:MOST]


def find_names(text: str) -> list[tuple[int, int]]:
    """Where names of programs and platforms stand in a user's text, leftmost longest."""
    return [(start, end) for _, start, end in _finder(vocabulary.version()).find_matches_as_indexes(text)]


@lru_cache(maxsize=2)
def _finder(version: str) -> AhoCorasick:
    """Of names of programs and platforms with their variants. ``version`` is that of the vocabulary."""
    names = {name for entry in _iter_named() for name in (entry["name"], *entry.get("variants", ())) if len(name) >= _SHORTEST_NAME}
    return AhoCorasick(sorted(names), matchkind=MatchKind.LeftmostLongest)


@lru_cache(maxsize=2)
def _groups(version: str) -> dict[str, tuple[str, ...]]:
    """Folded name → all writings of what it names. ``version`` is that of the vocabulary: another one has other groups."""
    groups: dict[str, dict[str, None]] = {}
    for names in _iter_names():
        writings = dict.fromkeys(writing for name in names for writing in (name, *_quoted(name)))
        for name in names:
            groups.setdefault(fold_name(name), {}).update(writings)
    return {name: tuple(writings) for name, writings in groups.items()}


def _iter_names() -> Iterator[list[str]]:
    for entry in _iter_named():
        yield [entry["name"], *entry.get("variants", ())]
    for entry in vocabulary.load("indicators"):
        # 调解矛盾纠纷数 is how the catalogue counts, 调解矛盾纠纷 how reports write
        bare = _COUNTING.sub("", entry["name"])
        if bare in entry.get("synonyms", ()):
            yield [bare, *entry["synonyms"]]


def _iter_named() -> Iterator[dict[str, Any]]:
    for entry in (*vocabulary.load("programs"), *vocabulary.load("platforms")["names"]):
        if not entry.get("generic"):
            yield entry


def _quoted(name: str) -> Iterator[str]:
    found = _FIVE_YEARS.fullmatch(name)
    if found:
        yield f"“{found.group(1)}”{found.group(2)}"
