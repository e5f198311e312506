"""Known names from the vocabulary, found with Aho-Corasick on a folded copy of the text.

Folding drops quotes, brackets and middle dots and lowers Latin letters, so that “八五”普法 = 八五普法 and 一村（居）一法律顾问 = 一村居一法律顾问. A map leads back.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any, Literal, NamedTuple, get_args

from ahocorasick_rs import AhoCorasick, Implementation

import vocabulary
from vocabulary.names import DROPPED, fold_name

__all__ = ["Catalogue", "Entry", "Folded", "Hit", "balance", "catalogue", "find_known", "fold_name", "fold_text"]

_LARGEST_GAP = 6  # dropped marks in one name
_PAIRS = {"“": "”", "‘": "’", "（": "）", "〔": "〕"}
_MARKS = frozenset((*_PAIRS, *_PAIRS.values()))


class Folded(NamedTuple):
    """``text`` and, for each character that was dropped, how many stand before it in ``text``: where they were, in order."""

    text: str
    gaps: list[int]


@lru_cache(maxsize=1)
def fold_text(clean: str) -> Folded:
    pieces = DROPPED.split(clean)
    text = "".join(pieces)
    lowered = text.lower()
    return Folded(lowered if len(lowered) == len(text) else text, list(accumulate(map(len, pieces[:-1]))))


_fold = lru_cache(maxsize=1024)(fold_name)  # several rules ask about each quoted name


class Entry(NamedTuple):
    """One line of a vocabulary file. ``generic``: too common to be a name. ``bare``: whether it is a name without quotes or a class word."""

    name: str
    kind: str
    family: str | None
    members: tuple[str, ...]
    generic: bool
    bare: bool
    properties: dict[str, Any]


class Hit(NamedTuple):
    entry: Entry
    start: int  # in clean; a quote mark that belongs to the name is inside
    end: int
    variant: str  # the vocabulary's spelling that was found


class Catalogue:
    """The entries of ``vocabulary/<name>.yaml``; made once a process by ``catalogue()``."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self.entries: dict[str, Entry] = {}
        spellings: dict[str, tuple[Entry, str]] = {}
        for row in entries:
            entry = Entry(
                str(row["name"]),
                row.get("kind", ""),
                row.get("family"),
                tuple(row.get("members", ())),
                bool(row.get("generic")),
                bool(row.get("bare", True)),
                {key: row[key] for key in sorted(row.keys() & {"member", "local", "date"})},
            )
            self.entries[entry.name] = entry
            for spelling in map(str, (entry.name, *row.get("variants", ()))):
                folded = fold_name(spelling)
                for variant in {folded, folded.replace("、", "，"), folded.replace("、", "")}:
                    if len(variant) >= 2:
                        spellings.setdefault(variant, (entry, spelling))
        self.spellings = spellings  # folded, each with its entry and the spelling as the vocabulary has it

    def get(self, words: str) -> Entry | None:
        """The entry that is spelt so, as a whole."""
        found = self.spellings.get(_fold(words))
        return found[0] if found else None


def balance(clean: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span by one mark where a quote or bracket inside it is open: 法律“七进 → 法律“七进”."""
    words = clean[start:end]
    if _MARKS.isdisjoint(words):
        return start, end
    for opening, closing in _PAIRS.items():
        difference = words.count(opening) - words.count(closing)
        if difference == 1 and clean[end : end + 1] == closing:
            end += 1
        elif difference == -1 and clean[start - 1 : start] == opening:
            start -= 1
    return start, end


@cache
def catalogue(name: str) -> Catalogue:
    """The catalogue of ``vocabulary/<name>.yaml``: a list of entries, a mapping with such a list under ``names``, or a mapping of lists of words."""
    data = vocabulary.load(name)
    rows = data if isinstance(data, list) else data["names"] if "names" in data else [row for value in data.values() for row in value]
    return Catalogue([row if isinstance(row, dict) else {"name": row} for row in rows])


Searched = Literal["programs", "platforms", "events"]
_SEARCHED: tuple[Searched, ...] = get_args(Searched)


def find_known(name: Searched, clean: str) -> list[Hit]:
    """All spellings of a catalogue in the text, leftmost longest."""
    return _find_all(clean)[_SEARCHED.index(name)]


@cache
def _automaton() -> tuple[AhoCorasick, list[list[tuple[int, Entry, str]]]]:
    """One automaton for all catalogues that are searched for, and by pattern whose it is: (number of the catalogue, entry, spelling)."""
    owners: dict[str, list[tuple[int, Entry, str]]] = {}
    for number, name in enumerate(_SEARCHED):
        for folded, found in catalogue(name).spellings.items():
            owners.setdefault(folded, []).append((number, *found))
    # as a DFA it would be too large for the processor's caches
    return AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA), list(owners.values())


@lru_cache(maxsize=1)
def _find_all(clean: str) -> list[list[Hit]]:
    """Hits by number of the catalogue: one pass over the text for all of them."""
    automaton, owners = _automaton()
    text, gaps = fold_text(clean)
    matches = automaton.find_matches_as_indexes(text, overlapping=True)
    matches.reverse()  # they come by their ends: now the longest first of those that begin together, and
    matches.sort(key=itemgetter(1))  # by their starts
    hits: list[list[Hit]] = [[] for _ in _SEARCHED]
    reached = [0] * len(_SEARCHED)
    for index, first, last in matches:
        for number, entry, spelling in owners[index]:
            if first < reached[number]:
                continue
            reached[number] = last
            before, within = bisect_right(gaps, first), bisect_right(gaps, last - 1)
            if within - before > _LARGEST_GAP:
                continue  # a match over a long gap of dropped marks is chance
            start, end = first + before, last + within
            if within > before:  # else no mark is inside
                start, end = balance(clean, start, end)
            hits[number].append(Hit(entry, start, end, spelling))
    return hits
